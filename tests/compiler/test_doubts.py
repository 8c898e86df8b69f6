"""What hangs on an assumption, and what doesn't though much isn't known."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, pod, policy, workload

import netsim
from netsim import Reachability, Snapshot
from netsim.analysis.listing import Listing
from netsim.analysis.scope import scope_of
from netsim.compiler import sets
from netsim.engine.level import Level
from netsim.sets.bitset import value_at

X = pod("a/x", ip="10.0.0.1")


def reach_of(snapshot: Snapshot) -> Reachability:
    return netsim.compile_snapshot(snapshot).reach()


def hanging(snapshot: Snapshot) -> set[tuple[str, str]]:
    """The pairs that may be otherwise."""
    reachability = reach_of(snapshot)
    parties = reachability.parties(Level.POD)
    return {
        (one.name, other.name)
        for one in parties
        for other in parties
        if reachability.hangs(one.number, other.number)
    }


def is_sure(snapshot: Snapshot) -> bool:
    """Whether nothing at all needs to be looked at for what may be otherwise."""
    return reach_of(snapshot).marks.bounds is None


def from_spaces(selector: str) -> Snapshot:
    """a/x lets in some namespaces; `u`, `v` and `a` are not declared, `d` is of team x."""
    peers = f"[{{namespaceSelector: {selector}}}]"
    return cluster(
        namespace("d", "{team: x}"),
        X,
        *(pod(f"{name}/x", ip=f"10.0.1.{at}") for at, name in enumerate("duv")),
        policy("a", f"{{podSelector: {{}}, ingress: [{{from: {peers}}}]}}"),
    )


OF_UNDECLARED = {(f"{name}/x", "a/x") for name in "auv"}


def test_an_undeclared_namespace_may_have_a_label_that_lets_it_in() -> None:
    assert hanging(from_spaces("{matchLabels: {team: x}}")) == OF_UNDECLARED


def test_an_undeclared_namespace_may_have_a_label_that_keeps_it_out() -> None:
    out = "{matchExpressions: [{key: team, operator: NotIn, values: [x]}]}"
    assert hanging(from_spaces(out)) == OF_UNDECLARED


def test_what_is_sure_may_be_near_where_all_else_is_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "_NEAR_BLOCKS", 1)
    out = "{matchExpressions: [{key: team, operator: NotIn, values: [z]}]}"
    reachability = reach_of(from_spaces(out))
    universe = reachability.universe
    for source in range(len(universe)):
        for number in range(len(universe)):
            block, bit = universe.place(number)
            marked = value_at(reachability.marks.row(source).at(block), bit)
            passing = value_at(reachability.marks.passing_row(source).at(block), bit)
            assert marked == passing == reachability.marks.cell(source, number)


def test_the_name_of_an_undeclared_namespace_is_known() -> None:
    name = "kubernetes.io/metadata.name"
    assert is_sure(from_spaces(f"{{matchLabels: {{{name}: d}}}}"))
    assert hanging(from_spaces(f"{{matchLabels: {{{name}: d, team: x}}}}")) == set()
    assert hanging(from_spaces(f"{{matchLabels: {{{name}: u, team: x}}}}")) == {("u/x", "a/x")}


def test_a_listing_names_the_namespaces_that_it_speaks_of() -> None:
    snapshot = from_spaces("{matchLabels: {team: x}}")
    listing = Listing(reach_of(snapshot), scope_of(snapshot, "u/x", "a/x"), Level.POD, unsure=True)
    assert list(listing.sendings())
    texts = " ".join(listing.assumptions)
    assert "`u`" in texts
    assert "`v`" not in texts


def test_who_has_a_value_that_nobody_knows_is_not_who_has_another() -> None:
    labels = "{app: web, pod-template-hash: zzz}"
    snapshot = cluster(
        namespace("a"),
        X,
        pod("a/live", labels),
        workload("a/web", "{app: web}", spec="replicas: 2"),
        policy(
            "a",
            "{podSelector: {}, ingress: "
            "[{from: [{podSelector: {matchLabels: {pod-template-hash: abc}}}]}]}",
        ),
    )
    found = hanging(snapshot)
    assert ("a/deployment/web", "a/x") in found
    assert ("a/live", "a/x") not in found


def from_block(block: str, **options: object) -> Snapshot:
    peers = f"[{{ipBlock: {block}}}]"
    spec = f"{{podSelector: {{}}, ingress: [{{from: {peers}}}]}}"
    return cluster(namespace("a"), namespace("b"), X, pod("b/z"), policy("a", spec), **options)


def test_blocks_that_are_sure_whatever_an_address_is() -> None:
    assert is_sure(from_block("{cidr: 0.0.0.0/0}"))
    assert is_sure(from_block("{cidr: 10.0.0.0/8}", ipblock_matches_pods=False))
    excepted = "{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}"
    assert is_sure(from_block(excepted, pod_cidrs="10.1.128.0/17"))
    assert hanging(from_block(excepted)) == {("b/z", "a/x")}


def test_an_address_of_one_version_is_from_the_pools_of_that_version() -> None:
    pools = "10.0.0.0/16", "fd00::/48"
    for block in ("{cidr: 10.0.0.0/8}", "{cidr: 'fd00::/16'}"):
        snapshot = cluster(
            pod("a/q"),
            pod("b/z"),
            policy("a", f"{{podSelector: {{}}, ingress: [{{from: [{{ipBlock: {block}}}]}}]}}"),
            pod_cidrs=pools,
        )
        assert netsim.compile_snapshot(snapshot).allows("b/z", "a/q", 80)
