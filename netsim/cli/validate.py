"""`netsim validate`: the manifests alone; here the diagnostics are the answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from netsim.cli.options import (
    effective,
    filename_option,
    filename_words,
    paths,
    profile_of,
    profile_option,
    semantics_of,
    set_option,
)
from netsim.cli.output import answer, palette
from netsim.cli.remarks import tell
from netsim.cli.settings import of_flags
from netsim.errors import Diagnostic, FaultType, Severity
from netsim.manifests.load import load
from netsim.model.profiles import Profile
from netsim.model.snapshot import Snapshot
from netsim.report.formats import VALIDATION

if TYPE_CHECKING:
    from netsim.report.findings_told import Evaluated


@click.command("validate")
@filename_option
@click.option(
    "--semantic", is_flag=True, help="Evaluate cluster policies too, for what no schema can see."
)
@click.option(
    "-o", "--output", type=click.Choice(list(VALIDATION)), default="text", help="Default: text."
)
@set_option
@profile_option
def command(
    filename: tuple[str, ...],
    semantic: bool,
    output: str,
    set_: tuple[str, ...],
    profile: str | None,
) -> int:
    """Check manifests as the API server would, without asking anything.

    Every fault comes with its file, line and column.

    --semantic evaluates the cluster policies (ClusterNetworkPolicy, AdminNetworkPolicy,
    BaselineAdminNetworkPolicy) over the pods and nodes of the manifests and all that is outside,
    and tells with a flow each: policies of equal priority that disagree; rules that never decide,
    as earlier ones decide whatever they match; those that deny 0.0.0.0/0 or ::/0 and so pods, too;
    Baseline policies that NetworkPolicies always hide; priorities that --profile doesn't have; and
    rules that match nobody.

    Exit status: 0 without errors, 1 with errors, 2 when something can't be read at all. What
    --semantic finds are warnings and notes.
    """
    settings = effective(of_flags(filename, profile, set_))
    manifests = paths(settings, "validate")
    chosen = profile_of(settings)
    snapshot = load(*manifests, semantics=semantics_of(settings), keep_going=True)
    evaluated = _evaluated(snapshot, manifests, profile, set_, chosen) if semantic else None
    answer(VALIDATION[output](snapshot, palette(sys.stdout), evaluated))
    if semantic:
        tell(chosen, (), (), ())
    return _status(snapshot)


def _evaluated(
    snapshot: Snapshot,
    manifests: tuple[str, ...],
    profile: str | None,
    assignments: tuple[str, ...],
    chosen: Profile | None,
) -> Evaluated:
    # Who only validates has no need of these.
    from netsim.analysis.semantic import findings
    from netsim.report.findings_told import Evaluated

    options = [word for text in assignments for word in ("--set", text)]
    options += ["--profile", profile] if profile is not None else []
    again = ("netsim", "can", *filename_words(manifests), *options)
    return Evaluated(findings(snapshot, chosen), again)


def _status(snapshot: Snapshot) -> int:
    errors = [item for item in snapshot.diagnostics if item.severity is Severity.ERROR]
    return 2 if any(map(_unread, errors)) else int(bool(errors))


def _unread(error: Diagnostic) -> bool:
    """Whether it stands for a file or document of which nothing is known."""
    return error.type in (FaultType.UNREADABLE, FaultType.SYNTAX) or (
        error.type is FaultType.DECODE and not error.path
    )
