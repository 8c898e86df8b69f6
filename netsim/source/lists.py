"""`kind: List` and its typed relatives, taken apart (DEC-9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

from netsim.source.content import Repeated
from netsim.source.origin import Path

_FIELDS = ("apiVersion", "kind", "metadata", "items")


def unrolled(value: object, inside: Path = ()) -> Iterator[tuple[object, Path]]:
    """Each object in `value` with its path: itself, or where it is a list all of its items.

    Lists in lists are taken apart too. Items of a typed list that don't say their apiVersion and
    kind get them from it. A list whose items can't be told comes out as it is.
    """
    items = _items(value)
    if items is None:
        yield value, inside
        return
    inherited = _inherited(value)
    for index, item in enumerate(items):
        if inherited and isinstance(item, dict):
            item = {**inherited, **item}
        yield from unrolled(item, (*inside, "items", index))


def is_list(value: object) -> TypeGuard[dict[str, object]]:
    """Whether a document is a list of objects, as kubectl takes it.

    Its kind is List, or ends so and it has `items`; or its items are all objects of their own,
    whatever its kind (`list`).
    """
    if not isinstance(value, dict) or not isinstance(kind := value.get("kind"), str):
        return False
    if not kind.endswith("List"):
        return "items" in value and _are_objects(value["items"])
    if any(key.lower() == "items" for key in value):
        return True
    return kind == "List" and "/" not in str(value.get("apiVersion"))


def odd_field(value: dict[str, object]) -> str | None:
    """A field of a list without `items` under which its objects may stand instead."""
    if "items" in value:
        return None
    return next((key for key in value if key not in _FIELDS), None)


def _items(value: object) -> list[object] | None:
    if not is_list(value) or odd_field(value) is not None:
        return None
    items = value.get("items") or []
    return items if isinstance(items, list) else None


def _are_objects(items: object) -> bool:
    return (
        isinstance(items, list)
        and bool(items)
        and all(isinstance(item, dict) and {"apiVersion", "kind"} <= item.keys() for item in items)
    )


def _inherited(value: object) -> dict[str, object]:
    kind = str(value["kind"]) if is_list(value) else ""
    if not is_list(value) or kind == "List" or not kind.endswith("List"):
        return {}
    given = {"apiVersion": value.get("apiVersion"), "kind": kind.removesuffix("List")}
    return {key: text for key, text in given.items() if text is not None}


def by_object(
    repeated: Iterable[Repeated], objects: Sequence[Path]
) -> tuple[dict[Path, list[Repeated]], list[Repeated]]:
    """Share out a document's repeated keys to the objects at these paths.

    The second part are those that stand in a list around the objects.
    """
    owned: dict[Path, list[Repeated]] = {path: [] for path in objects}
    rest: list[Repeated] = []
    for each in repeated:
        prefixes = (each.path[:length] for length in range(len(each.path) + 1))
        owner = next((prefix for prefix in prefixes if prefix in owned), None)
        (rest if owner is None else owned[owner]).append(each)
    return owned, rest
