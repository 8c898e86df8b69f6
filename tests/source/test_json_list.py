"""Lists in JSON, item by item: never anything else than the reader of whole texts gives."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netsim.source.content import MAX_DEPTH
from netsim.source.documents import read_text
from netsim.source.json_list import UnusualError, list_items
from netsim.source.json_reader import ItemPlaces, read_json
from netsim.source.lists import unrolled

POD = '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}'
LISTED = f'{{"apiVersion": "v1", "items": [{POD}, {POD}], "kind": "List", "metadata": {{}}}}'

USUAL = [
    LISTED,
    json.dumps(json.loads(LISTED), indent=4) + "\n",
    f'\n{{"kind":"List","apiVersion":"v1","items":[{POD}]}}\n\n',
    LISTED.replace('"a"', r'"\u0061"'),
    LISTED.replace('"a"', r'"\ud800"'),
    LISTED.replace('"a"', "[" * 196 + "]" * 196),
    LISTED.replace('"a"', json.dumps([[]] * 300)),
]
UNUSUAL = {
    "a typed list": LISTED.replace('"List"', '"PodList"'),
    "a list of another version": LISTED.replace('"v1", "items"', '"v2", "items"'),
    "no kind": LISTED.replace('"kind": "List", ', ""),
    "no list": POD,
    "no object": LISTED.replace(POD, "1", 1),
    "nothing in it": '{"apiVersion": "v1", "kind": "List", "items": []}',
    "another field": LISTED.replace('"metadata": {}', '"$patch": {}'),
    "items twice": LISTED.replace('"kind": "List"', f'"items": [{POD}], "kind": "List"'),
    "a field twice": LISTED.replace('"kind": "List"', '"kind": "List", "kind": "List"'),
    "a key twice in an item": LISTED.replace('"name"', '"name": "b", "name"'),
    "a list in it": LISTED.replace(POD, LISTED, 1),
    "an item without a kind": LISTED.replace('"kind": "Pod", ', "", 1),
    "an item of a typed list": LISTED.replace('"Pod"', '"PodList", "items": []', 1),
    "no end": LISTED[:-1],
    "more behind it": LISTED + "{}",
    "a comma too many": LISTED.replace("],", ",],"),
    "the wrong bracket": LISTED.replace("],", "},"),
    "no number": LISTED.replace('"a"', "NaN"),
    "a number too large": LISTED.replace('"a"', "1e999"),
    "deep": LISTED.replace('"a"', "[" * 197 + "]" * 197),
    "very deep": LISTED.replace('"a"', "[" * 100_000),
    "YAML": LISTED.replace('"apiVersion"', "apiVersion", 1),
    "no colon": LISTED.replace('"kind": "List"', '"kind" "List"'),
}


def piecewise(text: str) -> list[object] | None:
    """The items as they are read one by one, None where the text is unusual."""
    try:
        return [item for _, item in list_items(text)]
    except UnusualError:
        return None


def whole(text: str) -> list[object] | None:
    read = read_json(text)
    if read is None or read.repeated:
        return None
    return [item for item, _ in unrolled(read.value)]


@pytest.mark.parametrize("text", USUAL)
def test_usual(text: str) -> None:
    assert piecewise(text) == whole(text)
    assert [str(document.origin.locate(("kind",))) for document in read_text(text).documents]


@pytest.mark.parametrize("text", UNUSUAL.values(), ids=UNUSUAL.keys())
def test_unusual(text: str) -> None:
    assert piecewise(text) is None


@given(st.sampled_from(USUAL), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3), st.sampled_from(['"', ",", "{", "}", "[", "]", ":", " ", "\t", "\\", "x", "1", POD, '"kind": "List",', ""])), min_size=1, max_size=3))  # fmt: skip
@settings(max_examples=500, deadline=None)
def test_damaged(text: str, damages: list[tuple[int, int, str]]) -> None:
    for at, cut, put in damages:
        text = text[:at] + put + text[at + cut :]
    found = piecewise(text)
    if found is not None:
        assert repr(found) == repr(whole(text))


def test_places_in_a_list() -> None:
    documents = read_text(json.dumps(json.loads(LISTED), indent=2)).documents
    assert [str(document.origin.locate(("metadata", "name"))) for document in documents] == [
        "<text>:8:9",
        "<text>:15:9",
    ]


def test_no_other_item_is_read_for_a_place() -> None:
    text = 'what stands [ before {"a": 1, "b": [2]} and } behind'
    places = ItemPlaces(text.index('{"a"'))(text)
    assert text[places.offset(("items", 7)) :].startswith('{"a"')
    assert text[places.offset(("items", 7, "b", 0)) :].startswith("2]")


def test_a_json_text_is_as_deep_as_can_be() -> None:
    assert read_json('{"a":' * MAX_DEPTH + "1" + "}" * MAX_DEPTH) is not None
    (fault,) = read_text('{"a":' * (MAX_DEPTH + 1) + "1" + "}" * (MAX_DEPTH + 1)).diagnostics
    assert fault.message == f"nested deeper than {MAX_DEPTH} levels"


def test_lists_one_behind_another_are_read_as_by_themselves() -> None:
    once = [str(each.origin.locate(("metadata",))) for each in read_text(LISTED).documents]
    reading = read_text(f"{LISTED}\n---\n{LISTED}\n---\n{POD}")
    assert [each.value for each in reading.documents] == [json.loads(POD)] * 5
    places = [str(each.origin.locate(("metadata",))) for each in reading.documents]
    assert places == [*once, *(place.replace(":1:", ":3:") for place in once), "<text>:5:37"]
    assert not reading.diagnostics
