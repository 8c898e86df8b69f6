"""`netsim what-if`: edits in their order, the difference that they make, and questions after them.

tests/golden/what-if has what a reader sees; in the root of the repository, for example,
`netsim what-if -f fixtures/clusters/shop --delete shop/networkpolicy/default-deny-all > \
tests/golden/what-if/delete` writes it anew.
"""

from __future__ import annotations

import io
import json
import shlex
import sys
from pathlib import Path

import pytest

from netsim.cli.main import main

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "what-if"
SHOP = ("what-if", "-f", "fixtures/clusters/shop")
DENY = "shop/networkpolicy/default-deny-all"
# By file in tests/golden/what-if.
EDITS = {
    "delete": ("--delete", DENY),
    "label": ("--label", "shop/deploy/frontend", "tier=web,team=a"),
    "scale": ("--scale", "shop/deploy/frontend", "3"),
    "then": ("--delete", DENY, "--then", "can", "shop/postgres", "batch/cleanup", "443"),
}

OPEN = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{ports: [{port: 5432}]}]
"""
FAULTY = OPEN.replace("ingress: [", "policyTypes: [Ingres]\n  ingress: [")
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart, role: db}}
    spec: {containers: [{name: c, image: i}]}
"""


@pytest.fixture
def what_if(manifests: Path) -> list[str]:
    """The beginning of a command line."""
    return ["what-if", "-f", manifests.name]


@pytest.fixture
def opening(folder: Path) -> str:
    """The name of a file with a policy that opens 5432 of shop/db."""
    (folder / "open.yaml").write_text(OPEN)
    return "open.yaml"


