"""Hypothesis strategies over nothing: snapshots and policies, the same that netsim is tested with."""

from __future__ import annotations

import json
from collections.abc import Iterable

from hypothesis import strategies as st

from netsim.manifests.load import loads
from netsim.model.snapshot import Snapshot
from netsim.testing.clusters import WITH_OR_WITHOUT, Manifest, clusters
from netsim.testing.clusters import network_policies as _numbered
from netsim.testing.tier_policies import admin_network_policies as _admin
from netsim.testing.tier_policies import baseline_admin_network_policies as _baseline
from netsim.testing.tier_policies import cluster_network_policies as _cluster
from netsim.testing.tiered_clusters import tiered_clusters
from netsim.testing.undirected import undirected_clusters, undirected_policies
from netsim.testing.wide_clusters import wide_clusters


def snapshots() -> st.SearchStrategy[Snapshot]:
    """Small clusters in which selectors match and rules decide: all names come from small pools.

    Pods have addresses of one IP version, of both or none, are pending or finished, use the
    host's network; there are workloads of several kinds, and namespaces that nobody declares.
    """
    return st.one_of(clusters(WITH_OR_WITHOUT), wide_clusters()).map(_loaded)


def tiered_snapshots() -> st.SearchStrategy[Snapshot]:
    """The same with policies of the whole cluster, of both tiers, around the NetworkPolicies.

    They are ClusterNetworkPolicies, AdminNetworkPolicies and a BaselineAdminNetworkPolicy, with
    peers of all kinds; nodes have labels. One in five has none of these policies.
    """
    return tiered_clusters().map(_loaded)


def undirected_snapshots() -> st.SearchStrategy[Snapshot]:
    """Clusters of anything valid, in which next to nothing matches by chance."""
    return undirected_clusters().map(_loaded)


def network_policies() -> st.SearchStrategy[Manifest]:
    """Valid NetworkPolicies as manifests, for the namespaces and labels of `snapshots()`."""
    return _numbered()


def cluster_network_policies() -> st.SearchStrategy[Manifest]:
    """Valid ClusterNetworkPolicies as manifests, for the labels of `tiered_snapshots()`."""
    return _cluster()


def admin_network_policies() -> st.SearchStrategy[Manifest]:
    """Valid AdminNetworkPolicies as manifests, for the same."""
    return _admin()


def baseline_admin_network_policies() -> st.SearchStrategy[Manifest]:
    """Valid BaselineAdminNetworkPolicies as manifests, for the same."""
    return _baseline()


def undirected_network_policies() -> st.SearchStrategy[Manifest]:
    """Valid NetworkPolicies as manifests, with any names, labels, ports and blocks."""
    return undirected_policies()


def _loaded(cluster: Iterable[Manifest]) -> Snapshot:
    return loads("\n---\n".join(map(json.dumps, cluster)))
