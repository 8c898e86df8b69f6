"""Yes or no for many questions at once, as vectors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from netsim.analysis.asking import Allowance, NamedFlow, Port
from netsim.compiler.atoms import PortAtoms
from netsim.compiler.tables import Tables
from netsim.engine.bulk import Bulk
from netsim.engine.roll import Meant, Member
from netsim.engine.vectors import Flags, Numbers, TooManyEntriesError
from netsim.errors import NetsimError
from netsim.model.cluster import Protocol
from netsim.model.ports import FIRST_PORT, LAST_PORT, AskedPort, PortName, PortNumbers, ProtocolText

# Vectors of this length stay in a processor's cache.
_AT_ONCE = 1 << 16
# A question about more members than this on a side may be past what one question may ask.
_MOST_MEMBERS = 300
# Instead of the number of a class, an endpoint or an atom.
_SEVERAL, _BY_NAME = -1, -2

AskedAt = Callable[[int], AskedPort]


class Many:
    """Endpoint texts by number, and questions about these numbers."""

    def __init__(self, tables: Tables, allowance: Allowance) -> None:
        self._atoms, self._allowance = tables.atoms, allowance
        self._ends = _Ends()
        self._ids: dict[str, _Ids] = {}
        self._ports = _Ports(allowance, tables.atoms)
        self._named: dict[tuple[int, int], int] = {}
        try:
            self._bulk: Bulk | None = Bulk(tables)
        except TooManyEntriesError:
            self._bulk = None

    def ids(self, texts: Iterable[str], namespace: str) -> Numbers:
        """The number of each text in a namespace."""
        known = self._ids.get(namespace)
        if known is None:
            known = self._ids[namespace] = _Ids(self._ends, self._allowance, namespace)
        return np.fromiter(map(known.__getitem__, texts), np.intp)

    def by_text(self, flows: Sequence[NamedFlow], namespace: str) -> list[bool]:
        """Whether each is allowed."""
        found: list[bool] = []
        for first in range(0, len(flows), _AT_ONCE):
            found += self._texts(flows[first : first + _AT_ONCE], namespace)
        return found

    def _texts(self, flows: Sequence[NamedFlow], namespace: str) -> list[bool]:
        if not {*map(len, flows)} <= {3, 4}:
            # One by one, the first that is none is refused.
            return [self._allowance.flow(flow, namespace) for flow in flows]
        try:
            sources = self.ids([flow[0] for flow in flows], namespace)
            destinations = self.ids([flow[1] for flow in flows], namespace)
            ports = [flow[2] for flow in flows]
            protocols = [flow[3] if len(flow) > 3 else None for flow in flows]
            keys = zip(ports, map(type, ports), protocols, strict=True)
            asked = np.fromiter(map(self._ports.__getitem__, keys), np.intp)
            atoms = self._named_atoms(destinations, asked, self._ports.atoms[asked])
            listed = self._ports.asked
            found = self._decided(sources, destinations, atoms, lambda at: listed[asked[at]])
            answers: list[bool] = found.tolist()
            return answers
        except NetsimError:
            # One by one, the first that can't be answered is the one to blame.
            return [self._allowance.flow(flow, namespace) for flow in flows]

    def by_id(
        self,
        sources: ArrayLike,
        destinations: ArrayLike,
        ports: ArrayLike | str | None,
        protocol: ProtocolText,
    ) -> Flags:
        """Whether each is allowed, in the shape that the arrays have together."""
        if ports is None or isinstance(ports, str):
            asked = self._ports[ports, type(ports), protocol]
            one, other = np.broadcast_arrays(*map(self._checked, (sources, destinations)))
            found = self._of_one_port(one.ravel(), other.ravel(), asked)
        else:
            numbers = _whole(ports)
            ends = map(self._checked, (sources, destinations))
            one, other, numbers = np.broadcast_arrays(*ends, numbers)
            found = self._of_numbers(one.ravel(), other.ravel(), numbers.ravel(), protocol)
        return found.reshape(one.shape)

    def _checked(self, ids: ArrayLike) -> Numbers:
        found = _whole(ids)
        if found.size and not 0 <= found.min() <= found.max() < len(self._ends.meant):
            raise IndexError("no such id: use those that `ids` gives")
        return found

    def _of_one_port(self, sources: Numbers, destinations: Numbers, port: int) -> Flags:
        asked = np.full(len(sources), port, np.intp)
        atoms = self._named_atoms(destinations, asked, self._ports.atoms[asked])
        return self._decided(sources, destinations, atoms, lambda _: self._ports.asked[port])

    def _of_numbers(
        self, sources: Numbers, destinations: Numbers, ports: Numbers, protocol: ProtocolText
    ) -> Flags:
        for wrong in ports[(ports < FIRST_PORT) | (ports > LAST_PORT)][:1]:
            self._allowance.port(int(wrong), protocol)  # complains, if it has ports
        chosen = self._allowance.port(FIRST_PORT, protocol).protocol
        if chosen is Protocol.ICMP:
            port = self._ports["icmp", str, None]
            return self._of_one_port(sources, destinations, port)
        starts = np.array(self._atoms.starts[chosen], np.intp)
        atoms = np.searchsorted(starts, ports, "right") - 1 + self._atoms.offsets[chosen]

        def asked(at: int) -> AskedPort:
            return AskedPort(chosen, PortNumbers(int(ports[at]), int(ports[at])))

        return self._decided(sources, destinations, atoms, asked)

    def _named_atoms(self, destinations: Numbers, asked: Numbers, atoms: Numbers) -> Numbers:
        """The atoms, those of port names being what the destinations make of them."""
        flows = np.flatnonzero(atoms == _BY_NAME)
        if not flows.size:
            return atoms
        ports = len(self._ports.asked)
        pairs, which = np.unique(destinations[flows] * ports + asked[flows], return_inverse=True)
        meanings = [self._meaning(*divmod(pair, ports)) for pair in pairs.tolist()]
        atoms = atoms.copy()
        atoms[flows] = np.array(meanings, np.intp)[which]
        return atoms

    def _meaning(self, destination: int, port: int) -> int:
        """The one atom that a port name means at a destination, if it is one."""
        found = self._named.get((destination, port))
        if found is None:
            members = self._ends.meant[destination].members
            meant = set(self._allowance.wanted(members, self._ports.asked[port]))
            bits = meant.pop() if len(meant) == 1 else 0
            found = bits.bit_length() - 1 if bits.bit_count() == 1 else _SEVERAL
            self._named[destination, port] = found
        return found

    def _decided(
        self, sources: Numbers, destinations: Numbers, atoms: Numbers, asked: AskedAt
    ) -> Flags:
        """Whether each flow is allowed. `asked` gives the port of one, if the atom doesn't."""
        found = np.zeros(len(sources), np.bool_)
        for first in range(0, len(sources), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            one, other = sources[part], destinations[part]
            plain = self._plain(one, other) & (atoms[part] >= 0)
            flows = np.flatnonzero(plain)
            if self._bulk and flows.size:
                classes = self._ends.vectors[0]
                ends = classes[one[flows]], classes[other[flows]]
                found[first + flows] = self._bulk.allowed(*ends, atoms[part][flows])
            for at in (first + np.flatnonzero(~plain)).tolist():
                meant = self._ends.meant[sources[at]], self._ends.meant[destinations[at]]
                found[at] = self._allowance.allowed(*meant, asked(at))
        return found

    def _plain(self, sources: Numbers, destinations: Numbers) -> Flags:
        """Whether a flow is one between two classes."""
        if not self._bulk:
            return np.zeros(len(sources), np.bool_)
        classes, singles, floats, hosts = self._ends.vectors
        one, other = singles[sources], singles[destinations]
        plain: Flags = (classes[sources] >= 0) & (classes[destinations] >= 0)
        plain &= (one != other) | (one < 0)
        if floats.any():
            plain &= (floats[sources] & hosts[destinations]) == 0
            plain &= (hosts[sources] & floats[destinations]) == 0
        return plain


def _whole(numbers: ArrayLike) -> Numbers:
    found = np.asarray(numbers)
    if found.dtype.kind not in "iu" and found.size:
        raise TypeError("ids and ports are whole numbers")
    return found.astype(np.intp, copy=False)


class _Ends:
    """What texts mean, by number; and as vectors what of it decides how a flow is asked about.

    `classes` has the class where all members are of one, `singles` a number for what is one pod.
    """

    def __init__(self) -> None:
        self.meant: list[Meant] = []
        self._singles: dict[int, int] = {}
        self._new: list[tuple[int, int, bool, bool]] = []
        self._vectors = np.empty((4, 0), np.intp)

    def add(self, meant: Meant) -> int:
        """The number of another text."""
        self.meant.append(meant)
        numbers = {member.number for member in meant.members}
        of_one = len(numbers) == 1 and len(meant.members) <= _MOST_MEMBERS
        number = numbers.pop() if of_one else _SEVERAL
        self._new.append((number, self._single(meant.alone), meant.floats, meant.hosts))
        return len(self.meant) - 1

    def _single(self, member: Member | None) -> int:
        if member is None or member.is_node:
            return _SEVERAL
        return self._singles.setdefault(id(member.endpoint), len(self._singles))

    @property
    def vectors(self) -> Numbers:
        """By number: the class, the single pod, whether it floats, whether it is about hosts."""
        if self._new:
            new = np.array(self._new, np.intp).T
            self._vectors = np.concatenate((self._vectors, new), axis=1)
            self._new.clear()
        return self._vectors


class _Ids(dict[str, int]):
    """Texts to numbers, in one namespace; looked up when first asked for."""

    def __init__(self, ends: _Ends, allowance: Allowance, namespace: str) -> None:
        super().__init__()
        self._ends, self._allowance, self._namespace = ends, allowance, namespace

    def __missing__(self, text: str) -> int:
        found = self[text] = self._ends.add(self._allowance.meant(text, self._namespace))
        return found


class _Ports(dict[tuple[Port, type, ProtocolText], int]):
    """Ports and protocols, as they are asked for, to numbers of `asked`, with their atoms."""

    def __init__(self, allowance: Allowance, atoms: PortAtoms) -> None:
        super().__init__()
        self._allowance, self._cut = allowance, atoms
        self.asked: list[AskedPort] = []
        self.atoms: Numbers = np.empty(0, np.intp)

    def __missing__(self, key: tuple[Port, type, ProtocolText]) -> int:
        port, _, protocol = key
        asked = self._allowance.port(port, protocol)
        self.asked.append(asked)
        self.atoms = np.append(self.atoms, self._atom(asked))
        found = self[key] = len(self.asked) - 1
        return found

    def _atom(self, asked: AskedPort) -> int:
        match asked.port:
            case PortName():
                return _BY_NAME
            case PortNumbers(first, last) if first != last:
                return _SEVERAL
            case PortNumbers(port, _):
                return self._cut.holding(asked.protocol, port).bit_length() - 1
            case None:
                return self._cut.icmp.bit_length() - 1
