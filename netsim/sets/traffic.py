"""Sets of (protocol, port), in a form that is the same for equal sets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netsim.sets.intervals import Interval, common, joined, without

_PORTS = (1, 65535)


@dataclass(frozen=True, slots=True)
class TrafficSet:
    """What may pass: port intervals by protocol, both ends inside, and protocols without ports.

    Equal sets are ==, whatever they were put together from. Protocols are lower-case words.
    """

    # INVARIANT: sorted by protocol; intervals sorted, disjoint, not touching; none is empty.
    ports: tuple[tuple[str, tuple[Interval, ...]], ...] = ()
    portless: tuple[str, ...] = ()
    everything: bool = False

    @staticmethod
    def of(
        ports: Iterable[tuple[str, Interval]], portless: Iterable[str], all_words: Iterable[str]
    ) -> TrafficSet:
        """The set of these. `all_words` are the protocols that together make everything."""
        gathered: dict[str, list[Interval]] = {}
        for protocol, interval in ports:
            gathered.setdefault(protocol, []).append(interval)
        whole = tuple((name, tuple(joined(gathered[name]))) for name in sorted(gathered))
        without = tuple(sorted(set(portless)))
        full = {name for name, intervals in whole if intervals == (_PORTS,)} | set(without)
        return TrafficSet(whole, without, full == set(all_words))

    def __bool__(self) -> bool:
        return bool(self.ports or self.portless)

    def __contains__(self, flow: tuple[str, int | None]) -> bool:
        """Whether (protocol, port) is in it; the port is None for a protocol without ports."""
        protocol, port = flow
        if port is None:
            return protocol in self.portless
        return any(
            first <= port <= last
            for name, intervals in self.ports
            if name == protocol
            for first, last in intervals
        )

    def limited(self, protocol: str, ports: Iterable[Interval] | None) -> TrafficSet:
        """What of it is of one protocol and at these ports; None for a protocol without ports."""
        if ports is None:
            return TrafficSet(portless=(protocol,) if protocol in self.portless else ())
        found = tuple(common(dict(self.ports).get(protocol, ()), ports))
        return TrafficSet(((protocol, found),) if found else ())

    def __and__(self, other: TrafficSet) -> TrafficSet:
        """What is in both."""
        if self.everything or self == other:
            return other
        if other.everything:
            return self
        theirs = dict(other.ports)
        return _of_parts(
            ((name, tuple(common(each, theirs.get(name, ())))) for name, each in self.ports),
            (name for name in self.portless if name in other.portless),
        )

    def __sub__(self, other: TrafficSet) -> TrafficSet:
        """What is in this alone."""
        if not other:
            return self
        if other.everything:
            return NOTHING
        theirs = dict(other.ports)
        return _of_parts(
            (
                (name, tuple(left for one in each for left in without(one, theirs.get(name, ()))))
                for name, each in self.ports
            ),
            (name for name in self.portless if name not in other.portless),
        )

    def __str__(self) -> str:
        """`TCP 80,443,8000-8999, UDP 53`; `all`; `none`."""
        if self.everything:
            return "all"
        return ", ".join(self._words()) or "none"

    def _words(self) -> Iterator[str]:
        for protocol, intervals in self.ports:
            if intervals == (_PORTS,):
                yield protocol.upper()
            else:
                texts = (str(a) if a == b else f"{a}-{b}" for a, b in intervals)
                yield f"{protocol.upper()} {','.join(texts)}"
        yield from (protocol.upper() for protocol in self.portless)


def _of_parts(
    ports: Iterable[tuple[str, tuple[Interval, ...]]], portless: Iterable[str]
) -> TrafficSet:
    """The set of these, which are sorted; it isn't everything."""
    return TrafficSet(tuple((name, each) for name, each in ports if each), tuple(portless))


NOTHING = TrafficSet()
