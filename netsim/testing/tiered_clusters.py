"""Clusters with policies of the whole cluster around their NetworkPolicies, and questions of them.

`tiered` adds them to the clusters of another strategy: nodes get labels, and everything else stays
as it was drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from netsim.testing.clusters import WITH_OR_WITHOUT, Manifest, clusters, some_labels
from netsim.testing.tier_policies import DOMAINS, MANY_OR_NONE, USUAL, Pools, tier_policies
from netsim.testing.wide_clusters import wide_clusters

# What a name that is asked about was resolved to: outside, and the addresses of a pod and a node.
RESOLVED = ("203.0.113.7", "10.0.1.200", "2001:db8::1", "10.0.0.1", "192.168.0.1")


@st.composite
def tiered(
    draw: st.DrawFn,
    drawn_clusters: st.SearchStrategy[list[Manifest]],
    pools: Pools = USUAL,
    counts: Sequence[int] = MANY_OR_NONE,
) -> list[Manifest]:
    """A cluster of this strategy with labels on its nodes, and some policies of tiers."""
    cluster = draw(drawn_clusters)
    labelled = [
        {**item, "metadata": {**item["metadata"], "labels": draw(some_labels)}}
        if item["kind"] == "Node"
        else item
        for item in cluster
    ]
    return [*labelled, *draw(tier_policies(pools, counts))]


def tiered_clusters(
    counts: Sequence[int] = MANY_OR_NONE,
) -> st.SearchStrategy[list[Manifest]]:
    """Small and wide clusters alike, with so many policies of tiers: one in five has none."""
    return tiered(st.one_of(clusters(WITH_OR_WITHOUT), wide_clusters()), counts=counts)


# A DNS name as a destination, with the address that it was resolved to or without one.
domain_texts = st.one_of(
    st.sampled_from(DOMAINS),
    st.builds("{}@{}".format, st.sampled_from(DOMAINS), st.sampled_from(RESOLVED)),
)
