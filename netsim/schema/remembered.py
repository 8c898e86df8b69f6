"""Small parts of manifests that are written again and again: judged once, and built once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from marshal import dumps, loads
from typing import Any, TypeVar

from netsim.schema.fault import Fault

T = TypeVar("T")

_MOST = 1 << 13
_LARGEST = 1 << 12  # bytes: what is larger is hardly written again, and would fill the memory
# Of this version the bytes are the content alone, to the type of every number: newer ones tell
# objects that are shared from those that are equal.
_VERSION = 2
_FEW = 64  # parts: about what one document has

# The id of a part -> the part, so that the id stays its own, and its content.
_latest: dict[int, tuple[Any, bytes]] = {}


def judged_once(judge: Callable[..., list[Fault] | None]) -> Callable[..., list[Fault]]:
    """`judge`, which a part without faults is put to only once. More arguments must be hashable."""

    @lru_cache(maxsize=_MOST)
    def is_fine(content: bytes, *context: object) -> bool:
        return not judge(loads(content), *context)

    def judged(part: Any, *context: object) -> list[Fault]:
        content = _content(part)
        if len(content) <= _LARGEST and is_fine(content, *context):
            return []
        return judge(part, *context) or []  # new ones each time: whoever gets them adds to them

    return judged


def built_once(build: Callable[..., T]) -> Callable[..., T]:
    """`build`, whose immutable results are the same object for the same content and context."""

    @lru_cache(maxsize=_MOST)
    def of(content: bytes, *context: object) -> T:
        return build(loads(content), *context)

    def built(part: Any, *context: Any) -> T:
        content = _content(part)
        return of(content, *context) if len(content) <= _LARGEST else build(part, *context)

    return built


def _content(part: Any) -> bytes:
    """What a part says, written once for all that is asked of it: its shape, its validity, what it
    becomes. Nobody changes it in between.
    """
    known = _latest.get(id(part))
    if known is not None:
        return known[1]
    if len(_latest) >= _FEW:
        _latest.clear()
    content = dumps(part, _VERSION)
    _latest[id(part)] = part, content
    return content
