"""Sets of port atoms as rows of 64-bit words."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from netsim.compiler.tables import Tables

Words = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.intp]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
_BITS = 64
WORD = (1 << _BITS) - 1


def words_for(tables: Tables) -> int:
    """How many words a set of port atoms takes."""
    return -(-tables.atoms.everything.bit_length() // _BITS)


def words_of(sets: Iterable[int], words: int) -> Words:
    """A row of so many words for each set."""
    raw = b"".join(bits.to_bytes(words * _BITS // 8, "little") for bits in sets)
    found: Words = np.frombuffer(raw, np.dtype("<u8")).astype(np.uint64).reshape(-1, words)
    return found
