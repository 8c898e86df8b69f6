"""Colons at the end of plain text between brackets, kept as go-yaml v2 keeps them.

To Kubernetes `{a:}` has the key `a:`, since only a blank after a colon ends a key (SEMANTICS
Appendix A). libyaml refuses it, and PyYAML's own parser reads the key `a`. So in a text that
has such colons a stand-in takes their place while it is parsed; what was no plain text after all
(quoted, a comment, outside of brackets) doesn't mind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from yaml.events import ScalarEvent

_SUSPECT = re.compile(r":[,\[\]{}]")
# Behind plain text: behind anything else the colon does make a key.
_AT_THE_END = re.compile(r"""(?<=[^\s"'\[\]{},])([ \t]*):(?=[,\[\]{}])""")
_STAND_INS = [chr(code) for code in range(0xE000, 0xF900)]  # Unicode leaves them to private use


def parse_keeping_colons(
    text: str, parser: Callable[[str], Callable[[], Any]]
) -> Callable[[], Any]:
    """The events that `parser` finds in `text`, such colons being a part of their scalars."""
    if not _SUSPECT.search(text):
        return parser(text)
    stand_in = next((character for character in _STAND_INS if character not in text), ":")
    next_event = parser(_AT_THE_END.sub(rf"\1{stand_in}", text))

    def next_restored() -> Any:
        event = next_event()
        if type(event) is ScalarEvent:
            event.value = event.value.replace(stand_in, ":")
        return event

    return next_restored
