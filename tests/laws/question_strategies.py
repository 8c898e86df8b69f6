"""Questions of every form that endpoint and port texts have, about a drawn cluster."""

from __future__ import annotations

import json
from dataclasses import dataclass

from depth import TIERS
from hypothesis import strategies as st
from law_clusters import any_clusters
from option_strategies import semantics

import netsim
from netsim import NetsimError, Semantics, Snapshot
from netsim.testing.clusters import (
    OUTSIDE,
    PORTS,
    Manifest,
)
from netsim.testing.tier_policies import DOMAINS

PORT_TEXTS = (
    *map(str, PORTS),
    *("http", "dns/udp"),
    *("any", "any/udp", "79-81", "8000-9000/sctp", "icmp"),
)
NEW_PODS = ("new:a/{app=web}", "new:b/{app=db,tier=web}", "new:c/{}", "new:{app=web}")
SELECTIONS = ("*", "*/*", "{app=web}", "ns{}/{app=web}", "a/*", "b/{tier notin (web)}")
DOMAIN_TEXTS = (*DOMAINS, "api.example.com@203.0.113.7", "example.com@10.0.0.1")
BROKEN = ("", "a/nobody", "nowhere/pod-0", "svc:a/b", "10.0.0.1/8", "127.0.0.1", "pod-0", "a/b/c/d")


@dataclass(frozen=True, slots=True)
class Question:
    """What is put to `can` and to a program alike."""

    source: str
    destination: str
    port: str | int | None
    protocol: str | None
    namespace: str


def snapshot_of(cluster: list[Manifest], options: Semantics | None = None) -> Snapshot:
    text = "\n---\n".join(json.dumps(manifest) for manifest in cluster)
    return netsim.loads(text, semantics=options or Semantics())


def names_of(snapshot: Snapshot) -> list[str]:
    """The pods, workloads and nodes, in several forms."""
    found: list[str] = []
    for pod in snapshot.pods:
        found += [str(pod), f"{pod.namespace}/{pod.name}", f"{pod.namespace}/pod/{pod.name}"]
        found += map(str, pod.addresses)
    found += map(str, snapshot.workloads)
    for node in snapshot.nodes.values():
        found += [str(node), *map(str, node.addresses)]
    found += [f"node/{pod.node}" for pod in snapshot.pods if pod.node]
    return found


@st.composite
def questions(draw: st.DrawFn, snapshot: Snapshot) -> Question:
    """Mostly about what exists; often from something to itself."""
    named = st.sampled_from(names_of(snapshot))
    forms = (named, named, named, st.sampled_from(SELECTIONS), st.sampled_from(NEW_PODS))
    outside = (*OUTSIDE, *(DOMAIN_TEXTS if TIERS else ()))
    beyond = st.sampled_from((*outside, "external", "10.0.0.0/16", "::/0", "fd00::/64"))
    ends = st.one_of(*forms, named, beyond, st.sampled_from(BROKEN) if _rarely(draw) else named)
    source, destination = draw(ends), draw(ends)
    if draw(st.integers(0, 5)) == 0:
        destination = source
    ports = st.one_of(st.sampled_from(PORTS), st.sampled_from(PORT_TEXTS))
    port: int | str | None = draw(ports)
    if _rarely(draw):
        port = draw(st.sampled_from((None, 0, "70000", "?", True)))
    protocol = draw(st.sampled_from((None, None, None, "UDP", "tcp", "ICMP")))
    namespace = draw(st.sampled_from(("", "", "", *snapshot.namespaces)))
    return Question(source, destination, port, protocol, namespace)


def _rarely(draw: st.DrawFn) -> bool:
    return draw(st.integers(0, 7)) == 0


@dataclass(frozen=True, slots=True)
class Case:
    """A cluster and some questions about it."""

    snapshot: Snapshot
    questions: list[Question]


@st.composite
def cases(draw: st.DrawFn, most: int = 6) -> Case:
    """Clusters under any options. Never without pods."""
    snapshot = snapshot_of(draw(any_clusters), draw(semantics()))
    return Case(snapshot, draw(st.lists(questions(snapshot), min_size=1, max_size=most)))


def outcome(ask: object, question: Question) -> object:
    """What comes of a question: the answer, or what is wrong with it, in all its parts."""
    try:
        return ask(  # type: ignore[operator]
            question.source,
            question.destination,
            question.port,
            protocol=question.protocol,
            namespace=question.namespace,
        )
    except NetsimError as error:
        return type(error), error.diagnostics
