"""Where `netsim fuzz` keeps what it finds: looked at before the search, written to after it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from netsim.cli.output import remark
from netsim.cli.output_file import write_file
from netsim.errors import NetsimError, QueryError, query_error
from netsim.model.snapshot import Snapshot
from netsim.testing.change import edited
from netsim.testing.counterexample import Counterexample
from netsim.testing.edit_values import Edit
from netsim.testing.saved import path_of, saved_in, saved_text


@dataclass(frozen=True, slots=True)
class Kept:
    """The file of an invariant, and the edits that are kept there.

    `free` is False where another invariant has it: then no edit of it is tried, and it stays.
    """

    text: str
    path: Path
    edits: tuple[Edit, ...]
    free: bool

    def possible(self, snapshot: Snapshot) -> tuple[Edit, ...]:
        """The edits that are kept; if they can't be made any more, none, and stderr has why."""
        try:
            edited(snapshot, self.edits)
        except NetsimError as error:
            why = error.diagnostics[0].message
            remark(f"the edits kept in {self.path} can't be made now, and are not tried: {why}")
            return ()
        return self.edits

    def keep(self, found: Counterexample) -> bool:
        """Put what breaks the invariant there; if that can't be, say why on stderr.

        It is no trouble: the answer is worth more than that the next search is a short one.
        """
        try:
            if not self.free:
                raise query_error("the file of another invariant is there")
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_file(self.path, [saved_text(self.text, found.invariant.said, found.edits)])
        except OSError as error:
            why = (error.strerror or str(error)).lower()
        except QueryError as error:
            why = error.diagnostics[0].message
        else:
            return True
        remark(f"what breaks {self.text} can't be kept in {self.path}: {why}")
        return False


def hold_folder(folder: Path) -> None:
    """Raise QueryError for what can't be a folder, before anything is looked for."""
    known = next((each for each in (folder, *folder.parents) if os.path.lexists(each)), None)
    if known is not None and not known.is_dir():
        help = "give --corpus a folder, one that is there or a new one"
        raise query_error(f"`{known}` is no folder: nothing can be kept there", help=help)


def kept_for(folder: Path, text: str) -> Kept:
    """The file of the invariant that a text names.

    Raises InputError if it can't be read, or is no saved counterexample.
    """
    path = path_of(folder, text)
    saved = saved_in(path)
    if saved is None:
        return Kept(text, path, (), free=True)
    if saved.invariant not in (None, text):
        remark(f"{path} is of another invariant, `{saved.invariant}`: its edits are not tried")
        return Kept(text, path, (), free=False)
    return Kept(text, path, saved.edits, free=True)
