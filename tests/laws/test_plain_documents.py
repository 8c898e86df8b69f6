"""What the reader of plain documents reads, the full reader reads in the same way (DEC-4..8, 11).

It may leave any document to the full one, so that is all that can go wrong; `test_plain_lines.py`
of `tests/source` tells that it leaves few.
"""

from __future__ import annotations

from depth import examples
from hypothesis import given
from hypothesis import strategies as st

from netsim.source.content import MAX_DEPTH, Read, RefusedError
from netsim.source.plain_lines import PlainLines
from netsim.source.yaml_reader import read_yaml

_KEYS = ("a", "b", "app.kubernetes.io/name", "policyTypes", "80", "yes", "n", "x-y", "1e3", "A_b")
_VALUES = (
    *(
        "v1",
        "web",
        "a b",
        "a  b",
        "80",
        "0x1F",
        "0o7",
        "010",
        "1_000",
        "1.5",
        "-1",
        "+2",
        ".5",
        "1e3",
    ),
    *("yes", "off", "y", "null", "true", "2024-01-01", "1:20", "9" * 30, "http://x:80/y", "a :b"),
    *("x#y", "x# y", "a,b", "a]", "a}b{", "a\\b", 'a"b', "a'b", "--x", "-x", "a ? b", "a & *b !c"),
    *(
        '""',
        "''",
        '"a"',
        "'a b'",
        '"a: b #c"',
        "' 80'",
        '"- a"',
        "{}",
        "[]",
        "-/",
        "x" * 1100,
        "...",
    ),
)
# What parts of a line may be mistaken for.
_ODD_KEYS = (
    *(
        "true",
        "null",
        "<<",
        '"a"',
        "'b'",
        "~",
        "-a",
        "&x a",
        "*x",
        "!t a",
        "? a",
        "a b",
        "a:b",
        "é",
    ),
    *(
        "{a}",
        "a#",
        "",
        "[a]",
        "---",
        "...",
        "%YAML 1.1",
        "a" * 300,
        "a" * 1100,
        "@a",
        "a,",
        "-",
        "#",
    ),
)
_ODD_VALUES = (
    *("", "~", "-.inf", ".nan", "1e999", "a: b", "a:", "x #y", "#x", "a:,b", "a:]", "a:}b", "{ }"),
    *("{} x", "[a]", "{a: b}", "[a", "{a:}", "'it''s'", '"a\\nb"', '"a', "'a", '"a" b', "'a':"),
    *('"\\/"', "|", ">-", "|\n  text", "&x", "&x v", "*x", "!t", "!!str 80", "? a", "- a", "- - a"),
    *("-", "--", "---", "a\tb", "\ta", "é", "\x07", "\x85", "@a", "`a", "%a", "$a", "(a)", "<a"),
    *(
        "=",
        "a ",
        "<<",
        "{{ .Values }}",
        "a\n b",
        "'a\n b'",
        ",",
        "]",
        "}",
        ":",
        ": a",
        ":a",
        "?",
        "!",
    ),
)
_ODD_BREAKS = (
    "\n\n",
    "\n# a comment\n",
    " # a comment\n",
    "\n  # b\n",
    "\r\n",
    " \n",
    "\n  \n",
    "",
)


def _often(usual: tuple[str, ...], odd: tuple[str, ...]) -> st.SearchStrategy[str]:
    """One of the usual ones, nine times in ten."""
    return st.integers(0, 9).flatmap(lambda n: st.sampled_from(usual if n else odd))


# What stands between brackets, and what may be mistaken for it.
_FLOW_KEYS = ("a", "b: c", '"a"', "'b'", '"c d"', "yes", "80", '"<<"')
_FLOW_TEXTS = (
    *("b", "x y", "80", "8080/tcp", "a::b", "-1", "1e3", "p/*", '"*"', "'a, b'", '"{x=y}"', "it's"),
    *("http://x:80/y", "yes", "~a", "a#b", '"a:,b"', "'x:]'", "''", "x" * 1100, "9" * 30, "-/"),
)
_ODD_FLOW_TEXTS = (
    *("", "?", "a?b", "? a", "*", "*a", "&a b", "!a", "!", "#a", "a #b", ":", ":a", "a:", "a: b"),
    *("a :b", "a : b", "a:?b", "-", "- a", "a\tb", "'a''b'", '"a\\n"', '"\\/"', '"a" b', '"a":b'),
    *("'a'", '"a', "a]", "a}b", "a[b", "{}", "[ ]", ".inf", "null", "<<", "é", "\n  a", "{{ a }}"),
)
_BLANKS = _often(("", " ", "  "), ("\t", "\n  ", " # a\n  ", " #"))


