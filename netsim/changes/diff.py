"""From two snapshots to their difference: the way in."""

from __future__ import annotations

from dataclasses import fields

from netsim.changes.difference import Difference
from netsim.changes.edits import edits_between
from netsim.changes.pairing import Pairing
from netsim.changes.version import version_after, version_of
from netsim.engine.level import Level
from netsim.errors import hold_type, query_error
from netsim.model.snapshot import Snapshot


def diff(old: Snapshot, new: Snapshot, level: str = "workload") -> Difference:
    """What is other in `new`: what was opened and closed, and which edits are to blame.

    `level` is what the answer names: `workload`, or `pod` where replicas are one. Costs what the
    edits may change, and a pass over the objects; those that are the very same in both, as
    `netsim.edit` and `netsim.Loader` keep them, cost least.

    Raises QueryError if the two are read under different options.
    """
    hold_alike(old, new)
    version = version_of(old)
    pairing = Pairing(version, version_after(version, old, new))
    return Difference(pairing, edits_between(pairing), _level(level))


def hold_alike(old: Snapshot, new: Snapshot) -> None:
    """Raises QueryError unless both are snapshots, read under the same options."""
    hold_type(old, Snapshot, "netsim.load(…)")
    hold_type(new, Snapshot, "netsim.load(…)")
    if old.semantics is new.semantics:
        return
    for option in fields(old.semantics):
        before, after = (getattr(each.semantics, option.name) for each in (old, new))
        if before != after:
            help = "load both with the same `semantics`"
            message = f"the versions are read under different options: {option.name} is {before}, then {after}"
            raise query_error(message, help=help)


def _level(text: str) -> Level:
    for level in (Level.WORKLOAD, Level.POD):
        if text == level.value:
            return level
    raise query_error(f"there is no level `{text}` of a difference", help="one of workload, pod")
