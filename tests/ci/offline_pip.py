"""pip that installs netsim without a network: its dependencies are those that the tests run with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement


def offline(folder: Path) -> dict[str, str]:
    """Environment variables for pip, and for what it has installed.

    The folder is made. In it stand netsim's dependencies and the build backend, so that pip finds
    them installed; netsim itself doesn't, and is built and installed from its sources.
    """
    folder.mkdir()
    for found in _needed(["netsim-k8s", "hatchling"]):
        if found.name == "netsim-k8s":
            continue
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            (folder / top).symlink_to(Path(str(found.locate_file(top))))
    return {
        "PYTHONPATH": str(folder),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # as pip reads it, no is no: the build is not isolated
    }


def _needed(names: list[str]) -> Iterator[Distribution]:
    """These, and all that they need."""
    seen = set()
    for name in names:  # grows
        if name not in seen:
            seen.add(name)
            found = distribution(name)
            yield found
            wanted = map(Requirement, found.requires or ())
            names += [each.name for each in wanted if not each.marker or each.marker.evaluate()]
