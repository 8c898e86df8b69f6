"""The leaves of the schemas of custom resources: texts and numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from netsim.errors import FaultType
from netsim.schema.fault import Fault, quoted
from netsim.schema.structural import Schema, shown, type_invalid


@dataclass(frozen=True, slots=True)
class Text(Schema):
    """A string of at most `longest` characters, all of it as `pattern`, or one of `options`.

    `complaint` says what the pattern wants. `instead` maps a text in lower case to the option that
    was meant by it.
    """

    longest: int | None = None
    pattern: re.Pattern[str] | None = None
    complaint: str = ""
    options: tuple[str, ...] = ()
    instead: Mapping[str, str] = field(default_factory=dict)

    def faults(self, value: object) -> list[Fault]:
        is_text = type(value) is str
        found = self._text_faults(str(value)) if is_text else [type_invalid(value, "a string")]
        if self.options and value not in self.options:
            found.append(self._no_option(value))
        return found

    def _text_faults(self, text: str) -> list[Fault]:
        """At most one: the length hides the pattern."""
        if self.longest is not None and len(text) > self.longest:
            message = f"must have at most {self.longest} characters, not {len(text)}"
            return [Fault(FaultType.TOO_LONG, message)]
        if self.pattern and not self.pattern.fullmatch(text):
            return [Fault(FaultType.INVALID, f"{quoted(text)} {self.complaint}")]
        return []

    def _no_option(self, value: object) -> Fault:
        given = shown(value)
        meant = {option.lower(): option for option in self.options} | dict(self.instead)
        near = meant.get(given.lower())
        help = f"did you mean `{near}`?" if near else f"options: {', '.join(self.options)}"
        return Fault(FaultType.NOT_SUPPORTED, f"{quoted(given)} is none of the options", help)


@dataclass(frozen=True, slots=True)
class Whole(Schema):
    """A whole number from `least` to `most`. A fraction is held against the bounds as well."""

    least: int
    most: int

    def faults(self, value: object) -> list[Fault]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return [type_invalid(value, "a whole number")]
        found = [] if int(value) == value else [type_invalid(value, "a whole number")]
        if not self.least <= value <= self.most:
            written = int(value) if int(value) == value else value
            message = f"`{written}` must be {self.least} to {self.most}"
            found.append(Fault(FaultType.INVALID, message))
        return found
