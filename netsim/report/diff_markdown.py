"""A difference as Markdown, such as for a comment on a pull request.

### Reachability: opened 1 pair; 1 edit

**NetworkPolicy shop/api-in: ingress\\[0\\].ports changed** (`old/api.yaml:14:5 -> new/api.yaml:14:5`)

| | traffic | from | to |
|---|---|---|---|
| opened | TCP 9090 | monitoring/\\* | shop/deployment/api |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from netsim.errors import visible
from netsim.report.diff_summary import summary_line
from netsim.report.diff_told import Told
from netsim.report.diff_view import Cut, Line, Paragraph, Said, View, Visitor, cut_text
from netsim.report.reach_tables import markdown_cell

# A comment on GitHub may have 65,536 characters. Once causes have so many, the others are counted.
_LONG = 40_000


class Fold(NamedTuple):
    """What is over the reasons, and what the lines after them are: commands, or flows by name."""

    title: str
    language: str


_ASKED = Fold("why, and how to ask", "sh")
_NAMED = Fold("why, and a flow of each", "text")  # of a revision nothing can be asked


def diff_markdown(told: Told) -> Iterator[str]:
    """The summary as a heading, a table for each cause with its reasons folded away, and the rest."""
    view = View(told)
    yield f"### Reachability: {markdown_cell(summary_line(told))}\n"
    length = shown = 0
    for paragraph in view.paragraphs():
        text = f"\n{''.join(_cause(paragraph, _ASKED if told.again else _NAMED))}"
        yield text
        shown, length = shown + 1, length + len(text)
        if length > _LONG:
            break
    if others := len(told.effects) - shown:
        yield f"\n… and {others} more causes\n"
    yield from _visitors(view.visitors())
    if (idle := view.idle()).shown:
        yield f"\nOf no effect:\n\n{''.join(_items(idle))}"
    for assumption in view.assumptions().shown:
        yield f"\n\\* may be otherwise: {markdown_cell(assumption)}\n"


def _cause(paragraph: Paragraph, fold: Fold) -> Iterator[str]:
    edits = [f"**{markdown_cell(each.text)}**{_place(each)}" for each in paragraph.edits.shown]
    if paragraph.edits.others:
        edits.append(f"… and {paragraph.edits.others} more")
    if edits:
        yield "  \nand ".join(edits) + "\n\n"
    if paragraph.note:
        yield f"{markdown_cell(paragraph.note)}\n\n"
    if paragraph.alone.shown:
        yield f"{''.join(_items(paragraph.alone))}\n"
    yield "| | traffic | from | to |\n|---|---|---|---|\n"
    for word, lines in (("opened", paragraph.opened), ("closed", paragraph.closed)):
        for line in lines.shown:
            cells = line.traffic, cut_text(line.sources), cut_text(line.destinations)
            yield _row(word, *cells)
        if lines.others:
            yield _row(word, f"… and {lines.others} more", "", "")
    yield from _folded((*paragraph.opened.shown, *paragraph.closed.shown), fold)


def _folded(lines: Sequence[Line], fold: Fold) -> Iterator[str]:
    """Why, as a list, and what to ask about each line, to be copied."""
    yield f"\n<details><summary>{fold.title}</summary>\n\n"
    for line in lines:
        for each in line.why:
            yield f"- {markdown_cell(each.text)}{_place(each)}\n"
    # No line of it can end the block: each begins with a word.
    yield (
        f"\n```{fold.language}\n"
        + "".join(f"{visible(line.question)}\n" for line in lines)
        + "```\n\n</details>\n"
    )


def _visitors(visitors: Cut[Visitor]) -> Iterator[str]:
    if not visitors.shown:
        return
    yield "\n| endpoint | | traffic | with |\n|---|---|---|---|\n"
    for visitor in visitors.shown:
        name = f"{visitor.name} {'added' if visitor.came else 'removed'}"
        may = "may" if visitor.came else "might"
        for verb, cut in (("send", visitor.sends), ("get", visitor.gets)):
            for traffic, names in cut.shown:
                yield _row(name, f"{may} {verb}", traffic, cut_text(names))
            if cut.others:
                yield _row(name, f"{may} {verb}", f"… and {cut.others} more", "")
            if not cut.shown:
                yield _row(name, f"{may} {verb}", "nothing", "")
    if visitors.others:
        yield _row(f"… and {visitors.others} more", "", "", "")


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(markdown_cell, cells))} |\n"


def _items(cut: Cut[Said]) -> Iterator[str]:
    for each in cut.shown:
        yield f"- {markdown_cell(each.text)}{_place(each)}\n"
    if cut.others:
        yield f"- … and {cut.others} more\n"


def _place(said: Said) -> str:
    """In a code span, where no name of a file is markup, a link or a mention."""
    place = visible(said.place)
    if not place:
        return ""
    return f" ({markdown_cell(place)})" if "`" in place else f" (`{place}`)"
