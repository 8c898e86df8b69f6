"""Who is asked about whom (WL-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from netsim.analysis.asked import Asked, PodClass
from netsim.errors import Diagnostic, FaultType, LimitError, Severity, query_error
from netsim.model.cluster import Pod
from netsim.model.directory import Named
from netsim.model.flow import Endpoint

MOST_FLOWS = 100_000


class Pair(NamedTuple):
    """A flow's two ends, whom each is asked for, and how many pairs of different ends that is."""

    source: Endpoint
    destination: Endpoint
    sources: Asked
    destinations: Asked
    pairs: int = 1


def pairs(sources: Sequence[Asked], destinations: Sequence[Asked]) -> list[Pair]:
    """Every source with every destination: of pods, different ones.

    Empty where the same one pod is all that there is on either side.
    Raises LimitError if there are more than MOST_FLOWS.
    """
    check_limit(len(sources) * len(destinations))
    found = []
    for one, other in product(sources, destinations):
        if isinstance(one, PodClass) and isinstance(other, PodClass):
            found += _pod_pairs(one, other)
        else:
            found.append(Pair(one.endpoint, other.endpoint, one, other))
    return found


def _pod_pairs(one: PodClass, other: PodClass) -> list[Pair]:
    """One pair of different pods for all that there are, if there is any."""
    shared = {pod.identity for pod in one.members} & {pod.identity for pod in other.members}
    again = [pod for pod in one.members if pod.identity in shared and pod.replicas != 1]
    count = len(one.members) * len(other.members) - len(shared) + len(again)
    different = (
        (source, destination)
        for source in one.members
        for destination in other.members
        if source.identity != destination.identity
    )
    source, destination = next(different, (one.endpoint, _another(one.endpoint)))
    return [Pair(source, destination, one, other, count)] if count else []


def check_limit(flows: int) -> None:
    """Raises LimitError if a question stands for more flows than it is asked of one."""
    if flows > MOST_FLOWS:
        message = f"the question stands for more than {MOST_FLOWS:,} flows that may differ"
        help = "ask about fewer pods or ports at a time: one namespace, one workload"
        raise LimitError([Diagnostic(Severity.ERROR, FaultType.QUERY, "LIMIT", message, help=help)])


def itself(one: Named, other: Named) -> tuple[Pair, str]:
    """The pair for two texts that stand for the same one pod, and a note where it is read as two.

    A pod towards itself is that. A workload of one replica is asked as two different pods.
    Raises QueryError if there is no pod either.
    """
    source = next((item for item in one.members if isinstance(item, Pod)), None)
    destination = next((item for item in other.members if isinstance(item, Pod)), None)
    if source is None or destination is None:
        help = "pod_cidrs leaves nothing outside"
        raise query_error("no address is left to ask about", help=help)
    note = ""
    if one.workload and one.workload == other.workload:
        destination = _another(destination)
        note = f"`{one.workload}` has one replica: asked as two different pods, for a rollout makes a second"
    pair = Pair(source, destination, PodClass((source,)), PodClass((destination,)))
    return pair, note


def _another(pod: Pod) -> Pod:
    """A second pod like this one, whose address nobody knows."""
    return replace(pod, replica=pod.replica + 1, addresses=(), host_addresses=())
