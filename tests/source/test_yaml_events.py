"""`{a:}` has the key `a:` (SEMANTICS Appendix A)."""

from __future__ import annotations

import pytest

from netsim.source.documents import read_text
from netsim.source.yaml_events import Parser, libyaml_parser, python_parser
from netsim.source.yaml_reader import read_yaml

both = pytest.mark.parametrize("parser", [libyaml_parser, python_parser])

READ: list[tuple[str, object]] = [
    ("{a:}", {"a:": None}),
    ("{a:, b: 1}", {"a:": None, "b": 1}),
    ("{a::}", {"a::": None}),
    ("{a :}", {"a :": None}),
    ("[80:, a]", ["80:", "a"]),
    ("{a: [b:]}", {"a": ["b:"]}),
    ("{a: b:}", {"a": "b:"}),
    # Where the colon does make a key.
    ("{\"a\":[b], 'c':{}}", {"a": ["b"], "c": {}}),
    ("{a : [b]}", {"a": ["b"]}),
    ("{a: }", {"a": None}),
    # Where it is text in any case.
    ("a: '{b:}, [c:]'  # {d:}", {"a": "{b:}, [c:]"}),
    ("a: b:[c]\nd: |\n  {e:}\n", {"a": "b:[c]", "d": "{e:}\n"}),
    ("[\ue000:, '\ue001:,']", ["\ue000:", "\ue001:,"]),
]


@both
@pytest.mark.parametrize(("text", "value"), READ)
def test_values(text: str, value: object, parser: Parser) -> None:
    read = read_yaml(text, parser)
    assert read
    assert read.value == value


def test_places_are_those_of_the_text() -> None:
    (document,) = read_text("kind: x\nspec: {a:, b: [c:, d]}").documents
    assert str(document.origin.locate(("spec", "a:"))) == "<text>:2:8"
    assert str(document.origin.locate(("spec", "b", 1))) == "<text>:2:20"


def test_a_misplaced_colon_is_a_fault_at_its_place() -> None:
    (fault,) = read_text("a: [b:[c]]").diagnostics
    assert str(fault.location) == "<text>:1:7"
