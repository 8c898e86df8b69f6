"""All that is other between two sides of a pairing, as boxes."""

from __future__ import annotations

from collections.abc import Iterable

from netsim.changes.alike import alike_in
from netsim.changes.boxes import Box, Part
from netsim.changes.comparing import compared
from netsim.changes.domains import compared_names
from netsim.changes.edits import Edit
from netsim.changes.fields import fields_of
from netsim.changes.openings import Openings
from netsim.changes.outside import compared_outside
from netsim.changes.pairing import Pairing
from netsim.changes.plainly import compared_plainly, compared_plainly_outside, is_plain
from netsim.changes.ruling import TooManyError
from netsim.changes.sides import Side
from netsim.changes.slicing import Field, slices_of


def boxes_between(
    pairing: Pairing, old: Side, new: Side, edits: Iterable[Edit], within: Field | None = None
) -> list[Box]:
    """What is other between two sides that differ by `edits`, in units that both have.

    The boxes are disjoint. `within` is as much of it as is asked about.
    """
    fields = fields_of(pairing, old, new, edits)
    if within is not None:
        fields = fields.within(within)
    found: list[Box] = []
    for field, border in fields:
        boxes = None
        if not pairing.domains:
            boxes = _plainly(old, new, field, border, fields.subjects)
        found += (
            _compiled(pairing, old, new, field, border, fields.subjects) if boxes is None else boxes
        )
    return [box for box in found if has_pairs(pairing, box)]


def _plainly(
    old: Side, new: Side, field: Field, border: Field, subjects: Field
) -> list[Box] | None:
    """The same without compiling; None where too much decides, or somebody knows where ends are."""
    every = field.senders | field.receivers | border.senders | border.receivers
    if not is_plain(old, new, every):
        return None
    openings = Openings(old.version.semantics)
    try:
        boxes = compared_plainly(old, new, field, subjects, openings)
        return boxes + compared_plainly_outside(old, new, border, openings)
    except TooManyError:
        return None


def _compiled(
    pairing: Pairing, old: Side, new: Side, field: Field, border: Field, subjects: Field
) -> list[Box]:
    alike = alike_in(old, new, field, subjects)
    one, other = slices_of(old, new, alike.field)
    boxes = map(alike.every, compared(one, other, alike.field))
    return [
        *boxes,
        *compared_outside(pairing, one, other, border),
        *compared_names(pairing.domains, one, other, border.senders),
    ]


def has_pairs(pairing: Pairing, box: Box | Part) -> bool:
    """Whether a box has more than one endpoint and itself, or addresses that are all somebody's."""
    for ends in (box.sources, box.destinations):
        if ends.addresses and next(pairing.free(ends), None) is None:
            return False
    alone = box.sources == box.destinations and box.sources.units.bit_count() == 1
    return not alone or pairing.units[box.sources.units.bit_length() - 1].several
