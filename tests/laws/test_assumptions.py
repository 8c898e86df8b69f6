"""What hangs on an assumption is marked, pair by pair and port by port; and little else is.

The reference turns each assumption that it meets, alone and with others. A mark says that
something may be turned: it looks at each place where nobody knows by itself, so that it may also
speak of turns that can't all come together, as where one label would have two values.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from ipaddress import collapse_addresses, ip_address, ip_network
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import Flow, Semantics, Snapshot
from netsim.analysis import inside
from netsim.analysis.exposure import exposures_of
from netsim.analysis.listing import Listing
from netsim.analysis.scope import scope_of
from netsim.analysis.sending import Addresses
from netsim.engine.level import Level
from netsim.engine.parties import Party
from netsim.engine.reach import Reachability
from netsim.model.cluster import Node, Pod
from netsim.reference.decide import decide

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from law_clusters import any_doubtful_clusters
from option_strategies import semantics
from test_engine import QUESTIONS, another, class_numbers

from netsim.testing.clusters import Manifest

OF_A_NAMESPACE = "is not in the input: only its name label is known"
OUTSIDE = ("203.0.113.7", "10.0.1.200", "10.200.0.1", "fd00::99", "2001:db8::1")


def read(cluster: list[Manifest], options: Semantics) -> Snapshot:
    return netsim.loads("\n---\n".join(map(json.dumps, cluster)), semantics=options)


@examples(80)
@given(cluster=any_doubtful_clusters, options=semantics(), data=st.data())
def test_a_mark_is_where_the_reference_names_an_assumption(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    snapshot = read(cluster, options)
    reachability = netsim.compile_snapshot(snapshot).reach()
    ends = class_numbers(reachability)
    bounds = reachability.marks.bounds
    only_addresses = bounds is None or not (bounds.doubts.keys or bounds.doubts.namespaces)
    pairs = data.draw(st.lists(st.sampled_from(list(product(ends, ends))), min_size=1, max_size=4))
    for (source, i), (destination, j) in pairs:
        if source == destination:
            destination = another(destination)
        hanging, traffic = reachability.hanging(i, j), reachability.between(i, j)
        for protocol, port in QUESTIONS:
            answer = decide(snapshot, Flow(source, destination, protocol, port))
            key = protocol.value.lower(), port
            where = f"{source} -> {destination} {protocol} {port}: {answer.assumptions}"
            assert (key in traffic) == answer.allowed, where
            if answer.assumptions or only_addresses:
                assert (key in hanging) == bool(answer.assumptions), where
            elif key in hanging:
                spoken = any(OF_A_NAMESPACE in note for note in answer.notes)
                event("hangs on a namespace" if spoken else "marked by several doubts at once")


@examples(60)
@given(cluster=any_doubtful_clusters, options=semantics(), data=st.data())
def test_the_outside_is_marked_where_the_reference_names_an_assumption(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    snapshot = read(cluster, options)
    reachability = netsim.compile_snapshot(snapshot).reach()
    pod = data.draw(st.sampled_from(snapshot.pods))
    party = party_of(reachability, str(pod))
    inward = data.draw(st.booleans())
    rows = (
        reachability.marked_received_from_outside(party)
        if inward
        else reachability.marked_sent_outside(party)
    )
    for text, (protocol, port) in product(OUTSIDE, QUESTIONS):
        address = ip_address(text)
        flow = Flow(address, pod, protocol, port) if inward else Flow(pod, address, protocol, port)
        answer = decide(snapshot, flow)
        hanging = [
            row.hanging for row in rows if any(address in ip_network(cidr) for cidr in row.cidrs)
        ]
        if answer.assumptions:
            key = protocol.value.lower(), port
            assert any(key in traffic for traffic in hanging), answer.assumptions


@examples(60)
@given(cluster=any_doubtful_clusters, options=semantics(), data=st.data())
def test_all_that_is_outside_is_what_a_question_about_it_says(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    """NP-43: in those IP versions that a pod is taken to have."""
    snapshot = read(cluster, options)
    reachability = netsim.compile_snapshot(snapshot).reach()
    pod = str(data.draw(st.sampled_from(snapshot.pods)))
    outside = data.draw(st.sampled_from(("external", "external", "::/0", "10.0.0.0/8")))
    protocol, port = data.draw(st.sampled_from(QUESTIONS))
    inward = data.draw(st.booleans())
    ends = (outside, pod) if inward else (pod, outside)
    asked = str(port) if port else None
    try:
        verdict = netsim.can(snapshot, *ends, asked, protocol=protocol.value)
    except netsim.QueryError:
        assume(False)
    allowed = [group for group in verdict.groups if group.allowed]
    expected = {
        cidr
        for group in allowed
        for cidr in (group.sources if inward else group.destinations)
        if "/" in cidr and cidr[0] in "0123456789abcdef:" and _is_network(cidr)
    }
    scope = scope_of(snapshot, *ends, f"{port}/{protocol.value}" if port else "icmp")
    found = set()
    for sending in Listing(reachability, scope, Level.POD).sendings():
        for grant in sending.grants():
            if isinstance(sending.source, Addresses):
                found |= {*sending.source.cidrs}
            found |= {*grant.cidrs}
    # NP-42: who has an address is asked by itself, and a question cuts it out where any policy
    # names it, also one that governs nobody.
    owned = {str(address) for each in ends_in(snapshot) for address in each.addresses}
    assert _merged({*found, *owned}) == _merged({*expected, *owned})


def ends_in(snapshot: Snapshot) -> list[Pod | Node]:
    return [*snapshot.pods, *snapshot.nodes.values()]


def party_of(reachability: Reachability, name: str) -> Party:
    parties = reachability.parties(Level.POD)
    return next(party for party in parties if any(str(each) == name for each in party.members))


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _merged(cidrs: Iterable[str]) -> set[str]:
    networks = [ip_network(cidr) for cidr in cidrs]
    return {
        str(network)
        for version in (4, 6)
        for network in collapse_addresses([each for each in networks if each.version == version])  # type: ignore[type-var]
    }


@pytest.mark.parametrize("long", [1, 16], ids=["all shared", "long shared"])
@examples(80)
@given(
    cluster=any_doubtful_clusters,
    options=semantics(),
    level=st.sampled_from(Level),
    unsure=st.booleans(),
)
def test_a_listing_marks_what_the_engine_marks(
    long: int, cluster: list[Manifest], options: Semantics, level: Level, unsure: bool
) -> None:
    snapshot = read(cluster, options)
    reachability = netsim.compile_snapshot(snapshot).reach()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inside, "LONG", long)
        listing = Listing(reachability, scope_of(snapshot), level, unsure=unsure)
        found = marked_pairs(listing)
        again = Listing(reachability, scope_of(snapshot), level, unsure=unsure)
        counted = exposures_of(again, reachability)
    parties = reachability.parties(level)
    expected = {
        (one.name, other.name): str(reachability.between(one.number, other.number))
        for one, other in product(parties, parties)
        if one != other or one.several
        if reachability.hangs(one.number, other.number)
        if unsure or reachability.between(one.number, other.number)
    }
    assert found == expected
    if not unsure and not listing.leaves_out():
        everyone = Listing(reachability, scope_of(snapshot), level, unsure=True)
        assert marked_pairs(everyone) == expected
    weights = {party.name: party.count or 1 for party in parties}
    assert counted.assumed == sum(
        weights[one] * (weights[other] - (one == other)) for one, other in expected
    )
    assert bool(listing.assumptions) >= bool(expected)
    assert set(listing.assumptions) <= set(reachability.assumptions)


def marked_pairs(listing: Listing) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for sending in listing.sendings():
        unsure = sending.unsure()
        for grant in (*sending.grants(), *([unsure] if unsure else [])):
            for at in grant.places:
                if grant.assumed and not isinstance(sending.source, Addresses):
                    found[sending.source.name, listing.parties[at].name] = str(grant.traffic)
    return found
