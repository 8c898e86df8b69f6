"""What `netsim fuzz` found, for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netsim.errors import visible
from netsim.report.style import Palette
from netsim.testing.edit_values import EditKind
from netsim.testing.invariants import Invariant
from netsim.testing.naming import READY, form_of
from netsim.testing.search import Searched
from netsim.testing.telling import told


@dataclass(frozen=True, slots=True)
class Found:
    """An invariant, and what came of the search.

    `first` is the file whose edits were to be tried first, `path` the one that the counterexample
    is kept in.
    """

    text: str
    invariant: Invariant
    searched: Searched
    first: Path | None = None
    path: Path | None = None


def found_text(
    found: Sequence[Found], paths: tuple[str, ...], options: tuple[str, ...], palette: Palette
) -> Iterator[str]:
    """Each invariant with what breaks it, or how much was tried."""
    for at, each in enumerate(found):
        yield "\n" if at else ""
        yield from (f"{line}\n" for line in _lines(each, paths, options, palette))


def _lines(
    found: Found, paths: tuple[str, ...], options: tuple[str, ...], palette: Palette
) -> Iterator[str]:
    searched = found.searched
    counterexample = searched.counterexample
    if searched.again is False:
        yield f"mended: what {visible(str(found.first))} has no longer breaks {visible(found.text)}"
    if counterexample is None:
        word = "holds" if searched.complete else "holds so far"
        every = ", and there are no others" if searched.complete else ""
        yield f"{palette.paint(palette.good, word)}: {visible(found.invariant.said)}"
        sets = "1 set" if searched.tried == 1 else f"{searched.tried:,} sets"
        refused = f"; {searched.refused:,} can't be made" if searched.refused else ""
        yield f"  {sets} of edits tried{every}{refused}"
        return
    yield from told(counterexample, palette, paths, options)
    yield ""
    if searched.again:
        yield f"it was in {visible(str(found.first))}, and was tried first"
    elif found.path:
        yield f"kept in {visible(str(found.path))}: the next run begins with it"


def list_text() -> str:
    """The invariants that there are, and the kinds of edits."""
    forms = {form_of(name): known.said for name, known in READY.items()}
    width = max(map(len, forms))
    kinds = ", ".join(kind.value for kind in EditKind)
    lines = [f"{form:{width}}  {said}" for form, said in forms.items()]
    return "\n".join((*lines, "", f"kinds of edits: {kinds}", ""))
