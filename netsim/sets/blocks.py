"""Large sets, and partitions of them, in blocks: most touch few blocks, and there they are small.

A place is a bit of a block. What holds for blocks that aren't written is said by whoever keeps
the mapping: nothing, or what a shared one says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from netsim.sets.bitset import Cells, members, united

# block -> its places. INVARIANT: no set is 0.
Places = Mapping[int, int]
# block -> what its places have.
Blocks = Mapping[int, Cells]


def places_of(numbers: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The set of these (block, bit number) places."""
    found: dict[int, int] = {}
    for block, bit in numbers:
        found[block] = found.get(block, 0) | 1 << bit
    return found


def each_place(places: Places) -> Iterator[tuple[int, int]]:
    """The places of a set as (block, bit number), ascending in each block."""
    for block, bits in places.items():
        for bit in members(bits):
            yield block, bit


def either(one: Places, other: Places) -> dict[int, int]:
    """The places of both sets."""
    found = dict(one)
    for block, bits in other.items():
        found[block] = found.get(block, 0) | bits
    return found


def put(blocks: dict[int, Cells], places: Places, value: int) -> None:
    """Put `value` into what each of `places` has."""
    for block, bits in places.items():
        blocks[block] = united(blocks.get(block, {}), bits, value)
