"""A listing says what the engine says: pair by pair, in every scope, and in numbers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim.analysis import inside, inside_vectors
from netsim.analysis.exposure import exposures_of
from netsim.analysis.listing import Listing
from netsim.analysis.scope import scope_of
from netsim.analysis.sending import Addresses
from netsim.engine import marks
from netsim.engine.level import Level
from netsim.engine.reach import Reachability
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.report.reach_asked import Asked
from netsim.report.reach_json import reach_json

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from law_clusters import small_clusters
from option_strategies import semantics

from netsim.testing.clusters import NAMESPACES, Manifest
from netsim.testing.tier_policies import SEVERAL
from netsim.testing.tiered_clusters import tiered_clusters

# Of so many blocks of shared rows no row is made as a vector under tiers, or each.
MANY, FEW = 1 << 30, -1
Pairs = dict[tuple[str, str], str]
laws = examples(60)


@pytest.fixture(
    autouse=True,
    params=[(1, MANY), (16, MANY), (1, FEW), (16, FEW)],
    ids=["all shared", "long shared", "all shared by vectors", "long shared by vectors"],
)
def sharing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many destinations are worth sharing, and how many rows vectors: of small clusters none."""
    long, few = request.param
    for module in (inside, inside_vectors):
        monkeypatch.setattr(module, "LONG", long)
    monkeypatch.setattr(marks, "_FEW_SHARED_BLOCKS", few)


def read(cluster: list[Manifest], options: Semantics | None = None) -> Snapshot:
    text = "\n---\n".join(map(json.dumps, cluster))
    return netsim.loads(text, semantics=options or Semantics())


def by_the_engine(reachability: Reachability, level: Level) -> Pairs:
    """Every pair asked one by one."""
    parties = reachability.parties(level)
    asked = (
        (one.name, other.name, reachability.between(one.number, other.number))
        for one, other in product(parties, parties)
        if one != other or one.several
    )
    return {(one, other): str(traffic) for one, other, traffic in asked if traffic}


def by_the_listing(listing: Listing) -> Pairs:
    found: Pairs = {}
    for sending in listing.sendings():
        for grant in sending.grants():
            for at in grant.places:
                if not isinstance(sending.source, Addresses):
                    key = sending.source.name, listing.parties[at].name
                    assert key not in found
                    found[key] = str(grant.traffic)
    return found


def by_the_json(text: str) -> Pairs:
    """Read as docs/json.md says."""
    value: dict[str, Any] = json.loads(text)

    def each(grants: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        return ((name, grant["traffic"]) for grant in grants for name in grant["destinations"])

    found: Pairs = {}
    for source in value["sources"]:
        if source["from"] is None:
            continue
        got = dict(each(source["to"]))
        if source["shared"] is not None:
            common = each(value["shared"][source["shared"]]["to"])
            got |= {name: traffic for name, traffic in common if name not in source["except"]}
        found |= {(source["from"], name): traffic for name, traffic in got.items()}
    return found


@laws
@given(cluster=small_clusters, level=st.sampled_from(Level))
def test_the_pairs_are_those_of_the_engine(cluster: list[Manifest], level: Level) -> None:
    snapshot = read(cluster)
    reachability = netsim.compile_snapshot(snapshot).reach()
    expected = by_the_engine(reachability, level)
    assert by_the_listing(Listing(reachability, scope_of(snapshot), level)) == expected
    text = "".join(reach_json(Listing(reachability, scope_of(snapshot), level), Asked()))
    assert by_the_json(text) == expected


@laws
@given(cluster=small_clusters, level=st.sampled_from(Level))
def test_pairs_of_pods_are_counted_as_the_engine_counts(
    cluster: list[Manifest], level: Level
) -> None:
    snapshot = read(cluster)
    reachability = netsim.compile_snapshot(snapshot).reach()
    exposures = exposures_of(Listing(reachability, scope_of(snapshot), level), reachability)
    everyone = sum(item.count for item in reachability.classes)
    assert exposures.allowed == reachability.pairs()
    assert exposures.possible == everyone * (everyone - 1)
    assert exposures.pods + exposures.nodes == everyone


@laws
@given(
    cluster=small_clusters,
    source=st.sampled_from((None, "a/*", "*", "{app=web}", "10.0.0.0/8")),
    destination=st.sampled_from((None, "b/*", "ns{env=web}/*", "{tier}", "external")),
    port=st.sampled_from((None, "80", "80-443/udp", "any", "icmp")),
    namespace=st.sampled_from(("", *NAMESPACES)),
)
def test_a_scope_takes_a_part(
    cluster: list[Manifest],
    source: str | None,
    destination: str | None,
    port: str | None,
    namespace: str,
) -> None:
    snapshot = read(cluster)
    reachability = netsim.compile_snapshot(snapshot).reach()
    try:
        scope = scope_of(snapshot, source, destination, port, namespace)
    except netsim.QueryError:
        assume(False)
    listing = Listing(reachability, scope, Level.POD)
    parties = {party.name: party for party in listing.parties}
    expected = {
        (one, other): str(part)
        for (one, other) in by_the_engine(reachability, Level.POD)
        if scope.sources.has(parties[one]) and scope.destinations.has(parties[other])
        if scope.touches(parties[one]) or scope.touches(parties[other])
        if (traffic := reachability.between(parties[one].number, parties[other].number))
        if (part := scope.limited(traffic, parties[other]))
    }
    assert by_the_listing(listing) == expected
    assert exposures_of(listing, reachability).allowed >= len(expected)


@examples(15)
@given(
    cluster=tiered_clusters(SEVERAL),
    options=semantics(),
    level=st.sampled_from(Level),
    destination=st.sampled_from((None, "b/*", "ns{env=web}/*", "external")),
    port=st.sampled_from((None, "80", "80-443/udp", "web", "icmp")),
    namespace=st.sampled_from(("", *NAMESPACES)),
    unsure=st.booleans(),
)
def test_vectors_list_the_same(
    cluster: list[Manifest],
    options: Semantics,
    level: Level,
    destination: str | None,
    port: str | None,
    namespace: str,
    unsure: bool,
) -> None:
    """To the byte: what is shared, and what hangs on an assumption, too. And they count the same."""
    snapshot = read(cluster, options)
    try:
        scope = scope_of(snapshot, None, destination, port, namespace)
    except netsim.QueryError:
        assume(False)
    found = []
    for few in (MANY, FEW):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(marks, "_FEW_SHARED_BLOCKS", few)
            reachability = netsim.compile_snapshot(snapshot).reach()
            listing = Listing(reachability, scope, level, unsure=unsure)
            event(type(listing._insides).__name__)
            text = "".join(reach_json(listing, Asked()))
            listing = Listing(reachability, scope, level, unsure=unsure)
            found.append((text, exposures_of(listing, reachability), listing.assumptions))
    assert found[0] == found[1]
