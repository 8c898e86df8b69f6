"""A Loader reads what changed and gives what `netsim.load` gives, whatever it has read before."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manifest_texts import pod, workload

import netsim
from netsim.errors import Diagnostic, InputError, Location
from netsim.manifests.judge import Outcome, judge
from netsim.manifests.loader import Loader
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.source.documents import Document

FIXTURES = Path(__file__).parents[2] / "fixtures"
INPUTS = [
    *sorted((FIXTURES / "clusters").iterdir()),
    *sorted((FIXTURES / "cases").rglob("*.yaml")),
    *sorted((Path(__file__).parent / "dumps").iterdir()),
]
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: %s, namespace: a}
spec: {podSelector: {}}
"""
NEWER = """
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: k}
spec: {tier: Admin, priority: 7, subject: {namespaces: {}}}
"""
OLDER = """
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: o}
spec: {priority: 7, subject: {namespaces: {}}}
"""
ITEM = '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}'
POD_LIST = """
apiVersion: v1
kind: PodList
items:
- {metadata: {name: l, namespace: a}, spec: {containers: [{name: c}]}}
- {metadata: {name: m, namespace: a}}
"""
# Everything that can be said of a document, while it is read, judged, taken in or assembled.
DOCUMENTS = [
    "",
    "# nothing\n",
    POLICY % "p",
    POLICY % "q",
    NEWER,
    NEWER.replace("name: k", "name: n"),
    OLDER,
    "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n",
    pod("x"),
    pod("x", "containers: [{name: c}], hostNetwork: true"),
    pod("v", more="status: {podIP: 10.0.0.1}"),
    pod("u", more="status: {podIP: 10.0.0.1}"),
    pod("faulty", "containers: []"),
    pod("name: twice, name").replace("a}", "a}\nkind: Pod"),
    pod("x").replace("name: x", "generateName: g-"),
    workload("Deployment"),
    workload("StatefulSet", "replicas: 2"),
    "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: b}\nspec: {ports: [{port: 1}]}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n",
    "apiVersion: example.com/v1\nkind: Runner\nmetadata: {name: r}\nspec: {template: {spec: {containers: []}}}\n",
    "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\n",
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolice\nmetadata: {name: t}\n",
    "some: value\n",
    "{{ template }}\n",
    "$patch: delete\nkind: Pod\n",
    "a: [\n",
    "a: 1\n...\nb: 2\n",
    POD_LIST,
    f'{{"apiVersion": "v1", "kind": "List", "items": [{ITEM % "b"}, {ITEM % "c"}]}}',
    f'{{"apiVersion": "v1", "kind": "List", "items": [{ITEM % "b"}, {ITEM % "B"}]}}',
]
FILES = ("m/a.yaml", "m/b.yaml", "m/n/c.yaml", "m/n/d.json")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, *documents: str) -> None:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n---\n".join(documents))


def outcome(load: object, paths: Sequence[str], **options: object) -> object:
    """A snapshot, or the diagnostics of the error that there was instead."""
    try:
        return load(*paths, **options)  # type: ignore[operator]
    except InputError as error:
        return error.diagnostics


def places(found: object) -> list[Location | None]:
    """Where all objects and everything that was said stand."""
    if not isinstance(found, Snapshot):
        assert isinstance(found, tuple)
        return [item.location for item in found if isinstance(item, Diagnostic)]
    objects: tuple[Any, ...] = (
        *found.namespaces.values(),
        *found.nodes.values(),
        *found.workloads.values(),
        *found.pods,
        *found.policies,
    )
    return [item.origin.locate() for item in objects]


def built(snapshot: Snapshot) -> Iterator[object]:
    """All objects that can be the same ones in two snapshots."""
    yield from (item for item in snapshot.namespaces.values() if item.declared)
    yield from snapshot.nodes.values()
    yield from snapshot.workloads.values()
    yield from snapshot.policies


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_fixtures_are_loaded_alike_each_time(path: Path) -> None:
    loader = Loader(keep_going=True)
    plain = outcome(netsim.load, [str(path)], keep_going=True)
    first, second = (outcome(loader.load, [str(path)]) for _ in range(2))
    assert first == plain == second
    assert places(first) == places(plain) == places(second)
    if isinstance(first, Snapshot):
        assert isinstance(second, Snapshot)
        assert all(old is new for old, new in zip(built(first), built(second), strict=True))


