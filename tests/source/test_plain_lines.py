"""Which documents are plain, and what is read of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import case_files
import pytest

from netsim.source.chunks import Chunk, split
from netsim.source.content import Read, RefusedError
from netsim.source.documents import read_text
from netsim.source.plain_lines import PlainLines
from netsim.source.yaml_reader import read_yaml

FIXTURES = Path(__file__).parents[2] / "fixtures"

PLAIN: list[tuple[str, object]] = [
    ("a: b", {"a": "b"}),
    ("a: b\n", {"a": "b"}),
    ("\n# comment\n\na: b\n\n  # comment\nc: d\n", {"a": "b", "c": "d"}),
    ("a:", {"a": None}),
    ("a:\n  b: 1\n  c:\nd: x", {"a": {"b": 1, "c": None}, "d": "x"}),
    ("a:\n- x\n- w: 1\n  z: 2\nb: 3", {"a": ["x", {"w": 1, "z": 2}], "b": 3}),
    ("a:\n    - x\n    - b:\n      - c: 1\n        d:\n          e: f", {"a": ["x", {"b": [{"c": 1, "d": {"e": "f"}}]}]}),
    ("a: {}\nb: []\nc: ''\nd: \"\"", {"a": {}, "b": [], "c": "", "d": ""}),
    ("a: '80'\nb: \"yes\"\nc: 80\nd: yes", {"a": "80", "b": "yes", "c": 80, "d": True}),
    ("a: ' x: #y '\nb: \"it's\"", {"a": " x: #y ", "b": "it's"}),
    ("a: http://b:80/c#d?e=f&g", {"a": "http://b:80/c#d?e=f&g"}),
    ("a:\n- --port=80\n- -1\n- a - b", {"a": ["--port=80", -1, "a - b"]}),
    ("yes: 1\n80: 2\n1e3: 3", {"true": 1, "80": 2, "1000": 3}),
    ("a: {b: c}\nd: [e, 80]", {"a": {"b": "c"}, "d": ["e", 80]}),
    ("a:\n- b: {c: x y, d: any}\n- [e]\n- {f: '*'}", {"a": [{"b": {"c": "x y", "d": "any"}}, ["e"], {"f": "*"}]}),
    ('a: {"b": "x", \'c\': \'80\', "d":80, yes: yes}', {"a": {"b": "x", "c": "80", "d": 80, "true": True}}),
    ("a: [{}, [], { }, [ ], '', null]", {"a": [{}, [], {}, [], "", None]}),
    ("a: {b: [c, {d: [e,f]} ] , g: [[h]]}", {"a": {"b": ["c", {"d": ["e", "f"]}], "g": [["h"]]}}),
    ("a: { b: 'x, y' , c: \"{d=e}\" }", {"a": {"b": "x, y", "c": "{d=e}"}}),
    ("a: [8080/tcp, b::c, d:e, http://f:80/g, payments/*, it's, x#y, -1, --z]",
     {"a": ["8080/tcp", "b::c", "d:e", "http://f:80/g", "payments/*", "it's", "x#y", -1, "--z"]}),
    ("a: [b:c:d, 'e:]', \"f:,g\"]", {"a": ["b:c:d", "e:]", "f:,g"]}),
]  # fmt: skip

FOR_THE_FULL_READER = [
    *("", "\n", "# comment\n", "a", "- a", "a: b # c", "# \u00e9\na: b", "a: \u00e9", "a: b\r\n", "a: b \n"),
    *("a: |\n  b", "a: b\n  c", "a: 'b\n  c'", "{a: b}", "? a", "a: &b c"),
    *("a: *b", "a: !b c", "<<: {}", "'a': b", '"a": b', "a:\n- - b", "a:\n-\n  b: c", "a:\n-  b: c"),
    *("a: 1\na: 2", "yes: 1\non: 2", "null: 1", "a: .inf", "a: 'it''s'", 'a: "b\\n"', "a: b: c"),
    *("a:\tb", "a:\n\tb: c", " a: b\nc: d", "a:\n    b: 1\n  c: 2", "a:\n  b: 1\n - c", "a: b:"),
    *("%YAML 1.1\n", "...\n", "a: b\n...\nc", "a: @b", "a: ,", "a: {", f"{'a' * 500}: b", "a:b"),
    *("a: {b}", "a: [b: c]", "a: [b,]", "a: {b: c,}", "a: {b: }", "a: {b:}", "a: {b:c}", "a: [,b]", "a: [b,,c]"),
    *("a: {b: c, b: d}", "a: {yes: c, 'true': d}", "a: {<<: b}", "a: {null: b}", "a: {b: .inf}", "a: {? b: c}"),
    *("a: [*b]", "a: [&b c]", "a: [!b c]", "a: [b?c]", "a: [?b]", "a: [b #c]", "a: [#b]", "a: [b] # c", "a: [b] c"),
    *("a: [\tb]", "a: [b,\tc]", "a: {b:\tc}", "a: [b: c]", "a: [b:]", "a: [b:, c]", "a: [:b]", "a: [-]", "a: [- b]"),
    *("a: [b", "a: [b}", "a: [b]]", "a: {b: c}}", "a: [b], c", "a: {b: [c}]", "a: [b]: c", "a: [b\n  ]", "a: [b,\n  c]"),
    *("a: ['b'c]", "a: ['b''c']", 'a: ["b\\n"]', 'a: ["b"c]', "a: {[b]: c}", "a: {{ .Values.b }}", "a: [\u00e9]"),
    *("a:[b]", "a:\n  [b]", "a:\n- - [b]", "a: {b: c: d}", "a: [%b]", "a: [@b]", "a: [b ?]", "a: [b :c]"),
    *(f"a: {{'{'b' * 402}': c}}", f"a: {'[' * 31}b{']' * 31}", "".join(f"{' ' * level}a:\n" for level in range(70)), "a: x\x07", "a: \u0085", "---\na: b"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), PLAIN)
def test_plain(text: str, value: object) -> None:
    assert repr(PlainLines().read(text)) == repr(value)
    assert repr(read_yaml(text)) == repr(Read(value))


@pytest.mark.parametrize("text", FOR_THE_FULL_READER)
def test_left_to_the_full_reader(text: str) -> None:
    assert PlainLines().read(text) is None


def test_a_refusal_does_not_hang_on_what_was_read_before() -> None:
    plain = PlainLines()
    assert plain.read("a:\n  b:\n  - c\n") == {"a": {"b": ["c"]}}
    assert plain.read("a:\n    b:\n  - c\n") is None
    assert plain.read("a:\n  b: 1\n") == {"a": {"b": 1}}
    assert plain.read("a:\n    b: 1\n  b: 1\n") is None


def texts_of_fixtures() -> Iterator[str]:
    """Every document among the fixtures, and all of the case files themselves."""
    for path in sorted(FIXTURES.rglob("*.yaml")):
        yield from _chunks(path.read_text(encoding="utf-8"))
    for path in case_files.FILES:
        for step in case_files.steps_of(case_files.read_case(path)):
            yield from _chunks(step.manifests)
    for line in (FIXTURES / "yaml-as-kubernetes-reads-it.jsonl").read_text().splitlines():
        yield from _chunks(json.loads(line)["yaml"])


def _chunks(text: str) -> Iterator[str]:
    return (chunk.text for chunk in split(text, "f") if isinstance(chunk, Chunk))


def test_fixtures_are_read_as_the_full_reader_reads_them() -> None:
    plain, found = PlainLines(), 0
    for text in texts_of_fixtures():
        value = plain.read(text)
        if value is not None:
            found += 1
            try:
                assert repr(read_yaml(text)) == repr(Read(value)), text
            except RefusedError as refusal:
                raise AssertionError(text) from refusal
    assert found > 500


def test_manifests_of_clusters_are_plain() -> None:
    for path in sorted(FIXTURES.glob("clusters/*/**/*.yaml")):
        for text in _chunks(path.read_text(encoding="utf-8")):
            value = PlainLines().read(text)
            flow = re.search(r"[\[{][^\]}\n]*\n", text)  # brackets that end on another line
            assert value is not None or flow or " #" in text or not text.strip(), text


def test_suites_are_plain() -> None:
    found = {
        path.relative_to(FIXTURES / "suites").as_posix()
        for path in FIXTURES.glob("suites/**/*.yaml")
        for text in _chunks(path.read_text(encoding="utf-8"))
        if PlainLines().read(text) is not None
    }
    assert found >= {"shop/passing.yaml", "shop/failing.yaml", "boutique/failing.yaml"}


@pytest.mark.parametrize(("depth", "is_plain"), [(1, True), (30, True), (31, False), (5000, False)])
def test_depth_of_brackets(depth: int, is_plain: bool) -> None:
    text = f"a: {'[' * depth}b{']' * depth}\n"
    assert (PlainLines().read(text) is not None) is is_plain


def test_places_are_found_by_reading_again() -> None:
    (document,) = read_text("# comment\nkind: x\n\nspec:\n- a: 1\n  b: 2\n").documents
    assert str(document.origin.locate(("spec", 0, "b"))) == "<text>:6:3"
