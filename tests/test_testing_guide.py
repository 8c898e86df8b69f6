"""docs/testing.md is a walk: each step is taken as it is printed there, one after the other.

A block with a title is a file. Under a command in a `console` block stands what it prints, where
`...` stands for anything. `sh` blocks are for the reader to set up with.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: title=\"(.*?)\")?\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_walk(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "fixtures" / "clusters" / "shop", tmp_path / "manifests")
    for language, title, text in BLOCKS:
        if title:
            (tmp_path / title).write_text(text, encoding="utf-8")
        elif language == "console":
            for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
                printed = run(command, tmp_path)
                assert is_as_shown(printed, shown), f"`{command}` prints:\n{printed}"


def test_every_block_is_a_file_or_a_command() -> None:
    for language, title, _ in BLOCKS:
        assert bool(title) is (language not in {"console", "sh"})


def run(command: str, folder: Path) -> str:
    scripts = Path(sys.executable).parent
    settings = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("NETSIM_", "PYTEST"))
    }
    finished = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={
            **settings,
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "85",
            # What a reader finds in a hundred examples nearly always is found each time here.
            "PYTEST_ADDOPTS": "--hypothesis-seed=0",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return finished.stdout


def is_as_shown(printed: str, shown: str) -> bool:
    """Whether they are the same but for what `...` leaves out: lines, or the end of one."""
    parts = re.split(r"^\.\.\.\n|\.\.\.(?=\n)", shown, flags=re.MULTILINE)
    return re.fullmatch(".*".join(map(re.escape, parts)), printed, re.DOTALL) is not None
