"""The clusters that laws are put to: half of them with policies of tiers, where `TIERS` says so."""

from __future__ import annotations

from depth import TIERS
from doubtful_strategies import doubtful_clusters, namespace_selectors, pod_selectors
from hypothesis import strategies as st

from netsim.testing.clusters import WITH_OR_WITHOUT, Manifest, clusters, selectors
from netsim.testing.tier_policies import USUAL, Pools
from netsim.testing.tiered_clusters import tiered
from netsim.testing.wide_clusters import wide_clusters

Clusters = st.SearchStrategy[list[Manifest]]

DOUBTFUL = Pools(namespace_selectors, pod_selectors, st.one_of(st.just({}), selectors))


def perhaps_tiered(plain: Clusters, pools: Pools = USUAL) -> Clusters:
    """These clusters, half of them with policies of tiers."""
    return st.one_of(plain, tiered(plain, pools)) if TIERS else plain


small_clusters = perhaps_tiered(clusters(WITH_OR_WITHOUT))
any_clusters = perhaps_tiered(st.one_of(clusters(WITH_OR_WITHOUT), wide_clusters()))
any_doubtful_clusters = perhaps_tiered(doubtful_clusters(), DOUBTFUL)
