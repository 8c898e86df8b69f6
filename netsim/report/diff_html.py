"""A difference as a piece of HTML, to put into a page: no script, no style, nothing loaded.

Its classes, which begin with `netsim-`, are there to be styled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from netsim.errors import visible
from netsim.report.diff_summary import summary_line
from netsim.report.diff_told import Told
from netsim.report.diff_view import Line, Paragraph, Said, View, Visitor, cut_text


def diff_html(told: Told) -> Iterator[str]:
    """One `section`: the summary, then an `article` for each cause, and lists of the rest."""
    view = View(told)
    yield f'<section class="netsim-diff">\n<p class="netsim-summary">{_text(summary_line(told))}</p>\n'
    for paragraph in view.paragraphs():
        yield _article("netsim-cause", _cause(paragraph))
    if view.beyond:
        yield f"<p>… and {view.beyond} more causes</p>\n"
    visitors = view.visitors()
    for visitor in visitors.shown:
        yield _article("netsim-endpoint", _visitor(visitor))
    if visitors.others:
        yield f"<p>… and {visitors.others} more endpoints</p>\n"
    if (idle := view.idle()).shown:
        yield _article(
            "netsim-idle", ["<p>of no effect</p>\n", _list(map(_said, idle.shown), idle.others)]
        )
    if (assumed := view.assumptions()).shown:
        items = _list(map(_text, assumed.shown), assumed.others)
        yield _article("netsim-assumptions", ["<p>* may be otherwise</p>\n", items])
    yield "</section>\n"


def _article(kind: str, parts: Iterable[str]) -> str:
    return f'<article class="{kind}">\n{"".join(parts)}</article>\n'


def _cause(paragraph: Paragraph) -> Iterator[str]:
    for each in paragraph.edits.shown:
        yield f"<h4>{_said(each)}</h4>\n"
    if paragraph.edits.others:
        yield f"<p>… and {paragraph.edits.others} more</p>\n"
    if paragraph.note:
        yield f"<p>{_text(paragraph.note)}</p>\n"
    if paragraph.alone.shown:
        yield _list(map(_said, paragraph.alone.shown), paragraph.alone.others)
    lines = (*paragraph.opened.shown, *paragraph.closed.shown)
    yield _list(map(_line, lines), paragraph.opened.others + paragraph.closed.others)


def _line(line: Line) -> str:
    tag, word = ("ins", "opened") if line.opened else ("del", "closed")
    ends = f"{cut_text(line.sources)} -> {cut_text(line.destinations)}"
    why = "".join(f"<br/>{_said(each)}" for each in line.why)
    return (
        f'<{tag} class="netsim-{word}">{word} {_text(line.traffic)}</{tag}> {_text(ends)}'
        f"{why}<br/><code>{_text(line.question)}</code>"
    )


def _visitor(visitor: Visitor) -> Iterator[str]:
    word, may = ("added", "may") if visitor.came else ("removed", "might")
    yield f"<h4>{_text(visitor.name)} {word}</h4>\n"
    for verb, preposition, cut in (("send", "to", visitor.sends), ("get", "from", visitor.gets)):
        items = [f"{traffic} {preposition} {cut_text(names)}" for traffic, names in cut.shown]
        whole = (_text(f"{may} {verb} {item}") for item in items or ["nothing"])
        yield _list(whole, cut.others)


def _list(items: Iterable[str], others: int) -> str:
    more = f"<li>… and {others} more</li>\n" if others else ""
    return f"<ul>\n{''.join(f'<li>{item}</li>' + chr(10) for item in items)}{more}</ul>\n"


def _said(said: Said) -> str:
    place = f" <code>{_text(said.place)}</code>" if said.place else ""
    return f"{_text(said.text)}{place}"


def _text(text: str) -> str:
    return escape(visible(text))
