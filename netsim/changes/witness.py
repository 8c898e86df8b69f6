"""A flow that proves that something was opened or closed, and that people recognise."""

from __future__ import annotations

from dataclasses import dataclass, replace

from netsim.changes.boxes import Part
from netsim.changes.ends import Ends
from netsim.changes.pairing import Pairing, Side, Unit
from netsim.changes.slicing import Field, snapshot_of
from netsim.model.cluster import Address, Node, Pod, Protocol
from netsim.model.flow import Answer, Endpoint, Flow
from netsim.reference.decide import decide
from netsim.sets.addresses import address_of
from netsim.sets.bitset import members
from netsim.sets.traffic import TrafficSet

# Ports that people know, in the order in which they are preferred.
_KNOWN = (443, 80, 8080, 53, 5432, 22)
_PROTOCOLS = (Protocol.TCP, Protocol.UDP, Protocol.SCTP)
# Addresses that people know as nobody's: for examples, and resolvers that everybody uses.
_EXAMPLES = {4: (0xCB007107, 0xC6336407, 0x08080808), 6: (0x20010DB8 << 96 | 7,)}
# So many endpoints of an end are looked at for a good one.
_LOOKED_AT = 64


@dataclass(frozen=True, slots=True)
class Witness:
    """One flow in both versions, as the reference answers it."""

    before: Answer
    after: Answer

    @property
    def flow(self) -> Flow:
        """The flow in the new version."""
        return self.after.flow


def witness_of(pairing: Pairing, part: Part, opened: bool) -> Witness:
    """A flow of what was opened, or closed: a real pod rather than a template, a declared port.

    Raises AssertionError if the reference doesn't confirm it: then one of the two is wrong.
    """
    destination = _chosen(pairing, part.destinations, _only(pairing, part.sources))
    source = _chosen(pairing, part.sources, destination)
    declared = destination.new if opened else destination.old
    protocol, port = recognisable_port(part.traffic, declared)
    answers = [
        _answer(side, of(source), of(destination), protocol, port)
        for side, of in ((pairing.old, _old), (pairing.new, _new))
    ]
    found = Witness(*answers)
    assert (found.before.allowed, found.after.allowed) == (not opened, opened), found.flow
    return found


def _answer(
    side: Side, source: Endpoint, destination: Endpoint, protocol: Protocol, port: int | None
) -> Answer:
    field = Field(_units(side, source), _units(side, destination))
    if isinstance(destination, Pod) and _is_same(source, destination):  # another replica
        again = destination.replica + 1
        destination = replace(destination, replica=again, addresses=(), host_addresses=())
    return decide(snapshot_of(side, field), Flow(source, destination, protocol, port))


def _is_same(one: Endpoint, other: Pod) -> bool:
    return isinstance(one, Pod) and one.identity == other.identity


def _units(side: Side, endpoint: Endpoint) -> int:
    return side.of([endpoint]) if isinstance(endpoint, Pod | Node) else 0


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a witness in both versions: a unit's endpoints, or one address twice."""

    old: Endpoint
    new: Endpoint


def _old(end: _End) -> Endpoint:
    return end.old


def _new(end: _End) -> Endpoint:
    return end.new


def _only(pairing: Pairing, ends: Ends) -> _End | None:
    """The one endpoint of an end that has no other."""
    return _chosen(pairing, ends, None) if ends.units.bit_count() == 1 else None


def _chosen(pairing: Pairing, ends: Ends, other: _End | None) -> _End:
    """The best known endpoint of an end that isn't `other`, if there is one."""
    if ends.addresses:
        address = _known_address(pairing, ends) or next(pairing.free(ends))
        return _End(address, address)
    units = [pairing.units[at] for at in members(ends.units)[:_LOOKED_AT]]
    best = min(units, key=lambda unit: (other is not None and unit.new is other.new, _rank(unit)))
    assert best.old is not None
    assert best.new is not None
    return _End(best.old, best.new)


def _known_address(pairing: Pairing, ends: Ends) -> Address | None:
    for version, intervals in ends.addresses:
        for number in _EXAMPLES[version]:
            address = address_of(number, version)
            inside = any(first <= number <= last for first, last in intervals)
            if inside and address not in pairing.owned:
                return address
    return None


def _rank(unit: Unit) -> tuple[int, str]:
    endpoint = unit.new
    if isinstance(endpoint, Pod):
        return (1 if endpoint.template else 0), str(endpoint)
    return 2, str(endpoint)


def recognisable_port(traffic: TrafficSet, destination: Endpoint) -> tuple[Protocol, int | None]:
    """A port that the destination declares, the lowest that has a name; else one that is known."""
    if isinstance(destination, Pod):
        for port in sorted(destination.ports, key=lambda each: (not each.name, each.number)):
            if (port.protocol.value.lower(), port.number) in traffic:
                return port.protocol, port.number
    for protocol in _PROTOCOLS:
        for number in _KNOWN:
            if (protocol.value.lower(), number) in traffic:
                return protocol, number
    for protocol in _PROTOCOLS:
        if intervals := dict(traffic.ports).get(protocol.value.lower()):
            return protocol, intervals[0][0]
    return Protocol.ICMP, None
