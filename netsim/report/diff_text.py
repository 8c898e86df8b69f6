"""A difference for people: a paragraph for each cause, with what it opened and closed.

NetworkPolicy shop/api-in: ingress[0].ports changed  (old/api.yaml:14:5 -> new/api.yaml:14:5)
  + TCP 9090  monitoring/* -> shop/deployment/api
      ingress is allowed by shop/api-in, ingress[0], any peer, ports[1] (9090/tcp)  (new/api.yaml:16:7)
      netsim can -f new monitoring/prometheus-0 shop/deployment/api 9090
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from netsim.changes.blame import Cause
from netsim.changes.comings import Coming
from netsim.changes.difference import Effect
from netsim.changes.edits import Edit
from netsim.changes.rectangles import Rectangle
from netsim.errors import visible
from netsim.report.diff_cause import cause_note
from netsim.report.diff_edits import Places, edit_text, places
from netsim.report.diff_names import Names
from netsim.report.diff_summary import summary_line
from netsim.report.diff_told import Told, flow_text
from netsim.report.diff_why import Turn, assumptions, turns
from netsim.report.style import Style, listed

# So many causes, and endpoints that came or went, are read by a person; the rest are counted.
_SHOWN = 50


def diff_text(told: Told, style: Style) -> Iterator[str]:
    """Paragraphs: what was opened first, then what was only closed, who came or went; the summary."""
    return _Text(told, style).paragraphs()


class _Text:
    """One text in the making. It gathers the assumptions of the flows that it shows."""

    def __init__(self, told: Told, style: Style) -> None:
        self._told, self._style = told, style
        self._assumptions: dict[str, None] = {}

    def paragraphs(self) -> Iterator[str]:
        difference, pairing = self._told.difference, self._told.difference.pairing
        names = Names(pairing, pairing.in_both)
        yield from self._limited(
            "cause", (self._effect(each, names) for each in self._told.effects)
        )
        names = Names(pairing, pairing.new.units)
        comings = (self._coming(each, "added", names) for each in difference.added)
        yield from self._limited("endpoint that was added", comings)
        names = Names(pairing, pairing.old.units)
        comings = (self._coming(each, "removed", names) for each in difference.removed)
        yield from self._limited("endpoint that was removed", comings)
        if self._told.blame and difference.idle:
            yield _paragraph([self._strong("of no effect"), *self._edits(difference.idle, "  ")])
        if self._assumptions:
            lines = (f"  {visible(text)}" for text in self._assumptions)
            yield _paragraph(["* may be otherwise:", *lines])
        yield f"{summary_line(self._told)}\n"

    def _limited(self, thing: str, each: Iterable[Iterable[str]]) -> Iterator[str]:
        """A paragraph for each of the first; the others are made by nobody, and counted."""
        found = iter(each)
        for _, lines in zip(range(_SHOWN), found, strict=False):
            yield _paragraph(lines)
        if others := sum(1 for _ in found):
            yield f"… and {others} more; -o json has every {thing}\n\n"

    def _effect(self, effect: Effect, names: Names) -> Iterator[str]:
        if self._told.blame:
            yield from self._cause(effect.cause)
        said: set[str] = set()
        for opened, rectangles in ((True, effect.opened), (False, effect.closed)):
            for rectangle in rectangles[: self._style.items]:
                yield from self._rectangle(rectangle, opened, names, said)
            yield from self._more(len(rectangles), "  ")

    def _cause(self, cause: Cause) -> Iterator[str]:
        for at, line in enumerate(self._edits(cause.edits, "")):
            yield f"and {line}" if at else line
        if note := cause_note(cause):
            yield f"  {note}"
        yield from self._edits(cause.alone, "    ")

    def _edits(self, edits: Sequence[Edit], indent: str) -> Iterator[str]:
        for edit in edits[: self._style.items]:
            yield f"{indent}{self._strong(visible(edit_text(edit)))}{self._places(places(edit))}"
        yield from self._more(len(edits), indent)

    def _rectangle(
        self, rectangle: Rectangle, opened: bool, names: Names, said: set[str]
    ) -> Iterator[str]:
        """What may pass now or doesn't any more; why, unless it was just said; and one flow of it."""
        witness = self._told.difference.witness(rectangle)
        assumed = dict.fromkeys(assumptions(witness))
        self._assumptions |= assumed
        word = self._style.palette.decision(opened, "+" if opened else "-")
        sources = listed(names.sources(rectangle), self._style)
        destinations = listed(names.destinations(rectangle), self._style)
        pairs = f"  ({rectangle.pairs:,} pairs)" if rectangle.pairs > 1 else ""
        traffic = f"{rectangle.traffic}{'*' if assumed else ''}"
        yield f"  {word} {traffic}  {sources} -> {destinations}{pairs}"
        for turn in turns(witness, rectangle.cause):
            line = f"      {visible(turn.text)}{self._place(turn)}"
            if line not in said:
                said.add(line)
                yield line
        question = self._told.question(witness) or f"such as {flow_text(witness.flow)}"
        yield f"      {self._faint(visible(question))}"

    def _coming(self, coming: Coming, word: str, names: Names) -> Iterator[str]:
        yield self._strong(f"{visible(coming.name)} {word}")
        may = "might" if word == "removed" else "may"
        for rectangle in coming.sends[: self._style.items]:
            destinations = listed(names.destinations(rectangle), self._style)
            yield f"  {may} send {rectangle.traffic} to {destinations}"
        yield from self._more(len(coming.sends), "  ")
        for rectangle in coming.gets[: self._style.items]:
            sources = listed(names.sources(rectangle), self._style)
            yield f"  {may} get {rectangle.traffic} from {sources}"
        yield from self._more(len(coming.gets), "  ")
        silent = [verb for verb, each in (("send", coming.sends), ("get", coming.gets)) if not each]
        if silent:
            yield f"  {may} {' or '.join(silent)} nothing"

    def _more(self, number: int, indent: str) -> Iterator[str]:
        if number > self._style.items:
            yield f"{indent}… and {number - self._style.items} more (-o json has all)"

    def _places(self, found: Places) -> str:
        written = [place for place in (found.old, found.new) if place]
        return self._located(" -> ".join(map(str, written))) if written else ""

    def _place(self, turn: Turn) -> str:
        return self._located(str(turn.reason.location)) if turn.reason else ""

    def _located(self, text: str) -> str:
        return f"  {self._faint(f'({visible(text)})')}"

    def _strong(self, text: str) -> str:
        return self._style.palette.paint(self._style.palette.strong, text)

    def _faint(self, text: str) -> str:
        return self._style.palette.paint(self._style.palette.faint, text)


def _paragraph(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n\n"
