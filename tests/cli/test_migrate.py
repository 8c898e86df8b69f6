"""`netsim migrate`: what is written, what is said of it, and the proof.

tests/golden/migrate has what a reader sees of fixtures/tiers/v1alpha1.yaml, as `manifests.yaml`:
`netsim migrate --to v1alpha2 -f manifests.yaml > new.yaml 2> told` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import netsim
from netsim.cli.main import main

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "migrate"
MANIFESTS = ROOT / "fixtures" / "tiers" / "v1alpha1.yaml"
ASK = ["migrate", "--to", "v1alpha2", "-f", "manifests.yaml"]
# Of the priority of one that is called `default`, which comes between the two.
TIED = """\
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: defau}
spec: {tier: Admin, priority: 5, subject: {namespaces: {}}}
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: default}
spec:
  tier: Admin
  priority: 5
  subject: {namespaces: {}}
  ingress:
  - action: Deny
    from: [{namespaces: {}}]
"""


@pytest.fixture(autouse=True)
def manifests(folder: Path) -> Path:
    path = folder / "manifests.yaml"
    path.write_bytes(MANIFESTS.read_bytes())
    return path


def test_golden(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ASK) == 0
    captured = capsys.readouterr()
    assert captured.out == (GOLDEN / "new.yaml").read_text(encoding="utf-8")
    assert captured.err == (GOLDEN / "told").read_text(encoding="utf-8")


def test_into_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "manifests.yaml").read_bytes()
    assert main([*ASK, "--output-dir", "new/policies"]) == 0
    assert capsys.readouterr().out == "no change in reachability\n"
    files = sorted((folder / "new" / "policies").iterdir())
    assert [path.name for path in files] == ["default-baseline.yaml", "default.yaml"]
    assert (folder / "manifests.yaml").read_bytes() == before
    together = "---\n".join(path.read_text() for path in reversed(files))
    assert together == (GOLDEN / "new.yaml").read_text(encoding="utf-8")
    assert main([*ASK, "--output-dir", "new/policies"]) == 2
    assert "is there already: nothing was written" in capsys.readouterr().err


def test_into_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASK, "--output-file", "new.yaml"]) == 0
    assert capsys.readouterr().out == "no change in reachability\n"
    assert (folder / "new.yaml").read_bytes() == (GOLDEN / "new.yaml").read_bytes()
    assert len(netsim.load("new.yaml").policies) == 2


def test_manifests_are_never_written(manifests: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = manifests.read_bytes()
    assert main([*ASK, "--output-file", "./manifests.yaml"]) == 2
    assert "is one of the manifests" in capsys.readouterr().err
    assert manifests.read_bytes() == before


def test_what_the_apis_force_is_told(manifests: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of equal priority the name decides, and two of one kind can't have one name."""
    *others, _ = manifests.read_text().split("---\n")  # a Baseline that denies them anyway
    manifests.write_text("---\n".join(others) + TIED)
    assert main([*ASK, "--output-file", "new.yaml"]) == 1
    captured = capsys.readouterr()
    assert "becomes `default-admin`" in captured.err
    assert "so that it is asked after ClusterNetworkPolicy `default`" in captured.err
    assert "  - " in captured.out
    assert "shop/web -> shop/api" in captured.out


def test_without_pods_the_rules_are_compared(
    manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = manifests.read_text().split("---\n")
    alone = "---\n".join(each for each in documents if "kind: Pod" not in each)
    manifests.write_text(alone)
    assert main([*ASK, "--output-file", "new.yaml"]) == 0
    assert capsys.readouterr().out.startswith("no change in reachability, whatever pods there are")
    manifests.write_text(alone + TIED)
    assert main([*ASK, "--output-file", "new.yaml"]) == 1
    assert capsys.readouterr().out.startswith("the rules are asked in another order")


def test_nothing_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "manifests.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
    assert main(ASK) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nothing to do" in captured.err


def test_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASK, "--output-file", "a", "--output-dir", "b"]) == 2
    assert main(["migrate", "-f", "manifests.yaml"]) == 2
    assert main(["migrate", "--to", "v1", "-f", "manifests.yaml"]) == 2
    assert main(["migrate", "--to", "v1alpha2"]) == 2


def test_to_what_must_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate", "-f", "manifests.yaml"]) == 2
    assert "error: missing option `--to`. Choose from: v1alpha2\n" in capsys.readouterr().err
