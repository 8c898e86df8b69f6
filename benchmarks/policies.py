"""The policies of generated namespaces: defaults, DNS, scraping, and rules of every common form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.parts import (
    Manifest,
    both,
    labelled,
    named,
    none_of,
    one_of,
    policy,
    port_entry,
    selector,
    with_ports,
)

NAME = "app.kubernetes.io/name"
COMPONENT = "app.kubernetes.io/component"
CALLERS = {
    "frontend": ("gateway",),
    "api": ("frontend", "gateway", "worker", "cron"),
    "worker": ("api",),
    "cache": ("api", "worker"),
    "db": ("api", "worker", "cron"),
    "queue": ("api", "worker"),
    "cron": ("api",),
    "gateway": ("frontend",),
    "stream": ("frontend", "api"),
    "batch": ("cron", "worker"),
}
CALLEES = {
    caller: [callee for callee, callers in CALLERS.items() if caller in callers]
    for caller in dict.fromkeys(name for callers in CALLERS.values() for name in callers)
}
SOMEBODY = ("frontend", "api", "worker")  # calls what has no callers of its own
BLOCKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("203.0.113.0/24", ("203.0.113.128/25",)),
    ("198.51.100.0/24", ()),
    ("192.0.2.0/24", ("192.0.2.16/28", "192.0.2.64/26")),
    ("172.16.0.0/12", ("172.20.0.0/16", "172.31.255.0/24")),
    ("192.168.0.0/16", ("192.168.100.0/24",)),
    ("10.0.0.0/11", ("10.8.0.0/16",)),
    ("0.0.0.0/0", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")),
    ("0.0.0.0/0", ("10.0.0.0/8", "169.254.169.254/32")),
)


@dataclass(frozen=True, slots=True)
class Port:
    name: str
    number: int
    protocol: str = "TCP"


@dataclass(frozen=True, slots=True)
class Workload:
    name: str
    component: str
    ports: tuple[Port, ...]
    labels: dict[str, str]


@dataclass(slots=True)
class Team:
    """A namespace with its labels, what it denies by default, and what runs in it."""

    name: str
    labels: dict[str, str]
    denies_ingress: bool = False
    denies_egress: bool = False
    workloads: tuple[Workload, ...] = ()

    @property
    def owned(self) -> bool:
        """Whether it is a team's, not infrastructure."""
        return "team" in self.labels


