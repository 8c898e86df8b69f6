"""A program that is updated by edits of policies of tiers answers as one compiled from nothing."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import NetsimError, Semantics, testing

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from option_strategies import semantics
from test_updates import pairs, same
from tier_flows import read, tiers_of

from netsim.testing.clusters import Manifest
from netsim.testing.edit_values import EditKind
from netsim.testing.tier_policies import SEVERAL
from netsim.testing.tiered_clusters import tiered_clusters

EDITS_OF_EACH = 3
OF_POLICIES = [kind for kind in EditKind if kind.value.startswith("policy-")]
OTHERS = [kind for kind in EditKind if kind not in OF_POLICIES]


@examples(40)
@given(tiered_clusters(SEVERAL), semantics(), st.sampled_from((OF_POLICIES, OTHERS)), st.data())
def test_an_update_is_a_load_from_nothing(
    cluster: list[Manifest], options: Semantics, kinds: list[EditKind], data: st.DataObject
) -> None:
    program = netsim.compile_snapshot(read(cluster, options))
    program.reach().checksum()
    for _ in range(EDITS_OF_EACH):
        try:
            edit = data.draw(testing.edits(program.snapshot, kinds=kinds))
            after = edit.made(netsim.edit(program.snapshot)).done()
        except (NetsimError, ValueError):  # refused, or none of these kinds is left
            continue
        updated, difference = program.update(after)
        expected = netsim.diff(program.snapshot, after)
        event(f"{'other' if difference else 'same'} by {str(edit).partition(' ')[0]}")
        assert pairs(difference) == pairs(expected)
        same(updated, netsim.compile_snapshot(after))
        program = updated


@examples(30)
@given(tiered_clusters(SEVERAL), semantics(), st.data())
def test_there_and_back_is_no_difference(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    program = netsim.compile_snapshot(read(cluster, options))
    assume(tiers_of(program.snapshot))
    edit = data.draw(testing.edits(program.snapshot, kinds=OF_POLICIES))
    there, difference = program.update(edit.made(netsim.edit(program.snapshot)))
    back, mirrored = there.update(program.snapshot)
    turned = {(one, other, new, old) for one, other, old, new in pairs(mirrored)}
    assert turned == pairs(difference)
    same(back, program)
