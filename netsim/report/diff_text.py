"""A difference for people: a paragraph for each cause, with what it opened and closed.

NetworkPolicy shop/api-in: ingress[0].ports changed  (old/api.yaml:14:5 -> new/api.yaml:14:5)
  + TCP 9090  monitoring/* -> shop/deployment/api
      ingress is allowed by shop/api-in, ingress[0], any peer, ports[1] (9090/tcp)  (new/api.yaml:16:7)
      netsim can -f new monitoring/prometheus-0 shop/deployment/api 9090
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from netsim.errors import visible
from netsim.report.diff_summary import summary_line
from netsim.report.diff_told import Told
from netsim.report.diff_view import Cut, Line, Paragraph, Said, View, Visitor, cut_text
from netsim.report.style import Palette


def diff_text(told: Told, palette: Palette) -> Iterator[str]:
    """Paragraphs: what was opened first, then what was only closed, who came or went; the summary."""
    view = View(told)
    for paragraph in view.paragraphs():
        yield _block(_cause(paragraph, palette))
    if view.beyond:
        yield f"… and {view.beyond} more causes (-o json has all)\n\n"
    visitors = view.visitors()
    for visitor in visitors.shown:
        yield _block(_visitor(visitor, palette))
    if visitors.others:
        yield f"… and {visitors.others} more endpoints that came or went (-o json has all)\n\n"
    if (idle := view.idle()).shown:
        yield _block(["of no effect", *_statements(idle, "  ", palette)])
    if (assumed := view.assumptions()).shown:
        lines = (f"  {visible(each)}" for each in assumed.shown)
        yield _block(["* may be otherwise:", *lines, *_more(assumed, "  ")])
    yield f"{summary_line(told)}\n"


def _block(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n\n"


def _cause(paragraph: Paragraph, palette: Palette) -> Iterator[str]:
    for at, line in enumerate(_statements(paragraph.edits, "", palette)):
        yield line if not at or line.startswith("…") else f"and {line}"
    if paragraph.note:
        yield f"  {paragraph.note}"
    yield from _statements(paragraph.alone, "    ", palette)
    for lines in (paragraph.opened, paragraph.closed):
        for each in lines.shown:
            yield from _line(each, palette)
        yield from _more(lines, "  ")


def _statements(cut: Cut[Said], indent: str, palette: Palette) -> Iterator[str]:
    for each in cut.shown:
        text = palette.paint(palette.strong, visible(each.text))
        yield f"{indent}{text}{_place(each, palette)}"
    yield from _more(cut, indent)


def _line(line: Line, palette: Palette) -> Iterator[str]:
    sign = palette.decision(line.opened, "+" if line.opened else "-")
    pairs = f"  ({line.pairs:,} pairs)" if line.pairs > 1 else ""
    ends = f"{cut_text(line.sources)} -> {cut_text(line.destinations)}"
    yield f"  {sign} {line.traffic}  {ends}{pairs}"
    for each in line.why:
        yield f"      {visible(each.text)}{_place(each, palette)}"
    yield f"      {palette.paint(palette.faint, visible(line.question))}"


def _visitor(visitor: Visitor, palette: Palette) -> Iterator[str]:
    word, may = ("added", "may") if visitor.came else ("removed", "might")
    yield palette.paint(palette.strong, f"{visible(visitor.name)} {word}")
    for verb, preposition, cut in (("send", "to", visitor.sends), ("get", "from", visitor.gets)):
        for traffic, names in cut.shown:
            yield f"  {may} {verb} {traffic} {preposition} {cut_text(names)}"
        yield from _more(cut, "  ")
        if not cut.shown:
            yield f"  {may} {verb} nothing"


def _place(said: Said, palette: Palette) -> str:
    return f"  {palette.paint(palette.faint, f'({visible(said.place)})')}" if said.place else ""


def _more(cut: Cut[Any], indent: str) -> Iterator[str]:
    if cut.others:
        yield f"{indent}… and {cut.others} more (-o json has all)"
