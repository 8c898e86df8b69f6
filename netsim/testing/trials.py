"""Edits tried out on one cluster, each set of them once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from netsim.analysis.program import Program
from netsim.errors import NetsimError, QueryError, query_error
from netsim.model.nearest import did_you_mean
from netsim.model.snapshot import Snapshot
from netsim.testing.change import Change, change_of, edited
from netsim.testing.edit_values import WHOLE_CLUSTER, Edit
from netsim.testing.invariants import Invariant
from netsim.testing.nearness import namespaces_of
from netsim.testing.part import Parts


class Trials:
    """An invariant held against edits of a snapshot; what came of them is kept."""

    def __init__(self, invariant: Invariant, snapshot: Snapshot) -> None:
        self.invariant, self.snapshot = invariant, snapshot
        self._program = Program(snapshot)
        about = namespaces_of(invariant.about, snapshot) if invariant.about else None
        self._parts = None if about is None else Parts(snapshot, about)
        self._known: dict[tuple[Edit, ...], bool | None] = {}
        self.count = self.refused = 0  # of those that could be made, and that couldn't

    def hold_about_somebody(self) -> None:
        """Raise QueryError if the edits are to be in a namespace that there isn't."""
        for name in sorted((self.invariant.scope.namespaces or frozenset()) - {WHOLE_CLUSTER}):
            if name not in self.snapshot.namespaces:
                help = did_you_mean(name, self.snapshot.namespaces)
                raise query_error(f"there is no namespace `{name}`", help=help)

    def breaks(self, edits: tuple[Edit, ...]) -> bool | None:
        """Whether the invariant doesn't hold after these edits.

        None where they can't be made, or where they take away what it asks about. Raises the
        QueryError of one that asks about what isn't there without them either.
        """
        if edits not in self._known:
            self._known[edits] = self._breaks(edits)
        return self._known[edits]

    def change(self, edits: tuple[Edit, ...]) -> Change:
        """What they make. Raises QueryError or InputError where they can't be made."""
        return change_of(self._program, edits)

    def violations(self, change: Change) -> Iterator[str]:
        """What is wrong after a change, in words, until it is asked about what the edits took away.

        Raises QueryError as `breaks` does.
        """
        try:
            yield from self.invariant.violations(change)
        except QueryError:
            if not self._took_away(change.edits):
                raise

    def _breaks(self, edits: tuple[Edit, ...]) -> bool | None:
        try:
            after = edited(self.snapshot, edits)
        except NetsimError:
            self.refused += 1
            return None
        try:
            broken = self._broken_after(edits, after)
        except QueryError:
            if not self._took_away(edits):
                raise
            return None
        self.count += 1
        return broken

    def _broken_after(self, edits: tuple[Edit, ...], after: Snapshot) -> bool:
        # A part has all that the whole has to say of an end, and may take an address for outside.
        part = self._parts if self._parts and self._parts.decide(after) else None
        if part and not self._broken_by(part.change(edits, after)):
            return False
        return self._broken_by(Change(self._program, edits, *self._program.update(after)))

    def _broken_by(self, change: Change) -> bool:
        return next(self.invariant.violations(change), None) is not None

    def _took_away(self, edits: tuple[Edit, ...]) -> bool:
        """Whether the invariant, which has no answer after these edits, has one without them.

        It is told of the edits all the same: one that asks only where there are some is asked, too.
        """
        if not edits:
            return False
        try:
            self._broken_by(replace(self._unchanged, edits=edits))
        except QueryError:
            return False
        return True

    @cached_property
    def _unchanged(self) -> Change:
        return change_of(self._program, ())
