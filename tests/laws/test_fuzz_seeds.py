"""What breaks an invariant is found from any seed, with no edit that could be left out."""

from __future__ import annotations

import pytest
from depth import DEPTH
from invariant_files import FILES, InvariantFile, breaks, droppable

import netsim

SEEDS = range(2 * DEPTH)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("file", FILES, ids=str)
def test_found_and_minimal(file: InvariantFile, seed: int) -> None:
    found = file.invariant.find(netsim.load(file.violated), seed=seed)
    assert found is not None
    assert breaks(found, found.edits)
    assert droppable(found) == []
