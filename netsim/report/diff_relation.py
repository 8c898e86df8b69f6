"""What the traffic of the new version is to that of the old, with a flow for every "not"."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.changes.difference import Difference, Relation
from netsim.changes.rectangles import Rectangle
from netsim.errors import visible
from netsim.report.diff_json import witness_value
from netsim.report.diff_summary import comings_words
from netsim.report.diff_told import Told, flow_text
from netsim.report.json_text import API_VERSION, json_text
from netsim.report.style import Palette

_WORDS = {
    Relation.EQUAL: "is equal to",
    Relation.CONTAINED: "is contained in",
    Relation.CONTAINS: "contains",
    Relation.INCOMPARABLE: "is incomparable with",
}


def relation_text(told: Told, palette: Palette) -> Iterator[str]:
    """`new contains old`, and a flow that one of them allows alone."""
    difference = told.difference
    relation = _WORDS[difference.relation]
    yield palette.paint(palette.strong, visible(f"{told.new} {relation} {told.old}")) + "\n"
    for only, opened, rectangle in _proofs(told):
        witness = difference.witness(rectangle)
        word = palette.decision(opened, f"only {visible(only)} allows")
        yield f"  {word} {visible(flow_text(witness.flow))}\n"
        if question := told.question(witness):
            yield f"    {question}\n"
    if comings := "; ".join(comings_words(difference)):
        yield f"compared is what both have: {comings}\n"


def relation_json(told: Told) -> Iterator[str]:
    """One object, `kind: Relation`."""
    difference = told.difference
    proofs = {opened: rectangle for _, opened, rectangle in _proofs(told)}
    yield json_text(
        {
            "apiVersion": API_VERSION,
            "kind": "Relation",
            **told.value(),
            "relation": difference.relation.value,
            "onlyNew": _proof(told, proofs.get(True)),
            "onlyOld": _proof(told, proofs.get(False)),
            "added": [coming.name for coming in difference.added],
            "removed": [coming.name for coming in difference.removed],
        },
        indent=2,
    )


def _proofs(told: Told) -> Iterator[tuple[str, bool, Rectangle]]:
    """Of what one version allows alone the first: its name, and whether it is the new one."""
    difference: Difference = told.difference
    for name, opened, rectangles in (
        (told.new, True, difference.opened),
        (told.old, False, difference.closed),
    ):
        for rectangle in rectangles[:1]:
            yield name, opened, rectangle


def _proof(told: Told, rectangle: Rectangle | None) -> dict[str, object] | None:
    return None if rectangle is None else witness_value(told, rectangle)
