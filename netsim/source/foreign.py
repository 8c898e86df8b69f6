"""Texts that only look like manifests: templates and patches (DEC-24)."""

from __future__ import annotations

import re
from enum import Enum

_TEMPLATE = re.compile(r"^[ \t]*(?:-[ \t]+)*(?:[\w./-]+:[ \t]+)?\{\{", re.MULTILINE)


class Foreign(Enum):
    """What a text is instead of a manifest: (in words, how to make manifests of it)."""

    TEMPLATE = (
        "a Helm or Go template, not a manifest",
        "render it first: `helm template CHART | netsim … -f -`",
    )
    PATCH = (
        "a kustomize patch, not a manifest",
        "build it first: `kustomize build DIR | netsim … -f -`",
    )

    def __init__(self, words: str, help: str) -> None:
        self.words = words
        self.help = help


def template_offset(text: str, refused_at: int) -> int | None:
    """Where a text that isn't YAML shows that it is a template, or None.

    An action in the line that was refused, or one that stands where a key or a value begins:
    `{{` inside a longer text is none of YAML's business.
    """
    start = text.rfind("\n", 0, refused_at) + 1
    in_line = text.find("{{", start, (text.find("\n", start) + 1 or len(text)))
    if in_line >= 0:
        return in_line
    found = _TEMPLATE.search(text)
    return found.end() - 2 if found else None


def is_patch(value: object) -> bool:
    """Whether a document changes an object instead of being one: a JSON patch, or `$patch`."""
    if isinstance(value, list) and value:
        return all(isinstance(item, dict) and {"op", "path"} <= item.keys() for item in value)
    return isinstance(value, dict) and "$patch" in value
