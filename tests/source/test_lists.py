"""DEC-9: lists are taken apart, to the bottom, and each item knows where it stood."""

from __future__ import annotations

import pytest

from netsim.source.documents import Document, Reading, read_text


def values(reading: Reading[Document]) -> list[object]:
    return [document.value for document in reading.documents]


def places(reading: Reading[Document]) -> list[str]:
    return [str(document.origin.locate()) for document in reading.documents]


def test_a_list_of_lists() -> None:
    reading = read_text(
        "kind: List\n"
        "apiVersion: v1\n"
        "items:\n"
        "- kind: Pod\n"
        "- kind: List\n"
        "  items:\n"
        "  - kind: Node\n"
        "- kind: Service\n",
        "f",
    )
    assert values(reading) == [{"kind": "Pod"}, {"kind": "Node"}, {"kind": "Service"}]
    assert places(reading) == ["f:4:3", "f:7:5", "f:8:3"]
    assert reading.diagnostics == ()


def test_items_of_a_typed_list_inherit() -> None:
    reading = read_text(
        "kind: PodList\napiVersion: v1\nitems:\n- metadata: {}\n- {kind: Node, apiVersion: v2}\n"
    )
    assert values(reading) == [
        {"apiVersion": "v1", "kind": "Pod", "metadata": {}},
        {"apiVersion": "v2", "kind": "Node"},
    ]


def test_items_of_a_plain_list_inherit_nothing() -> None:
    assert values(read_text("kind: List\napiVersion: v1\nitems: [{a: 1}]\n")) == [{"a": 1}]


@pytest.mark.parametrize("items", ["items: []", "items:", "metadata: {}"])
def test_an_empty_list(items: str) -> None:
    reading = read_text(f"kind: List\n{items}\n")
    assert values(reading) == []


def test_a_kind_that_only_ends_like_a_list() -> None:
    assert values(read_text("kind: AllowList\nspec: {}\n")) == [{"kind": "AllowList", "spec": {}}]


@pytest.mark.parametrize("kind", ["list", "Lists", "AllowList", "Bundle"])
def test_objects_in_items_are_unrolled_whatever_the_kind(kind: str) -> None:
    text = f"kind: {kind}\napiVersion: a/v1\nitems: [{{apiVersion: v1, kind: Pod}}]\n"
    assert values(read_text(text)) == [{"apiVersion": "v1", "kind": "Pod"}]


@pytest.mark.parametrize("items", ["[]", "[a]", "[{kind: Pod}]", "{a: 1}", "null"])
def test_items_of_another_kind_that_are_no_objects(items: str) -> None:
    (value,) = values(read_text(f"kind: Bundle\napiVersion: a/v1\nitems: {items}\n"))
    assert isinstance(value, dict)
    assert value["kind"] == "Bundle"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("kind: List\napiVersion: v1\nItems: [{kind: Pod}]\n", "Items"),
        ("kind: List\napiVersion: v1\nitem: [{kind: Pod}]\n", "item"),
        ("kind: List\napiVersion: v1\nspec: {items: []}\n", "spec"),
        ("kind: PodList\napiVersion: v1\nItems: [{kind: Pod}]\n", "Items"),
    ],
)
def test_objects_that_stand_under_another_name_are_not_lost(text: str, field: str) -> None:
    reading = read_text(text, "f")
    assert values(reading) == []
    assert [str(each) for each in reading.diagnostics] == [
        f"f:3:1: {field}: unknown field `{field}`\n  help: the objects of a list stand in `items`"
    ]
    assert reading.unparsed == reading.diagnostics


def test_another_products_kind_list_is_its_own_affair() -> None:
    value = {"kind": "List", "apiVersion": "a/v1", "spec": {}}
    assert values(read_text("kind: List\napiVersion: a/v1\nspec: {}\n")) == [value]


def test_items_that_are_no_list() -> None:
    reading = read_text("kind: List\nitems:\n  a: 1\n", "f")
    assert values(reading) == []
    assert [str(each) for each in reading.diagnostics] == [
        "f:2:1: items: must be a list of objects"
    ]
    assert reading.unparsed == reading.diagnostics


@pytest.mark.parametrize(
    "text",
    [
        "kind: List\nkind: List\nitems:\n- kind: Pod\n  spec: {a: 1, a: 2}\n- kind: Node\n",
        '{"kind":"List",\n"kind":"List",\n"items":[\n{"kind":"Pod",\n"spec":{"a":1,"a":2}},{"kind":"Node"}]}',
    ],
)
def test_dec_11_a_repeated_key_belongs_to_its_item(text: str) -> None:
    reading = read_text(text, "f")
    assert [
        [(each.key, each.location.line) for each in document.duplicates]
        for document in reading.documents
    ] == [[("a", 5)], []]
    assert [(each.path, str(each.location)) for each in reading.diagnostics] == [("kind", "f:2:1")]


def test_json_lists() -> None:
    reading = read_text('{"kind": "PodList", "items": [{"metadata": {}}, {"metadata": {}}]}', "f")
    assert values(reading) == [{"kind": "Pod", "metadata": {}}] * 2
    assert places(reading) == ["f:1:31", "f:1:49"]
