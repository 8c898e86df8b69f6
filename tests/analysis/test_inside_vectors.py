"""Listings of clusters with many policies of tiers: by vectors they say the same as by mappings."""

from __future__ import annotations

import json

import pytest

import netsim
from benchmarks.clusters import Size, cluster
from benchmarks.tiers import cluster_policies
from netsim import Reachability, Snapshot
from netsim.analysis.exposure import exposures_of
from netsim.analysis.inside import MappedInsides
from netsim.analysis.inside_vectors import VectorInsides
from netsim.analysis.listing import Listing
from netsim.analysis.scope import scope_of
from netsim.engine import marks
from netsim.engine.level import Level
from netsim.model.semantics import Semantics
from netsim.report.reach_asked import Asked
from netsim.report.reach_json import reach_json


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    manifests = [each for file in cluster(Size(25, 4)).values() for each in file]
    text = "\n---\n".join(map(json.dumps, [*manifests, *cluster_policies(12, 25)]))
    return netsim.loads(text)


@pytest.mark.parametrize("unsure", [False, True], ids=["sure", "unsure"])
@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"source": "ns{env=prod}/*"},
        {"destination": "ns{env=prod}/*", "port": "8000-9000"},
        {"namespace": "monitoring"},
        {"port": "http"},
    ],
    ids=lambda asked: " ".join(asked) or "everything",
)
def test_vectors_say_the_same(
    asked: dict[str, str], unsure: bool, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of sets of port atoms that take several words, too."""
    scope = scope_of(snapshot, **asked)
    found = []
    for few in (1 << 30, -1):
        monkeypatch.setattr(marks, "_FEW_SHARED_BLOCKS", few)
        reachability = netsim.compile_snapshot(snapshot).reach()
        assert reachability.tables.atoms.everything.bit_length() > 64
        listing = Listing(reachability, scope, Level.WORKLOAD, unsure=unsure)
        exposures = exposures_of(listing, reachability)
        by_vectors = few < 0 and "http" not in asked.values()
        assert isinstance(listing._insides, VectorInsides if by_vectors else MappedInsides)
        text = "".join(
            reach_json(Listing(reachability, scope, Level.WORKLOAD, unsure=unsure), Asked())
        )
        found.append((exposures, listing.assumptions, text))
    assert found[0] == found[1]
    assert '"shared": 0' in found[0][2] or asked


def test_few_sources_or_much_memory_go_by_mappings(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def way(reachability: Reachability, source: str | None = None) -> type:
        listing = Listing(reachability, scope_of(snapshot, source), Level.WORKLOAD)
        return type(listing._insides)

    reachability = netsim.compile_snapshot(snapshot).reach()
    monkeypatch.setattr(marks, "_FEW_SHARED_BLOCKS", 100)
    assert way(reachability) is VectorInsides
    assert way(reachability, "monitoring/*") is MappedInsides
    monkeypatch.setattr("netsim.engine.wards._MOST_WORDS", 1)
    assert way(reachability) is MappedInsides


def test_pods_of_one_node_may_exchange_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """By vectors, too, where both directions are open whatever rules say (IMP-7, IMP-8)."""
    pods = [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, "namespace": "a"},
            "spec": {"nodeName": "n1", "hostNetwork": True, "containers": [{"name": "c"}]},
            "status": {"podIPs": [{"ip": "192.168.0.1"}]},
        }
        for name in ("one", "two")
    ]
    denying: dict[str, object] = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "nobody", "namespace": "a"},
        "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
    }
    everyone: dict[str, object] = {"namespaces": {}}
    rule = {"action": "Accept", "to": [everyone]}
    spec = {"tier": "Admin", "priority": 7, "subject": everyone, "egress": [rule]}
    opening = {
        "apiVersion": "policy.networking.k8s.io/v1alpha2",
        "kind": "ClusterNetworkPolicy",
        "metadata": {"name": "out"},
        "spec": spec,
    }
    text = "\n---\n".join(map(json.dumps, [*pods, denying, opening]))
    options = Semantics(host_network_pods="as_pods", egress_to_own_node="allow")
    monkeypatch.setattr(marks, "_FEW_SHARED_BLOCKS", -1)
    reachability = netsim.compile_snapshot(netsim.loads(text, semantics=options)).reach()
    scope = scope_of(reachability.tables.snapshot, "a/one", "a/two")
    listing = Listing(reachability, scope, Level.POD)
    assert isinstance(listing._insides, VectorInsides)
    [sending] = listing.sendings()
    assert [str(grant.traffic) for grant in sending.grants()] == ["all"]
