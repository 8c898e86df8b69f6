"""Input that was made to crash, to hang or to fill the memory: each is read or refused."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netsim.source.content import MAX_DEPTH, RefusedError
from netsim.source.documents import Document, Reading, read_text
from netsim.source.yaml_events import Parser, libyaml_parser, python_parser
from netsim.source.yaml_reader import read_yaml

TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"
TOO_MUCH = "the aliases write out too much"


def chained(link: str, count: int = 5000) -> str:
    """A document in which each line has the next one's anchor; `{0}` is the one before."""
    lines = [f"a{index}: &a{index} {link.format(index - 1, index)}" for index in range(1, count)]
    return "\n".join(["a0: &a0 {k: x}", *lines])


REFUSED = {
    "lists in a line": ("- " * 50_000, "f:1:401", TOO_DEEP),
    "open brackets": ("[" * 100_000, "f:1:1001", TOO_DEEP),
    "open braces": ("{a: " * 30_000, "f:1:801", TOO_DEEP),
    "deep JSON": ('{"a":' * 100_000, "f:1:1001", TOO_DEEP),
    "deep JSON that ends": ('{"a":' + "[" * 300 + "]" * 300 + "}", "f:1:205", TOO_DEEP),
    "billion laughs": (chained("[*a{0}, *a{0}, *a{0}, *a{0}, *a{0}]"), "f:9:15", TOO_MUCH),
    "billion laughs in maps": (chained("{{b: *a{0}, c: *a{0}, d: *a{0}}}"), "f:12:24", TOO_MUCH),
    "deep by aliases": (chained("[*a{0}]"), f"f:{MAX_DEPTH}:14", TOO_DEEP),
    "merge chain": (chained("{{<<: *a{0}, k{1}: x}}"), "f:894:18", TOO_MUCH),
    "an error at the end of a long line": (
        "a: [" + "x, " * 1_000_000 + "}",
        "f:1:3000005",
        "a value is missing before this",
    ),
    "quotes": ('"' + "\\" * 100_000, "f:1:1", "a quoted text begins here and never ends"),
    "bad escapes": ('"' + "\\/" * 50_000 + '"', "f:1:2", "this escape isn't one that Kubernetes reads"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refused_at_its_place(text: str, place: str, message: str) -> None:
    (fault,) = read_text(text, "f").diagnostics
    assert (str(fault.location), fault.message) == (place, message)


READ = {
    "a huge text": 'a: "' + "x" * 5_000_000 + '"',
    "a huge number": "a: " + "9" * 1_000_000,
    "a huge number in JSON": '{"a": ' + "9" * 1_000_000 + "}",
    "a number that overflows in JSON": '{"a": 1e999}',
    "as deep as can be": "[" * MAX_DEPTH + "]" * MAX_DEPTH,
    "as deep as can be in JSON": '{"a":' * MAX_DEPTH + "1" + "}" * MAX_DEPTH,
    "many anchors": "\n".join(f"k{index}: &a{index} 1" for index in range(20_000)),
    "a key again and again": "a: 1\n" * 20_000,
    "a key again and again in JSON": "{" + '"a": 1,' * 20_000 + '"b": 2}',
    "many kinds": "kind:\n" * 20_000,
    "half of a pair in JSON": r'{"\ud800": "\udc00\ud83d\ude00\\ud800"}',
}


@pytest.mark.parametrize("text", READ.values(), ids=READ.keys())
def test_read(text: str) -> None:
    reading = read_text(text)
    assert reading.diagnostics == ()
    (document,) = reading.documents
    document.origin.locate(("a", "a"))


def test_halves_of_pairs_are_replaced_as_go_does() -> None:
    (document,) = read_text(READ["half of a pair in JSON"]).documents
    assert document.value == {"\ufffd": "\ufffd\U0001f600\\ud800"}


MANY = {
    "documents": "a: 1\n---\n",
    "bad documents": "a: [\n---\n",
    "separators": "---\n",
    "bad separators": "--- x\n",
    "blank lines": "\n",
    "comments": "#\n",
    "items": "-\n",
}


@pytest.mark.parametrize("text", MANY.values(), ids=MANY.keys())
def test_the_time_grows_with_the_size(text: str) -> None:
    """No seconds: ten times the text takes at most forty times as long."""

    def seconds(count: int) -> float:
        start = time.process_time()
        read_text(text * count)
        return time.process_time() - start

    small = min(seconds(2_000) for _ in range(3))
    assert seconds(20_000) <= max(40 * small, 0.2)


def assert_sound(reading: Reading[Document]) -> None:
    """What holds whatever was read."""
    for document in reading.documents:
        document.origin.locate(("spec", 0, "a"))
    for each in reading.diagnostics:
        assert each.location is not None
        assert str(each).encode("utf-8")
    assert set(reading.unparsed) <= set(reading.diagnostics)


PIECES = st.sampled_from(
    ["a", "b: ", "- ", "\n", "  ", "{", "}", "[", "]", ",", ": ", '"', "'", "&a ", "*a", "<<: ",
     "? ", "!", "!!int ", "|", ">", "#", "%", "\t", "\\", "\\u", "\\ud8", "---\n", "...\n", "{{",
     "kind: List\n", "items:\n", "1e3", "~", ".inf", "\r", "\x85", "\u2028", "\ufeff", "\0", "é"],
)  # fmt: skip
SOUP = st.lists(PIECES, max_size=40).map("".join)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_reading(data: bytes) -> None:
    assert_sound(read_text(data))


@given(SOUP)
def test_any_text_gives_a_reading(text: str) -> None:
    assert_sound(read_text(text))


@given(SOUP)
def test_any_text_gives_a_reading_with_a_brace_in_front(text: str) -> None:
    assert_sound(read_text("{" + text))


@given(SOUP, st.sampled_from([libyaml_parser, python_parser]))
def test_both_parsers_read_or_refuse(text: str, parser: Parser) -> None:
    with contextlib.suppress(RefusedError):
        read_yaml(text, parser)
