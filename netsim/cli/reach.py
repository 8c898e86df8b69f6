"""`netsim reach`: all pairs at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from netsim.analysis.incomplete import lacking, unmodelled
from netsim.analysis.listing import Listing
from netsim.analysis.program import compile_snapshot
from netsim.analysis.scope import Scope, scope_of
from netsim.cli.options import (
    effective,
    filename_option,
    keep_going_option,
    namespace_option,
    paths,
    profile_of,
    profile_option,
    semantics_of,
    set_option,
)
from netsim.cli.output import complain, palette, remark
from netsim.cli.output_file import write_parts
from netsim.cli.progress import stage
from netsim.cli.remarks import tell
from netsim.cli.settings import Settings, of_flags
from netsim.engine.level import Level
from netsim.engine.reach import Reachability
from netsim.manifests.load import load
from netsim.model.profiles import Profile
from netsim.model.snapshot import Snapshot
from netsim.report.context import Context
from netsim.report.reach_asked import Asked
from netsim.report.reach_formats import FORMATS, REACH
from netsim.report.style import PLAIN, Palette, counted
from netsim.source.collector import collector_off


@dataclass(frozen=True, slots=True)
class Request:
    """One command line."""

    filename: tuple[str, ...]
    source: str | None
    destination: str | None
    port: str | None
    namespace: str | None
    level: str
    summary: bool
    unsure: bool
    output: str
    output_file: str | None
    set_: tuple[str, ...]
    profile: str | None
    keep_going: bool

    def refuse_misuse(self) -> None:
        """Raises UsageError where options don't fit together."""
        if self.summary and self.output not in ("text", "json"):
            raise click.UsageError("--summary is written as text or json")

    @property
    def has_footnote(self) -> bool:
        """Whether the answer itself says what it assumes, as a person reads it."""
        return not self.summary and self.output in ("text", "wide", "markdown")

    def palette(self) -> Palette:
        """The colours of where the answer goes."""
        return PLAIN if self.output_file else palette(sys.stdout)


@click.command("reach")
@filename_option
@click.option("--from", "source", metavar="SRC", help="Only what these may send.")
@click.option("--to", "destination", metavar="DST", help="Only what these may get.")
@click.option("--port", metavar="PORT", help="Only this traffic.")
@namespace_option
@click.option(
    "--level",
    type=click.Choice([level.value for level in Level]),
    default=Level.WORKLOAD.value,
    help="Whom a name stands for; default: workload.",
)
@click.option("--summary", is_flag=True, help="Only counts, and who is most and least exposed.")
@click.option("--unsure", is_flag=True, help="Also pairs that may talk if an assumption is wrong.")
@click.option("-o", "--output", type=click.Choice(FORMATS), default="text", help="Default: text.")
@click.option("--output-file", metavar="FILE", help="Write there, once the answer is complete.")
@set_option
@profile_option
@keep_going_option
def command(**given: Any) -> int:
    """List who may talk to whom, and on which ports.

    The destinations of a source that get the same stand together; a namespace of which all are
    there is written `shop/*`. Traffic with addresses outside the cluster is included. With -n only
    pairs with an end in that namespace are listed. SRC, DST and PORT are as for `netsim can`.

    \b
    netsim reach -f manifests/
    netsim reach -f manifests/ --to shop/postgres
    netsim reach -f manifests/ --from external --port 443
    netsim reach -f manifests/ -o json --output-file reach.json

    What hangs on an assumption, as on addresses of pods that nobody knows, is marked with a `*`;
    --unsure lists also who may get nothing, and might get something if an assumption is wrong.

    wide has every name, json all of it with long lists written once, jsonl and csv every pair in
    full. Exit status: 0, or 3 if something that --keep-going left out could change the answer.
    """
    request = Request(**given)
    request.refuse_misuse()
    flags = of_flags(request.filename, request.profile, request.set_, request.namespace)
    settings = effective(flags)
    return answer_about(_snapshot(request, settings), request, settings)


def answer_about(snapshot: Snapshot, request: Request, settings: Settings) -> int:
    """Write the pairs; the exit status."""
    scope = _scope(request, settings, snapshot)
    with stage("compiling policies"):
        reachability = compile_snapshot(snapshot).reach()
    asked = _asked(request, scope, snapshot, profile_of(settings))
    with collector_off():
        listing = Listing(reachability, scope, Level(request.level), unsure=request.unsure)
        write_parts(_parts(request, listing, reachability, asked), request.output_file)
        leaves_out = listing.leaves_out()
    assumptions = () if request.has_footnote else listing.assumptions
    tell(asked.context.profile, assumptions, asked.notes, asked.incomplete)
    if leaves_out:
        remark("more pairs may talk if an assumption is wrong: --unsure lists them")
    return 3 if asked.incomplete else 0


def _snapshot(request: Request, settings: Settings) -> Snapshot:
    semantics = semantics_of(settings)
    with stage("reading manifests"):
        snapshot = load(
            *paths(settings, "reach"), semantics=semantics, keep_going=request.keep_going
        )
    complain(snapshot.diagnostics)
    if snapshot.left_out:
        remark(f"going on without {counted(len(snapshot.left_out), 'faulty object')}")
    return snapshot


def _scope(request: Request, settings: Settings, snapshot: Snapshot) -> Scope:
    namespace = settings.namespace
    name = namespace.value if namespace else ""
    if namespace and name and request.namespace is None:
        remark(f"only pairs with an end in namespace `{name}` ({namespace.origin})")
    return scope_of(snapshot, request.source, request.destination, request.port, name)


def _asked(request: Request, scope: Scope, snapshot: Snapshot, profile: Profile | None) -> Asked:
    return Asked(
        request.source,
        request.destination,
        str(scope.port) if scope.port else None,
        scope.namespace,
        Context(snapshot.semantics, profile),
        lacking(snapshot, scope.ends, scope.governing(snapshot.policies)),
        unmodelled(snapshot, scope.ends),
    )


def _parts(
    request: Request, listing: Listing, reachability: Reachability, asked: Asked
) -> Iterator[str]:
    """The answer, piece by piece as it is found."""
    if not request.summary:
        return REACH[request.output](listing, asked, request.palette())
    from netsim.analysis.exposure import exposures_of
    from netsim.report.reach_summary import summary_json, summary_text

    with stage("counting"):
        exposures = exposures_of(listing, reachability)
    if request.output == "json":
        return iter([summary_json(exposures, asked, listing.assumptions)])
    return iter([summary_text(exposures, request.palette())])
