"""Small parts of manifests that are written again and again: judged once, and built once."""

from __future__ import annotations

from collections.abc import Callable
from marshal import dumps
from typing import Any, TypeVar

from netsim.schema.fault import Fault

T = TypeVar("T")

_MOST = 1 << 13
_LARGEST = 1 << 12  # bytes: what is larger is hardly written again, and would fill the memory
# Of this version the bytes are the content alone, to the type of every number: newer ones tell
# objects that are shared from those that are equal.
_VERSION = 2
_FEW = 64  # parts: about what one document has

# The id of a part -> its content; and the parts, so that their ids stay their own.
_contents: dict[int, bytes] = {}
_parts: list[object] = []


def judged_once(judge: Callable[..., list[Fault] | None]) -> Callable[..., list[Fault]]:
    """`judge`, which a part without faults is put to only once. More arguments must be hashable."""
    fine: set[object] = set()

    def judged(part: Any, *context: object) -> list[Fault]:
        content = _contents.get(id(part)) or _written(part)
        key = (content, context) if context else content
        if key in fine:
            return []
        found = judge(part, *context) or []  # new ones each time: whoever gets them adds to them
        if not found and len(content) <= _LARGEST:
            if len(fine) >= _MOST:
                fine.clear()
            fine.add(key)
        return found

    return judged


def built_once(build: Callable[..., T]) -> Callable[..., T]:
    """`build`, whose immutable results are the same object for the same content and context."""
    results: dict[object, T] = {}

    def built(part: Any, *context: Any) -> T:
        content = _contents.get(id(part)) or _written(part)
        key = (content, context) if context else content
        result = results.get(key)
        if result is not None:
            return result
        result = build(part, *context)
        if len(content) <= _LARGEST:
            if len(results) >= _MOST:
                results.clear()
            results[key] = result
        return result

    return built


def _written(part: Any) -> bytes:
    """What a part says, written once for all that is asked of it: its shape, its validity, what it
    becomes. Nobody changes it in between.
    """
    if len(_parts) >= _FEW:
        _contents.clear()
        _parts.clear()
    content = _contents[id(part)] = dumps(part, _VERSION)
    _parts.append(part)
    return content
