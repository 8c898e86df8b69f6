"""The expressions of GitHub Actions, as far as action.yml uses them.

`||` and `&&` give one of their operands, a name that there isn't is the empty text, and a condition
without a status function holds only where no step has failed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|\|\||&&|==|!=|!|\(|\)|[\w-]+(?:\.[\w-]+)*)")
_STATUS = ("always", "cancelled", "failure", "success")


def filled(text: str, names: Mapping[str, Any]) -> str:
    """A text with the values of what stands in its `${{ … }}`."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(_value(found[1], names)), text)


def holds(condition: str, names: Mapping[str, Any], *, failed: bool) -> bool:
    """Whether a step with this condition runs, after others of which one may have failed."""
    if not any(f"{name}()" in condition for name in _STATUS):
        return not failed and bool(_value(condition, names))
    functions = {"always": True, "cancelled": False, "failure": failed, "success": not failed}
    return bool(_value(condition, {**names, **functions}))


def _value(text: str, names: Mapping[str, Any]) -> Any:
    tokens = _TOKEN.findall(text)
    assert "".join(tokens) == re.sub(r"\s(?=(?:[^']*'[^']*')*[^']*$)", "", text), text
    value = _either(tokens, names)
    assert not tokens, text
    return value


def _either(tokens: list[str], names: Mapping[str, Any]) -> Any:
    value = _both(tokens, names)
    while _take(tokens, "||"):
        other = _both(tokens, names)
        value = value or other
    return value


def _both(tokens: list[str], names: Mapping[str, Any]) -> Any:
    value = _comparison(tokens, names)
    while _take(tokens, "&&"):
        other = _comparison(tokens, names)
        value = value and other
    return value


def _comparison(tokens: list[str], names: Mapping[str, Any]) -> Any:
    value = _one(tokens, names)
    if _take(tokens, "=="):
        return value == _one(tokens, names)
    if _take(tokens, "!="):
        return value != _one(tokens, names)
    return value


def _one(tokens: list[str], names: Mapping[str, Any]) -> Any:
    if _take(tokens, "!"):
        return not _one(tokens, names)
    if _take(tokens, "("):
        value = _either(tokens, names)
        assert _take(tokens, ")")
        return value
    token = tokens.pop(0)
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    if _take(tokens, "("):
        assert _take(tokens, ")")
        return names[token]
    found: Any = names
    for name in token.split("."):
        found = found.get(name, "") if isinstance(found, Mapping) else ""
    return found


def _take(tokens: list[str], token: str) -> bool:
    """Take this token if it comes next."""
    if tokens[:1] != [token]:
        return False
    del tokens[0]
    return True
