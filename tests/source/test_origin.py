"""From a path to its line and column."""

from __future__ import annotations

import pickle

import pytest

from netsim.source.chunks import Chunk
from netsim.source.documents import read_text
from netsim.source.origin import Path

YAML = """\
# é
metadata: {name: "é", é: x, labels: {a: b}}
spec:
  ingress:
  - from:
    - podSelector: {}
      ipBlock: {cidr: 10.0.0.0/8}
    -
  - &rule
    ports: [80, {port: 81}]
  - *rule
  podSelector: &labels
    matchLabels: {x: y}
  other:
    <<: *labels
    z: 1
  both:
    <<: [*labels, {w: 1}]
"""
JSON = """\
{
  "metadata": {"name": "\\"é\\\\", "é": "x"},
  "spec": {"ingress": [{"from": [{"podSelector": {}}, null]},
    {"ports": [80, {"port": 81}]}]}, "a": 1,
  "a": {"b": -1.5e3}
}
"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), "f:2:1"),
        (("metadata",), "f:2:1"),
        (("metadata", "name"), "f:2:12"),
        (("metadata", "é"), "f:2:23"),
        (("metadata", "labels", "a"), "f:2:38"),
        (("spec", "ingress", 0), "f:5:5"),
        (("spec", "ingress", 0, "from", 0, "ipBlock"), "f:7:7"),
        (("spec", "ingress", 0, "from", 0, "ipBlock", "cidr"), "f:7:17"),
        (("spec", "ingress", 0, "from", 1), "f:8:5"),
        (("spec", "ingress", 1, "ports", 1, "port"), "f:10:18"),
        # An alias stands where it is written, what it brings in where its anchor is (DEC-8).
        (("spec", "ingress", 2), "f:11:5"),
        (("spec", "ingress", 2, "ports"), "f:10:5"),
        (("spec", "other", "matchLabels"), "f:13:5"),
        (("spec", "other", "z"), "f:16:5"),
        (("spec", "both", "matchLabels", "x"), "f:13:19"),
        (("spec", "both", "w"), "f:18:20"),
        # What isn't written: the nearest one outside it.
        (("spec", "egress"), "f:3:1"),
        (("spec", "ingress", 7, "from"), "f:4:3"),
        (("status", "x"), "f:2:1"),
        (("metadata", "name", "x"), "f:2:12"),
    ],
)
def test_yaml(path: Path, place: str) -> None:
    (document,) = read_text(YAML, "f").documents
    assert str(document.origin.locate(path)) == place


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), "f:1:1"),
        (("metadata",), "f:2:3"),
        (("metadata", "é"), "f:2:33"),
        (("spec", "ingress", 0), "f:3:24"),
        (("spec", "ingress", 0, "from", 1), "f:3:55"),
        (("spec", "ingress", 1, "ports", 1, "port"), "f:4:21"),
        (("a", "b"), "f:5:9"),  # DEC-11: the last one wins
        (("spec", "egress"), "f:3:3"),
        (("metadata", "name", "x"), "f:2:16"),
    ],
)
def test_json(path: Path, place: str) -> None:
    (document,) = read_text(JSON, "f").documents
    assert str(document.origin.locate(path)) == place


def test_lines_count_from_the_top_of_the_file() -> None:
    text = "\ufeff# c\n---\na: 1\n--- # c\n\n{b: 1}\n---\r\n\ufeffc: 1\r\n---\nd: é\u2028\r x\n"
    assert [str(each.origin.locate()) for each in read_text(text, "f").documents] == [
        "f:3:1",
        "f:6:1",
        "f:8:1",
        "f:10:1",
    ]


def test_columns_are_exact_in_long_lines() -> None:
    many = ", ".join(f"k{number}: é" for number in range(20_000))
    (document,) = read_text("{" + many + ", last: 1}", "f").documents
    assert str(document.origin.locate(("last",))) == f"f:1:{len(many) + 4}"


@pytest.mark.parametrize("block", [1, 2, 7, 1 << 14])
def test_every_character_has_its_line_and_column(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netsim.source.chunks._BLOCK", block)
    text = "\n\na: é\nb:\n\n  - 1\n"
    places = [str(Chunk(f"of {block}", text, 5).location(at)) for at in range(len(text) + 1)]
    lines = text.splitlines(keepends=True)
    assert places == [
        f"of {block}:{number}:{column}"
        for number, line in enumerate([*lines, "\n"], 5)
        for column in range(1, len(line) + 1)
    ]


def test_dec_11_the_place_of_a_key_that_is_written_again() -> None:
    text = "x: &x {é: 1}\na: {b: 1,  b: 2}\nc: {yes: 1, true: 2}\nd: {é: 1, <<: *x}\n"
    (document,) = read_text(text, "f").documents
    assert [(each.key, str(each.location)) for each in document.duplicates] == [
        ("b", "f:2:12"),
        ("true", "f:3:13"),
        ("é", "f:4:15"),
    ]


def test_dec_11_in_json() -> None:
    (document,) = read_text('{"a": {"b": 1, "b": 2, "b": [{"c": 1, "c": 2}]}}', "f").documents
    assert document.value == {"a": {"b": [{"c": 2}]}}
    assert [(each.key, str(each.location)) for each in document.duplicates] == [
        ("b", "f:1:16"),
        ("b", "f:1:24"),
        ("c", "f:1:39"),
    ]


def test_an_origin_can_be_pickled() -> None:
    (document,) = read_text(YAML, "f").documents
    copy = pickle.loads(pickle.dumps(document.origin))
    assert copy.locate(("spec", "other", "z")) == document.origin.locate(("spec", "other", "z"))
