"""The README's commands and code run as they are printed there, and print what it shows; and so
do the commands of docs/suites.md.

In a `console` block a line that starts with `$ ` is a command, run in the root of the
repository; the lines under it are what it must print. `...` stands for any lines. `python`
blocks run one after another in one program; what one prints stands in the `text` block that
follows it, if one does. `sh` blocks are for the reader to set up with, and `yaml` for where it is run: what they call has its
own tests.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from netsim.model.profiles import PROFILES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
SUITES = (ROOT / "docs" / "suites.md").read_text(encoding="utf-8")
COMMANDS = [
    (command.replace("\\\n", ""), shown)
    for block in re.findall(r"^```console\n(.*?)^```$", README + SUITES, re.MULTILINE | re.DOTALL)
    for command, shown in re.findall(
        r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block, flags=re.MULTILINE
    )
]


def test_every_block_has_a_known_language() -> None:
    assert {language for language, _ in BLOCKS} <= {
        "console",
        "python",
        "sh",
        "text",
        "toml",
        "yaml",
    }
    assert len(COMMANDS) >= 6


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_command_prints_what_is_shown(command: str, shown: str) -> None:
    scripts = Path(sys.executable).parent
    settings = {name: text for name, text in os.environ.items() if not name.startswith("NETSIM_")}
    finished = subprocess.run(
        ["sh", "-c", command],
        cwd=ROOT,
        env={**settings, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    pattern = ".*".join(
        re.escape(part) for part in re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)
    )
    as_shown = re.fullmatch(pattern, finished.stdout, flags=re.DOTALL) is not None
    assert as_shown, f"`{command}` prints:\n{finished.stdout}"


def test_python_blocks_print_what_is_shown() -> None:
    blocks = [
        (block, shown if after == "text" else None)
        for (language, block), (after, shown) in pairwise([*BLOCKS, ("", "")])
        if language == "python"
    ]
    program = "print(end=chr(0))\n".join(block for block, _ in blocks)
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    )
    printed = finished.stdout.split("\0")
    assert [shown or text for text, (_, shown) in zip(printed, blocks, strict=True)] == printed
    texts = [language for language, _ in BLOCKS].count("text")
    assert len([shown for _, shown in blocks if shown is not None]) == texts > 0


def test_the_first_screen_has_a_question_all_pairs_and_the_graph() -> None:
    screen = "\n".join(README.splitlines()[:45])
    assert all(word in screen for word in ("$ netsim can ", "$ netsim reach ", "netsim.graph("))


def test_configuration_is_understood(tmp_path: Path) -> None:
    (text,) = (block for language, block in BLOCKS if language == "toml")
    (tmp_path / "netsim.toml").write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "netsim", "config"], cwd=tmp_path, check=True)


def test_every_profile_is_named() -> None:
    assert all(f"`{profile.name}`" in README for profile in PROFILES)


def test_set_up_commands_are_make_targets() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make (\w+)", README, flags=re.MULTILINE)
    assert {"demo", "test"} <= {*targets}
    assert all(re.search(rf"^{target}:", makefile, flags=re.MULTILINE) for target in targets)
