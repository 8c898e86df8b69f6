"""`netsim diff` as a person sees it.

What each format looks like stands in tests/golden/diff: in the root of the repository `netsim diff
fixtures/clusters/shop fixtures/changes/shop -o csv > tests/golden/diff/shop.csv` writes it anew.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from git_repositories import commit, git, start_repository

from netsim.cli.main import main
from netsim.report.diff_formats import FORMATS

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "diff"
SHOP = ("diff", "fixtures/clusters/shop", "fixtures/changes/shop")
# By file in tests/golden/diff.
FLAGS = {
    **{f"shop.{form}": ("-o", form) for form in FORMATS},
    "shop.pairs": ("--pairs",),
    "shop.pairs.json": ("--pairs", "-o", "json"),
    "shop.no-blame": ("--no-blame",),
    "shop.pod": ("--level", "pod"),
    "shop.relation": ("--relation",),
    "shop.relation.json": ("--relation", "-o", "json"),
}

OPEN_TO_ALL = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{ports: [{port: 5432}]}]
"""
SPACE = """\
apiVersion: v1
kind: Namespace
metadata: {name: elsewhere}
"""
FAULTY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: faulty, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingres]}
"""
POD = """\
---
apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: shop, labels: {app: NAME}}
spec: {containers: [{name: c, image: i}]}
"""


@pytest.fixture(autouse=True)
def outside_of_github_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


@pytest.fixture
def new(manifests: Path) -> Path:
    """The same manifests in a file of their own, to be edited."""
    path = manifests.with_name("new.yaml")
    path.write_text(manifests.read_text())
    return path


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize("name", FLAGS)
def test_golden(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main([*SHOP, *FLAGS[name]]) == 1
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out == (GOLDEN / name).read_text(encoding="utf-8")


def test_the_bytes_are_the_same_in_every_process() -> None:
    for form in ("text", "json"):
        answers = {
            subprocess.run(
                [sys.executable, "-m", "netsim", *SHOP, "--fail-on", "none", "-o", form],
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("0", "1", "2")
        }
        assert len(answers) == 1


def test_each_flow_that_is_shown_is_answered_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command under a rectangle can be run, and says what the rectangle does."""
    monkeypatch.chdir(ROOT)
    main([*SHOP, "-o", "json"])
    told = json.loads(capsys.readouterr().out)
    asked = 0
    for effect in told["effects"]:
        for key, status in (("opened", 0), ("closed", 1)):
            for rectangle in effect[key]:
                program, *words = shlex.split(rectangle["witness"]["command"])
                assert program == "netsim"
                assert main(words) == status
                asked += 1
    assert asked > 5


