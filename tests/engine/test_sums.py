"""Sums over all rows: where they end."""

from __future__ import annotations

import json

import pytest

import netsim
from benchmarks.clusters import Size, cluster
from benchmarks.tiers import cluster_policies
from netsim import Reachability
from netsim.engine import dense, near_pairs, sums

POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: all-but-one, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [db]}]}}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop, labels: {app: api}}
spec: {containers: [{name: main, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: main, image: i}]}
"""


def test_too_many_pairs_are_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "_FEW_STEPS", -1)
    reachability = netsim.compile_snapshot(netsim.loads(POLICY)).reach()
    assert reachability.pairs() == 1
    monkeypatch.setattr(dense, "MOST_CELLS", 1)
    with pytest.raises(netsim.LimitError, match="2 destinations apart") as caught:
        reachability.pairs()
    assert caught.value.diagnostics[0].help


def test_a_cluster_of_nobody_has_no_pairs() -> None:
    namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"
    reachability = netsim.compile_snapshot(netsim.loads(namespace)).reach()
    assert (reachability.pairs(), reachability.port_pairs(), reachability.self_pairs()) == (0, 0, 0)
    assert reachability.checksum() == reachability.checksum()


@pytest.mark.parametrize(
    "options",
    [
        netsim.Semantics(),
        netsim.Semantics(baseline_scope="pod"),
        netsim.Semantics(egress_to_own_node="allow"),
    ],
)
def test_tiers_are_summed_alike_by_matrix(
    options: netsim.Semantics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are looked at together; what is counted is what is there, cell by cell."""
    manifests = [each for file in cluster(Size(40, 4)).values() for each in file]
    text = "\n---\n".join(map(json.dumps, [*manifests, *cluster_policies(20, 25)]))
    program = netsim.compile_snapshot(netsim.loads(text, semantics=options))
    tables = program.reach().tables
    assert tables.atoms.everything.bit_length() > 64  # they take several words
    found = []
    for few_steps, tile_bytes, pairs in ((10**9, 1, 1), (-1, 1 << 27, 1 << 16), (-1, 4000, 7)):
        monkeypatch.setattr(sums, "_FEW_STEPS", few_steps)
        monkeypatch.setattr(dense, "_TILE_BYTES", tile_bytes)
        monkeypatch.setattr(near_pairs, "_PAIRS", pairs)
        reach = Reachability(tables)
        found.append((reach.pairs(), reach.port_pairs(), reach.count(), reach.checksum()))
    assert found[0] == found[1] == found[2]
    monkeypatch.setattr(dense, "MOST_CELLS", 1)
    with pytest.raises(netsim.LimitError):
        Reachability(tables).pairs()
