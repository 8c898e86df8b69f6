"""The marker for tests that run another program."""

from __future__ import annotations

import shutil

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave a test out where the program of its `needs_program(name)` is missing, and say which."""
    for marker in item.iter_markers("needs_program"):
        (name,) = marker.args
        if shutil.which(name) is None:
            pytest.skip(f"needs the program `{name}`, which is not installed")
