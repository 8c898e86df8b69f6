"""Where settings come from, and which of them holds."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from netsim.cli.main import main


def shown(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, object]:
    assert main(["config", "-o", "json", *args]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value.pop("apiVersion") == "netsim.dev/v1"
    assert value.pop("kind") == "Configuration"
    assert isinstance(value, dict)
    return value


def test_nothing_is_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys) == {"filename": None, "profile": None, "set": {}, "namespace": None}
    assert main(["config"]) == 0
    assert capsys.readouterr().out == (
        "filename   (not set)\nprofile    (not set)\nset        (not set)\nnamespace  (not set)\n"
    )


def test_flags_win_over_variables_and_these_over_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "netsim.toml").write_text(
        'filename = "a"\nnamespace = "a"\nprofile = "calico"\n'
        '[set]\nsctp = "ignored"\nstrict_ip = false\npod_cidrs = ["10.0.0.0/8", "fd00::/48"]\n'
    )
    monkeypatch.setenv("NETSIM_NAMESPACE", "b")
    monkeypatch.setenv("NETSIM_PROFILE", "antrea")
    monkeypatch.setenv("NETSIM_SET", "strict_ip=true icmp=deny")
    assert shown(capsys, "-n", "c", "--set", "icmp=allow") == {
        "filename": {"value": ["a"], "origin": "netsim.toml:1:1"},
        "profile": {"value": "antrea", "origin": "NETSIM_PROFILE"},
        "set": {
            "sctp": {"value": "ignored", "origin": "netsim.toml:5:1"},
            "strict_ip": {"value": "true", "origin": "NETSIM_SET"},
            "pod_cidrs": {"value": "10.0.0.0/8,fd00::/48", "origin": "netsim.toml:7:1"},
            "icmp": {"value": "allow", "origin": "--set"},
        },
        "namespace": {"value": "c", "origin": "--namespace"},
    }


def test_text_has_a_row_for_each_path_and_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NETSIM_FILENAME", f"one{os.pathsep}-")
    assert main(["config", "--set", "icmp=deny", "-n", ""]) == 0
    assert capsys.readouterr().out == (
        "filename   one        NETSIM_FILENAME\n"
        "filename   -          NETSIM_FILENAME\n"
        "profile    (not set)\n"
        "set        icmp=deny  --set\n"
        "namespace  (none)     --namespace\n"
    )


def test_the_nearest_file_upward_holds_and_paths_are_relative_to_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "netsim.toml").write_text('filename = "far"')
    middle = folder / "middle"
    inner = middle / "inner" / "deep"
    inner.mkdir(parents=True)
    (middle / "pyproject.toml").write_text(
        '[project]\nname = "x"\n[tool.netsim]\nfilename = ["near", "-", "/abs"]\n'
    )
    (middle / "inner" / "pyproject.toml").write_text('[project]\nname = "not-netsim"\n')
    monkeypatch.chdir(inner)
    assert shown(capsys)["filename"] == {
        "value": ["../../near", "-", "/abs"],
        "origin": "../../pyproject.toml:4:1",
    }


@pytest.mark.parametrize(
    "text",
    [
        '[set]\nicmp = "deny"\n',
        'set = {icmp = "deny"}\n',
        'set = ["icmp=deny"]\n',
        'set = "icmp=deny"\n',
    ],
)
def test_options_may_be_a_table_or_texts(
    text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "netsim.toml").write_text(text)
    options = shown(capsys)["set"]
    assert isinstance(options, dict)
    assert options["icmp"]["value"] == "deny"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            'flename = "x"',
            "netsim.toml:1:1: unknown key `flename`\n  help: did you mean `filename`?",
        ),
        (
            "\n[zzzzz]\n",
            "netsim.toml:2:1: unknown key `zzzzz`\n  help: there are `filename`, `namespace`, `profile`, `set`",
        ),
        ("  namespace = 7", "netsim.toml:1:3: `namespace` must be a text"),
        ("filename = [1]", "netsim.toml:1:1: `filename` must be a path, or a list of paths"),
        ("set = 1", "netsim.toml:1:1: `set` must be a table such as"),
        ('set = ["icmp"]', "netsim.toml:1:1: `set` must be a table such as"),
        ("set = {icmp = 1.5}", "netsim.toml:1:1: `set` must be a table such as"),
        ("a = = 1", "netsim.toml:1:5: invalid value"),
        (
            '[set]\nicpm = "deny"\n',
            "there is no option `icpm` (netsim.toml:2:1)\n  help: did you mean `icmp`?",
        ),
        ('profile = "celium"', "`celium` (netsim.toml:1:1)\n  help: did you mean `cilium`?"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(
    text: str, complaint: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "netsim.toml").write_text(text)
    assert main(["config"]) == 2
    captured = capsys.readouterr()
    assert complaint in captured.err
    assert captured.out == ""


def test_all_faults_of_a_file_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "netsim.toml").write_text("namespace = 1\nprofile = 2\nother = 3\n")
    assert main(["config"]) == 2
    assert capsys.readouterr().err.count("netsim.toml:") == 3


def test_a_file_that_is_not_utf8(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "netsim.toml").write_bytes(b"# \xff\n")
    assert main(["config"]) == 2
    assert capsys.readouterr().err == "netsim.toml: not UTF-8\n"


def test_a_table_that_is_none(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pyproject.toml").write_text("[tool]\nnetsim = 1\n")
    assert main(["config"]) == 2
    assert capsys.readouterr().err == "pyproject.toml: `netsim` must be a table\n"


def test_a_pyproject_of_others_is_not_judged(folder: Path) -> None:
    (folder / "pyproject.toml").write_bytes(b"= \xff")
    assert main(["config"]) == 0


def test_an_assignment_needs_an_equals_sign(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "--set", "icmp"]) == 2
    assert "error: `icmp` of --set is not name=value" in capsys.readouterr().err
