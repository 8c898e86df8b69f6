"""Expectations that say who may exchange what with some pods: exactly that, in few words.

Whoever no policy governs in ingress is left out where it is told who may reach whom; so where it
is told what pods may reach, only these, and the outside, need be spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netsim.analysis.served import named_atoms
from netsim.engine.recognisable import recognisable_address
from netsim.errors import QueryError
from netsim.model.cluster import Pod, Protocol
from netsim.model.flow import Direction
from netsim.model.ports import AskedPort, PortName, PortNumbers, parse_port
from netsim.sets.addresses import networks
from netsim.sets.bitset import members
from netsim.suites.ground import Ground
from netsim.suites.names import Names
from netsim.suites.relation import Relation
from netsim.suites.suite import Allow, Claim, Deny, Ends, Only, Ports
from netsim.suites.whom import Outside, Shares, Whom, outside_of

_EVERYONE = ("*", "external")


@dataclass(frozen=True, slots=True)
class About:
    """Some pods to say something of, with everybody there is for them.

    Nothing is to be said of `itself`, the class where it is but one pod; nor of the classes
    `apart`, which `excepts` mean wherever anybody is spoken of.
    """

    classes: int
    whole: Whom
    itself: int
    apart: int
    excepts: tuple[str, ...]

    @property
    def others(self) -> int:
        """The classes that something is to be said of."""
        return self.whole.classes & ~self.itself & ~self.apart


class Phrases:
    """Says what holds of the pods of one snapshot."""

    def __init__(self, names: Names, relation: Relation, ground: Ground) -> None:
        self._names, self._relation, self._ground = names, relation, ground

    def received(self, about: About, shares: Shares) -> Iterator[Claim]:
        """Who may reach some pods with what."""
        mine = Ends(self._names.texts(about.classes))
        for atoms, whom in self._told(shares, about):
            if not whom:
                yield from self._nobody(about, mine, self._numbers(atoms))
                continue
            ports = self._ports(atoms, about.classes)
            if whom.outside in ((), about.whole.outside):
                yield from self._these(about, mine, whom, ports)
            else:
                others = about.whole - whom
                yield from (Allow(each, mine, ports) for each in self._addresses(about, whom))
                yield from (Deny(each, mine, ports) for each in self._addresses(about, others))
                yield from self._these(about, mine, Whom(whom.classes), ports, ("external",))

    def _these(
        self, about: About, mine: Ends, whom: Whom, ports: Ports, apart: tuple[str, ...] = ()
    ) -> Iterator[Claim]:
        """These may send all of it, and nobody else any; nothing is said of whom `apart` means."""
        left = about.others & ~whom.classes
        if whom.outside and left.bit_count() < whom.classes.bit_count():
            others = self._texts(about, left, about.whole.classes & ~whom.classes)
            yield Allow(Ends(_EVERYONE, (*others, *about.excepts)), mine, ports)
            if others:
                yield Deny(Ends(others, about.excepts), mine, ports)
            return
        texts = self._texts(about, whom.classes, whom.classes)
        texts = (*texts, "external") if whom.outside else texts
        if not texts:
            yield from self._nobody(about, mine, ports, apart)
            return
        # `only` leaves nobody out.
        leaves_out = bool(apart or about.excepts)
        if leaves_out or not ports.asked:
            # Of all traffic `only` asks that they may send some.
            yield Allow(Ends(texts, about.excepts), mine, ports)
        if leaves_out:
            rest = Whom(left, () if whom.outside or apart else about.whole.outside)
            pods = tuple(text for text in texts if text != "external") if left else ()
            yield from _none(rest, (*pods, *about.excepts), mine, ports)
        else:
            yield Only(Ends(texts), mine, ports)

    def _nobody(
        self, about: About, mine: Ends, ports: Ports, apart: tuple[str, ...] = ()
    ) -> Iterator[Claim]:
        """Nobody may send any of it."""
        whole = Whom(about.others, () if apart else about.whole.outside)
        yield from _none(whole, about.excepts, mine, ports)

    def sent(self, about: About, shares: Shares) -> Iterator[Claim]:
        """What some pods may reach, of those whom no policy governs in ingress, and outside."""
        mine = Ends(self._names.texts(about.classes))
        bare = about.others & ~self._relation.governed[Direction.INGRESS]
        for atoms, whom in self._told(shares, about):
            reached, numbers = bare & whom.classes, self._numbers(atoms)
            texts = self._texts(about, reached, whom.classes)
            denied = self._denied(about, bare & ~whom.classes, whom.classes)
            if whom.outside not in ((), about.whole.outside):
                others = about.whole - whom
                yield from (Allow(mine, each, numbers) for each in self._addresses(about, whom))
                yield from (Deny(mine, each, numbers) for each in self._addresses(about, others))
            elif whom.outside:
                texts = (*texts, "external")
            elif about.whole.outside:
                denied = Ends((*denied.texts, "external"), denied.excepts)
            if texts:
                # Nobody outside has names for ports.
                ports = numbers if "external" in texts else self._ports(atoms, reached)
                yield Allow(mine, Ends(texts, about.excepts), ports)
            if denied.texts:
                yield Deny(mine, Ends(denied.texts, (*denied.excepts, *about.excepts)), numbers)

    def _told(self, shares: Shares, about: About) -> list[tuple[int, Whom]]:
        """Whom something is to be said of, by traffic; last that of nobody."""
        found: dict[Whom, int] = {}
        for atoms, whom in shares:
            classes = whom.classes & ~about.apart
            outside = self._asked(whom.outside, about)
            # Who alone gets something from itself gets it from nobody.
            whom = Whom(classes if classes & about.others or outside else 0, outside)
            found[whom] = found.get(whom, 0) | atoms
        each = ((atoms, whom) for whom, atoms in found.items())
        return sorted(each, key=lambda one: (not one[1], one[0]))

    def _asked(self, outside: Outside, about: About) -> Outside:
        """Nothing for addresses that all are somebody's; everything for all but such."""
        if not self._has_free(outside):
            return ()
        whole = about.whole.outside
        left = Whom(outside=whole) - Whom(outside=outside)
        return outside if self._has_free(left.outside) else whole

    def _has_free(self, outside: Outside) -> bool:
        return recognisable_address(dict(outside), self._ground.view.owned) is not None

    def _denied(self, about: About, classes: int, reached: int) -> Ends:
        """Classes by name, or as all but those that are reached."""
        if not classes:
            return Ends(())
        others = reached & about.others
        if others.bit_count() < classes.bit_count():
            return Ends(("*",), self._texts(about, others, reached))
        return Ends(self._texts(about, classes, about.whole.classes & ~reached))

    def _texts(self, about: About, classes: int, alike: int) -> tuple[str, ...]:
        """Texts for some classes, which may mean others that are `alike` too."""
        return self._names.texts(classes & about.others, alike | about.apart)

    def _addresses(self, about: About, whom: Whom) -> list[Ends]:
        """Addresses outside in the fewest words: CIDRs, or all of a larger one but some."""
        others = (about.whole - whom).outside
        around, beside = _around(whom.outside), _around(others)
        ways = [
            [Ends(("external",), _cidrs(others))],
            [Ends(_cidrs(whom.outside))],
            [Ends(_cidrs(around), _cidrs((Whom(0, around) - whom).outside))],
            [
                Ends(("external",), _cidrs(beside)),
                Ends(_cidrs((Whom(0, beside) & whom).outside)),
            ],
        ]
        means = (), whom.outside, around, (Whom(0, beside) & whom).outside
        told = [way for way, named in zip(ways, means, strict=True) if not self._has_owners(named)]
        # The first is always there: what is left of everything outside has no owners.
        best = min(told, key=lambda way: sum(len(each.texts) + len(each.excepts) for each in way))
        return [each for each in best if each.texts]

    def _has_owners(self, outside: Outside) -> bool:
        """Whether a CIDR of these means pods or nodes as well."""
        return any(
            first <= number <= last
            for version, intervals in outside
            for first, last in intervals
            for number in self._owned(version)
        )

    def _owned(self, version: int) -> list[int]:
        return [int(each) for each in self._ground.directory.owned() if each.version == version]

    def _numbers(self, atoms: int) -> Ports:
        return self._ports(atoms, 0)

    def _ports(self, atoms: int, classes: int) -> Ports:
        """Traffic to some pods: by a name that all of them give a port, else by number."""
        traffic = self._ground.atoms.traffic(atoms)
        if traffic.everything:
            return Ports()
        pods = [pod for number in members(classes) for pod in self._names.pods[number]]
        found = []
        by_protocol = dict(traffic.ports)
        for protocol in Protocol:
            for first, last in by_protocol.get(protocol.value.lower(), ()):
                name = _name(protocol, first, pods) if first == last else None
                found.append(AskedPort(protocol, name or PortNumbers(first, last)))
            if protocol.value.lower() in traffic.portless:
                found.append(AskedPort(protocol, None))
        return Ports(tuple(found))