_CONTENTS = st.lists(st.sampled_from(DOCUMENTS), max_size=4).map(tuple)
_VERSION = st.dictionaries(st.sampled_from(FILES), _CONTENTS, min_size=1)
_SEMANTICS = st.sampled_from([Semantics(), Semantics(priority_ties="error")])


@given(st.lists(_VERSION, min_size=2, max_size=5), st.booleans())
@settings(deadline=None, max_examples=150)
def test_versions_of_one_folder(
    versions: list[dict[str, tuple[str, ...]]], keep_going: bool
) -> None:
    """Whatever moved where, all is said as if each version were the first, to the line."""
    with tempfile.TemporaryDirectory() as root:
        loader = Loader(keep_going=keep_going)
        for version in versions:
            for file in FILES:
                Path(root, file).unlink(missing_ok=True)
            for file, documents in version.items():
                write(f"{root}/{file}", *documents)
            paths = [f"{root}/m"]
            plain = outcome(netsim.load, paths, keep_going=keep_going)
            found = outcome(loader.load, paths)
            assert found == plain
            assert places(found) == places(plain)


@given(st.lists(_VERSION, min_size=2, max_size=6), _SEMANTICS)
@settings(deadline=None, max_examples=150)
def test_versions_in_folders_of_their_own(
    versions: list[dict[str, tuple[str, ...]]], semantics: Semantics
) -> None:
    """All is said as if each folder were the first; origins may be those of an equal document."""
    with tempfile.TemporaryDirectory() as root:
        loader = Loader(semantics=semantics, keep_going=True)
        for number, version in enumerate(versions):
            for file, documents in version.items():
                write(f"{root}/{number}/{file}", *documents)
        for number in (*range(len(versions)), 0):
            paths = [f"{root}/{number}"]
            plain = outcome(netsim.load, paths, semantics=semantics, keep_going=True)
            assert outcome(loader.load, paths) == plain


def test_only_what_changed_is_judged_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Document] = []

    def counted(document: Document, semantics: Semantics) -> Outcome:
        judged.append(document)
        return judge(document, semantics)

    monkeypatch.setattr("netsim.manifests.loader.judge", counted)
    for root in ("old", "new"):
        write(f"{root}/a.yaml", POLICY % "p", pod("x"), workload("Deployment"))
        write(f"{root}/b.yaml", pod("v"))
        write(f"{root}/c.json", DOCUMENTS[-2])
    write(
        "new/a.yaml", pod("first"), POLICY % "p", pod("x", "containers: []"), workload("Deployment")
    )
    loader = Loader(keep_going=True)
    old = loader.load("old")
    assert len(judged) == 6
    new = loader.load("new")
    assert [str(document.origin.locate()) for document in judged[6:]] == [
        "new/a.yaml:2:1",
        "new/a.yaml:17:1",
    ]
    assert new.policies[0] is old.policies[0]
    assert new.workloads == old.workloads
    shared = [str(one) for one in new.pods for other in old.pods if one is other]
    assert shared == ["a/v", "a/deployment/w"]


def test_an_object_of_other_paths_keeps_its_origin_and_is_the_same(folder: Path) -> None:
    write("old/a.yaml", POLICY % "p")
    write("new/b.yaml", "", POLICY % "p")
    loader = Loader()
    old, new, again = loader.load("old"), loader.load("new"), loader.load("old")
    assert old.policies[0] is new.policies[0] is again.policies[0]
    assert str(new.policies[0].origin.locate()) == "old/a.yaml:2:1"


def test_a_namespace_of_other_paths_is_the_same_unless_something_in_it_is_other(
    folder: Path,
) -> None:
    for root in ("old", "new"):
        write(f"{root}/a.yaml", POLICY % "p", pod("x"), workload("Deployment"))
        write(
            f"{root}/b.yaml",
            workload("StatefulSet", "replicas: 2").replace("namespace: a", "namespace: b"),
        )
    write("new/a.yaml", POLICY % "q", pod("x"), workload("Deployment"))
    loader = Loader()
    old, new = loader.load("old").inventory, loader.load("new").inventory
    assert old
    assert new
    assert old.of("b") is new.of("b")
    assert old.of("a") is not new.of("a")
    assert old.of("a").pods is new.of("a").pods


