"""The anchors of one YAML document, and the bound on what its aliases may write out (DEC-8)."""

from __future__ import annotations

from netsim.source.content import MAX_DEPTH, RefusedError, too_deep

# Values are shared, so an alias costs nothing here; whoever walks the value pays for every copy.
# go-yaml allows 99 % of 400,000 nodes to come from aliases, and a smaller share of more.
MAX_NODES = 400_000


class Aliases:
    """What each anchor of a document stands for."""

    def __init__(self) -> None:
        self._values: dict[str, object] = {}
        self._extents: dict[int, tuple[int, int]] = {}
        self._written_out = 0

    def declare(self, anchor: str, value: object) -> None:
        """From here on `anchor` is `value`, which may still be filled. A later one replaces it."""
        self._values[anchor] = value

    def value(self, anchor: str, around: list[object]) -> object:
        """The value of an alias that stands inside the containers `around`.

        Raises RefusedError if the anchor isn't known, has begun and not ended, or if the aliases
        write out too much.
        """
        if anchor not in self._values:
            help = "an anchor is known from where it is written to the end of its document"
            raise RefusedError(f"there is no anchor `&{anchor}` before this", "DEC-8", help)
        value = self._values[anchor]
        if any(outer is value for outer in around):
            raise RefusedError(f"the value of `&{anchor}` contains itself", "DEC-8")
        nodes, height = self._extent(value)
        self._written_out += nodes
        if self._written_out > MAX_NODES:
            raise RefusedError(
                "the aliases write out too much", "DEC-8", f"at most {MAX_NODES:,} nodes"
            )
        if len(around) + height > MAX_DEPTH:
            raise too_deep()
        return value

    def _extent(self, value: object) -> tuple[int, int]:
        """How many nodes a complete value has, and how many levels. Each container is met once."""
        if not isinstance(value, dict | list):
            return 1, 0
        known = self._extents.get(id(value))  # INVARIANT: _values keeps it alive
        if known is None:
            children = value.values() if isinstance(value, dict) else value
            inner = [self._extent(child) for child in children]
            nodes = 1 + sum(nodes for nodes, _ in inner)
            known = nodes, 1 + max((height for _, height in inner), default=0)
            self._extents[id(value)] = known
        return known