def _none(whom: Whom, excepts: tuple[str, ...], mine: Ends, ports: Ports) -> Iterator[Claim]:
    """None of these, who are everybody but `excepts`, may send any of it."""
    there = {"*": whom.classes, "external": whom.outside}
    if texts := tuple(text for text in _EVERYONE if there[text]):
        yield Deny(Ends(texts, excepts), mine, ports)


def _name(protocol: Protocol, number: int, pods: Sequence[Pod]) -> PortName | None:
    """What all of these call a port; None if they don't, or a name is no port text."""
    if not pods:
        return None
    for port in pods[0].ports:
        name = PortName(port.name)
        if (
            (port.number, port.protocol) == (number, protocol)
            and _is_text(name)
            and all(named_atoms(name, protocol, pod) == [(number, number)] for pod in pods)
        ):
            return name
    return None


def _is_text(name: PortName) -> bool:
    try:
        return parse_port(name.name).port == name
    except QueryError:
        return False


def _around(outside: Outside) -> Outside:
    """The smallest block of each IP version that holds all of these."""
    found = {}
    for version, intervals in outside:
        first, last = intervals[0][0], intervals[-1][1]
        bits = (first ^ last).bit_length()
        found[version] = [(first >> bits << bits, last | (1 << bits) - 1)]
    return outside_of(found)


def _cidrs(outside: Outside) -> tuple[str, ...]:
    return tuple(str(each) for at, intervals in outside for each in networks(intervals, at))