@st.composite
def _flow(draw: st.DrawFn, depth: int = 3) -> str:
    """A flow collection, now and then with something odd in it."""
    is_map, parts = draw(st.booleans()), []
    for _ in range(draw(st.integers(0, 3))):
        if depth and draw(st.integers(0, 2)) == 0:
            value = draw(_flow(depth - 1))
        else:
            value = draw(_often(_FLOW_TEXTS, _ODD_FLOW_TEXTS))
        if draw(st.integers(0, 15)) != 0 if is_map else draw(st.integers(0, 15)) == 0:
            key = draw(_often(_FLOW_KEYS, _ODD_FLOW_TEXTS))
            value = key + draw(_often((": ", ":  "), (":", " : ", ":\t", ""))) + value
        parts.append(draw(_BLANKS) + value + draw(_BLANKS))
    text = ",".join(parts) + draw(_often(("",), (",", ", ", ",,")))
    return f"{{{text}}}" if is_map else f"[{text}]"


@st.composite
def _lines(draw: st.DrawFn) -> str:
    """Lines that hang together by chance: most indents follow from the line before."""
    text, indent = "", 0
    for _ in range(draw(st.integers(1, 8))):
        dashes = draw(st.sampled_from(["", "", "", "", "- ", "- ", "- - ", "-  "]))
        key = draw(_often(_KEYS, _ODD_KEYS))
        value = draw(_often(_VALUES, _ODD_VALUES) | _flow())
        colon = draw(_often((": ", ":  "), (":", " : ", ":\t")))
        content = draw(st.sampled_from([f"{key}{colon}{value}", f"{key}:", value]))
        text += " " * indent + dashes + content + draw(_often(("\n",), _ODD_BREAKS))
        indent = max(0, indent + draw(st.sampled_from([0, 0, 0, 2, 2, 2, -2, -2, 1, -1, 4, -4])))
    return text


_TEXTS = _often(_VALUES, _ODD_VALUES) | _flow()
_TREES: st.SearchStrategy[object] = st.recursive(
    _TEXTS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from(_KEYS), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def _written(value: object, indent: int, list_indent: int) -> str:
    """A value as block YAML, from its first line's text on."""
    if isinstance(value, dict):
        entries = [f"{key}:{_below(inner, indent, list_indent)}" for key, inner in value.items()]
        return f"\n{' ' * indent}".join(entries)
    if isinstance(value, list):
        return f"\n{' ' * indent}".join(
            f"- {_written(inner, indent + 2, list_indent)}" for inner in value
        )
    return str(value)


def _below(value: object, indent: int, list_indent: int) -> str:
    if isinstance(value, str):
        return f" {value}"
    indent += list_indent if isinstance(value, list) else 2
    return f"\n{' ' * indent}{_written(value, indent, list_indent)}"


@st.composite
def _documents(draw: st.DrawFn) -> str:
    """Whole documents, of which some are damaged afterwards."""
    value = {draw(st.sampled_from(_KEYS)): draw(_TREES) for _ in range(draw(st.integers(1, 3)))}
    text = _written(value, 0, draw(st.sampled_from([0, 2, 4]))) + "\n"
    for _ in range(draw(st.sampled_from([0, 1, 1, 2]))):
        text = draw(st.sampled_from([_line_twice, _line_moved, _cut, _put_in]))(draw, text)
    return text


def _line_twice(draw: st.DrawFn, text: str) -> str:
    lines = text.splitlines(keepends=True)
    lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(lines or [""])))
    return "".join(lines)


def _line_moved(draw: st.DrawFn, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    index = draw(st.integers(0, len(lines) - 1))
    lines[index] = draw(st.sampled_from(["  ", " ", "- "])) + lines[index]
    return "".join(lines)


def _cut(draw: st.DrawFn, text: str) -> str:
    start = draw(st.integers(0, len(text)))
    return text[:start] + text[start + draw(st.integers(1, 4)) :]


def _put_in(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(list(" \n:-#'\"{}[]&*!|>?,\\\t\ré0"))) + text[at:]


@given(st.lists(_lines() | _documents(), min_size=1, max_size=4))
@examples(150)
def test_a_plain_document_is_read_as_the_full_reader_reads_it(texts: list[str]) -> None:
    plain = PlainLines()
    for text in [*texts, *texts]:  # the second time from memory
        value = plain.read(text)
        if value is not None:
            assert repr(_full(text)) == repr(Read(value)), text  # repr tells 1, 1.0 and true apart


def _full(text: str) -> object:
    try:
        return read_yaml(text)
    except RefusedError as refusal:
        return refusal.message


@given(st.integers(1, MAX_DEPTH), st.sampled_from([0, 1, 2]))
def test_depth_is_judged_alike(depth: int, step: int) -> None:
    if step:
        text = "".join(f"{' ' * (step * level)}a:\n" for level in range(depth))
    else:
        text = "a:\n" + "".join(f"{' ' * (2 * level)}- a:\n" for level in range(depth // 2))
    value = PlainLines().read(text)
    if value is not None:
        assert repr(_full(text)) == repr(Read(value))
