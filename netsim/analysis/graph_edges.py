"""The attributes of a graph's edges. Edges that say the same share one dict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol as Structure

from netsim.analysis.graph_nodes import Attributes
from netsim.engine.flows import OutsideFlows
from netsim.engine.parties import Party
from netsim.model.cluster import Protocol
from netsim.sets.traffic import TrafficSet

_WORDS = tuple(protocol.value.lower() for protocol in Protocol)


class SharedEdges:
    """One dict for all edges that say the same."""

    def __init__(self) -> None:
        self._found: dict[tuple[TrafficSet, int, bool], Attributes] = {}

    def of(self, traffic: TrafficSet, weight: int, assumed: bool) -> Attributes:
        """What an edge has that stands for so many pairs."""
        key = traffic, weight, assumed
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = _edge(*key)
        return found


class EdgesBeyond(Structure):
    """The edges between parties and a node that is none, in one direction."""

    def has(self, party: Party) -> bool:
        """Whether there is one."""
        ...

    def of(self, party: Party) -> Attributes:
        """What it has; it stands for no pair of pods. Raises KeyError if there is none."""
        ...


class OutsideEdges:
    """Those of all that is outside; made when asked for."""

    def __init__(self, flows: Callable[[Party], list[OutsideFlows]]) -> None:
        self._flows = flows
        self._passing: dict[int, bool] = {}  # by class
        self._found: dict[str, Attributes] = {}  # by party

    def has(self, party: Party) -> bool:
        found = self._passing.get(party.number)
        if found is None:
            found = self._passing[party.number] = bool(self._flows(party))
        return found

    def of(self, party: Party) -> Attributes:
        if not self.has(party):
            raise KeyError(party.name)
        found = self._found.get(party.name)
        if found is None:
            found = self._found[party.name] = _outside(self._flows(party))
        return found


class DomainEdges:
    """Those of what is reached under one DNS name (ANP-17); made when asked for."""

    def __init__(
        self, sent: Callable[[Party], tuple[TrafficSet, TrafficSet]], shared: SharedEdges
    ) -> None:
        """`sent` tells what a party may send there, and what of all hangs on an assumption."""
        self._sent, self._shared = sent, shared
        self._found: dict[int, tuple[TrafficSet, TrafficSet]] = {}  # by class

    def has(self, party: Party) -> bool:
        return bool(self._traffic(party)[0])

    def of(self, party: Party) -> Attributes:
        traffic, hanging = self._traffic(party)
        if not traffic:
            raise KeyError(party.name)
        return self._shared.of(traffic, 0, bool(hanging))

    def _traffic(self, party: Party) -> tuple[TrafficSet, TrafficSet]:
        found = self._found.get(party.number)
        if found is None:
            found = self._found[party.number] = self._sent(party)
        return found


def _edge(traffic: TrafficSet, weight: int, assumed: bool) -> Attributes:
    return {"traffic": traffic, "text": str(traffic), "weight": weight, "assumed": assumed}


def _outside(parts: Sequence[OutsideFlows]) -> Attributes:
    assumed = any(part.hanging for part in parts)
    traffic = _union(part.traffic for part in parts)
    return {**_edge(traffic, 0, assumed), "parts": tuple(parts)}


def _union(sets: Iterable[TrafficSet]) -> TrafficSet:
    """What is in any of these."""
    listed = list(sets)
    ports = [
        (protocol, interval)
        for traffic in listed
        for protocol, intervals in traffic.ports
        for interval in intervals
    ]
    portless = [protocol for traffic in listed for protocol in traffic.portless]
    return TrafficSet.of(ports, portless, _WORDS)
