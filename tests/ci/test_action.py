"""action.yml: its steps, run one after another in what actions/checkout leaves of a pull request.

The repository is that of fixtures/diffs/dash-makes-and-an-or, with a suite that holds before the
dash too many, and doesn't after it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import fastjsonschema
import pytest
from action_runner import ROOT, Job, action, environment, run_action, run_step, step_named
from git_repositories import commit, git, start_repository
from offline_pip import offline
from published_schemas import hold_sarif

MISTAKE = ROOT / "fixtures" / "diffs" / "dash-makes-and-an-or"
SUITE = """\
apiVersion: netsim.dev/v1
kind: Suite
metadata: {name: metrics}
expect:
- only: {from: ops/prom, to: shop/api, port: 8080}
"""
MANIFESTS = {"manifests": "manifests"}
WHOLE = {**MANIFESTS, "suites": "suites"}
OPENED = "### Reachability: opened 2 pairs; 1 edit\n"
UPLOAD = "github/codeql-action/upload-sarif@v3"


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose branch `main` has the manifests as they were; it is the current folder."""
    here = start_repository(tmp_path, monkeypatch)
    git("config", "uploadpack.allowAnySHA1InWant", "true")
    lay("common", here / "manifests")
    lay("old", here / "manifests")
    (here / "suites").mkdir()
    (here / "suites" / "metrics.yaml").write_text(SUITE, encoding="utf-8")
    commit()
    return here


def lay(version: str, folder: Path) -> None:
    """Put the manifests of a version into a folder, as files of now: git goes by their times."""
    shutil.copytree(MISTAKE / version, folder, copy_function=shutil.copyfile, dirs_exist_ok=True)


def check_out(origin: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, depth: int = 1) -> None:
    """What actions/checkout does with HEAD of the origin; depth 0 is everything."""
    head = git("rev-parse", "HEAD")
    workspace = folder / "workspace"
    workspace.mkdir()
    monkeypatch.chdir(workspace)
    git("init", "-q")
    git("remote", "add", "origin", origin.as_uri())
    if depth:
        git("fetch", "-q", "--no-tags", f"--depth={depth}", "origin", f"+{head}:refs/remotes/pull")
    else:
        git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*", f"+{head}:refs/pull")
    git("checkout", "-q", "--force", head)


def propose(merge: bool = True) -> None:
    """A pull request with the dash too many, as GitHub merges it into `main` to try it."""
    git("checkout", "-q", "-b", "dash")
    lay("new", Path("manifests"))
    commit()
    if merge:
        git("checkout", "-q", "--detach", "main")
        git("merge", "-q", "--no-ff", "-m", "merge", "dash")