def pipe(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


@pytest.mark.parametrize("name", EDITS)
def test_golden(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main([*SHOP, *EDITS[name]]) in (0, 1)
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out == (GOLDEN / name).read_text(encoding="utf-8")


def test_each_flow_that_is_shown_is_answered_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command under a rectangle makes the same edits, and says what the rectangle does."""
    monkeypatch.chdir(ROOT)
    edits = ("--delete", DENY, "--label", "shop/statefulset/postgres", "x=y", "--keep-going")
    assert main([*SHOP, *edits, "--set", "icmp=deny", "-o", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    asked = 0
    for effect in told["effects"]:
        for key, status in (("opened", 0), ("closed", 1)):
            for rectangle in effect[key]:
                program, *words = shlex.split(rectangle["witness"]["command"])
                assert program == "netsim"
                assert main(words) == status
                asked += 1
    assert asked


def test_edits_are_made_in_the_order_of_the_command_line(
    what_if: list[str], opening: str, capsys: pytest.CaptureFixture[str]
) -> None:
    apply, delete = ("--apply", opening), ("--delete", "shop/netpol/open")
    assert main([*what_if, *apply, *delete]) == 0
    assert main([*what_if, *apply, *delete, *apply]) == 1
    assert "NetworkPolicy shop/open added" in capsys.readouterr().out
    assert main([*what_if, *delete, *apply]) == 2
    assert "`open`" in capsys.readouterr().err


def test_labels_are_set_and_taken_away(
    what_if: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    question = ("--then", "can", "shop/db", "shop/web", "80")
    assert main([*what_if, "--label", "shop/pod/db", "app-", *question]) == 0
    capsys.readouterr()
    assert main([*what_if, "--label", "shop/pod/web", "app-,x=y"]) == 1
    out = capsys.readouterr().out
    assert "shop/web: label app=web removed" in out
    assert "- TCP 5432  shop/web -> shop/db\n" in out
    assert "shop/web: label x=y added" in out


def test_a_workload_is_scaled(
    manifests: Path, what_if: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    manifests.write_text(manifests.read_text() + "---\n" + DEPLOYMENT)
    scale = ("--scale", "shop/deploy/cart")
    assert main([*what_if, *scale, "3"]) == 0  # replicas are alike
    assert main([*what_if, *scale, "3", *scale, "0"]) == 1
    assert "shop/deployment/cart removed\n" in capsys.readouterr().out
    assert main([*what_if, *scale, "0", *scale, "3"]) == 0


def test_several_edits_of_one_object_may_need_each_other(
    manifests: Path, what_if: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    manifests.write_text(manifests.read_text() + "---\n" + DEPLOYMENT)
    label = ("--label", "shop/deploy/cart")
    assert main([*what_if, *label, "role-,app=other"]) == 2
    assert "the selector `app=cart`" in capsys.readouterr().err
    assert main([*what_if, *label, "role-,tier=back"]) == 0
    assert main([*what_if, *label, "role-", *label, "role=db"]) == 0


@pytest.mark.parametrize(
    ("fail_on", "opened", "closed"),
    [("any", 1, 1), ("opened", 1, 0), ("closed", 0, 1), ("none", 0, 0)],
)
def test_fail_on(
    fail_on: str, opened: int, closed: int, what_if: list[str], opening: str, folder: Path
) -> None:
    (folder / "close.yaml").write_text(
        OPEN.replace("app: db", "app: web").replace("[{ports: [{port: 5432}]}]", "[]")
    )
    assert main([*what_if, "--apply", opening, "--fail-on", fail_on]) == opened
    assert main([*what_if, "--apply", "close.yaml", "--fail-on", fail_on]) == closed


def test_options_of_diff(
    what_if: list[str], opening: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    what_if += ["--apply", opening]
    assert main([*what_if, "--no-blame"]) == 1
    assert "shop/open added" not in capsys.readouterr().out
    assert main([*what_if, "--relation"]) == 1
    assert capsys.readouterr().out.startswith("the edited cluster contains the cluster\n")
    assert main([*what_if, "--output-file", "told.txt"]) == 1
    assert "shop/open added  (open.yaml:1:1)" in (folder / "told.txt").read_text()


def test_the_files_stay_as_they_are(what_if: list[str], manifests: Path) -> None:
    before = manifests.read_bytes()
    assert main([*what_if, "--delete", "ns/shop"]) == 1
    assert manifests.read_bytes() == before


def test_apply_reads_stdin(
    what_if: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe(OPEN, monkeypatch)
    assert main([*what_if, "--apply", "-"]) == 1
    assert "shop/open added  (<stdin>:1:1)" in capsys.readouterr().out


def test_then_can_answers_about_the_edited_cluster(
    what_if: list[str], opening: str, capsys: pytest.CaptureFixture[str]
) -> None:
    can = ["can", "203.0.113.7", "shop/db", "5432"]
    assert main([*what_if, "--delete", "shop/pod/web", "--then", *can]) == 1
    capsys.readouterr()
    assert main([*what_if, "--apply", opening, "--then", *can]) == 0
    assert capsys.readouterr().out.startswith("allow 203.0.113.7 -> shop/db 5432/tcp\n")
    assert main([*what_if, "--apply", opening, "--then", *can, "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "Verdict"
    short = ["can", "-n", "shop", "web", "db", "5433"]
    assert main([*what_if, "--apply", opening, "--then", *short]) == 1


def test_then_reach(what_if: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    reach = ["--then", "reach", "--to", "shop/db", "-o", "csv"]
    assert main([*what_if, "--delete", "shop/netpol/db", *reach]) == 0
    assert "\n0.0.0.0/0,shop/db,all," in capsys.readouterr().out
    assert main([*what_if, "--delete", "shop/pod/web", *reach]) == 0
    assert capsys.readouterr().out == "from,to,traffic,assumed\n"


def test_then_many_questions(
    what_if: list[str], opening: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    pipe("from,to,port\n203.0.113.7,shop/db,5432\n", monkeypatch)
    assert main([*what_if, "--apply", opening, "--then", "can", "--flows", "-"]) == 0
    assert capsys.readouterr().out.startswith("allow\t")


def test_then_has_help(what_if: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*what_if, "--then", "can", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: netsim what-if --then can ")


def test_3_something_was_left_out(
    what_if: list[str], opening: str, manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifests.write_text(manifests.read_text() + "---\n" + FAULTY.replace("open", "bad"))
    what_if += ["--apply", opening]
    assert main(what_if) == 2
    assert main([*what_if, "--keep-going"]) == 3
    captured = capsys.readouterr()
    assert "going on without 1 faulty object\n" in captured.err
    assert "incomplete: NetworkPolicy `shop/bad` was left out" in captured.err
    assert main([*what_if, "--keep-going", "--then", "can", "shop/web", "shop/db", "1"]) == 3


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        ([], "give an edit"),
        (["--apply", "nowhere.yaml"], "nowhere.yaml: no such file"),
        (["--delete", "shop/netpol/dd"], "did you mean"),
        (["--delete", "netpol"], "write [namespace/]kind/name"),
        (["--label", "shop/pod/web"], "2 arguments"),
        (["--label", "shop/pod/web", "tier"], "`tier` is no label"),
        (["--label", "shop/pod/web", "a=b,,c=d"], "`` is no label"),
        (["--label", "shop/pod/web", "-=x"], "`-`"),
        (["--scale", "shop/pod/web", "3"], "no kind that is scaled"),
        (["--scale", "shop/deploy/web", "three"], "`three` is no number of replicas"),
        (["--apply", "-", "--apply", "-"], "only one of"),
        (["--apply", "-", "-f", "-"], "only one of"),
        (["--apply", "-", "--then", "can", "--flows", "-"], "only one of"),
        (["--delete", "ns/shop", "--relation", "--pairs"], "--relation is written"),
        (["--delete", "ns/shop", "shop/web"], "unexpected extra argument"),
        (["--delete", "ns/shop", "--then"], "--then is followed by a command"),
        (["--delete", "ns/shop", "--then=can"], "--then is followed by a command"),
        (["--delete", "ns/shop", "--then", "cann", "a"], "did you mean `can`?"),
        (["--delete", "ns/shop", "--then", "can", "a"], "a question is SRC DST PORT"),
        (["--delete", "ns/shop", "--then", "can", "a", "b", "-f", "x"], "give -f before --then"),
        (["--delete", "ns/shop", "--then", "can", "a", "b", "--profile", "x"], "give --profile"),
        (["--delete", "ns/shop", "-o", "json", "--then", "can", "a", "b"], "--output is for"),
        (["--then", "can", "shop/web", "shop/db", "80"], "give an edit"),
    ],
)
def test_2(
    args: list[str], complaint: str, what_if: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*what_if, *args]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert complaint in captured.err
    assert "internal" not in captured.err


def test_2_a_faulty_file_is_not_applied(
    what_if: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "faulty.yaml").write_text(FAULTY)
    assert main([*what_if, "--apply", "faulty.yaml", "--keep-going"]) == 2
    assert capsys.readouterr().err.startswith("faulty.yaml:6:17: spec.policyTypes[0]: ")
