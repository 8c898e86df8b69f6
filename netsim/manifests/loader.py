"""A `load` with a memory: for versions of one input, one after the other."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import BinaryIO

from netsim.manifests.judge import Outcome, judge
from netsim.manifests.load import DEFAULTS, snapshot_of
from netsim.manifests.moved import is_bare, moved
from netsim.model.inventory import Inventory
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.source.collector import collector_off
from netsim.source.documents import Reading, take_paths, take_revision
from netsim.source.memory import Memory


class Loader:
    """Loads snapshots as `netsim.load` does, and reads no document twice that it knows.

    A document with the same text as one of the latest few loads, in whichever file, costs next
    to nothing, and becomes the very same object (`is`): where only some documents of an input
    change, two versions of it share the rest. What each load returns or raises equals what
    `netsim.load` does, to the line of every diagnostic. A load that raises does no harm.

    The one difference, which `==` doesn't see: an object that was first read from other paths
    keeps its `origin` there. One that moved inside the same paths is a copy with its new origin.
    """

    def __init__(self, semantics: Semantics = DEFAULTS, *, keep_going: bool = False) -> None:
        self._semantics = semantics
        self._keep_going = keep_going
        self._judge = partial(judge, semantics=semantics)
        self._memory = Memory[Outcome](moved, is_bare)
        self._latest = Inventory()

    def load(self, *paths: str | os.PathLike[str], stdin: BinaryIO | None = None) -> Snapshot:
        """See `netsim.load`."""
        with collector_off():
            self._memory.begin(frozenset(os.fspath(path) for path in paths))
            reading = take_paths(paths, self._judge, stdin=stdin, memory=self._memory)
            return self._snapshot_of(reading)

    def nothing(self) -> Snapshot:
        """The snapshot before there is any input."""
        return Snapshot(semantics=self._semantics)

    def load_revision(
        self,
        revision: str,
        *paths: str | os.PathLike[str],
        besides: Sequence[str | os.PathLike[str]] = (),
        stdin: BinaryIO | None = None,
    ) -> Snapshot:
        """The same of the files as a git revision has them, without touching those that are there.

        Paths count from the current folder, as git's do; messages name files as git does
        (`main:manifests/a.yaml`). `besides` are paths to read as they are now, whatever the
        revision. Raises InputError, too, if git has no such revision.
        """
        names = [f"{revision}:{os.fspath(path)}" for path in paths]
        names += [os.fspath(path) for path in besides]
        with collector_off():
            self._memory.begin(frozenset(names))
            reading = take_revision(revision, paths, self._judge, memory=self._memory)
            if besides:
                as_they_are = take_paths(besides, self._judge, stdin=stdin, memory=self._memory)
                reading = as_they_are.and_then(reading)
            return self._snapshot_of(reading)

    def _snapshot_of(self, reading: Reading[Outcome]) -> Snapshot:
        found = snapshot_of(reading, self._semantics, self._keep_going, self._latest)
        self._latest = found.inventory or self._latest
        return found
