"""Snapshots of git revisions: they share what is alike with each other and with the files now."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from git_repositories import commit, start_repository

import netsim
from netsim.errors import InputError
from netsim.manifests.loader import Loader

pytestmark = pytest.mark.needs_program("git")
CLUSTER = Path(__file__).parents[2] / "fixtures" / "clusters" / "shop"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = start_repository(tmp_path, monkeypatch)
    shutil.copytree(CLUSTER, "shop")
    commit()
    return here


def test_a_revision_is_loaded_as_its_files_are(repository: Path) -> None:
    plain = netsim.load("shop", keep_going=True)
    found = Loader(keep_going=True).load_revision("main", "shop")
    assert replace(found, diagnostics=()) == replace(plain, diagnostics=())
    for mine, other in zip(found.diagnostics, plain.diagnostics, strict=True):
        assert str(mine) == f"main:{other}"


def test_what_is_alike_is_the_same_object(repository: Path) -> None:
    loader = Loader(keep_going=True)
    old = loader.load_revision("HEAD", "shop")
    changed = old.policies[0].origin.locate()
    path = Path(changed.file.removeprefix("HEAD:"))
    path.write_text(path.read_text().replace("policyTypes:", "ingress: []\n  policyTypes:", 1))
    now = loader.load("shop")
    assert now == netsim.load("shop", keep_going=True)
    commit("a change")
    new = loader.load_revision("HEAD", "shop")
    assert new.policies == now.policies
    for other in (now, new):
        same = [mine is theirs for mine, theirs in zip(old.policies, other.policies, strict=True)]
        assert same == [False] + [True] * (len(same) - 1)


def test_a_fault_is_told_as_git_names_its_file(repository: Path) -> None:
    Path("shop/bad.yaml").write_text("a: [\n")
    commit("a fault")
    loader = Loader()
    with pytest.raises(InputError, match=r"main:shop/bad\.yaml:2:1: "):
        loader.load_revision("main", "shop")
    assert loader.load_revision("main~1", "shop").policies
