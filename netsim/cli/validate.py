"""`netsim validate`: the manifests alone; here the diagnostics are the answer."""

from __future__ import annotations

import sys

import click

from netsim.cli.options import (
    effective,
    filename_option,
    paths,
    semantics_of,
    set_option,
)
from netsim.cli.output import answer, palette
from netsim.cli.settings import of_flags
from netsim.errors import Diagnostic, FaultType, Severity
from netsim.manifests.load import load
from netsim.model.snapshot import Snapshot
from netsim.report.formats import VALIDATION


@click.command("validate")
@filename_option
@set_option
@click.option(
    "-o", "--output", type=click.Choice(list(VALIDATION)), default="text", help="Default: text."
)
def command(filename: tuple[str, ...], set_: tuple[str, ...], output: str) -> int:
    """Check manifests as the API server would, without asking anything.

    Every fault comes with its file, line and column. Exit status: 0 without errors, 1 with
    errors, 2 when something can't be read at all.
    """
    settings = effective(of_flags(filename, set=set_))
    snapshot = load(*paths(settings, "validate"), semantics=semantics_of(settings), keep_going=True)
    answer(VALIDATION[output](snapshot, palette(sys.stdout)))
    return _status(snapshot)


def _status(snapshot: Snapshot) -> int:
    errors = [item for item in snapshot.diagnostics if item.severity is Severity.ERROR]
    return 2 if any(map(_unread, errors)) else int(bool(errors))


def _unread(error: Diagnostic) -> bool:
    """Whether it stands for a file or document of which nothing is known."""
    return error.type in (FaultType.UNREADABLE, FaultType.SYNTAX) or (
        error.type is FaultType.DECODE and not error.path
    )
