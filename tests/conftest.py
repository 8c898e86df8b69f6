"""The marker for tests that run another program, and how the suite draws its examples."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import settings

# The suite says the same of the same code, whoever runs it; `make deep` draws anew each time.
settings.register_profile("suite", derandomize="NETSIM_DEPTH" not in os.environ)
settings.load_profile("suite")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave a test out where the program of its `needs_program(name)` is missing, and say which."""
    for marker in item.iter_markers("needs_program"):
        (name,) = marker.args
        if shutil.which(name) is None:
            pytest.skip(f"needs the program `{name}`, which is not installed")
