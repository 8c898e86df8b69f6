"""Bytes that can't be read, and the one line that says where and why."""

from __future__ import annotations

import pytest

from netsim.errors import Diagnostic, FaultType, Severity
from netsim.source.documents import read_text


def lines(data: str | bytes) -> list[str]:
    """Each diagnostic without its help, of a file called `f`."""
    return [str(each).partition("\n")[0] for each in read_text(data, "f").diagnostics]


FAULTS: list[tuple[str | bytes, str]] = [
    # DEC-1
    (b"a: 1\nb: \xe9t\xe9\n", "f:2:4: not UTF-8: the byte 0xe9 can't stand here"),
    ("é: é\n".encode() + b"\xff", "f:2:1: not UTF-8: the byte 0xff can't stand here"),
    ("a: 1\n".encode("utf-16"), "f:1:1: not UTF-8: the byte 0xff can't stand here"),
    ("\ufeffé".encode() + b"\xff", "f:1:2: not UTF-8: the byte 0xff can't stand here"),
    ("a: \ud800\n", "f:1:4: not UTF-8: the byte 0xed can't stand here"),
    ("a: 1\nb: x\x01y\n", "f:2:5: the control character U+0001 can't stand in YAML"),
    ("a: é\x00\n", "f:1:5: the control character U+0000 can't stand in YAML"),
    # DEC-2
    ("a: 1\n--- foo\nb: 2\n", "f:2:4: `foo` can't follow `---` on its line"),
    ("a: 1\n--- {b: 2}\n", "f:2:4: `{b: 2}` can't follow `---` on its line"),
    ("---- \n", "f:1:4: `-` can't follow `---` on its line"),
    (
        "a: 1\n...\nb: 2\n",
        "f:3:1: this and what follows is ignored, as Kubernetes ignores it: the document has ended",
    ),
    (
        "{a: 1}\n# c\n  {b: 2}\n",
        "f:3:3: this and what follows is ignored, as Kubernetes ignores it: the document has ended",
    ),
    ("", "f: nothing but blanks and comments in here"),
    ("---\n# c\n---\n", "f: nothing but blanks and comments in here"),
    ("null\n", "f: nothing but blanks and comments in here"),
    (
        "a: |\n  x\n---\n  y: [\n",
        "f:5:1: a value is missing before this",
    ),
    (
        "%YAML 1.1\n---\na: 1\n",
        "f:2:1: a document ended before this, or a `%` line has no `---` after it",
    ),
    # DEC-4
    ("a:\n\tb: 1\n", "f:2:1: a tab stands where only spaces may stand"),
    ("a: [1, 2\nb: 3\n", "f:2:2: a `,` or the closing `]` is missing before this"),
    ("a: {b: 1\n", "f:2:1: a `,` or the closing `}` is missing before this"),
    ("a: b: c\n", "f:1:5: a `:` that makes a key can't stand here"),
    ("a: - b\n", "f:1:4: a list item `-` can't stand here"),
    ("a: 'b\n", "f:1:4: a quoted text begins here and never ends"),
    ('a: "b\n', "f:1:4: a quoted text begins here and never ends"),
    ("a: 1\n b: 2\n", "f:2:3: a `:` that makes a key can't stand here"),
    ("a:\n  b: 1\n c: 2\n", "f:3:2: the indentation of this line fits none of the lines above"),
    ("a: 1\nfoo\nb: 2\n", "f:3:1: this line is neither `key: value` nor a list item"),
    ("- a\nb: 1\n", "f:2:1: a list item was expected here"),
    ("a: @b\n", "f:1:4: a value can't begin with `@`"),
    ("a: `b`\n", "f:1:4: a value can't begin with ```"),
    ("a: %b\n", "f:1:4: a value can't begin with `%`"),
    ('a: "\\q"\n', "f:1:5: this escape isn't one of YAML's"),
    ('a: "b\\/"\n', "f:1:6: this escape isn't one that Kubernetes reads"),
    ('a: "\\ud800"\n', "f:1:7: this escape is no Unicode character"),
    ("a: |x\n", "f:1:5: after `|` or `>` the text begins on the next line"),
    ("a: [x?]\n", "f:1:6: a `?` can't stand in plain text between brackets"),
    (
        '{"a": 1,}}\n',
        "f:1:10: this and what follows is ignored, as Kubernetes ignores it: the document has ended",
    ),
    ("é: [" + "x, " * 5000 + "}\n", "f:1:15005: a value is missing before this"),
    # DEC-5, DEC-6, DEC-7
    ("a: {b: 1, ~: 2}\n", "f:1:11: null can't be a key"),
    ("a: 1\n? [b]\n: 1\n", "f:2:3: a list can't be a key"),
    ("a:\n- .inf\n", "f:2:3: `.inf` is no number that JSON can write"),
    ("a: !!int b\n", "f:1:4: `b` is not of the type `!!int`"),
    ("a: [!b, 1]\n", "f:1:5: this tag can't be read"),
    ("a: ! 1\n", "f:1:4: the tag `!` without a name isn't read"),
    # DEC-8
    ("a: *b\n", "f:1:4: there is no anchor `&b` before this"),
    ("a: &b [*b]\n", "f:1:8: the value of `&b` contains itself"),
    ("a: &b 1\n<<: *b\n", "f:2:5: `<<` merges a map or a list of maps"),
    # DEC-24
    ("a: {{ .Values.x }}\n", "f:1:4: a Helm or Go template, not a manifest"),
    ("{{- if .x }}\na: 1\n{{- end }}\n", "f:1:1: a Helm or Go template, not a manifest"),
    ("a: 1\n{{ include }}\n", "f:2:1: a Helm or Go template, not a manifest"),
    ("\n- op: add\n  path: /a\n", "f:2:1: a kustomize patch, not a manifest"),
    ("$patch: delete\nkind: Pod\n", "f:1:1: a kustomize patch, not a manifest"),
]


