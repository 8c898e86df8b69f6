"""From manifests to a Snapshot: the one way in."""

from __future__ import annotations

from functools import partial
from os import PathLike
from typing import BinaryIO

from netsim.manifests.assemble import assemble
from netsim.manifests.intake import taken
from netsim.manifests.judge import Outcome, judge
from netsim.model.inventory import Inventory
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.source.collector import collector_off
from netsim.source.documents import Reading, take_paths, take_text

DEFAULTS = Semantics()


def load(
    *paths: str | PathLike[str],
    semantics: Semantics = DEFAULTS,
    keep_going: bool = False,
    stdin: BinaryIO | None = None,
) -> Snapshot:
    """Read files, folders, globs and, for `-`, standard input.

    `keep_going` leaves out what is faulty instead of raising; `Snapshot.left_out` then says what,
    and the errors are among its `diagnostics`, which are sorted by file, line and column.

    Raises InputError with every error found, or if there is nothing to read.
    """
    with collector_off():
        reading = take_paths(paths, partial(judge, semantics=semantics), stdin=stdin)
        return snapshot_of(reading, semantics, keep_going)


def loads(
    text: str | bytes,
    *,
    semantics: Semantics = DEFAULTS,
    keep_going: bool = False,
    name: str = "<text>",
) -> Snapshot:
    """The same for one text, YAML or JSON; `name` stands for the file in messages.

    Raises InputError with every error found, or if there is nothing to read.
    """
    with collector_off():
        reading = take_text(text, partial(judge, semantics=semantics), name)
        return snapshot_of(reading, semantics, keep_going)


def snapshot_of(
    reading: Reading[Outcome], semantics: Semantics, keep_going: bool, like: Inventory | None = None
) -> Snapshot:
    """The snapshot of all judged documents of one reading. Raises InputError as `load` does.

    What is `like` that of an earlier one is the very same object.
    """
    intake = taken(reading, semantics, keep_going)
    return assemble(Snapshot(semantics=semantics), intake, like=like)
