"""`netsim check --learn`: a first suite, of what holds now."""

from __future__ import annotations

from netsim.analysis.program import compile_snapshot
from netsim.cli.output_file import write_parts
from netsim.cli.progress import stage
from netsim.model.snapshot import Snapshot
from netsim.suites.learn import learn


def write_learned(snapshot: Snapshot, output_file: str | None) -> int:
    """Write it, and tell the exit status. Raises QueryError if there is nothing to expect."""
    with stage("learning"):
        text = learn(compile_snapshot(snapshot)).text
    write_parts([text], output_file)
    # What was left out may hold something else to be true.
    return 3 if snapshot.left_out else 0
