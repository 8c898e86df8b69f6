"""The labels of one object: an immutable mapping that reads at the speed of a dict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NoReturn

# A label that is present with a value nobody knows offline (WL-7) carries this value. No
# manifest can write it, so equality and In fail, NotIn and Exists hold: the defaults of WL-7.
UNKNOWN_VALUE = "\0unknown"


class Labels(dict[str, str]):
    """Label keys and values. Frozen after construction, hashable, sorted when written.

    A key may be present with an unknown value (`Labels.with_unknown`, WL-7).
    """

    __slots__ = ()

    def with_unknown(self, keys: Iterable[str]) -> Labels:
        """These labels and, where a key is not among them, the key with an unknown value."""
        return Labels({**dict.fromkeys(keys, UNKNOWN_VALUE), **self})

    @property
    def unknown(self) -> frozenset[str]:
        """The keys whose value is not known offline."""
        return frozenset(key for key, value in self.items() if value == UNKNOWN_VALUE)

    def __str__(self) -> str:
        return ",".join(
            f"{key}=<unknown>" if value == UNKNOWN_VALUE else f"{key}={value}"
            for key, value in sorted(self.items())
        )

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Labels], tuple[dict[str, str]]]:
        return Labels, (dict(self),)

    def __or__(self, other: Mapping[str, str]) -> Labels:  # type: ignore[override]
        return Labels({**self, **other})

    def _frozen(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("labels are frozen")

    __setitem__ = __delitem__ = __ior__ = _frozen
    clear = pop = popitem = setdefault = update = _frozen


NO_LABELS = Labels()
