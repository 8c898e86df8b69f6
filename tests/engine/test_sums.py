"""Sums over all rows: where they end."""

from __future__ import annotations

import pytest

import netsim
from netsim.engine import dense, sums

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
