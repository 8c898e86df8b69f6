"""Label selectors as `kubectl -l` takes them: `app=web,tier in (a,b),!legacy`."""

from __future__ import annotations

import re

from netsim.errors import QueryError, query_error
from netsim.labels.labels import Labels
from netsim.labels.selector import Operator, Requirement, Selector

# All are compiled when first used: most questions have no selector.
_KEY = r"(?:[a-z0-9][-a-z0-9.]*/)?[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?"
_VALUE = r"(?:[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?)?"
_REQUIREMENT = (
    rf"!\s*(?P<absent>{_KEY})"
    rf"|(?P<key>{_KEY})"
    r"(?:\s*(?P<sign>==?|!=)\s*(?P<value>.*)|\s+(?P<word>in|notin)\s*\((?P<values>.*)\))?"
)
_COMMA = r",(?![^(]*\))"  # one that stands outside parentheses


def parse_selector(text: str) -> Selector:
    """The selector that `text` writes; an empty text selects everything.

    Raises QueryError if it is no selector.
    """
    if not text.strip():
        return Selector()
    return Selector.of(*(_requirement(part.strip(), text) for part in re.split(_COMMA, text)))


def parse_labels(text: str) -> Labels:
    """The labels that `text` writes: `app=web,tier=a`.

    Raises QueryError if it is no list of labels.
    """
    labels: dict[str, str] = {}
    for requirement in parse_selector(text).requirements:
        if requirement.operator is not Operator.IN or len(requirement.values) != 1:
            raise _refusal(text, f"`{requirement}` doesn't give one value", "labels")
        if requirement.key in labels:
            raise _refusal(text, f"`{requirement.key}` has two values", "labels")
        labels[requirement.key] = requirement.values[0]
    return Labels(labels)


def _requirement(part: str, text: str) -> Requirement:
    found = re.fullmatch(_REQUIREMENT, part, re.ASCII)
    if found is None:
        raise _refusal(text, f"`{part}` is no requirement", "a selector")
    if found["absent"]:
        return Requirement(found["absent"], Operator.DOES_NOT_EXIST)
    if not found["sign"] and not found["word"]:
        return Requirement(found["key"], Operator.EXISTS)
    written = found["values"].split(",") if found["word"] else [found["value"]]
    values = {value.strip() for value in written}
    wrong = [value for value in values if not re.fullmatch(_VALUE, value, re.ASCII)]
    if wrong:
        raise _refusal(text, f"`{min(wrong)}` is no label value", "a selector")
    negative = found["sign"] == "!=" or found["word"] == "notin"
    operator = Operator.NOT_IN if negative else Operator.IN
    return Requirement(found["key"], operator, tuple(sorted(values)))


def _refusal(text: str, why: str, wanted: str) -> QueryError:
    example = "app=web,tier=a" if wanted == "labels" else "app=web,tier in (a,b),!legacy"
    return query_error(f"`{{{text}}}` is not {wanted}: {why}", help=f"for example {{{example}}}")
