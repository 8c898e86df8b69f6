"""A difference as data (docs/json.md). Its size follows rectangles; pairs are listed on demand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netsim.changes.comings import Coming
from netsim.changes.difference import Effect
from netsim.changes.edits import (
    Edit,
    LabelEdit,
    NamespaceEdit,
    NodeEdit,
    NodeLabelEdit,
    PodEdit,
    PolicyEdit,
    TierEdit,
)
from netsim.changes.ends import Ends
from netsim.changes.rectangles import Change, Rectangle
from netsim.report.diff_edits import action, edit_text, places
from netsim.report.diff_pairs import pair_rows, pair_value
from netsim.report.diff_summary import counts_of, summary_line
from netsim.report.diff_told import Told, flow_words
from netsim.report.diff_why import Turn, assumptions, turns
from netsim.report.json_text import API_VERSION, JSON_END, json_head, json_list, place
from netsim.report.reach_names import port_texts

_KINDS = {
    PolicyEdit: "policy",
    TierEdit: "policy",
    LabelEdit: "label",
    NamespaceEdit: "label",
    PodEdit: "pod",
    NodeEdit: "node",
    NodeLabelEdit: "label",
}


def diff_json(told: Told) -> Iterator[str]:
    """One object, `kind: Difference`; a line for each edit, cause, change and endpoint."""
    difference = told.difference
    numbers = {id(edit): at for at, edit in enumerate(difference.edits)}
    yield json_head(
        {
            "apiVersion": API_VERSION,
            "kind": "Difference",
            **told.value(),
            "different": bool(difference),
            "relation": difference.relation.value,
            "summary": summary_line(told),
            "counts": _counts(told),
        }
    )
    idle = {id(edit) for edit in difference.idle} if told.blame else set[int]()
    edits = (_edit(edit, id(edit) not in idle if told.blame else None) for edit in difference.edits)
    yield from json_list("edits", edits)
    yield from json_list("effects", (_effect(each, numbers, told) for each in told.effects))
    yield from json_list("changes", map(_change, difference.changes))
    yield from json_list("added", map(_coming, difference.added))
    yield from json_list("removed", map(_coming, difference.removed))
    if told.pairs:
        yield from json_list("pairs", map(pair_value, pair_rows(difference)))
    yield JSON_END


def _counts(told: Told) -> dict[str, object]:
    difference = told.difference
    counts = counts_of(difference)
    return {
        "opened": counts.opened,
        "closed": counts.closed,
        "changed": counts.changed,
        "added": len(difference.added),
        "removed": len(difference.removed),
        "edits": len(difference.edits),
        "idle": len(difference.idle) if told.blame else None,
    }


def _edit(edit: Edit, to_blame: bool | None) -> dict[str, object]:
    found = places(edit)
    return {
        "kind": _KINDS[type(edit)],
        "action": action(edit),
        "text": edit_text(edit),
        "toBlame": to_blame,
        "old": place(found.old) if found.old else None,
        "new": place(found.new) if found.new else None,
    }


def _effect(effect: Effect, numbers: dict[int, int], told: Told) -> dict[str, object]:
    cause = effect.cause
    return {
        "edits": [numbers[id(edit)] for edit in cause.edits],
        "alone": [numbers[id(edit)] for edit in cause.alone],
        "several": cause.several,
        "narrowed": cause.narrowed,
        "opened": [_witnessed(each, told) for each in effect.opened],
        "closed": [_witnessed(each, told) for each in effect.closed],
    }


def _witnessed(rectangle: Rectangle, told: Told) -> dict[str, object]:
    return {**_rectangle(rectangle), "witness": witness_value(told, rectangle)}


def _rectangle(rectangle: Rectangle) -> dict[str, object]:
    part = rectangle.part
    return {
        "traffic": str(rectangle.traffic),
        "ports": port_texts(rectangle.traffic),
        "pairs": rectangle.pairs,
        **_ends("from", part.sources, rectangle.sources),
        **_ends("to", part.destinations, rectangle.destinations),
        "toNames": list(part.destinations.names),
    }


def _ends(key: str, ends: Ends, names: Sequence[str]) -> dict[str, object]:
    addresses = bool(ends.addresses)
    return {
        key: [] if addresses or ends.names else list(names),
        f"{key}Addresses": list(names) if addresses else [],
    }


def witness_value(told: Told, rectangle: Rectangle) -> dict[str, object]:
    """A flow of a rectangle, and why it turned."""
    witness = told.difference.witness(rectangle)
    source, destination, port = flow_words(witness.flow)
    return {
        "from": source,
        "to": destination,
        "port": port,
        "before": witness.before.allowed,
        "after": witness.after.allowed,
        "command": told.question(witness) or None,
        "why": [_turn(each) for each in turns(witness, rectangle.cause)],
        "assumptions": list(dict.fromkeys(assumptions(witness))),
    }


def _turn(turn: Turn) -> dict[str, object]:
    reason = turn.reason
    return {
        "text": turn.text,
        "version": "new" if turn.is_new else "old",
        "policy": reason.full_name if reason else None,
        "direction": turn.direction.value,
        "rule": reason.rule if reason else None,
        **place(reason.location if reason else None),
    }


def _change(change: Change) -> dict[str, object]:
    box = change.box
    return {
        "pairs": change.pairs,
        "before": str(change.before),
        "after": str(change.after),
        "opened": port_texts(box.opened.traffic),
        "closed": port_texts(box.closed.traffic),
        **_ends("from", box.sources, change.sources),
        **_ends("to", box.destinations, change.destinations),
        "toNames": list(box.destinations.names),
    }


def _coming(coming: Coming) -> dict[str, object]:
    return {
        "name": coming.name,
        "sends": [_rectangle(each) for each in coming.sends],
        "gets": [_rectangle(each) for each in coming.gets],
    }