def test_files_of_other_paths_that_are_taken_over_are_spoken_of_where_they_are(
    folder: Path,
) -> None:
    many = workload("StatefulSet", "replicas: 2")
    write("old/a.yaml", pod("x"), many)
    write("new/b.yaml", pod("x"), many)
    loader = Loader()
    old, new = loader.load("old"), loader.load("new")
    for snapshot, file in ((old, "old/a.yaml"), (new, "new/b.yaml")):
        scaled = netsim.edit(snapshot).scale("a/statefulset/w", 2_000).done()
        plain = netsim.edit(netsim.load(file.split("/")[0])).scale("a/statefulset/w", 2_000).done()
        assert scaled.diagnostics == plain.diagnostics
        assert {item.location.file for item in scaled.diagnostics if item.location} == {file}


def test_cluster_policies_of_other_paths_are_spoken_of_where_they_are(folder: Path) -> None:
    for root in ("old", "new"):
        write(f"{root}/a.yaml", NEWER, OLDER)
    for each in (Semantics(), Semantics(priority_ties="error")):
        loader = Loader(semantics=each, keep_going=True)
        loader.load("old")
        said = loader.load("new").diagnostics
        assert said
        assert said == netsim.load("new", semantics=each, keep_going=True).diagnostics


def test_a_file_that_is_twice_in_other_paths_is_taken_over_at_both_places(folder: Path) -> None:
    write("old/a.yaml", pod("x"), POLICY % "p")
    for file in ("new/a.yaml", "new/b.yaml"):
        write(file, pod("x"), POLICY % "p")
    loader = Loader()
    loader.load("old")
    for root in ("new", "old", "new"):
        found = outcome(loader.load, [root])
        assert found == outcome(netsim.load, [root])
    assert isinstance(found, tuple)
    assert [str(item.location) for item in found] == ["new/b.yaml:4:12", "new/b.yaml:12:12"]


def test_an_object_that_moved_in_its_file_is_an_equal_one_in_its_new_place(folder: Path) -> None:
    write("m/a.yaml", POLICY % "p")
    loader = Loader()
    old = loader.load("m")
    write("m/a.yaml", pod(), POLICY % "p")
    new = loader.load("m")
    assert new.policies == old.policies
    assert str(old.policies[0].origin.locate()) == "m/a.yaml:2:1"
    assert str(new.policies[0].origin.locate()) == "m/a.yaml:10:1"


def test_an_object_that_moved_in_its_file_is_never_shared_in_its_old_place(folder: Path) -> None:
    write("m/a.yaml", POLICY % "p")
    loader = Loader()
    loader.load("m")
    write("m/a.yaml", pod(), POLICY % "p")
    (policy,) = loader.load("m/a.yaml").policies
    assert str(policy.origin.locate()) == "m/a.yaml:10:1"


def test_a_half_written_file_does_no_harm(folder: Path) -> None:
    write("m/a.yaml", POLICY % "p")
    write("m/b.yaml", pod())
    loader = Loader()
    old = loader.load("m")
    write("m/a.yaml", (POLICY % "p")[:-12])
    with pytest.raises(InputError, match=r"m/a.yaml:5:"):
        loader.load("m")
    write("m/a.yaml", POLICY % "p")
    new = loader.load("m")
    assert new == old
    assert new.policies[0] is old.policies[0]


def test_a_stream_is_read_each_time() -> None:
    loader = Loader()
    first = loader.load("-", stdin=io.BytesIO((POLICY % "p").encode()))
    second = loader.load("-", stdin=io.BytesIO((POLICY % "q").encode()))
    assert [policy.name for policy in (*first.policies, *second.policies)] == ["p", "q"]


def test_a_file_counts_as_named_or_not_each_time(folder: Path) -> None:
    """DEC-3: what is no object is passed over in a folder, and refused where it is given itself."""
    write("m/a.yaml", "some: value\n")
    write("m/b.yaml", pod())
    loader = Loader()
    assert loader.load("m").summary.files == 2
    with pytest.raises(InputError, match="apiVersion"):
        loader.load("m", "m/a.yaml")
    assert loader.load("m") == netsim.load("m")


def test_what_is_long_gone_is_forgotten(folder: Path) -> None:
    loader = Loader()
    write("m/a.yaml", POLICY % "p")
    old = loader.load("m")
    for number in range(5):
        write("m/a.yaml", POLICY % f"p{number}")
        loader.load("m")
    write("m/a.yaml", POLICY % "p")
    new = loader.load("m")
    assert new == old
    assert new.policies[0] is not old.policies[0]
