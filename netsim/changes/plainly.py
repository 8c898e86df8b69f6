"""What is other between plain pods, read off their rules without compiling them.

Plain pods are those of which nobody knows an address or a node. What one may send to another is
what the rules of the two let pass, whatever else is in the cluster and wherever they run.
"""

from __future__ import annotations

from collections.abc import Iterator

from netsim.changes.boxes import Box, merged
from netsim.changes.ends import Ends
from netsim.changes.openings import UNHINDERED, Openings
from netsim.changes.outside import Shares, differing_shares
from netsim.changes.owning import plain
from netsim.changes.ruling import Gate, Group, Row, gates, grouped, hold_few, row_of
from netsim.changes.sides import Side, bits_of
from netsim.changes.slicing import Field
from netsim.changes.whom import ip_version
from netsim.engine.outside import intervals_of
from netsim.model.cluster import ContainerPort
from netsim.model.flow import Direction
from netsim.model.rules import Anyone
from netsim.sets.bitset import members
from netsim.sets.intervals import Interval, overlaid
from netsim.sets.traffic import TrafficSet


def is_plain(old: Side, new: Side, units: int) -> bool:
    """Whether two sides differ in NetworkPolicies alone, and these units are plain and of one IP
    version; and there are no other policies."""
    if old.version.tiers or new.version.tiers:
        return False
    pools = {cidr.version for cidr in old.version.semantics.pod_cidrs}
    return len(pools) < 2 and old.has_endpoints_of(new) and not units & ~plain(old)


def compared_plainly(
    old: Side, new: Side, field: Field, subjects: Field, openings: Openings
) -> list[Box]:
    """What is other between the plain units of a field.

    `subjects` has the senders and receivers whose own rules are other. Either all receivers of
    the field are among them, or no receiver is. Raises TooManyError.
    """
    inward = bool(field.receivers & subjects.receivers)
    if inward:
        direction, near, far = Direction.INGRESS, field.receivers, field.senders
        changed = far & subjects.senders
    else:
        direction, near, far = Direction.EGRESS, field.senders, field.receivers
        changed = 0
    rows = _rows(grouped(old, new, near, far, direction, openings), far)
    for _, row in rows:
        for before, after, units in row:
            changed |= units if before != after else 0
    if not changed:
        return []
    backward = Direction.EGRESS if inward else Direction.INGRESS
    others = _rows(grouped(old, new, changed, near, backward, openings), near)
    found: list[Box] = []
    for here, there, (one, two), (three, four) in _meeting(rows, others):
        sources, receivers = (there, here) if inward else (here, there)
        for declared, destinations in _by_ports(old, receivers, openings.by_name):
            passed = openings.traffic(one, declared) & openings.traffic(three, declared)
            passes = openings.traffic(two, declared) & openings.traffic(four, declared)
            if passed != passes:
                found.append(Box(Ends(sources), Ends(destinations), passed, passes))
    return merged(found)


def compared_plainly_outside(old: Side, new: Side, field: Field, openings: Openings) -> list[Box]:
    """What is other between plain units and addresses outside, each way by itself.

    Raises TooManyError.
    """
    if not field.senders | field.receivers:
        return []
    found: list[Box] = []
    sent = gates(old, new, field.senders, Direction.EGRESS, openings)
    for (one, other), units in sent.items():
        before, after = (_shares(gate, (), old, openings) for gate in (one, other))
        for there, passed, passes in differing_shares(before, after):
            found.append(Box(Ends(units), there, passed, passes))
    received = gates(old, new, field.receivers, Direction.INGRESS, openings)
    for (one, other), units in received.items():
        for declared, some in _by_ports(old, units, openings.by_name):
            before, after = (_shares(gate, declared, old, openings) for gate in (one, other))
            for there, passed, passes in differing_shares(before, after):
                found.append(Box(there, Ends(some), passed, passes))
    return merged(found)


def _shares(
    gate: Gate, declared: tuple[ContainerPort, ...], side: Side, openings: Openings
) -> Shares:
    """The addresses outside by what a gate opens to them, for units that declare some ports."""
    version = ip_version(side.version.semantics)
    whole = intervals_of(Anyone(), version)[0]
    layers = [(whole, UNHINDERED if gate is None else openings.bit(()))]
    for number, peers in gate or ():
        layers += [(interval, number) for interval in intervals_of(peers, version)]
    found: dict[TrafficSet, list[Interval]] = {}
    for interval, numbers in overlaid(whole, layers):
        if traffic := openings.traffic(numbers, declared):
            found.setdefault(traffic, []).append(interval)
    return tuple((traffic, Ends.outside({version: some})) for traffic, some in found.items())


def _rows(groups: list[Group], others: int) -> list[tuple[int, Row]]:
    """What each group opens to some others."""
    found, count = [], 0
    for group in groups:
        row = row_of(group, others)
        count += len(row)
        hold_few(count)
        found.append((group.units, row))
    return found


_Two = tuple[int, int]


def _meeting(
    rows: list[tuple[int, Row]], others: list[tuple[int, Row]]
) -> Iterator[tuple[int, int, _Two, _Two]]:
    """Units of both ends with what the rules of each open to the other, if some are other."""
    for units, row in rows:
        for their_units, their_row in others:
            for one, two, far in row:
                there = far & their_units
                for three, four, near in their_row if there else ():
                    here = near & units
                    if here and (one != two or three != four):
                        yield here, there, (one, two), (three, four)


def _by_ports(
    side: Side, units: int, by_name: bool
) -> Iterator[tuple[tuple[ContainerPort, ...], int]]:
    """Units by what they declare, if rules ask for a port by its name."""
    if not by_name:
        yield (), units
        return
    for space, places in side.places(units):
        alike: dict[tuple[ContainerPort, ...], list[int]] = {}
        for at in members(places):
            alike.setdefault(space.pods[at].ports, []).append(at)
        for declared, some in alike.items():
            yield declared, side.at(space, bits_of(some))
