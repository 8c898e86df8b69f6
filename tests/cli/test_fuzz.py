"""`netsim fuzz`: what breaks an invariant is told, kept, and tried first the next time.

tests/golden/fuzz has what a reader sees; in the root of the repository, for example,
`netsim fuzz -f fixtures/invariants/no-external-to/violated.yaml --invariant no-external-to=prod`
writes it anew, with --corpus of an empty folder but for its last line.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from errno import EACCES
from pathlib import Path

import pytest
from invariant_files import FILES, InvariantFile

import netsim.cli.fuzz as fuzz
import netsim.cli.fuzz_corpus as fuzz_corpus
from netsim.cli.main import main
from netsim.testing.edit_values import Delete
from netsim.testing.naming import READY, form_of
from netsim.testing.saved import path_of, saved_text

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "fuzz"
SOME = [
    each
    for each in FILES
    if each.name in ("no-external-to", "isolated-tenant", "new-pod-cannot-reach")
]
NEEDS = "needs-label=shop/db,role=api"
KEPT = str(path_of(Path(".netsim/fuzz"), NEEDS))


@pytest.fixture(autouse=True)
def clusters(folder: Path) -> None:
    (folder / "clusters").symlink_to(ROOT / "fixtures" / "invariants")


def asked(file: InvariantFile, which: str = "violated", *more: str) -> list[str]:
    path = f"clusters/{file.name}/{which}.yaml"
    return ["fuzz", "-f", path, "--invariant", file.text, *more]


@pytest.mark.parametrize("file", SOME, ids=str)
def test_golden(file: InvariantFile, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(file)) == 1
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out == (GOLDEN / file.name).read_text(encoding="utf-8")


def test_what_was_found_is_tried_first_and_told_when_it_is_mended(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["fuzz", "--invariant", NEEDS, "-f"]
    assert main([*ask, "clusters/needs-label/holds.yaml", "--time", "0.1"]) == 0
    assert capsys.readouterr().out.startswith("holds so far: relabelling a pod never opens")
    assert [path.name for path in folder.iterdir()] == ["clusters"]

    assert main([*ask, "clusters/needs-label/violated.yaml"]) == 1
    first = capsys.readouterr().out
    assert first.endswith(f"\nkept in {KEPT}: the next run begins with it\n")
    kept = (folder / KEPT).read_text(encoding="utf-8")
    assert "- label: shop/deployment/web\n  labels:\n    task: migrate\n    tier: back\n" in kept

    assert main([*ask, "clusters/needs-label/violated.yaml", "--seed", "9", "--time", "0"]) == 1
    again = capsys.readouterr().out
    assert again.endswith(f"\nit was in {KEPT}, and was tried first\n")
    assert again.splitlines()[:-1] == first.splitlines()[:-1]

    assert main([*ask, "clusters/needs-label/holds.yaml", "--time", "0.1"]) == 0
    mended, *_ = capsys.readouterr().out.splitlines()
    assert mended == f"mended: what {KEPT} has no longer breaks {NEEDS}"


def test_the_corpus_can_be_elsewhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(FILES[-1], "violated", "--corpus", "kept")) == 1
    assert "kept in kept/defence-in-depth=prod.yaml" in capsys.readouterr().out
    assert [path.name for path in (folder / "kept").iterdir()] == ["defence-in-depth=prod.yaml"]


def test_a_corpus_that_is_none_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "kept").mkdir()
    (folder / "kept" / "defence-in-depth=prod.yaml").write_text("edits: [{drop: everything}]\n")
    assert main(asked(FILES[-1], "violated", "--corpus", "kept")) == 2
    error = capsys.readouterr().err
    assert error.startswith("kept/defence-in-depth=prod.yaml: this is no saved")
    assert "delete it" in error


def test_edits_that_cannot_be_made_any_more_are_not_mended(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The policy that they delete has another name now, and the fault is still there."""
    text = FILES[-1].violated.read_text(encoding="utf-8")
    ask = ["fuzz", "-f", "a.yaml", "--invariant", FILES[-1].text]
    (folder / "a.yaml").write_text(text)
    assert main(ask) == 1
    (folder / "a.yaml").write_text(text.replace("name: deny", "name: refuse"))
    capsys.readouterr()
    assert main(ask) == 1
    captured = capsys.readouterr()
    kept = ".netsim/fuzz/defence-in-depth=prod.yaml"
    assert captured.out.startswith("not so: ")
    assert "delete prod/networkpolicy/refuse\n" in captured.out
    assert captured.out.endswith(f"\nkept in {kept}: the next run begins with it\n")
    assert captured.err == (
        f"warning: the edits kept in {kept} can't be made now, and are not tried:"
        " there is no networkpolicy `deny` in namespace `prod`\n"
    )

    (folder / kept).write_text("edits: [{delete: nonsense}]\n")
    assert main([*ask[:2], str(FILES[-1].holds), *ask[3:], "-o", "json"]) == 0
    captured = capsys.readouterr()
    (told,) = json.loads(captured.out)["invariants"]
    assert (told["file"], told["replayed"]) == (kept, None)
    assert "can't be made now, and are not tried: `nonsense`" in captured.err


