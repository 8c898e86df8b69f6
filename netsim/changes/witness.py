"""A flow that proves that something was opened or closed, and that people recognise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from netsim.changes.boxes import Part
from netsim.changes.ends import Ends
from netsim.changes.pairing import Pairing
from netsim.changes.sides import Side
from netsim.changes.slicing import Field, snapshot_of
from netsim.changes.units import Unit
from netsim.engine.recognisable import recognisable_address, recognisable_port
from netsim.model.cluster import Node, Pod, Protocol
from netsim.model.flow import Answer, Domain, Endpoint, Flow
from netsim.reference.decide import decide
from netsim.sets.bitset import members

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
    """One end of a witness in both versions: a unit's endpoints, or what is outside twice."""

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
        known = recognisable_address(dict(ends.addresses), pairing.owned)
        address = known or next(pairing.free(ends))
        return _End(address, address)
    if ends.names:
        domain = Domain(_told_name(ends.names[0], pairing.domains))
        return _End(domain, domain)
    units = [pairing.units[at] for at in members(ends.units)[:_LOOKED_AT]]
    best = min(units, key=lambda unit: (other is not None and unit.new is other.new, _rank(unit)))
    assert best.old is not None
    assert best.new is not None
    return _End(best.old, best.new)


def _told_name(name: str, mentioned: Sequence[str]) -> str:
    """A name that one stands for: of one with `*.` the first below it that nobody mentions."""
    if not name.startswith("*."):
        return name
    each = (f"{label}{name[1:]}" for label in chain(["www"], map("www{}".format, count(1))))
    return next(found for found in each if found not in mentioned)


def _rank(unit: Unit) -> tuple[int, str]:
    endpoint = unit.new
    if isinstance(endpoint, Pod):
        return (1 if endpoint.template else 0), str(endpoint)
    return 2, str(endpoint)
