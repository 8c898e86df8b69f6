"""`kind: List` and its typed relatives, taken apart (DEC-9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeGuard

from netsim.source.content import Repeated
from netsim.source.origin import Path


def unrolled(value: object, inside: Path = ()) -> Iterator[tuple[object, Path]]:
    """Each object in `value` with its path: itself, or where it is a list all of its items.

    Lists in lists are taken apart too. Items of a typed list that don't say their apiVersion and
    kind get them from it. A list whose `items` can't be items comes out as it is.
    """
    items = value.get("items") or [] if is_list(value) else None
    if not isinstance(items, list):
        yield value, inside
        return
    inherited = _inherited(value)
    for index, item in enumerate(items):
        if inherited and isinstance(item, dict):
            item = {**inherited, **item}
        yield from unrolled(item, (*inside, "items", index))


def is_list(value: object) -> TypeGuard[dict[str, object]]:
    """Whether a document's kind is List, or ends so and has `items`."""
    if not isinstance(value, dict):
        return False
    kind = value.get("kind")
    return kind == "List" or (isinstance(kind, str) and kind.endswith("List") and "items" in value)


def _inherited(value: object) -> dict[str, object]:
    if not is_list(value) or value["kind"] == "List":
        return {}
    given = {"apiVersion": value.get("apiVersion"), "kind": str(value["kind"])[: -len("List")]}
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
