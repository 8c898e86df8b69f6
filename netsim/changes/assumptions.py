"""What a difference takes as given: other truths could open or close more, or less."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from netsim.changes.edits import Edit, PolicyEdit, TierEdit
from netsim.changes.fields import fields_of
from netsim.changes.pairing import Pairing
from netsim.changes.sides import Side
from netsim.changes.slicing import Field, snapshot_of
from netsim.compiler.compile import compiled
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.engine.reach import Reachability

# Of those whose address nobody knows, one stands for all: an assumption names none of them.
_EXAMPLES = 1
_Policy = NetworkPolicy | TierPolicy


def assumptions_of_edits(pairing: Pairing, edits: Iterable[Edit]) -> tuple[str, ...]:
    """What what the edits change may hang on (NP-35, NP-43, WL-7), in words, each once.

    Only the policies that were edited are asked about, and those that govern pods that were: for
    all others the same is taken as given in both versions, and changes nothing. Where there are
    policies of the whole cluster, though, they decide whether others are asked at all (ANP-1): then
    all are asked about that govern an end of what may be other.
    """
    edits = tuple(edits)
    rest = [edit for edit in edits if not isinstance(edit, PolicyEdit | TierEdit)]
    policies = [edit for edit in edits if isinstance(edit, PolicyEdit | TierEdit)]
    old: list[_Policy] = [edit.old for edit in policies if edit.old]
    new: list[_Policy] = [edit.new for edit in policies if edit.new]
    field = _field(pairing, edits)
    touched = fields_of(pairing, pairing.old, pairing.new, rest).subjects
    found: set[str] = set()
    for side, edited in ((pairing.old, old), (pairing.new, new)):
        asking = field if side.version.tiers and edits else touched
        asked = {id(each): each for each in (*edited, *_governing(side, asking))}
        found |= _assumptions(side, field, tuple(asked.values()))
    return tuple(sorted(found))


def _field(pairing: Pairing, edits: Iterable[Edit]) -> Field:
    fields = fields_of(pairing, pairing.old, pairing.new, edits)
    population = pairing.new.version.population
    nowhere = pairing.new.of([*population.unaddressed[:_EXAMPLES], *population.hosts])
    each = fields.coming, fields.leaving
    units = nowhere
    for field in each:
        units |= field.senders | field.receivers
    return Field(units, units)


def _governing(side: Side, field: Field) -> Iterator[_Policy]:
    """The policies that govern one of these units in a direction in which it is touched."""
    if field.senders | field.receivers:
        for policy in snapshot_of(side, field).policies:
            assert isinstance(policy, NetworkPolicy | TierPolicy)
            yield policy


def _assumptions(side: Side, field: Field, policies: tuple[_Policy, ...]) -> frozenset[str]:
    if not policies:
        return frozenset()
    snapshot = replace(snapshot_of(side, field), policies=policies)
    return frozenset(Reachability(compiled(snapshot)).assumptions)
