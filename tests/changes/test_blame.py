"""Who is to blame where it takes many, or where undoing meets what else has changed."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from builders import cluster, node, pod, policy
from edit_texts import edit_text

import netsim
from netsim import Difference
from netsim.changes import blame
from netsim.changes.blame import Cause
from netsim.changes.rectangles import Rectangle

PODS = (pod("a/web", "{app: web}"), pod("a/api", "{app: api}"))
ALLOW = "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}"
DENY = policy("a", "{podSelector: {}}", "deny")


def named(edits: Iterable[object]) -> list[str]:
    return [edit_text(each) for each in edits]  # type: ignore[arg-type]


def only_cause(rectangles: Iterable[Rectangle]) -> Cause:
    (cause,) = {each.cause for each in rectangles}
    assert cause is not None
    return cause


def opened_by(count: int) -> Difference:
    """As many policies that each let the web in."""
    old = cluster(*PODS, DENY)
    allowing = (policy("a", ALLOW, f"allow-{at:03}") for at in range(count))
    return netsim.diff(old, cluster(*PODS, DENY, *allowing))


def test_so_many_edits_are_put_back_one_by_one() -> None:
    cause = only_cause(opened_by(blame.MOST_CANDIDATES).opened)
    assert cause.narrowed
    assert len(cause.edits) == blame.MOST_CANDIDATES


def test_of_more_edits_all_are_named_and_none_is_put_back() -> None:
    difference = opened_by(blame.MOST_CANDIDATES + 1)
    cause = only_cause(difference.opened)
    assert not cause.narrowed
    assert len(cause.edits) == blame.MOST_CANDIDATES + 1
    assert not difference.idle


def test_one_edit_is_found_among_any_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blame, "MOST_CANDIDATES", 0)
    others = [
        policy(
            "a",
            "{podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: 80}]}]}",
            f"p{at}",
        )
        for at in range(5)
    ]
    new = cluster(*PODS, DENY, *others[:1], policy("a", ALLOW, "allow"))
    difference = netsim.diff(cluster(*PODS, DENY, *others), new)
    cause = only_cause(difference.opened)
    assert named(cause.edits) == ["policy a/allow"]
    assert named(difference.idle) == [f"policy a/p{at}" for at in range(1, 5)]


def test_a_pod_that_moved_to_a_node_whose_address_changed() -> None:
    """Without the new address the pod is on its new node all the same, which has the old one."""
    guard = policy("a", "{podSelector: {matchLabels: {app: api}}}")

    def version(on: str, address: str) -> netsim.Snapshot:
        api = pod("a/api", "{app: api}", ip="10.0.0.1", spec=f"nodeName: {on}")
        return cluster(api, node("n1", "192.168.0.1"), node("n2", address), guard)

    difference = netsim.diff(version("n1", "192.168.0.2"), version("n2", "192.168.0.3"))
    assert [(each.sources, each.destinations) for each in difference.opened] == [
        (("node/n2",), ("a/api",))
    ]
    assert [(each.sources, each.destinations) for each in difference.closed] == [
        (("node/n1",), ("a/api",))
    ]
    for rectangles in (difference.opened, difference.closed):
        cause = only_cause(rectangles)
        assert named(cause.edits) == ["pod a/api"]
        assert not cause.several
    assert named(difference.idle) == ["node n2"]


def test_what_was_needed_for_something_else_is_not_idle() -> None:
    """The label alone closes what the policy alone would have closed."""
    old = cluster(pod("a/web", "{app: web}"), PODS[1], policy("a", ALLOW, "api"))
    follows = ALLOW.replace("app: web", "app: front").replace(
        "}]}]}", "}]}, {ports: [{port: 80}]}]}"
    )
    new = cluster(pod("a/web", "{app: front}"), PODS[1], policy("a", follows, "api"))
    difference = netsim.diff(old, new)
    assert named(only_cause(difference.opened).edits) == ["policy a/api"]
    assert named(difference.edits) == ["policy a/api", "label app of a/web"]
    assert difference.idle == ()
