"""An invariant about one end is held against a part of the cluster: it says what the whole does."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from depth import examples
from hypothesis import assume, given
from hypothesis import strategies as st

import netsim
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


def test_whether_a_pod_is_new_hangs_on_what_policies_elsewhere_ask_for() -> None:
    """Replicas that a policy can tell apart by their index are pods of their own."""
    snapshot = netsim.loads(
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}},
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "b"}},
          {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
           "metadata": {"name": "first-alone", "namespace": "a"},
           "spec": {"podSelector": {}, "ingress": [{"from": [{"namespaceSelector": {},
             "podSelector": {"matchLabels": {"apps.kubernetes.io/pod-index": "0"}}}]}]}},
          {"apiVersion": "apps/v1", "kind": "StatefulSet",
           "metadata": {"name": "db", "namespace": "b"},
           "spec": {"selector": {"matchLabels": {"app": "db"}}, "template": {
             "metadata": {"labels": {"app": "db"}}, "spec": {"containers": [{"name": "c"}]}}}}
        ]}
        """
    )
    invariant = testing.no_external_to("b")
    part, whole = (Trials(each, snapshot) for each in (invariant, replace(invariant, about="")))
    scaled = (testing.Scale("b/statefulset/db", 2),)
    assert part.breaks(scaled) is whole.breaks(scaled) is True
