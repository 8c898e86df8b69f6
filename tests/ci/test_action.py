"""action.yml: its steps, run one after another in what actions/checkout leaves of a pull request."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import fastjsonschema
import pytest
from git_repositories import commit, git
from published_schemas import hold_sarif

from ci.action_runner import ROOT, Job, action, environment, run_action, run_step, step_named
from ci.mistaken_repository import POLICY, check_out
from ci.offline_pip import offline

MANIFESTS = {"manifests": "manifests"}
WHOLE = {**MANIFESTS, "suites": "suites"}
OPENED = "### Reachability: opened 2 pairs; 1 edit\n"
UPLOAD = "github/codeql-action/upload-sarif@v3"


def test_what_it_says_is_an_action() -> None:
    text = (ROOT / "tests" / "schemas" / "github-action.json").read_text(encoding="utf-8")
    fastjsonschema.compile(json.loads(text), use_default=False)(action())


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
    assert job.titles == [
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


def test_what_opens_nothing_passes(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("checkout", "-q", "-b", "moved")
    git("mv", "manifests/policy-api.yaml", "manifests/api-policy.yaml")
    commit()
    check_out(repository, tmp_path, monkeypatch)
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
    POLICY.write_text(POLICY.read_text().replace("podSelector:", "podSelectors:", 1))
    job = run_action(tmp_path, WHOLE, base_ref="main")
    assert job.failed
    assert job.outputs == {"validate": "failed", "check": "trouble", "diff": "trouble"}
    assert job.annotations[0].startswith("::error file=manifests/policy-api.yaml,line=")
    assert job.titles[-3:] == ["error title=netsim"] * 3
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
        path.rename(f"{'policies' if path == POLICY else 'cluster'}/{path.name}")
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
    own = Path(sys.executable).parent  # so that python3 is the one of these tests
    path = f"{own}{os.pathsep}{os.environ['PATH']}"
    alone = {**offline(tmp_path / "packages"), "PATH": path}
    run_step(job, step_named("Install netsim"), {**environment(tmp_path), **alone}, tmp_path)
    assert not job.failed, job.logs
    program = Path(job.steps["install"]["outputs"]["folder"]) / "venv" / "bin" / "netsim"
    said = subprocess.run(
        (program, "--version"), env={**os.environ, **alone}, check=True, capture_output=True
    )
    assert said.stdout.startswith(b"netsim ")


def test_a_version_is_installed_from_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # Instead of making an environment, it puts a program there that tells how it is called.
    python = tmp_path / "python3"
    tells = 'printf \'#!/bin/sh\necho "$@"\n\' >"$3/bin/python"'
    python.write_text(f'#!/bin/sh\nmkdir -p "$3/bin"\n{tells}\nchmod +x "$3/bin/python"\n')
    python.chmod(0o755)
    job = Job()
    environ = {
        **environment(tmp_path),
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "VERSION": "0.1.0",
    }
    run_step(job, step_named("Install netsim"), environ, tmp_path)
    assert job.logs["Install netsim"] == "-m pip install --quiet netsim-k8s==0.1.0\n"
