"""An invariant about one end is held against a part of the cluster: it says what the whole does."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from depth import examples
from hypothesis import assume, given
from hypothesis import strategies as st

from netsim import Snapshot, testing
from netsim.testing.single_edits import single_edits
from netsim.testing.trials import Trials

EDITS_OF_EACH = 8


@examples(6)
@given(testing.snapshots(), st.randoms(use_true_random=False))
def test_a_part_says_what_the_whole_does(snapshot: Snapshot, random: Random) -> None:
    spaces = sorted({pod.namespace for pod in snapshot.pods if not pod.finished})
    assume(len(spaces) > 1)
    to, other = random.sample(spaces, 2)
    for invariant in (
        testing.no_external_to(to),
        testing.isolated_tenant(other, to),
        testing.needs_label(to, "app=web"),
        testing.new_pod_cannot_reach(to),
        testing.new_namespace_cannot_reach(to),
    ):
        part, whole = (Trials(each, snapshot) for each in (invariant, replace(invariant, about="")))
        edits = [*single_edits(snapshot, invariant.scope)]
        for edit in random.sample(edits, min(EDITS_OF_EACH, len(edits))):
            assert part.breaks((edit,)) == whole.breaks((edit,)), (invariant.said, edit)
