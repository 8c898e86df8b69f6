"""What an edit is written as: YAML, an option, a manifest, Python, and a file."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from builders import cluster, namespace, pod, workload
from hypothesis import given, settings
from hypothesis import strategies as st

import netsim
from netsim import InputError, Snapshot, testing
from netsim.source.documents import read_text
from netsim.testing.documents import applied_text
from netsim.testing.minimal import smaller_edits
from netsim.testing.pod_edits import new_namespace, new_workload
from netsim.testing.python_text import quoted
from netsim.testing.saved import Saved, path_of, saved_in, saved_text
from netsim.testing.single_edits import single_edits
from netsim.testing.what_if import what_if_command
from netsim.testing.yaml_text import yaml_text

SHOP = Path(__file__).parents[2] / "fixtures" / "clusters" / "shop"
texts = st.one_of(
    st.text(max_size=6).filter(lambda text: text.isascii() or text.isprintable()),
    st.sampled_from(("yes", "No", "null", "~", "1e3", "0x1f", "1_0", "1:30", "=", "<<", ".inf")),
    st.sampled_from(("- a", "a: b", "#c", "a #b", "2024-01-01", "---", "...", "é", "\u2028", "👍")),
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(2**31), 2**31), texts)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=12,
)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(texts, values, min_size=1, max_size=3))
def test_yaml_is_read_as_it_was(value: dict[str, Any]) -> None:
    reading = read_text(yaml_text(value))
    assert not reading.diagnostics, reading.diagnostics
    assert [each.value for each in reading.documents] == [value]


@settings(max_examples=50, deadline=None)
@given(scalars)
def test_python_is_read_as_it_was(value: object) -> None:
    assert ast.literal_eval(quoted(value)) == value


def test_python_has_double_quotes_where_they_can_be() -> None:
    assert quoted("a b") == '"a b"'
    assert quoted('a"b') == "'a\"b'"
    assert quoted(("a", "b")) == '("a", "b",)'


def alike(before: Snapshot, one: Snapshot, other: Snapshot) -> bool:
    """Whether two edited clusters are the same to all who ask."""
    return not netsim.diff(one, other) and bool(netsim.diff(before, one)) == bool(
        netsim.diff(before, other)
    )


def test_each_edit_is_the_same_as_its_manifest() -> None:
    before = netsim.load(SHOP)
    compared = 0
    for edit in single_edits(before):
        try:
            one = edit.made(netsim.edit(before)).done()
        except netsim.NetsimError:
            continue
        if not isinstance(edit, testing.Apply) and (text := applied_text(edit, before)):
            compared += 1
            if compared % 3 == 0:
                assert alike(before, one, netsim.edit(before).apply(text).done()), edit
    assert compared > 50


LIVE = {
    "apiVersion": "v1",
    "kind": "List",
    "items": [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": name,
                "namespace": "a",
                "labels": {"app": name},
                "resourceVersion": "7",
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
                "managedFields": [],
            },
            "spec": {"containers": [{"name": "c"}]},
            "status": {"phase": "Running", "podIPs": [{"ip": f"10.0.0.{number}"}]},
        }
        for number, name in enumerate(("web", "db"), 1)
    ],
}


def test_a_live_pod_is_written_without_what_the_server_adds() -> None:
    before = netsim.loads(json.dumps(LIVE))
    text = applied_text(testing.Label("a/pod/db", {"role": "x", "app": None}), before)
    assert text.startswith(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: db\n  namespace: a\n  labels:\n    role: x\nspec:"
    )
    assert '- ip: "10.0.0.2"\n' in text


def test_every_kind_of_object_gets_its_labels() -> None:
    cron = (
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c, namespace: a}\n"
        "spec: {schedule: '* * * * *', jobTemplate: {spec: {template: {spec: {containers: [{name: c}]}}}}}"
    )
    before = cluster(workload("a/web"), cron, namespace("a"), pod("b/p"))
    for object in ("a/deployment/web", "a/cronjob/c", "namespace/a", "b/pod/p"):
        edit = testing.Label(object, {"role": "x"})
        after = netsim.edit(before).apply(applied_text(edit, before)).done()
        expected = edit.made(netsim.edit(before)).done()
        assert (after.pods, after.namespaces) == (expected.pods, expected.namespaces), object
    scaled = applied_text(testing.Scale("a/deployment/web", 7), before)
    assert "\n  replicas: 7\n" in scaled
    assert applied_text(testing.Delete("b/pod/p"), before) == ""


EDITS = (
    testing.Delete("a/networkpolicy/p"),
    testing.Label("a/pod/x", {"tier": "web", "role": None}),
    testing.Scale("a/deployment/web", 0),
    new_workload("new-workload", "a", {"app": "web", "on": "yes"}),
    new_namespace("new-team", {"team": "x"}, "new-pod", {}),
)


def test_edits_are_kept_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.yaml"
    assert saved_in(path) is None
    path.write_text(saved_text("nothing-opens", "nothing opens", EDITS), encoding="utf-8")
    saved = saved_in(path)
    assert saved == Saved("nothing-opens", EDITS)
    assert [*map(str, saved.edits)] == [*map(str, EDITS)]


NAMES = (
    "nothing-opens",
    "needs-label=db,role=api",
    "defence-in-depth=a/{legacy}",
    "defence-in-depth=a/{!legacy}",
    "defence-in-depth=a/legacy",
    "defence-in-depth=a_legacy",
    f"no-external-to=shop/{{app in ({','.join(f'value-{at}' for at in range(99))})}}",
    f"no-external-to=shop/{{app in ({','.join(f'value-{at}' for at in range(98))})}}",
    "no-external-to=a#'\": \u00e9",
)


def test_invariants_are_kept_apart_under_short_names(tmp_path: Path) -> None:
    paths = [path_of(tmp_path, each) for each in NAMES]
    assert len({*paths}) == len(NAMES)
    assert [path.name for path in paths[:2]] == [f"{each}.yaml" for each in NAMES[:2]]
    for name, path in zip(NAMES, paths, strict=True):
        assert len(path.name) < 120
        path.write_text(saved_text(name, "", EDITS[:1]), encoding="utf-8")
        assert saved_in(path) == Saved(name, EDITS[:1])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "edits: 1",
        "{invariant: 1, edits: []}",
        "edits: [{scale: a/b/c, replicas: x}]",
        "edits: [{label: a, labels: {b: 1}}]",
        "a: [",
        "edits: []\n---\nedits: []",
    ],
)
def test_a_file_that_is_none_of_these_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kept.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"kept\.yaml"):
        saved_in(path)


def test_as_one_command() -> None:
    command, *document = what_if_command(("m/",), ("--set", "icmp=deny"), EDITS).split("\n")
    assert command == (
        "netsim what-if -f m/ --set icmp=deny --delete a/networkpolicy/p"
        " --label a/pod/x role-,tier=web --scale a/deployment/web 0 --apply - <<'YAML'"
    )
    assert document[-1] == "YAML"
    assert document.count("---") == 2
    assert what_if_command(("-",), (), EDITS[-1:]) == "netsim what-if -f - --apply edits.yaml"


def test_smaller_by_one_thing() -> None:
    assert [each.text for each in smaller_edits(EDITS[1]) if isinstance(each, testing.Label)] == [
        "tier=web",
        "role-",
    ]
    assert [*map(str, smaller_edits(EDITS[3]))] == [
        "add deployment a/new-workload (on=yes)",
        "add deployment a/new-workload (app=web)",
    ]
    assert [*map(str, smaller_edits(EDITS[4]))] == [
        "add namespace new-team (team=x)",
        "add namespace new-team (no labels) with pod new-team/new-pod (no labels)",
    ]
    assert [*smaller_edits(EDITS[0])] == []
