"""What go-yaml v2 made of 2,030 documents is what netsim makes of them (DEC-4 to DEC-8, DEC-11)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netsim.source.content import RefusedError
from netsim.source.yaml_events import Parser, libyaml_parser, python_parser
from netsim.source.yaml_reader import read_yaml

FIXTURE = Path(__file__).parents[2] / "fixtures" / "yaml-as-kubernetes-reads-it.jsonl"
REFUSED = object()


def same(ours: object, theirs: object) -> bool:
    """Whether two values are the same JSON: 1 is 1.0 there, and isn't true."""
    match ours, theirs:
        case dict(), dict():
            return ours.keys() == theirs.keys() and all(same(ours[k], theirs[k]) for k in ours)
        case list(), list():
            return len(ours) == len(theirs) and all(map(same, ours, theirs))
        case bool(), bool():
            return ours is theirs
        case bool(), _:
            return False
        case _, bool():
            return False
        case ((int() | float()), (int() | float())):
            return ours == theirs or float(ours) == float(theirs)
    return type(ours) is type(theirs) and ours == theirs


def read(text: str, parser: Parser) -> object:
    try:
        found = read_yaml(text, parser)
    except RefusedError:
        return REFUSED
    if found is None:
        return None
    return REFUSED if found.repeated else found.value


def differing(parser: Parser) -> list[str]:
    """The documents that netsim reads otherwise than Kubernetes, in order."""
    wrong = []
    for line in FIXTURE.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        ours = read(case["yaml"], parser)
        theirs = REFUSED if "error" in case else json.loads(case["json"])
        if (ours is REFUSED) != (theirs is REFUSED) or (
            ours is not REFUSED and not same(ours, theirs)
        ):
            wrong.append(case["yaml"])
    return wrong


def test_libyaml_agrees_on_every_line() -> None:
    assert differing(libyaml_parser) == []


def test_the_python_parser_agrees_but_for_tabs_after_a_colon() -> None:
    wrong = differing(python_parser)
    assert wrong
    assert all(":\t" in text for text in wrong)


@pytest.mark.parametrize("parser", [libyaml_parser, python_parser])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        # DEC-8: an alias means the anchor of that name that began last before it.
        ("a: &x {b: &x 1, c: *x}\nd: *x\n", {"a": {"b": 1, "c": 1}, "d": 1}),
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("&k a: 1\nb: *k\n", {"a": 1, "b": "a"}),
        ("a: &x b\n*x : 1\n", {"a": "b", "b": 1}),
        ("a: &x 1.50\n*x : y\n", {"a": 1.5, "1.5": True}),
        # DEC-7: tags of collections say nothing.
        ("a: !!set {b, c}\n", {"a": {"b": None, "c": None}}),
        ("a: !!omap [x: 1]\n", {"a": [{"x": 1}]}),
        ('"<<": {a: 1}\n', {"<<": {"a": 1}}),
        ("a: <<\n", {"a": "<<"}),
        ("a: <<\nb: =\n", {"a": "<<", "b": "="}),
        ("text\n", "text"),
        ("[1, a]\n", [1, "a"]),
    ],
)
def test_values(text: str, value: object, parser: Parser) -> None:
    assert read(text, parser) == value


# Not strict, a merge overrides the keys above it; of a list the first one wins.
MERGES = [
    ("a: &a {k: 1}\nb: {k: 2, <<: *a}\n", {"k": 1}),
    ("a: &a {k: 1}\nb: {<<: *a, k: 2}\n", {"k": 2}),
    ("a: &a {k: 1}\nc: &c {k: 2}\nb: {<<: [*a, *c]}\n", {"k": 1}),
    ("b: {<<: {k: 1}, <<: {k: 2}}\n", {"k": 2}),
]


@pytest.mark.parametrize(("text", "merged"), MERGES)
def test_dec_8_a_key_that_is_merged_and_there_is_a_duplicate(text: str, merged: object) -> None:
    found = read_yaml(text)
    assert found is not None
    assert isinstance(found.value, dict)
    assert found.value["b"] == merged
    assert [(each.path, each.key) for each in found.repeated] == [(("b",), "k")]


@pytest.mark.parametrize("parser", [libyaml_parser, python_parser])
@pytest.mark.parametrize(
    "text",
    [
        "a: &x [*x]\n",
        "a: &x {b: *x}\n",
        "a: *x\n",
        "a: 1\n? [b]\n: 2\n",
        "? {b: 1}\n: 2\n",
        "null: 1\n",
        "a: &x [1]\nb: {<<: *x}\n",
        "a: &x [{b: 1}]\nb: {<<: *x}\n",
        "<<: 1\n",
        "%YAML 1.2\n---\na: 1\n",
        'a: "\\/"\n',
        'a: "\\ud800"\n',
        'a: "\\U00110000"\n',
        "a: ! 1\n",
        "a: [x?y]\n",
        "a: 1\n\ufeffb: 2\n",
        "9223372036854775808: 1\n",
    ],
)
def test_refusals(text: str, parser: Parser) -> None:
    assert read(text, parser) is REFUSED


@pytest.mark.parametrize("text", ["", " \n\n", "# c\n"])
def test_dec_2_nothing(text: str) -> None:
    assert read_yaml(text) is None
