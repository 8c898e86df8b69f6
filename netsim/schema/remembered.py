"""Small parts of manifests that are written again and again: judged once, and built once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from marshal import dumps, loads
from typing import Any, TypeVar

from netsim.schema.fault import Fault

T = TypeVar("T")

_MOST = 1 << 14
# Of this version the bytes are the content alone, to the type of every number: newer ones tell
# objects that are shared from those that are equal.
_VERSION = 2


def judged_once(judge: Callable[..., list[Fault] | None]) -> Callable[..., list[Fault]]:
    """`judge`, which a part without faults is put to only once. More arguments must be hashable."""

    @lru_cache(maxsize=_MOST)
    def is_fine(content: bytes, *context: object) -> bool:
        return not judge(loads(content), *context)

    def judged(part: Any, *context: object) -> list[Fault]:
        if is_fine(dumps(part, _VERSION), *context):
            return []
        return judge(part, *context) or []  # new ones each time: whoever gets them adds to them

    return judged


def built_once(build: Callable[..., T]) -> Callable[..., T]:
    """`build`, whose immutable results are the same object for the same content and context."""

    @lru_cache(maxsize=_MOST)
    def of(content: bytes, *context: object) -> T:
        return build(loads(content), *context)

    def built(part: Any, *context: Any) -> T:
        return of(dumps(part, _VERSION), *context)

    return built
