"""Edits that break an invariant, and what shows it: a difference, manifests, commands, a test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from netsim.model.snapshot import Snapshot
from netsim.report.context import Context
from netsim.report.diff_text import diff_text
from netsim.report.diff_told import Told
from netsim.report.style import PLAIN, Palette
from netsim.source.origin import FileOrigin
from netsim.testing.change import Change
from netsim.testing.documents import applied_text
from netsim.testing.edit_values import Edit
from netsim.testing.invariants import Invariant
from netsim.testing.python_text import python_test
from netsim.testing.what_if import what_if_command


@dataclass(frozen=True)
class Counterexample:
    """What breaks an invariant: no edit of it can be left out, nor made smaller by a step.

    `violations` say in words what is wrong. It has no edits where the invariant doesn't hold as
    it is. `str()` is all that there is to say about it.
    """

    invariant: Invariant
    change: Change
    violations: tuple[str, ...]

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits, in their order."""
        return self.change.edits

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The files that the cluster was loaded from; empty where some of it is in none."""
        return tuple(_files(self.change.before.snapshot))

    def manifests(self) -> Iterator[tuple[Edit, str]]:
        """What to apply for each edit, as YAML: the whole object as it is then.

        Empty for a deletion, and where the manifest of the object isn't known.
        """
        for each in self.edits:
            yield each, applied_text(each, self.change.before.snapshot)

    def what_if(self, paths: tuple[str, ...] = (), options: tuple[str, ...] = ()) -> str:
        """The command that shows the same: `netsim what-if -f … --delete …`.

        `paths` and `options` are those that the cluster was loaded from and with.
        """
        return what_if_command(paths or self.files, options, self.edits)

    def test(self, paths: tuple[str, ...] = ()) -> str:
        """A test for pytest that fails while the invariant is broken so; it runs as it stands.

        Where the cluster is in no file, it asks for a fixture `snapshot`.
        """
        files = paths or self.files
        semantics = self.change.before.snapshot.semantics
        return python_test(self.invariant, self.edits, () if "-" in files else files, semantics)

    def difference_text(self, palette: Palette = PLAIN) -> str:
        """What the edits change, as `netsim diff` tells it."""
        context = Context(self.change.before.snapshot.semantics)
        told = Told(self.change.difference, "the cluster", "the edited cluster", context=context)
        return "".join(diff_text(told, palette))

    def __str__(self) -> str:
        from netsim.testing.telling import told

        return "\n".join(told(self))


def _files(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.inventory is None:
        return
    contents, moved = snapshot.inventory.contents.values(), snapshot.inventory.moved
    origins = [read.place(moved) for each in contents for read in each.objects.values()]
    files = {each.chunk.file for each in origins if isinstance(each, FileOrigin)}
    if not any(file.startswith("<") for file in files):
        yield from sorted(files)
