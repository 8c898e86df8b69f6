"""Laws of `netsim migrate`: whatever the cluster, nobody may talk to anybody else afterwards."""

from __future__ import annotations

import sys
from pathlib import Path

from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import Semantics, Snapshot
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.manifests.migration import OLD_KINDS, is_same_walk, migrated, with_migrated
from netsim.testing.clusters import Manifest
from netsim.testing.documents import manifest_of
from netsim.testing.tier_policies import SEVERAL
from netsim.testing.tiered_clusters import tiered_clusters
from netsim.testing.yaml_text import yaml_text

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from option_strategies import semantics
from tier_flows import flows, read

laws = examples(25)


def after(before: Snapshot) -> Snapshot:
    policies = [each for each in before.policies if isinstance(each, TierPolicy)]
    old = [(each, manifest_of(each.origin)) for each in policies if each.kind in OLD_KINDS]
    others = [each for each in policies if each.kind not in OLD_KINDS]
    found = migrated([(each, manifest) for each, manifest in old if manifest], others)
    keys = [(each.kind, "", each.name) for each, _ in old]
    text = "---\n".join(map(yaml_text, found.manifests))
    return with_migrated(before, keys, text, "<migrated>")


@laws
@given(tiered_clusters(SEVERAL), semantics(), st.data())
def test_nothing_changes(cluster: list[Manifest], options: Semantics, data: st.DataObject) -> None:
    # Names that both APIs have may change the order among equals.
    of_one_api = [each for each in cluster if each["kind"] != "ClusterNetworkPolicy"]
    before = read(of_one_api, options)
    assume(any(each.kind in OLD_KINDS for each in before.policies))
    now = after(before)
    assert not any(each.kind in OLD_KINDS for each in now.policies)
    assert is_same_walk(before, now)
    assert not netsim.diff(before, now)
    for flow in data.draw(flows(before))[:200]:
        allowed = netsim.decide_by_reference(before, flow).allowed
        event(f"allowed {allowed}")
        assert allowed == netsim.decide_by_reference(now, flow).allowed, flow
