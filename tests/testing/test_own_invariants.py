"""What a user writes as an invariant, and the package where Hypothesis isn't installed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import cluster, pod

import netsim
from netsim import testing

SNAPSHOT = cluster(
    pod("shop/web", "{app: web}"),
    pod("shop/db", "{app: db}"),
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
    "metadata: {name: db, namespace: shop}\n"
    "spec: {podSelector: {matchLabels: {app: db}}, ingress: []}",
)


@testing.invariant("the web tier can't reach the database", kinds=["policy-removed"])
def apart(change: testing.Change) -> bool:
    return not change.after.allows("shop/web", "shop/db", 5432)


def test_in_words_and_as_a_function() -> None:
    found = apart.find(SNAPSHOT)
    assert found
    assert found.edits == (testing.Delete("shop/networkpolicy/db"),)
    assert found.violations == ("it does not hold",)
    with pytest.raises(AssertionError, match="not so: the web tier can't reach the database"):
        apart.check(SNAPSHOT)
    apart.over("scaled").check(SNAPSHOT, seconds=0.2)
    apart.hold(SNAPSHOT)
    with pytest.raises(AssertionError, match="it does not hold"):
        apart.hold(SNAPSHOT, testing.Delete("shop/networkpolicy/db"))
    assert apart(found.change) is False


def test_its_test_imports_it_and_asks_for_a_cluster_that_no_file_has() -> None:
    found = apart.find(SNAPSHOT)
    assert found
    lines = found.test().splitlines()
    assert f"from {__name__} import apart" in lines
    assert "def test_apart(snapshot: netsim.Snapshot) -> None:" in lines
    assert '    snapshot = netsim.load("a.yaml")' in found.test(("a.yaml",)).splitlines()


def test_by_its_docstring() -> None:
    @testing.invariant
    def rule(change: testing.Change) -> None:
        """Nobody deletes anything.

        More about it.
        """
        assert not any(isinstance(each, testing.Delete) for each in change.edits), "deleted"

    found = rule.find(SNAPSHOT, edits=1)
    assert found
    assert found.invariant.said == "Nobody deletes anything"
    assert [each.splitlines()[0] for each in found.violations] == ["deleted"]


def test_by_its_name_with_several_things_wrong() -> None:
    @testing.invariant(namespaces=["shop"], most=2)
    def no_two_edits(change: testing.Change) -> list[str]:
        return [str(each) for each in change.edits] if len(change.edits) > 1 else []

    found = no_two_edits.find(SNAPSHOT)
    assert found
    assert found.invariant.said == "no two edits"
    assert len(found.violations) == 2
    assert no_two_edits.find(SNAPSHOT, edits=1, seconds=1) is None


def test_one_that_fails_by_itself_is_no_counterexample() -> None:
    @testing.invariant("faulty")
    def faulty(change: testing.Change) -> bool:
        raise KeyError("x")

    with pytest.raises(KeyError):
        faulty.find(SNAPSHOT)


OPEN = cluster(
    pod("shop/web", "{app: web}"),
    pod("shop/db", "{app: db}"),
    *(
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: shop}}\n"
        f"spec: {{replicas: 1, selector: {{matchLabels: {{app: {name}}}}}, "
        f"template: {{metadata: {{labels: {{app: {name}}}}}, "
        "spec: {containers: [{name: c}]}}}"
        for name in ("api", "cache")
    ),
)


def test_edits_that_take_away_whom_it_names_are_passed_over() -> None:
    asked = []

    @testing.invariant("the api reaches the cache", kinds=["scaled"])
    def reaches(change: testing.Change) -> bool:
        asked.append(change.edits)
        return change.after.allows("shop/api", "shop/cache", 80)

    reaches.check(OPEN, edits=2, seconds=0.5)
    gone = testing.Scale("shop/deployment/cache", 0)
    assert (gone,) in asked
    assert any(len(each) == 1 and each[0] != gone for each in asked)
    with pytest.raises(netsim.QueryError, match="no pods"):
        reaches.hold(OPEN, gone)
    with pytest.raises(netsim.QueryError, match="`cache`"):
        reaches.check_between(OPEN, netsim.edit(OPEN).delete("shop/deployment/cache").done())


def test_what_it_says_before_it_asks_about_whom_is_gone_stands() -> None:
    @testing.invariant("everything stays", kinds=["scaled"])
    def stays(change: testing.Change) -> Iterator[str]:
        for each in change.after.snapshot.workloads.values():
            if each.replicas == 0:
                yield f"{each.ref} is gone"
        if not change.after.allows("shop/api", "shop/cache", 80):
            yield "closed"

    found = stays.find(OPEN, edits=1)
    assert found
    assert len(found.violations) == 1


@pytest.mark.parametrize("always", [True, False])
def test_who_was_never_there_is_a_mistake(always: bool) -> None:
    tried = []

    @testing.invariant("misspelt")
    def misspelt(change: testing.Change) -> bool:
        tried.append(change)
        return not (always or change.edits) or change.after.allows("shop/wbe", "shop/db", 5432)

    with pytest.raises(netsim.QueryError, match="`wbe`"):
        misspelt.check(SNAPSHOT)
    assert len(tried) <= 3


def test_what_is_no_snapshot_is_refused() -> None:
    with pytest.raises(TypeError, match=r"netsim\.load"):
        apart.find("manifests/")  # type: ignore[arg-type]


def test_options_are_in_the_test() -> None:
    text = Path("fixtures/invariants/defence-in-depth/violated.yaml")
    snapshot = netsim.load(text, semantics=netsim.Semantics(icmp="deny"))
    found = testing.defence_in_depth("prod").find(snapshot)
    assert found
    assert 'semantics=netsim.Semantics().with_texts({"icmp": "deny"}))' in found.test()
    namespace: dict[str, object] = {}
    exec(found.test(), namespace)
    with pytest.raises(AssertionError, match="not so"):
        namespace["test_defence_in_depth_prod"]()  # type: ignore[operator]


WITHOUT = """
import sys
sys.modules["hypothesis"] = None
import netsim.testing as testing
testing.no_external_to, testing.Delete, testing.invariant
try:
    testing.flows
except ModuleNotFoundError as error:
    print(error)
"""


def test_without_hypothesis_the_strategies_say_what_to_install() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, encoding="utf-8", check=True
    )
    assert finished.stdout == (
        "netsim.testing.flows needs Hypothesis: pip install 'netsim-k8s[testing]'\n"
    )


def test_every_public_name_is_there_and_has_a_docstring() -> None:
    for name in testing.__all__:
        assert getattr(testing, name).__doc__, name
    assert {*testing.__all__} <= {*dir(testing)}
    with pytest.raises(AttributeError):
        testing.nothing_at_all  # noqa: B018


def test_a_version_that_was_edited_is_refused() -> None:
    """Its manifests say what it was before: to compare these would be to compare nothing."""
    edited = netsim.edit(SNAPSHOT).label("shop/pod/web", {"app": "other"}).done()
    with pytest.raises(netsim.QueryError, match="`shop/pod/web` was edited"):
        apart.check_between(SNAPSHOT, edited)
