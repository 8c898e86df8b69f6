"""The guides' code runs as it is printed there, and prints what the text block under it shows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDES = [ROOT / "docs" / "graph.md"]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_code_prints_what_is_shown(guide: Path) -> None:
    blocks = re.findall(
        r"^```(\w+)\n(.*?)^```$", guide.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    program = "\n".join(block for language, block in blocks if language == "python")
    shown = "".join(block for language, block in blocks if language == "text")
    assert {language for language, _ in blocks} == {"python", "text"}
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout == shown
