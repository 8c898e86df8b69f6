"""Answers that came out alike, for the same reasons, as groups of a verdict."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from netsim.analysis.asked import AddressAtom, Asked, PodClass
from netsim.analysis.flows import AskedFlow
from netsim.model.cluster import Protocol
from netsim.model.flow import Answer
from netsim.model.verdict import Group
from netsim.sets.addresses import networks
from netsim.sets.intervals import Interval, joined


class _Ends:
    """The texts of one side of a group, gathered: names, and addresses by IP version."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._addresses: dict[int, set[Interval]] = {}

    def add(self, asked: Asked) -> None:
        match asked:
            case PodClass(members):
                self._names.update(map(str, members))
            case AddressAtom(endpoint, interval):
                self._addresses.setdefault(endpoint.version, set()).add(interval)
            case _:
                self._names.add(str(asked.endpoint))

    def texts(self) -> tuple[str, ...]:
        """Names, then the fewest CIDRs."""
        found = sorted(self._names)
        for version, intervals in sorted(self._addresses.items()):
            found += map(str, networks(intervals, version))
        return tuple(found)


class _Gathered:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.sources, self.destinations = _Ends(), _Ends()
        self.ports: set[Interval] = set()
        self.notes: dict[str, None] = {}
        self.pairs: dict[tuple[str, str], int] = {}

    def group(self, protocol: Protocol) -> Group:
        word = protocol.value.lower()
        texts = [
            f"{first}/{word}" if first == last else f"{first}-{last}/{word}"
            for first, last in joined(self.ports)
        ]
        return Group(
            replace(self.answer, notes=tuple(self.notes)),
            self.sources.texts(),
            self.destinations.texts(),
            tuple(texts) or (word,),
            sum(self.pairs.values()),
        )


class Grouping:
    """Answers go in one by one, for one protocol; groups come out, the denied ones first."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        self._gathered: dict[Hashable, _Gathered] = {}

    def add(self, asked: AskedFlow, answer: Answer) -> None:
        """Take in the answer to one flow, which holds for all that it is asked for."""
        key = (answer.egress, answer.ingress, answer.family, answer.assumptions)
        gathered = self._gathered.setdefault(key, _Gathered(answer))
        gathered.sources.add(asked.pair.sources)
        gathered.destinations.add(asked.pair.destinations)
        gathered.notes.update(dict.fromkeys(answer.notes))
        pair = asked.pair
        gathered.pairs[_one(pair.sources), _one(pair.destinations)] = pair.pairs
        if asked.ports:
            gathered.ports.add(asked.ports)

    def groups(self) -> tuple[Group, ...]:
        found = [gathered.group(self._protocol) for gathered in self._gathered.values()]
        return tuple(
            sorted(
                found,
                key=lambda group: (group.allowed, group.sources, group.destinations, group.ports),
            )
        )


def _one(asked: Asked) -> str:
    """What counts as one end: all addresses of a range together."""
    return "addresses" if isinstance(asked, AddressAtom) else str(asked.endpoint)
