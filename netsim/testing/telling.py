"""A counterexample for people: what is broken, by which edits, and how to see it again."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.errors import visible
from netsim.report.style import PLAIN, Palette, counted
from netsim.testing.counterexample import Counterexample
from netsim.testing.edit_values import Delete

_SHOWN = 5
_DRY_RUN = "--dry-run=server"


def told(
    found: Counterexample,
    palette: Palette = PLAIN,
    paths: tuple[str, ...] = (),
    options: tuple[str, ...] = (),
) -> Iterator[str]:
    """Line by line. `paths` and `options` are those that the cluster was loaded from and with."""
    edits = found.edits
    yield f"{palette.paint(palette.bad, 'not so')}: {visible(found.invariant.said)}"
    yield from (f"  {visible(each)}" for each in found.violations[:_SHOWN])
    if len(found.violations) > _SHOWN:
        yield f"  … and {len(found.violations) - _SHOWN} more"
    yield ""
    if not edits:
        yield "as it is, without any edit"
        yield from ("", *_titled(palette, "as a test", found.test(paths)))
        return
    yield palette.paint(palette.strong, f"after {counted(len(edits), 'edit')}")
    for number, each in enumerate(edits, 1):
        yield f"  {number}. {visible(str(each))}"
    yield from ("", *_titled(palette, "what changes", found.difference_text(palette)))
    yield from ("", *_titled(palette, "as manifests", "".join(_manifests(found))))
    yield from ("", *_titled(palette, "as a command", found.what_if(paths, options)))
    yield from ("", *_titled(palette, "as a test", found.test(paths)))


def _titled(palette: Palette, title: str, text: str) -> Iterator[str]:
    """A title over a text that stands at the margin, so that it can be copied as it is."""
    yield f"{palette.paint(palette.strong, title)}:"
    yield from text.rstrip("\n").split("\n")


def _manifests(found: Counterexample) -> Iterator[str]:
    """All that is to be applied as one stream; deletions as comments in it."""
    texts: list[str] = []
    for number, (edit, text) in enumerate(found.manifests(), 1):
        said = f"# {number}. {visible(str(edit))}\n"
        if isinstance(edit, Delete):
            texts.append(f"{said}# {_deletion(edit.object)}\n")
        else:
            texts.append(said + (text or "# its manifest is not among the files\n"))
    if any(not isinstance(edit, Delete) for edit in found.edits):
        yield f"# kubectl apply {_DRY_RUN} -f -\n"
    yield "---\n".join(texts)


def _deletion(object: str) -> str:
    *place, kind, name = object.split("/")
    where = f" -n {place[0]}" if place else ""
    return f"kubectl delete {_DRY_RUN}{where} {kind} {name}"
