"""Policies of the whole cluster for the clusters of `clusters`: the same bytes for the same number and seed.

They are such as a platform team writes: for teams, environments and what is regulated, some for
pods by what they are. Few rules are about everybody, and these about few ports, so that early and
late rules decide, and much is left to NetworkPolicies and to the Baseline tier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from benchmarks.clusters import (
    ENVIRONMENTS,
    INFRASTRUCTURE,
    NAMESPACE_NAME,
    ROLES,
    TEAMS,
    write_files,
)
from benchmarks.parts import Manifest, labelled, none_of, one_of, selector
from benchmarks.policies import COMPONENT, Port

POLICIES, RULES = 200, 25
ACTIONS, OFTEN = ("Accept", "Deny", "Pass"), (8, 7, 5)
BASELINE = 0.15
EVERYONE: Manifest = {"namespaces": {}}
ANYWHERE: Manifest = {"networks": ["0.0.0.0/0"]}
NETWORKS = (
    ("203.0.113.0/24", "198.51.100.0/24"),
    ("192.0.2.0/24",),
    ("172.16.0.0/12",),
    ("10.0.0.0/8", "192.168.0.0/16"),
    ("169.254.169.254/32",),
    ("2001:db8::/32",),
)
# What nobody should send anywhere, or to few.
GUARDED = (Port("smtp", 25), Port("ssh", 22), Port("rdp", 3389), Port("tftp", 69, "UDP"))
WEB = (
    Port("https", 443),
    Port("http", 80),
    Port("quic", 443, "UDP"),
    Port("diameter", 3868, "SCTP"),
)


def write_tiers(folder: Path, policies: int = POLICIES, rules: int = RULES, seed: int = 1) -> None:
    """Write so many policies of so many rules beside a cluster that is in a folder."""
    write_files(folder, {"tiers": cluster_policies(policies, rules, seed)})


def cluster_policies(policies: int, rules: int, seed: int = 1) -> list[Manifest]:
    """ClusterNetworkPolicies, of which about one in seven is of the Baseline tier."""
    random = Random(seed)
    return [_policy(number, rules, random) for number in range(policies)]


def _policy(number: int, rules: int, random: Random) -> Manifest:
    drawn = _Rules(random)
    inward = random.randint(rules // 3, rules - rules // 3)
    written = {
        "ingress": [drawn.ingress() for _ in range(inward)],
        "egress": [*drawn.egress(rules - inward)],
    }
    return {
        "apiVersion": "policy.networking.k8s.io/v1alpha2",
        "kind": "ClusterNetworkPolicy",
        "metadata": {"name": f"platform-{number}"},
        "spec": {
            "tier": "Baseline" if random.random() < BASELINE else "Admin",
            "priority": random.randint(0, 1000),  # some have the same
            "subject": _subject(random),
            **{direction: listed for direction, listed in written.items() if listed},
        },
    }


def _subject(random: Random) -> Manifest:
    team, environment = random.choice(TEAMS), random.choice(ENVIRONMENTS)
    form = random.random()
    if form < 0.35:
        return {"namespaces": labelled(team=team, env=environment)}
    if form < 0.5:
        return {"namespaces": labelled(team=team)}
    if form < 0.65:
        return {"namespaces": labelled(env=environment)}
    if form < 0.75:
        return {"namespaces": labelled(pci="true")}
    if form < 0.8:
        return {"namespaces": selector({}, {"key": "purpose", "operator": "DoesNotExist"})}
    if form < 0.95:
        return _pods(labelled(env=environment), labelled(**{COMPONENT: random.choice([*ROLES])}))
    return _pods({}, labelled(exposure="public"))


class _Rules:
    """Draws rules, one after another."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def ingress(self) -> Manifest:
        ports = self._ports()
        return self._rule("from", self._peers(), self._listening(ports))

    def egress(self, count: int) -> Iterator[Manifest]:
        """So many: a network that pods may be in is denied after the pods have been let pass."""
        while count > 0:
            form = self._random.random()
            if form < 0.1 and count > 1:
                ports = [_entry(self._random.choice(GUARDED))]
                yield {"action": "Pass", "to": [EVERYONE], "protocols": ports}
                yield {"action": "Deny", "to": [ANYWHERE], "protocols": ports}
                count -= 2
                continue
            yield self._outward(form)
            count -= 1

    def _outward(self, form: float) -> Manifest:
        random = self._random
        if form < 0.25:
            web = [_entry(port) for port in random.sample(WEB, random.choice([1, 2, 2]))]
            return self._rule("to", [{"networks": [*random.choice(NETWORKS)]}], web)
        if form < 0.3:
            nodes = labelled(**{"node-role.kubernetes.io/control-plane": ""})
            return self._rule("to", [{"nodes": nodes}], [_entry(Port("api", 6443))])
        return self._rule("to", self._peers(), self._listening(self._ports()))

    def _rule(self, field: str, peers: list[Manifest], ports: list[Manifest]) -> Manifest:
        action = self._random.choices(ACTIONS, OFTEN)[0]
        rule = {"action": action, field: peers}
        return {**rule, "protocols": ports} if ports else rule

    def _peers(self) -> list[Manifest]:
        return [self._peer() for _ in range(self._random.choice([1, 1, 1, 2, 3]))]

    def _peer(self) -> Manifest:
        random = self._random
        team, environment = random.choice(TEAMS), random.choice(ENVIRONMENTS)
        component = random.choice([*ROLES])
        form = random.random()
        if form < 0.25:
            return {"namespaces": labelled(team=team, env=environment)}
        if form < 0.35:
            return {"namespaces": labelled(team=team)}
        if form < 0.5:
            names = random.choice([*INFRASTRUCTURE, f"{team}-{environment}"])
            return {"namespaces": labelled(**{NAMESPACE_NAME: names})}
        if form < 0.55:
            unregulated = {"key": "pci", "operator": "DoesNotExist"}
            return {
                "namespaces": selector({"team": team}, none_of("env", environment), unregulated)
            }
        if form < 0.8:
            where = labelled(team=team, env=environment)
            return _pods(where, labelled(**{COMPONENT: component}))
        if form < 0.95:
            pods = selector({COMPONENT: component}, one_of("version", "v1", "v2"))
            return _pods(labelled(env=environment), pods)
        return _pods({}, labelled(**{COMPONENT: component, "exposure": "public"}))

    def _ports(self) -> tuple[Port, ...]:
        """Those of some component; none for all of them."""
        form = self._random.random()
        if form < 0.1:
            return ()
        return GUARDED if form < 0.25 else self._random.choice([*ROLES.values()])

    def _listening(self, ports: Sequence[Port]) -> list[Manifest]:
        if not ports:
            return []
        form, port = self._random.random(), self._random.choice(ports)
        if form < 0.2:
            return [{"destinationNamedPort": port.name}]
        if form < 0.6:
            return [_entry(port)]
        if form < 0.85:
            return [_entry(each) for each in ports]
        return [_entry(port, port.number + 99), _entry(Port("dns", 53, "UDP"))]


def _pods(namespaces: Manifest, pods: Manifest) -> Manifest:
    return {"pods": {"namespaceSelector": namespaces, "podSelector": pods}}


def _entry(port: Port, last: int | None = None) -> Manifest:
    number = {"number": port.number}
    ports = number if last is None else {"range": {"start": port.number, "end": last}}
    return {port.protocol.lower(): {"destinationPort": ports}}