def test_an_answer_that_cannot_be_kept_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(path: Path, parts: object) -> None:
        raise PermissionError(EACCES, "Permission denied", str(path))

    monkeypatch.setattr(fuzz_corpus, "write_file", denied)
    assert main(asked(FILES[-1], "violated", "--corpus", "kept")) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("not so: ")
    assert "kept in" not in captured.out
    assert captured.err == (
        "warning: what breaks defence-in-depth=prod can't be kept in"
        " kept/defence-in-depth=prod.yaml: permission denied\n"
    )
    assert main(asked(FILES[-1], "violated", "-o", "json")) == 1
    assert json.loads(capsys.readouterr().out)["invariants"][0]["file"] is None


def test_a_long_invariant_is_kept_under_a_short_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = ",".join(f"a-rather-long-value-{at}" for at in range(20))
    text = f"needs-label=shop/{{app in ({values},db)}},role=api"
    for _ in range(2):
        assert main(["fuzz", "-f", "clusters/needs-label/violated.yaml", "--invariant", text]) == 1
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.endswith(".yaml, and was tried first\n")
    (path,) = (folder / ".netsim" / "fuzz").iterdir()
    assert path.name.startswith("needs-label=shop_app_in_a-rather")


@pytest.mark.parametrize("corpus", ["kept", "kept/below"])
def test_a_corpus_that_can_be_no_folder_is_refused_before_the_search(
    corpus: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "kept").write_text("")
    assert main(asked(FILES[-1], "missing", "--corpus", corpus)) == 2
    assert capsys.readouterr().err.startswith("error: `kept` is no folder: nothing can be kept")
    old = ("--old", f"clusters/{FILES[-1].name}/violated.yaml")
    assert main(asked(FILES[-1], "violated", "--corpus", corpus, *old)) == 0


def test_the_file_of_another_invariant_is_neither_tried_nor_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = path_of(folder / "kept", FILES[-1].text)
    path.parent.mkdir()
    others = saved_text("nothing-opens", "", [Delete("prod/networkpolicy/deny")])
    path.write_text(others, encoding="utf-8")
    assert main(asked(FILES[-1], "violated", "--corpus", "kept")) == 1
    captured = capsys.readouterr()
    assert "tried first" not in captured.out
    assert "kept in" not in captured.out
    first, second = captured.err.splitlines()
    assert "is of another invariant, `nothing-opens`: its edits are not tried" in first
    assert second.endswith("defence-in-depth=prod.yaml: the file of another invariant is there")
    assert path.read_text(encoding="utf-8") == others


def test_the_command_and_the_test_that_are_printed_show_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command exits with 1, and the test fails for what it says."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    scripts = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    for number, file in enumerate(FILES):
        main(asked(file, "violated", "-o", "json"))
        (told,) = json.loads(capsys.readouterr().out)["invariants"]
        found = told["counterexample"]
        (folder / f"test_printed_{number}.py").write_text(found["test"], encoding="utf-8")
        if file in SOME[1:]:
            finished = subprocess.run(["sh", "-c", found["command"]], env=env, capture_output=True)
            assert (finished.returncode, finished.stderr) == (1, b""), found["command"]
    plugins = [
        word
        for name in ("cacheprovider", "hypothesispytest", "xdist")
        for word in ("-p", f"no:{name}")
    ]
    command = [sys.executable, "-m", "pytest", "-q", *plugins, str(folder)]
    tested = subprocess.run(command, env=env, capture_output=True, encoding="utf-8")
    assert f"{len(FILES)} failed" in tested.stdout, tested.stdout
    said = re.findall(r"^E +AssertionError: not so: ", tested.stdout, flags=re.MULTILINE)
    assert len(said) == len(FILES), tested.stdout


def test_versions(capsys: pytest.CaptureFixture[str]) -> None:
    old, new = "clusters/needs-label/violated.yaml", "clusters/needs-label/holds.yaml"
    ask = ["fuzz", "-f", new, "--old", old, "--invariant"]
    assert main([*ask, "nothing-opens"]) == 0
    assert "\n  1 set of edits tried, and there are no others\n" in capsys.readouterr().out
    old, new = (f"clusters/nothing-opens/{which}.yaml" for which in ("violated", "holds"))
    both = ("--invariant", "nothing-closes", "--invariant", "nothing-opens")
    assert main(["fuzz", "-f", new, "--old", old, *both]) == 1
    out = capsys.readouterr().out
    assert "  1. delete shop/networkpolicy/api\n" in out
    assert "netsim what-if -f clusters/nothing-opens/violated.yaml --delete" in out
    assert "kept in" not in out


