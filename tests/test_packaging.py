"""What `make` installs is what uv.lock says, and from the public index alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

from netsim.suites.schema import suite_schema

ROOT = Path(__file__).parent.parent
LOCK: dict[str, Any] = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
THIRD_PARTY = [package for package in LOCK["package"] if "registry" in package["source"]]


def _files(package: dict[str, Any]) -> list[dict[str, Any]]:
    return [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]


def test_requirements_are_the_lock() -> None:
    text = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    required = {
        (name, version): set(re.findall(r"--hash=(\S+)", rest))
        for name, version, rest in re.findall(
            r"^([\w.-]+)==(\S+)((?:.*\\\n)*.*)$", text, flags=re.MULTILINE
        )
    }
    locked = {
        (package["name"], package["version"]): {file["hash"] for file in _files(package)}
        for package in THIRD_PARTY
    }
    assert required == locked, "run `make lock`"


def test_lock_names_the_public_index_alone() -> None:
    assert {package["source"]["registry"] for package in THIRD_PARTY} == {"https://pypi.org/simple"}
    hosts = {file["url"].split("/")[2] for package in THIRD_PARTY for file in _files(package)}
    assert hosts == {"files.pythonhosted.org"}


def test_lock_knows_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (own,) = (package for package in LOCK["package"] if package["source"] == {"editable": "."})
    assert own["name"] == project["project"]["name"]
    locked = {
        f"{entry['name']}{entry['specifier']}"
        for entry in (
            *own["metadata"]["requires-dist"],
            *own["metadata"]["requires-dev"]["dev"],
        )
    }
    declared = {*project["project"]["dependencies"], *project["dependency-groups"]["dev"]}
    assert locked == declared, "run `make lock`"


def test_both_scripts_run_the_same_program() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {
        "netsim": "netsim.cli.main:program",
        "kubectl-netsim": "netsim.cli.main:program",
    }
    assert project["requires-python"] == LOCK["requires-python"] == ">=3.11"


@pytest.mark.needs_program("kubectl")
def test_kubectl_finds_the_plugin() -> None:
    scripts = Path(sys.executable).parent
    finished = subprocess.run(
        ["kubectl", "netsim", "can", "-f", "fixtures/clusters/shop", "shop/api", "shop/api", "80"],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        encoding="utf-8",
    )
    assert finished.stdout.startswith("deny shop/api -> shop/api 80/tcp\n"), finished.stderr


def test_the_wheel_has_what_is_read_from_the_package(tmp_path: Path) -> None:
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
        schema = archive.read("netsim/suites/suite.schema.json").decode()
    assert schema == suite_schema()
    data = {path for path in (ROOT / "netsim").rglob("*") if path.suffix in (".json", ".typed")}
    assert {path.relative_to(ROOT).as_posix() for path in data} <= names
