"""The complaints of libyaml and of PyYAML's own parser, said in netsim's words."""

from __future__ import annotations

import re

import yaml

from netsim.source.content import MAX_DEPTH, RefusedError

# (a part of the parser's words, netsim's words, help); the first that occurs is taken.
_WORDINGS: tuple[tuple[str, str, str], ...] = (
    (
        "block sequence entries are not allowed",
        "a list item `-` can't stand here",
        "begin the list on a line of its own, indented as its key or deeper",
    ),
    (
        "mapping values are not allowed",
        "a `:` that makes a key can't stand here",
        "put the value in quotes if it holds `: `, or check the indentation of this line",
    ),
    ("mapping keys are not allowed", "a key can't stand here", ""),
    (
        "could not find expected ':'",
        "this line is neither `key: value` nor a list item",
        "add the `:`, or indent the line if it continues the text above",
    ),
    (
        "found a tab character",
        "a tab stands where only spaces may stand",
        "use spaces",
    ),
    (
        "found unexpected end of stream",
        "a quoted text begins here and never ends",
        "add the closing quote",
    ),
    (
        "found unexpected document indicator",
        "a quoted text begins here and doesn't end in its document",
        "add the closing quote",
    ),
    (
        "found unknown escape character",
        "this escape isn't one of YAML's",
        "write `\\\\` for a backslash in \"double\" quotes, or use 'single' quotes",
    ),
    (
        "invalid Unicode character escape",
        "this escape is no Unicode character",
        "",
    ),
    ("maximum nesting depth", f"nested deeper than {MAX_DEPTH} levels", ""),
    ("found unexpected ':'", "a `:` can't stand here", "put the text in quotes"),
    ("hexdecimal", "this escape wants hexadecimal digits", ""),
    ("hexadecimal", "this escape wants hexadecimal digits", ""),
    ("indentation indicator", "a block text can't be indented by 0", ""),
    (
        "comment or line break",
        "after `|` or `>` the text begins on the next line",
        "",
    ),
    (
        "did not find expected key",
        "the indentation of this line fits none of the lines above",
        "keys of one map stand in one column",
    ),
    (
        "expected <block end>",
        "the indentation of this line fits none of the lines above",
        "keys of one map stand in one column",
    ),
    (
        "did not find expected '-' indicator",
        "a list item was expected here",
        "items of one list stand in one column",
    ),
    ("expected ',' or ']'", "a `,` or the closing `]` is missing before this", ""),
    ("expected ',' or '}'", "a `,` or the closing `}` is missing before this", ""),
    (
        "expected <document start>",
        "a document ended before this, or a `%` line has no `---` after it",
        "",
    ),
    ("node content", "a value is missing before this", ""),
    ("undefined tag handle", "this tag has a prefix that isn't declared", ""),
    ("alphabetic or numeric character", "an anchor or alias wants a name", ""),
    ("found undefined", "this isn't declared", ""),
    ("directive", "this `%` line isn't one of YAML's", ""),
    ("version number", "this `%YAML` line has no version that can be read", ""),
    ("tag", "this tag can't be read", ""),
    ("URI", "this tag can't be read", ""),
)
# Complaints about a text whose beginning tells more than the place where the parser gave up.
_BEGINNINGS = ("found unexpected end of stream", "found unexpected document indicator")


_CONTROL = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INDENTING_TAB = re.compile(" *\t")
_BEYOND = re.compile(r"\\U(?!000|0010)")


def refused(error: Exception, text: str) -> RefusedError:
    """What a YAML parser raised over `text`, in netsim's words and with its place."""
    if isinstance(error, yaml.MarkedYAMLError):
        return _from_marks(error, text)
    if isinstance(error, yaml.YAMLError):
        return _control_character(text)
    # What is left is PyYAML's own parser on an escape beyond Unicode.
    beyond = _BEYOND.search(text)
    offset = beyond.start() if beyond else 0
    return RefusedError("this escape is no Unicode character", "DEC-4", "", offset)


def _from_marks(error: yaml.MarkedYAMLError, text: str) -> RefusedError:
    problem = error.problem or "no YAML"
    marks = [error.problem_mark, error.context_mark][:: -1 if problem in _BEGINNINGS else 1]
    offset = next((mark.index for mark in marks if mark is not None), 0)
    message, help = _wording(problem, text[offset : offset + 1])
    if _INDENTING_TAB.match(text, text.rfind("\n", 0, offset) + 1):
        help = "indent this line with spaces: it begins with a tab"
    return RefusedError(message, "DEC-4", help, offset)


def _control_character(text: str) -> RefusedError:
    found = _CONTROL.search(text)
    if found is None:
        return RefusedError("not valid YAML", "DEC-4", offset=0)
    message = f"the control character U+{ord(found[0]):04X} can't stand in YAML"
    return RefusedError(message, "DEC-1", "remove it, or write it as an escape", found.start())


def _wording(problem: str, character: str) -> tuple[str, str]:
    """The message and the help for a parser's complaint about `character`."""
    if "cannot start any token" in problem:
        return _unexpected(character)
    for part, message, help in _WORDINGS:
        if part in problem:
            return message, help
    return f"not valid YAML: {problem}", ""


def _unexpected(character: str) -> tuple[str, str]:
    if character == "\t":
        return "a tab stands where only spaces may stand", "use spaces"
    return f"a value can't begin with `{character}`", "put it in quotes"