@pytest.mark.parametrize(("data", "line"), FAULTS)
def test_one_line_with_its_place(data: str | bytes, line: str) -> None:
    assert lines(data) == [line]


def test_all_documents_are_read_after_a_fault() -> None:
    reading = read_text("a: [\n---\nb: 1\n---\nc: {\n---\nd: 2\n", "f")
    assert [document.value for document in reading.documents] == [{"b": 1}, {"d": 2}]
    assert [str(each.location) for each in reading.diagnostics] == ["f:2:1", "f:6:1"]
    assert reading.unparsed == reading.diagnostics


@pytest.mark.parametrize(("data", "line"), FAULTS)
def test_a_fault_is_one_of_the_whole_document(data: str | bytes, line: str) -> None:
    reading = read_text(data)
    (fault,) = reading.diagnostics
    assert fault.path == ""
    if fault.severity is Severity.ERROR:
        assert fault.type is FaultType.DECODE
        assert reading.unparsed == (fault,)
    else:
        assert reading.unparsed == ()


def helps(data: str | bytes) -> list[str]:
    return [each.help for each in read_text(data).diagnostics]


def test_helps_name_the_cause() -> None:
    assert helps("a: 1\n") == []
    assert "spaces" in helps("a:\n  b: 1\n\tc: 2\n")[0]
    assert "UTF-16" in helps("a: 1\n".encode("utf-16"))[0]
    assert "helm template" in helps("a: {{ x }}\n")[0]
    assert "kustomize build" in helps("- {op: add, path: /a}\n")[0]


def test_a_template_in_quotes_is_a_text() -> None:
    reading = read_text("a: '{{ $labels.pod }}'\n")
    assert reading.documents[0].value == {"a": "{{ $labels.pod }}"}
    assert reading.diagnostics == ()


def test_a_fault_beside_a_template_in_quotes_is_a_fault() -> None:
    assert lines("a: '{{ $labels.pod }}'\nb: [\n") == ["f:3:1: a value is missing before this"]


def test_the_slow_parser_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    from netsim.source import syntax, yaml_events

    monkeypatch.setattr(yaml_events, "best_parser", yaml_events.python_parser)
    syntax.yaml_syntax.cache_clear()
    try:
        found: tuple[Diagnostic, ...] = read_text("a: &x 1\n---\nb: [2,]\n").diagnostics
        nothing = read_text('{"a": 1}\n---\na: [1]\n').diagnostics  # it had nothing to do
    finally:
        syntax.yaml_syntax.cache_clear()
    assert [(each.severity, each.code) for each in found] == [(Severity.WARNING, "YAML")]
    assert nothing == ()
