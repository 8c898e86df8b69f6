"""Where Hypothesis keeps what it makes of its own accord: a folder that goes with the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory


@contextmanager
def leaving_nothing_behind() -> Iterator[None]:
    """Let Hypothesis make no `.hypothesis` in the working folder meanwhile."""
    from hypothesis.configuration import set_hypothesis_home_dir

    with TemporaryDirectory(prefix="netsim-fuzz-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