class Policies:
    """Draws the policies of all namespaces, one after another."""

    def __init__(self, teams: Sequence[Team], random: Random) -> None:
        self._teams, self._random = teams, random
        self._owned = [team for team in teams if team.owned]
        self._ports = {
            each.component: each.ports for team in self._owned for each in team.workloads
        }

    def written(self, per_workload: float) -> dict[str, list[Manifest]]:
        """The policies of each namespace: its defaults, then some for its workloads in turn."""
        written = {team.name: [*_defaults(team)] for team in self._teams}
        wanted = round(per_workload * sum(len(team.workloads) for team in self._teams))
        pool = [(team, workload) for team in self._owned for workload in team.workloads]
        for turn in range(wanted - sum(map(len, written.values()))):
            team, workload = pool[turn % len(pool)]
            drawn = self._of_workload(team, workload, turn // len(pool))
            others = [each["metadata"]["name"] for each in written[team.name]]
            drawn["metadata"]["name"] = _unique(drawn["metadata"]["name"], others)
            written[team.name].append(drawn)
        return written

    def _of_workload(self, team: Team, workload: Workload, lap: int) -> Manifest:
        random, subject = self._random, labelled(**{NAME: workload.name})
        if lap and random.random() < 0.3:
            subject = selector({COMPONENT: workload.component}, one_of("version", "v1", "v2"))
        if team.denies_egress and lap % 2 == 1:
            rules = [self._egress(team, workload) for _ in range(random.choice([1, 2, 2]))]
            return policy(team.name, f"{workload.name}-egress", subject, egress=rules)
        rules = [self._ingress(team, workload) for _ in range(random.choice([1, 1, 2]))]
        return policy(team.name, f"{workload.name}-ingress", subject, ingress=rules)

    def _ingress(self, team: Team, workload: Workload) -> Manifest:
        random, peers = self._random, []
        components = CALLERS.get(workload.component, SOMEBODY)
        for _ in range(random.choice([1, 1, 1, 2, 2, 3])):
            form = random.random()
            if form < 0.45:
                peers.append(self._near(components))
            elif form < 0.85:
                peers.append(self._far(team, components))
            else:
                peers.append(self._block())
        if workload.component in ("gateway", "frontend") and random.random() < 0.5:
            peers.append({"namespaceSelector": named("ingress-nginx")})
        return with_ports({"from": peers}, self._entries(workload.ports))

    def _egress(self, team: Team, workload: Workload) -> Manifest:
        random = self._random
        component = random.choice(CALLEES.get(workload.component, ["api"]))
        ports = self._ports.get(component, self._ports["api"])
        form = random.random()
        if form < 0.5:
            return with_ports({"to": [self._near([component])]}, self._entries(ports))
        if form < 0.8:
            return with_ports({"to": [self._far(team, [component])]}, self._entries(ports))
        web = [
            [port_entry("TCP", 443)],
            [port_entry("TCP", 443), port_entry("TCP", 80)],
            [port_entry("TCP", 8000, 8999)],
            [port_entry("UDP", 123), port_entry("TCP", 443)],
        ]
        return with_ports({"to": [self._block()]}, random.choice(web))

    def _near(self, components: Sequence[str]) -> Manifest:
        """Pods of the same namespace."""
        form = self._random.random()
        if form < 0.55:
            return {"podSelector": labelled(**{COMPONENT: self._random.choice(components)})}
        if form < 0.8:
            return {"podSelector": selector({}, one_of(COMPONENT, *components))}
        if form < 0.9:
            return {"podSelector": selector({"tier": "app"}, none_of("version", "v1"))}
        return {"podSelector": {}}

    def _far(self, own: Team, components: Sequence[str]) -> Manifest:
        """Pods of other namespaces."""
        other = self._random.choice(self._owned)
        name, team = other.labels["kubernetes.io/metadata.name"], other.labels["team"]
        environment, form = own.labels.get("env", "prod"), self._random.random()
        if form < 0.3:
            component = self._random.choice(components)
            return both(named(name), labelled(**{COMPONENT: component}))
        if form < 0.55:
            tiers = selector({}, one_of("tier", "app", "edge"))
            return both(labelled(team=team, env=environment), tiers)
        if form < 0.7:
            return {"namespaceSelector": labelled(team=team)}
        if form < 0.8:
            unregulated = {"key": "pci", "operator": "DoesNotExist"}
            where = selector({}, one_of("env", environment), unregulated)
            return both(where, labelled(exposure="public"))
        if form < 0.9:
            where = selector({}, one_of("kubernetes.io/metadata.name", own.name, name))
            exposed = {"key": "exposure", "operator": "Exists"}
            return both(where, selector({}, exposed, none_of("version", "v1")))
        return both({}, labelled(**{COMPONENT: "gateway"}))

    def _block(self) -> Manifest:
        cidr, excepts = self._random.choice(BLOCKS)
        return {"ipBlock": {"cidr": cidr, **({"except": [*excepts]} if excepts else {})}}

    def _entries(self, ports: Sequence[Port]) -> list[Manifest]:
        """Ports of a rule about an end that listens on `ports`; none for all of them."""
        main = [port for port in ports if port.name != "metrics"] or ports
        form, port = self._random.random(), self._random.choice(main)
        if form < 0.3:
            return [port_entry(port.protocol, port.name)]
        if form < 0.65:
            return [port_entry(port.protocol, port.number)]
        if form < 0.8:
            return [port_entry(each.protocol, each.number) for each in main]
        if form < 0.9:
            first = port.number - port.number % 100 if port.number > 100 else port.number
            return [port_entry(port.protocol, first, port.number + 99)]
        return [{"protocol": "TCP"}, port_entry("UDP", 8125)] if form < 0.95 else []


def _defaults(team: Team) -> list[Manifest]:
    """What a namespace denies and allows whatever runs in it."""
    found = []
    if team.name == "kube-system":
        ports = [port_entry("UDP", "dns"), port_entry("TCP", "dns-tcp")]
        rules = [with_ports({"from": [{"namespaceSelector": {}}]}, ports)]
        found.append(
            policy(team.name, "dns-from-anywhere", labelled(**{NAME: "coredns"}), ingress=rules)
        )
    elif team.name == "monitoring":
        found.append(policy(team.name, "default-deny-ingress", {}, ingress=[]))
        edge = {"from": [{"namespaceSelector": named("ingress-nginx")}]}
        rules = [with_ports(edge, [port_entry("TCP", 3000)])]
        found.append(
            policy(team.name, "grafana-from-edge", labelled(**{NAME: "grafana"}), ingress=rules)
        )
    if team.denies_egress:
        found.append(policy(team.name, "default-deny-all", {}, ingress=[], egress=[]))
        dns = {"to": [both(named("kube-system"), labelled(**{NAME: "coredns"}))]}
        rules = [with_ports(dns, [port_entry("UDP", 53), port_entry("TCP", 53)])]
        found.append(policy(team.name, "allow-dns", {}, egress=rules))
    elif team.denies_ingress:
        found.append(policy(team.name, "default-deny-ingress", {}, ingress=[]))
    if team.denies_ingress:
        scrape = {"from": [both(named("monitoring"), labelled(**{NAME: "prometheus"}))]}
        rules = [with_ports(scrape, [port_entry("TCP", "metrics")])]
        found.append(policy(team.name, "allow-scrape", {}, ingress=rules))
        if team.labels["env"] == "dev":
            own: list[Manifest] = [{"from": [{"podSelector": {}}]}]
            found.append(policy(team.name, "allow-same-namespace", {}, ingress=own))
    return found


def _unique(name: str, others: Sequence[str]) -> str:
    turn, base = 1, name
    while name in others:
        turn += 1
        name = f"{base}-{turn}"
    return name
