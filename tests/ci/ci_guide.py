"""The blocks of docs/ci.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

GUIDE = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")


def block(language: str, heading: str) -> str:
    """The one block of a language under a heading."""
    [section] = re.findall(
        rf"^## {heading}\n(.*?)(?=^## |\Z)", GUIDE, flags=re.MULTILINE | re.DOTALL
    )
    [found] = re.findall(rf"^```{language}\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    return str(found)


def yaml_block(heading: str) -> Any:
    """What the YAML block under a heading says."""
    return yaml.safe_load(block("yaml", heading))
