"""The syntax of names, label keys, label values and port names.

Each rule takes a text and answers with its complaints: none where the text is fine, one for
every clause of the rule that it breaks. All of them mean ASCII and the whole text (VAL-4).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

NameRule = Callable[[str], tuple[str, ...]]

_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(rf"{_LABEL.pattern}(?:\.{_LABEL.pattern})*")
_WORD = re.compile(r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_PORT_CHARACTERS = re.compile(r"[-a-z0-9]+")
_A_LETTER = re.compile(r"[a-z]")

_ENDS = "beginning and ending with a letter or digit"
_SUBDOMAIN_TEXT = f"must be lower-case letters, digits, `-` and `.`, each part {_ENDS}"
_LABEL_TEXT = f"must be lower-case letters, digits and `-`, {_ENDS}"
_WORD_TEXT = f"letters, digits, `-`, `_` and `.`, {_ENDS}"


@lru_cache(maxsize=1 << 14)
def dns_subdomain(text: str) -> tuple[str, ...]:
    """DNS-1123 subdomain: the whole has at most 253 characters, a part may be longer than 63."""
    if len(text) > 253:
        return ("must have at most 253 characters",)
    if not _SUBDOMAIN.fullmatch(text):
        return (_SUBDOMAIN_TEXT,)
    return ()


@lru_cache(maxsize=1 << 14)
def dns_label(text: str) -> tuple[str, ...]:
    """DNS-1123 label: no dots, at most 63 characters, and digits may lead."""
    if len(text) > 63:
        return ("must have at most 63 characters",)
    if not _LABEL.fullmatch(text):
        return (_LABEL_TEXT,)
    return ()


@lru_cache(maxsize=1 << 14)
def qualified_name(text: str) -> tuple[str, ...]:
    """A label or annotation key: `name`, or `prefix/name` with a DNS subdomain as its prefix."""
    prefix, slash, name = text.rpartition("/")
    if "/" in prefix:
        return ("must have at most one `/`",)
    found: list[str] = []
    if slash and not prefix:
        found.append("must have a prefix before the `/`")
    elif slash:
        found += [f"its prefix {complaint}" for complaint in dns_subdomain(prefix)]
    if not 1 <= len(name) <= 63:
        found.append("its name must have 1 to 63 characters")
    elif not _WORD.fullmatch(name):
        found.append(f"its name must be {_WORD_TEXT}")
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def label_value(text: str) -> tuple[str, ...]:
    """A label value, which may be empty."""
    if len(text) > 63:
        return ("must have at most 63 characters",)
    if text and not _WORD.fullmatch(text):
        return (f"must be empty, or {_WORD_TEXT}",)
    return ()


@lru_cache(maxsize=1 << 12)
def port_name(text: str) -> tuple[str, ...]:
    """IANA_SVC_NAME (VAL-31): a complaint for each clause, so the empty text has two."""
    clauses = (
        (len(text) <= 15, "must have at most 15 characters"),
        (_PORT_CHARACTERS.fullmatch(text), "must be lower-case letters, digits and `-`"),
        (_A_LETTER.search(text), "must have at least one letter"),
        ("--" not in text, "must not have two hyphens in a row"),
        (text.strip("-") == text, "must not begin or end with a hyphen"),
    )
    return tuple(complaint for holds, complaint in clauses if not holds)


def generated(rule: NameRule) -> NameRule:
    """The rule for a `generateName`, which may end in the `-` before the generated characters."""

    def check(base: str) -> tuple[str, ...]:
        return rule(f"{base[:-1]}a" if len(base) > 1 and base.endswith("-") else base)

    return check
