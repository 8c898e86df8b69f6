"""The places of plain documents: by their lines they are the same as by the parser's marks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as File

import case_files
import pytest

from netsim.source.chunks import Chunk, split
from netsim.source.line_places import LinePlaces
from netsim.source.origin import Path, Places
from netsim.source.plain_lines import PlainLines
from netsim.source.yaml_places import YamlPlaces

FIXTURES = File(__file__).parents[2] / "fixtures"

PLAIN = [
    *("a: b", "a:", "a: {}\nb: []", "\n# x\n\na: b\n\n  # y\nc: d\n", "# x\na:\n# y\n\n  # z\n  b: c\n"),
    *("a:\n- x\n- y: 1\n  z: 2\nb: 3", "a:\n  - x\n  - y:\n    - 1\n    z:\n  - v\nb:", "a:\n- b\nc:\n- d\n"),
    *("a:\n    - x\n    - b:\n      - c: 1\n        d:\n          e: f\n", "a:\n- b:\n- c: {}\nd:\n"),
    *("a:\n  b:\n    c:\n  d:\ne:\n  b: x\n", "a:\n- b:\n  c:\n  - d\n  - e:\n      f: 1\n  g: h\n- i\n"),
    *("yes: 1\n80: 2\n1e3:\n  on: x", "a/b.c-d:\n  _e: x:y\n  f: 'a: b'", "a:\n- -d\n- e - f\n"),
    *("a: {b: c}\nd:\n- {e: [f, {g: h}]}\n- i", "a:\n- [b]\nc: [d, e]\n"),
]  # fmt: skip


def _paths(value: object, path: Path = ()) -> Iterator[Path]:
    """Every path in a value, and behind each of them some that lead nowhere."""
    yield from (path, (*path, 0), (*path, "no", 1), (*path, 99))
    items: dict[str | int, object] = {}
    if isinstance(value, dict):
        items = value
    elif isinstance(value, list):
        items = dict(enumerate(value))
    for step, inner in items.items():
        yield from _paths(inner, (*path, step))


def _hold_same(text: str, value: object) -> None:
    found, expected = LinePlaces(text, YamlPlaces), YamlPlaces(text)
    for path in _paths(value):
        assert found.offset(path) == expected.offset(path), (text, path)


@pytest.mark.parametrize("text", PLAIN)
def test_same_as_by_marks(text: str) -> None:
    value = PlainLines().read(text)
    assert value is not None
    _hold_same(text, value)


def test_same_in_fixtures() -> None:
    plain = 0
    for text in _fixtures():
        value = PlainLines().read(text)
        if value is not None:
            plain += 1
            _hold_same(text, value)
    assert plain > 100


def _fixtures() -> Iterator[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(FIXTURES.rglob("*.yaml"))]
    for path in case_files.FILES:
        texts += [step.manifests for step in case_files.steps_of(case_files.read_case(path))]
    parts = (part for text in texts for part in split(text, "f"))
    return (part.text for part in parts if isinstance(part, Chunk))


def test_only_a_way_into_brackets_is_read() -> None:
    def read(text: str) -> Places:
        asked.append(text)
        return YamlPlaces(text)

    asked: list[str] = []
    text = "a:\n- {b: {c: d}}\n- e: x\n"
    places = LinePlaces(text, read)
    assert [places.offset(path) for path in [(), ("a",), ("a", 0), ("a", 1, "e"), ("b",)]] == [
        *(0, 0, 5, 19, 0)
    ]
    assert not asked
    assert places.offset(("a", 0, "b", "c")) == 10
    assert places.offset(("a", 0, "x")) == 5
    assert asked == [text]