@pytest.fixture
def pull_request(origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is checked out of a pull request with the mistake; it is the current folder."""
    propose()
    check_out(origin, tmp_path, monkeypatch)


def titles(job: Job) -> list[str]:
    """Of the annotations, what they are and where, without their texts."""
    return [line[2:].split("::")[0] for line in job.annotations]


def test_what_it_says_is_an_action() -> None:
    text = (ROOT / "tests" / "schemas" / "github-action.json").read_text(encoding="utf-8")
    fastjsonschema.compile(json.loads(text))(action())


def test_no_expression_stands_in_a_script() -> None:
    scripts = [step["run"] for step in action()["runs"]["steps"] if "run" in step]
    assert len(scripts) == 6
    assert not [script for script in scripts if "${{" in script]


def test_every_input_is_put_to_use() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"\binputs\.([\w-]+)", text)) == action()["inputs"].keys()


@pytest.mark.usefixtures("pull_request")
def test_a_mistake_is_annotated_told_and_fails_the_job(tmp_path: Path) -> None:
    job = run_action(tmp_path, WHOLE, base_ref="main")
    assert job.failed
    assert job.outputs == {"validate": "passed", "check": "failed", "diff": "failed"}
    assert titles(job) == [
        "error file=suites/metrics.yaml,line=5,col=3,title=netsim%3A an expectation fails",
        "warning file=manifests/policy-api.yaml,line=8,col=7,title=netsim%3A reachability opened",
        "error title=netsim",
        "error title=netsim",
    ]
    opened = "+ TCP 8080  ops/deployment/shell, shop/deployment/prom -> shop/deployment/api"
    assert opened in job.annotations[1]
    headings = re.findall("^###? .*", job.summary, flags=re.MULTILINE)
    assert headings == ["### 0 of 1 expectation holds", OPENED.strip()]
    assert job.summary.endswith("\n\nnetsim: validate passed, check failed, diff failed\n")
    assert not job.used


@pytest.mark.usefixtures("origin")
def test_what_opens_nothing_passes(
    origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("checkout", "-q", "-b", "moved")
    git("mv", "manifests/policy-api.yaml", "manifests/api-policy.yaml")
    commit()
    check_out(origin, tmp_path, monkeypatch)
    job = run_action(tmp_path, WHOLE, base_ref="main")
    assert not job.failed
    assert set(job.outputs.values()) == {"passed"}
    assert not job.annotations
    assert job.summary.endswith("netsim: validate passed, check passed, diff passed\n")


@pytest.mark.usefixtures("pull_request")
@pytest.mark.parametrize(
    ("fail_on", "outcome"),
    [("any", "failed"), ("closed", "passed"), ("none", "passed"), ("open", "trouble")],
)
def test_it_is_said_which_difference_fails(fail_on: str, outcome: str, tmp_path: Path) -> None:
    inputs = {**MANIFESTS, "fail-on": fail_on}
    job = run_action(tmp_path, inputs, base_ref="main")
    assert job.outputs == {"validate": "passed", "check": "skipped", "diff": outcome}
    assert job.failed is (outcome != "passed")


@pytest.mark.usefixtures("pull_request")
def test_outside_of_pull_requests_nothing_is_compared(tmp_path: Path) -> None:
    job = run_action(tmp_path, MANIFESTS, base_ref="")
    assert not job.failed
    assert job.outputs == {"validate": "passed", "check": "skipped", "diff": "skipped"}


@pytest.mark.usefixtures("pull_request")
def test_a_fault_hides_nothing_of_the_rest(tmp_path: Path) -> None:
    policy = Path("manifests/policy-api.yaml")
    policy.write_text(policy.read_text().replace("podSelector:", "podSelectors:", 1))
    job = run_action(tmp_path, WHOLE, base_ref="main")
    assert job.failed
    assert job.outputs == {"validate": "failed", "check": "trouble", "diff": "trouble"}
    assert job.annotations[0].startswith("::error file=manifests/policy-api.yaml,line=")
    assert titles(job)[-3:] == ["error title=netsim"] * 3
    assert job.summary == "\nnetsim: validate failed, check trouble, diff trouble\n"


@pytest.mark.usefixtures("pull_request")
def test_what_was_found_is_uploaded(tmp_path: Path) -> None:
    job = run_action(tmp_path, {**WHOLE, "sarif": "true"}, base_ref="main")
    [validated, checked] = job.used.values()
    assert {uses for uses, _ in job.used} == {UPLOAD}
    assert [each["category"] for each in (validated, checked)] == [
        "netsim-validate",
        "netsim-check",
    ]
    texts = [Path(each["sarif_file"]).read_text(encoding="utf-8") for each in (validated, checked)]
    for text in texts:
        hold_sarif(text)
    [none], [one] = ([run["results"] for run in json.loads(text)["runs"]] for text in texts)
    assert none == []
    place = one[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "suites/metrics.yaml"


@pytest.mark.usefixtures("pull_request")
def test_nothing_is_uploaded_where_there_is_no_answer(tmp_path: Path) -> None:
    inputs = {**MANIFESTS, "suites": "nowhere.yaml", "sarif": "true"}
    job = run_action(tmp_path, inputs, base_ref="")
    assert job.outputs["check"] == "trouble"
    assert [name for _, name in job.used] == ["Upload what validate found"]


@pytest.mark.parametrize("depth", [0, 1])
def test_what_others_did_to_the_base_is_not_compared(
    depth: int, origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose()
    tried = git("rev-parse", "HEAD")
    git("checkout", "-q", "main")
    Path("manifests/ops-prom.yaml").unlink()
    commit()
    git("checkout", "-q", "--detach", tried)
    check_out(origin, tmp_path, monkeypatch, depth)
    job = run_action(tmp_path, MANIFESTS, base_ref="main")
    assert OPENED in job.summary


def test_a_branch_is_compared_with_where_it_branched_off(
    origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(merge=False)
    check_out(origin, tmp_path, monkeypatch)
    job = run_action(tmp_path, {**MANIFESTS, "base": "main"}, base_ref="")
    assert OPENED in job.summary


@pytest.mark.parametrize("depth", [0, 1])
def test_a_base_can_be_a_commit(
    depth: int, origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = git("rev-parse", "HEAD")
    propose(merge=False)
    check_out(origin, tmp_path, monkeypatch, depth)
    job = run_action(tmp_path, {**MANIFESTS, "base": before}, base_ref="")
    assert OPENED in job.summary


@pytest.mark.parametrize("depth", [0, 1])
def test_without_a_common_past_the_base_is_compared_as_it_is(
    depth: int, origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("checkout", "-q", "--orphan", "anew")
    lay("new", origin / "manifests")
    commit()
    check_out(origin, tmp_path, monkeypatch, depth)
    job = run_action(tmp_path, MANIFESTS, base_ref="main")
    assert "notice title=netsim diff" in titles(job)
    assert OPENED in job.summary


@pytest.mark.parametrize("depth", [0, 1])
def test_a_base_that_is_not_there_is_trouble(
    depth: int, origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose()
    check_out(origin, tmp_path, monkeypatch, depth)
    job = run_action(tmp_path, MANIFESTS, base_ref="mian")
    assert job.outputs == {"validate": "passed", "check": "skipped", "diff": "trouble"}
    assert "::error title=netsim diff::The base isn't here." in job.logs["Compare with the base"]


@pytest.mark.usefixtures("pull_request")
def test_what_is_given_is_never_run(tmp_path: Path) -> None:
    evil = '$(touch run) `touch run`;touch run;\'"\n"; touch run\n--output-file=run'
    run_action(tmp_path, dict.fromkeys(action()["inputs"], evil), base_ref=evil)
    assert not Path("run").exists()


@pytest.mark.usefixtures("pull_request")
@pytest.mark.parametrize(
    "text",
    ["manifests  more/new.yaml\t", "\nmanifests\n  more/new.yaml\n\n", "manifests\nmore/*.yaml"],
)
def test_several_are_given_on_lines_or_on_one(text: str, tmp_path: Path) -> None:
    Path("more").mkdir()
    shutil.copy("manifests/namespace-ops.yaml", "more/new.yaml")
    Path("more/new.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: more}\n")
    job = run_action(tmp_path, {"manifests": text}, base_ref="")
    assert "3 Namespace" in job.logs["Validate the manifests"]


@pytest.mark.usefixtures("pull_request")
def test_a_line_is_one_path_with_its_spaces(tmp_path: Path) -> None:
    Path("manifests").rename("my manifests")
    job = run_action(tmp_path, {**WHOLE, "manifests": "my manifests\n"}, base_ref="")
    assert job.outputs["validate"] == "passed"
    assert "netsim can -f 'my manifests' " in job.summary


@pytest.mark.usefixtures("pull_request")
def test_settings_come_from_a_file_where_no_inputs_say_otherwise(tmp_path: Path) -> None:
    Path("netsim.toml").write_text('filename = ["manifests"]\n')
    job = run_action(tmp_path, {"suites": "suites"}, base_ref="main")
    assert OPENED in job.summary


@pytest.mark.usefixtures("pull_request")
def test_a_cluster_is_the_same_for_both(tmp_path: Path) -> None:
    Path("cluster").mkdir()
    Path("policies").mkdir()
    for path in Path("manifests").iterdir():
        path.rename(f"{'policies' if path.name == 'policy-api.yaml' else 'cluster'}/{path.name}")
    inputs = {"manifests": "policies", "cluster": "cluster"}
    job = run_action(tmp_path, inputs, base_ref="main")
    assert "3 Deployment" not in job.logs["Validate the manifests"]
    assert "`policies` is not in " in job.logs["Compare with the base"]
    assert "### Reachability: closed" in job.summary


@pytest.mark.usefixtures("pull_request")
def test_profile_and_options_are_those_that_are_given(tmp_path: Path) -> None:
    inputs = {**WHOLE, "profile": "cilium", "set": "strict_ip=false\npod_cidrs=10.0.0.0/8"}
    job = run_action(tmp_path, inputs, base_ref="main")
    assert OPENED in job.summary
    given = "--profile cilium --set strict_ip=false --set pod_cidrs=10.0.0.0/8"
    assert job.summary.count(given) == 2  # of check, and of diff


def test_netsim_is_installed_from_the_revision_of_the_action(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    job = Job()
    alone = offline(tmp_path / "packages")
    run_step(job, step_named("Install netsim"), {**environment(tmp_path), **alone}, tmp_path)
    assert not job.failed, job.logs
    program = Path(job.steps["install"]["outputs"]["folder"]) / "venv" / "bin" / "netsim"
    said = subprocess.run(
        (program, "--version"), env={**os.environ, **alone}, check=True, capture_output=True
    )
    assert said.stdout.startswith(b"netsim ")
