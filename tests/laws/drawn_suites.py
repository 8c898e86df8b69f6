"""Suites about a cluster, by seed: whatever its texts mean, most expectations about somebody."""

from __future__ import annotations

from itertools import islice
from random import Random

from netsim import Snapshot, Suite
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.errors import QueryError
from netsim.model.directory import Directory
from netsim.model.endpoints import NewPod, parse_endpoint
from netsim.model.flow import Direction
from netsim.model.ports import parse_port
from netsim.suites.suite import (
    Allow,
    Claim,
    Deny,
    Ends,
    Expectation,
    Isolated,
    Only,
    Ports,
    ReachAtMost,
)

OUTSIDE = ("external", "10.0.0.0/8", "203.0.113.7", "192.168.0.0/24", "fd00::/16", "0.0.0.0/0")
NAMES = ("api.example.com", "example.org", "example.com@203.0.113.7")
PORTS = ("80", "81", "any/tcp", "http", "dns/udp", "79-82", "443", "any/udp", "icmp", "8080")
DIRECTIONS = ((Direction.INGRESS,), (Direction.EGRESS,), (Direction.EGRESS, Direction.INGRESS))


def drawn_suite(snapshot: Snapshot, seed: int, size: int) -> Suite:
    """So many expectations."""
    draw = Random(seed)
    texts = texts_of(snapshot)
    claims = (_claim(draw, texts) for _ in range(size))
    expectations = (
        Expectation(number, claim, allow_empty=draw.random() < 0.2)
        for number, claim in enumerate(claims)
    )
    return Suite(f"drawn-{seed}", tuple(expectations), draw.choice(("", "", "a")))


def texts_of(snapshot: Snapshot) -> list[str]:
    """Texts that mean somebody: pods, workloads, namespaces, labels, nodes, addresses."""
    found = ["*", "*", *OUTSIDE]
    for name in snapshot.namespaces:
        found += [f"{name}/*", f"{name}/*", f"{name}/{{app=web}}", f"new:{name}/{{app=web}}"]
    found += [str(ref) for ref in snapshot.workloads]
    found += [f"{pod.namespace}/{pod.name}" for pod in snapshot.pods]
    found += [str(address) for pod in snapshot.pods for address in islice(pod.addresses, 2)]
    found += [f"node/{name}" for name in snapshot.nodes]
    found += ["{app=db}", "*/{tier}", "*/{app notin (web)}"]
    if any(isinstance(policy, TierPolicy) for policy in snapshot.policies):
        found += NAMES
    directory = Directory(snapshot)
    return [text for text in found if means_somebody(directory, text)]


def means_somebody(directory: Directory, text: str) -> bool:
    try:
        return isinstance(parse_endpoint(text), NewPod) or bool(directory.find(text))
    except QueryError:
        return False


def _claim(draw: Random, texts: list[str]) -> Claim:
    some = draw.random() < 0.3
    match draw.choice(("allow", "deny", "deny", "only", "isolated", "reach-at-most")):
        case "allow":
            return Allow(_ends(draw, texts), _ends(draw, texts), _ports(draw), some)
        case "deny":
            return Deny(_ends(draw, texts), _ends(draw, texts), _ports(draw), some)
        case "only":
            return Only(_ends(draw, texts), _ends(draw, texts), _ports(draw))
        case "isolated":
            inside = [text for text in texts if text not in OUTSIDE]
            return Isolated(_ends(draw, inside), draw.choice(DIRECTIONS))
    inside = [text for text in texts if text not in OUTSIDE and not text.startswith("new:")]
    hops = draw.randint(1, 3)
    return ReachAtMost(_ends(draw, inside), hops, _ends(draw, texts), _ports(draw))


def _ends(draw: Random, texts: list[str]) -> Ends:
    excepts = draw.sample(texts, 1) if draw.random() < 0.2 else []
    return Ends(tuple(draw.sample(texts, draw.choice((1, 1, 2)))), tuple(excepts))


def _ports(draw: Random) -> Ports:
    texts = draw.sample(PORTS, draw.choice((0, 1, 1, 2)))
    return Ports(tuple(map(parse_port, texts)))