def test_flows_that_may_open(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "flows.csv").write_text("from,to,port\n*,shop/api,\nexternal,shop/api,\n")
    file = next(each for each in FILES if each.name == "nothing-opens")
    more = ("--only", "policy-removed")
    assert main([*asked(file, "violated", *more)]) == 1
    ask = ["fuzz", "-f", "clusters/nothing-opens/violated.yaml", *more]
    capsys.readouterr()
    assert main([*ask, "--invariant", "nothing-opens=flows.csv"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("holds: nothing opens but * -> shop/api, external -> shop/api\n")
    assert "  2 sets of edits tried, and there are no others\n" in out


def test_the_list_has_every_invariant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fuzz", "--list"]) == 0
    out = capsys.readouterr().out
    assert all(f"{form_of(name)} " in out and known.said in out for name, known in READY.items())
    assert "policy-removed" in out


@pytest.mark.parametrize(
    ("args", "message", "help"),
    [
        (
            ["--invariant", "no-external"],
            "there is no invariant `no-external`",
            "`no-external-to`?",
        ),
        (
            ["--invariant", "needs-label=shop/db"],
            "is not how `needs-label` is",
            "needs-label=TO,LABEL",
        ),
        (["--invariant", "no-external-to="], "is not how", "no-external-to=TO"),
        (
            ["--invariant", "no-external-to=shpo"],
            "there is no namespace, workload or pod `shpo`",
            "did you mean `shop`?",
        ),
        (["--invariant", "needs-label=shop/db,a=?"], "is no label value", ""),
        (["--invariant", "nothing-opens", "--within", "x"], "there is no namespace `x`", "shop"),
        (["--invariant", "nothing-opens=gone.csv"], "can't be read", ""),
        (
            ["--invariant", "nothing-opens", "--old", "x", "--edits", "2"],
            "with --old the edits",
            "",
        ),
        ([], "give --invariant NAME", "fuzz --help"),
        (["--invariant", "nothing-opens", "--only", "x"], "policy-removed", ""),
        (["--invariant", "nothing-opens", "--edits", "0"], "0", ""),
        *(
            (["--invariant", "nothing-opens", "--time", each], f"`--time`: {message}", "--help")
            for each, message in (
                ("nan", "`nan` is not a valid number"),
                ("inf", "`inf` is not a valid number"),
                ("1e999", "`1e999` is not a valid number"),
                ("-1", "-1.0 is not in the range x>=0"),
            )
        ),
    ],
)
def test_what_is_wrong_is_refused(
    args: list[str], message: str, help: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fuzz", "-f", "clusters/needs-label/violated.yaml", "--time", "0", *args]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err
    assert help in captured.err


def test_commas_of_an_endpoint_are_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["fuzz", "-f", "clusters/needs-label/violated.yaml", "--invariant"]
    assert main([*ask, "needs-label=shop/{app in (db,x),!role},role=api"]) == 1
    assert "never opens shop/{app in (db,x),!role} to it" in capsys.readouterr().out


def test_without_pods_there_is_no_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
    assert main(["fuzz", "-f", "a.yaml", "--invariant", "nothing-opens"]) == 2
    assert "there is no pod" in capsys.readouterr().err


def test_what_was_left_out_could_change_the_answer(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (FILES[-1].violated).read_text(encoding="utf-8")
    (folder / "a.yaml").write_text(text.replace("policyTypes: [Ingress]", "policyTypes: [Ingres]"))
    ask = ["fuzz", "-f", "a.yaml", "--invariant", "defence-in-depth=prod"]
    assert main(ask) == 2
    assert main([*ask, "--keep-going"]) == 3
    assert "incomplete: " in capsys.readouterr().err


def test_hypothesis_may_be_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fuzz, "find_spec", lambda name: None)
    assert main(asked(FILES[0])) == 2
    assert "help: pip install 'netsim-k8s[testing]'\n" in capsys.readouterr().err


def test_a_cluster_from_stdin_is_asked_for_in_the_test(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = FILES[-1].violated.read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert main(["fuzz", "-f", "-", "--invariant", FILES[-1].text]) == 1
    out = capsys.readouterr().out
    assert "netsim what-if -f - --delete prod/networkpolicy/deny\n" in out
    assert "def test_defence_in_depth_prod(snapshot: netsim.Snapshot) -> None:\n" in out


def test_the_answer_can_go_into_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(FILES[-1], "violated", "--output-file", "found.txt")) == 1
    assert capsys.readouterr().out == ""
    assert (
        (folder / "found.txt").read_text(encoding="utf-8").startswith("not so: removing a policy")
    )