def test_json_and_csv_tell_the_same_pairs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    main([*SHOP, "-o", "json", "--pairs"])
    pairs = json.loads(capsys.readouterr().out)["pairs"]
    main([*SHOP, "-o", "jsonl"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert pairs == [{key: line[key] for key in pairs[0]} for line in lines]
    main([*SHOP, "-o", "csv"])
    rows = capsys.readouterr().out.splitlines()[1:]
    assert len(rows) == len(pairs) == len({(each["from"], each["to"]) for each in pairs})


def test_0_the_same(manifests: Path, new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", manifests.name, new.name]) == 0
    assert capsys.readouterr().out == (
        "no change in reachability; nothing that decides about traffic differs\n"
    )


def test_0_other_text(manifests: Path, new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replace(new, "name: db, namespace: shop}\nspec:\n", "name: other, namespace: shop}\nspec:\n")
    assert main(["diff", manifests.name, new.name]) == 0
    assert capsys.readouterr().out == (
        "of no effect\n"
        "  NetworkPolicy shop/db removed  (manifests.yaml:15:1)\n"
        "  NetworkPolicy shop/other added  (new.yaml:15:1)\n\n"
        "no change in reachability; 2 policies differ in text\n"
    )


def test_0_split_files_and_other_order(
    manifests: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "new").mkdir()
    for number, text in enumerate(reversed(manifests.read_text().split("---\n"))):
        (folder / "new" / f"{number}.yaml").write_text(text)
    assert main(["diff", manifests.name, "new"]) == 0
    assert "nothing that decides about traffic differs" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fail_on", "opened", "closed", "added"),
    [("any", 1, 1, 1), ("opened", 1, 0, 0), ("closed", 0, 1, 0), ("none", 0, 0, 0)],
)
def test_fail_on(
    fail_on: str, opened: int, closed: int, added: int, manifests: Path, new: Path
) -> None:
    add(new, OPEN_TO_ALL)
    assert main(["diff", manifests.name, new.name, "--fail-on", fail_on]) == opened
    assert main(["diff", new.name, manifests.name, "--fail-on", fail_on]) == closed
    new.write_text(manifests.read_text() + POD.replace("NAME", "x"))
    assert main(["diff", manifests.name, new.name, "--fail-on", fail_on]) == added


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["manifests.yaml"],
        ["manifests.yaml", "new.yaml", "new.yaml"],
        ["manifests.yaml", "nowhere"],
        ["-", "-"],
        ["manifests.yaml", "-", "-f", "-"],
        ["manifests.yaml", "new.yaml", "--level", "class"],
        ["manifests.yaml", "new.yaml", "-o", "xml"],
        ["manifests.yaml", "new.yaml", "--fail-on", "deny"],
        ["manifests.yaml", "new.yaml", "--relation", "-o", "csv"],
        ["manifests.yaml", "new.yaml", "--relation", "--pairs"],
        ["manifests.yaml", "new.yaml", "--set", "wrong=1"],
        ["manifests.yaml", "new.yaml", "--profile", "wrong"],
        ["manifests.yaml", "new.yaml", "--output-file", "nowhere/diff.txt"],
        ["--git", "main"],
        ["--git", "main", "-"],
        ["--git", "main", "-f", "nowhere.yaml", "new.yaml"],
        ["--git", "a..b..c", "new.yaml"],
        ["--git", "main", "new.yaml"],
    ],
)
def test_2(args: list[str], new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *args]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err
    assert "internal" not in captured.err


def test_3_something_was_left_out_of_one_of_them(
    manifests: Path, new: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(manifests, FAULTY)
    assert main(["diff", manifests.name, new.name]) == 2
    for fail_on in ("any", "none"):
        assert main(["diff", manifests.name, new.name, "--keep-going", "--fail-on", fail_on]) == 3
    captured = capsys.readouterr()
    assert "going on without 1 faulty object of manifests.yaml" in captured.err
    assert "incomplete: NetworkPolicy `shop/faulty` was left out (manifests.yaml:25" in captured.err


def test_what_both_versions_complain_of_is_said_once(
    manifests: Path, new: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (manifests, new):
        add(path, FAULTY)
    add(new, FAULTY.replace("Ingres]", "Egres]"))
    main(["diff", manifests.name, new.name, "--keep-going"])
    said = capsys.readouterr().err
    assert said.count("`Ingres`") == 1 or said.count("Ingres") == 1
    assert "new.yaml" in said
    assert "Egres" in said


def test_inputs_in_common(
    manifests: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A policy over pods of a common file, which is told to be asked with both."""
    *pods, policy = manifests.read_text().split("---\n")
    (folder / "pods.yaml").write_text("---\n".join(pods))
    (folder / "old.yaml").write_text(policy)
    (folder / "new.yaml").write_text(OPEN_TO_ALL)
    assert main(["diff", "-f", "pods.yaml", "old.yaml", "new.yaml"]) == 1
    assert "netsim can -f pods.yaml -f new.yaml 203.0.113.7 shop/db 5432" in capsys.readouterr().out


@pytest.mark.parametrize("args", [["-", "new.yaml"], ["-f", "-", "old.yaml", "new.yaml"]])
def test_stdin(
    args: list[str], manifests: Path, folder: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    text = manifests.read_text()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    (folder / "old.yaml").write_text("")
    (folder / "new.yaml").write_text(("" if "-f" in args else text) + OPEN_TO_ALL)
    assert main(["diff", *args]) == 1
    assert "NetworkPolicy shop/open added" in capsys.readouterr().out


def test_options_are_repeated_in_questions(
    manifests: Path, new: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(new, OPEN_TO_ALL)
    flags = ["--profile", "cilium", "--set", "icmp=deny", "--keep-going"]
    assert main(["diff", manifests.name, new.name, *flags]) == 1
    captured = capsys.readouterr()
    assert f"netsim can -f new.yaml {' '.join(flags)} 203.0.113.7 " in captured.out
    assert "profile cilium describes Cilium" in captured.err


def test_relation(manifests: Path, new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(new, OPEN_TO_ALL)
    old_new = (manifests.name, new.name)
    for args, status, relation in (
        (old_new, 1, "new.yaml contains manifests.yaml\n  only new.yaml allows "),
        (old_new[::-1], 1, "manifests.yaml is contained in new.yaml\n  only new.yaml allows "),
        ((new.name, new.name), 0, "new.yaml is equal to new.yaml\n"),
    ):
        assert main(["diff", "--relation", *args]) == status
        assert capsys.readouterr().out.startswith(relation)


def test_long_lists_are_cut_and_counted(
    manifests: Path, new: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(9):
        for path in (manifests, new):
            add(path, POD.replace("NAME", f"p{number}"))
        add(
            new,
            OPEN_TO_ALL.replace("name: open", f"name: open{number}").replace("db", f"p{number}"),
        )
    for number in range(60):
        add(new, POD.replace("NAME", f"q{number}"))
    assert main(["diff", manifests.name, new.name]) == 1
    text = capsys.readouterr().out
    assert "… and 10 more endpoints that came or went (-o json has all)" in text


def test_policies_of_revisions_with_a_cluster_as_it_is(
    tmp_path: Path, manifests: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    text = manifests.read_text()
    here = start_repository(tmp_path, monkeypatch)
    (here / "policies.yaml").write_text(SPACE)
    commit()
    (tmp_path / "cluster.yaml").write_text(text)
    (here / "policies.yaml").write_text(SPACE + OPEN_TO_ALL)
    cluster = str(tmp_path / "cluster.yaml")
    assert main(["diff", "--git", "main", "-f", cluster, "policies.yaml"]) == 1
    told = capsys.readouterr().out
    assert "NetworkPolicy shop/open added" in told
    assert f"netsim can -f {cluster} -f policies.yaml " in told
    git("checkout", "-q", "-b", "topic")
    commit()
    (here / "policies.yaml").write_text("")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert main(["diff", "--git", "main..topic", "-f", "-", "policies.yaml"]) == 1
    assert "NetworkPolicy shop/open added" in capsys.readouterr().out


def test_a_path_that_one_revision_lacks_is_empty_there(
    tmp_path: Path, manifests: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    text = manifests.read_text()
    here = start_repository(tmp_path, monkeypatch)
    (here / "cluster.yaml").write_text(text)
    commit()
    git("checkout", "-q", "-b", "topic")
    (here / "more").mkdir()
    (here / "more" / "open.yaml").write_text(OPEN_TO_ALL)
    commit()
    for versions, done in (("main..topic", "added"), ("topic..main", "removed")):
        assert main(["diff", "--git", versions, "cluster.yaml", "more"]) == 1
        captured = capsys.readouterr()
        assert f"NetworkPolicy shop/open {done}" in captured.out
        assert "`more` is not in main: taken as empty there" in captured.err
    assert main(["diff", "--git", "main", "cluster.yaml", "more"]) == 1
    capsys.readouterr()
    assert main(["diff", "--git", "main", "-f", "cluster.yaml", "more"]) == 1
    capsys.readouterr()
    assert main(["diff", "--git", "main..topic", "cluster.yaml", "less"]) == 2
    assert "less: no such file" in capsys.readouterr().err


def test_policies_without_pods_are_nothing_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.yaml").write_text(SPACE)
    (tmp_path / "new.yaml").write_text(SPACE + OPEN_TO_ALL)
    files = [str(tmp_path / name) for name in ("old.yaml", "new.yaml")]
    for further in ([], ["--relation"], ["--fail-on", "opened"], ["-o", "json"]):
        assert main(["diff", *files, *further]) == 2
        captured = capsys.readouterr()
        assert not captured.out
        assert "neither version has a pod: there is nothing to compare" in captured.err


def test_a_revision_and_the_working_tree(
    tmp_path: Path, manifests: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    text = manifests.read_text()
    here = start_repository(tmp_path, monkeypatch)
    (here / "a.yaml").write_text(text)
    commit()
    assert main(["diff", "--git", "main", "a.yaml"]) == 0
    add(here / "a.yaml", OPEN_TO_ALL)
    capsys.readouterr()
    assert main(["diff", "--git", "main", "a.yaml"]) == 1
    told = capsys.readouterr().out
    assert "NetworkPolicy shop/open added  (a.yaml:22:1)" in told
    assert "netsim can -f a.yaml 203.0.113.7 shop/db 5432" in told
    git("checkout", "-q", "-b", "topic")
    commit()
    (here / "a.yaml").write_text("")
    assert main(["diff", "--git", "main...topic", "a.yaml", "--relation"]) == 1
    assert capsys.readouterr().out.startswith("topic contains ")
    assert main(["diff", "--git", "topic..main", "a.yaml"]) == 1
    told = capsys.readouterr().out
    assert "NetworkPolicy shop/open removed  (topic:a.yaml:22:1)" in told
    assert "such as 203.0.113.7 -> shop/db 5432" in told
    assert main(["diff", "--git", "topic..main", "a.yaml", "-o", "markdown"]) == 1
    told = capsys.readouterr().out
    assert "\n```text\nsuch as 203.0.113.7 -> shop/db 5432\n" in told
    assert "how to ask" not in told


def test_github_actions_get_the_summary_in_its_file(
    manifests: Path, new: Path, folder: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    add(new, OPEN_TO_ALL)
    ask = ["diff", manifests.name, new.name, "-o"]
    assert main([*ask, "markdown"]) == 1
    markdown = capsys.readouterr().out
    assert main([*ask, "github"]) == 1
    annotations, both = capsys.readouterr().out.split("\n\n", 1)
    assert annotations.startswith("::warning file=new.yaml,line=22,col=1,")
    assert both == markdown
    (folder / "summary.md").write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    assert main([*ask, "github"]) == 1
    assert capsys.readouterr().out == annotations + "\n"
    assert (folder / "summary.md").read_text() == f"before\n{markdown}"


def test_annotations_name_files_as_the_repository_does(
    tmp_path: Path, manifests: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    text = manifests.read_text()
    here = start_repository(tmp_path, monkeypatch)
    (here / "a.yaml").write_text(text)
    commit()
    git("checkout", "-q", "-b", "topic")
    add(here / "a.yaml", OPEN_TO_ALL)
    commit()
    for versions in ("main..topic", "main", "topic..main"):
        assert main(["diff", "--git", versions, "a.yaml", "-o", "github"]) == 1
        assert " file=a.yaml,line=22,col=1," in capsys.readouterr().out
    (here / "below").mkdir()
    monkeypatch.chdir(here / "below")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(here))
    for versions in ("main..topic", "main", "topic..main"):
        assert main(["diff", "--git", versions, "../a.yaml", "-o", "github"]) == 1
        assert " file=a.yaml,line=22,col=1," in capsys.readouterr().out


def test_a_path_of_the_settings(
    tmp_path: Path, manifests: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    text = manifests.read_text()
    here = start_repository(tmp_path, monkeypatch)
    (here / "a.yaml").write_text(text)
    commit()
    monkeypatch.setenv("NETSIM_FILENAME", "a.yaml")
    assert main(["diff", "--git", "HEAD"]) == 0


BLOCK = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
"""


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ((), "out"),
        (("--no-blame",), "out"),
        (("-o", "markdown"), "out"),
        (("-o", "html-fragment"), "out"),
        (("-o", "json"), "both"),
        (("-o", "csv"), "err"),
        (("--pairs",), "err"),
        (("--relation",), "err"),
    ],
)
def test_what_is_taken_as_given_is_said(
    flags: tuple[str, ...], told: str, manifests: Path, new: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    add(new, BLOCK)
    assert main(["diff", manifests.name, new.name, *flags]) == 1
    captured = capsys.readouterr()
    assumed = "assuming that no pod has an address in 10.0.0.0/8; set pod"
    assert (assumed in captured.out) == (told in ("out", "both"))
    assert (assumed in captured.err) == (told in ("err", "both"))


def test_a_file_is_written_whole(manifests: Path, new: Path, folder: Path) -> None:
    add(new, OPEN_TO_ALL)
    assert main(["diff", manifests.name, new.name, "--output-file", "diff.txt"]) == 1
    assert (folder / "diff.txt").read_text().endswith("; 1 edit\n")
