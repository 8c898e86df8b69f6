"""`netsim diff`: two versions, and who may talk to whom in one of them alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from netsim.changes.diff import diff
from netsim.changes.difference import Difference, Relation
from netsim.cli.options import (
    effective,
    filename_option,
    keep_going_option,
    profile_of,
    profile_option,
    semantics_of,
    set_option,
)
from netsim.cli.output import palette
from netsim.cli.output_file import write_parts
from netsim.cli.progress import stage
from netsim.cli.remarks import tell
from netsim.cli.settings import of_flags
from netsim.cli.versions import Loaded, Versions, versions_of
from netsim.report.context import Context
from netsim.report.diff_formats import DIFF, FORMATS
from netsim.report.diff_told import Told
from netsim.report.style import PLAIN, Palette
from netsim.source.collector import collector_off


@dataclass(frozen=True, slots=True)
class Request:
    """One command line."""

    paths: tuple[str, ...]
    filename: tuple[str, ...]
    git: str | None
    level: str
    relation: bool
    pairs: bool
    no_blame: bool
    fail_on: str
    output: str
    output_file: str | None
    set_: tuple[str, ...]
    profile: str | None
    keep_going: bool

    def palette(self) -> Palette:
        """The colours of where the answer goes."""
        return PLAIN if self.output_file else palette(sys.stdout)


@click.command("diff")
@click.argument("paths", nargs=-1, metavar="OLD NEW")
@filename_option
@click.option("--git", metavar="RANGE", help="Compare revisions of the paths: main..HEAD, or main.")
@click.option(
    "--level",
    type=click.Choice(["workload", "pod"]),
    default="workload",
    help="Whom a name stands for; default: workload.",
)
@click.option("--relation", is_flag=True, help="Only whether one contains the other.")
@click.option("--pairs", is_flag=True, help="Every pair by itself; in json besides the rest.")
@click.option("--no-blame", is_flag=True, help="Don't look for the edits that are to blame.")
@click.option(
    "--fail-on",
    type=click.Choice(["any", "opened", "closed", "none"]),
    default="any",
    help="What to exit with 1 for; default: any.",
)
@click.option("-o", "--output", type=click.Choice(FORMATS), default="text", help="Default: text.")
@click.option("--output-file", metavar="FILE", help="Write there, once the answer is complete.")
@set_option
@profile_option
@keep_going_option
def command(**given: Any) -> int:
    """Say who may newly talk to whom in NEW, who no longer, and which edit is to blame.

    What is compared is what may pass, and not the text: renamed policies, reordered rules and
    split files are no difference. OLD and NEW are files or folders, one of them may be -; what
    both versions have in common is given with -f. With --git the arguments are the paths to
    compare in two revisions; one revision is compared with the files as they are now.

    \b
    netsim diff base/ head/
    netsim diff -f cluster.yaml old-policies/ new-policies/
    netsim diff --git main..HEAD manifests/
    netsim diff --git main manifests/ --fail-on opened
    netsim diff --git main...HEAD manifests/ -o markdown --output-file comment.md

    Each cause is a paragraph: the edit, what it opened (+) and closed (-), the rule that lets it
    pass, or did, and a flow to ask about. Endpoints that came or went follow, with what they bring
    or take along; then edits of no effect. json has all of it, jsonl and csv every pair.

    Exit status: 0 the same, 1 different, 2 trouble, 3 if something that --keep-going left out
    could change the answer. --fail-on opened (or closed) exits with 1 only if traffic between
    endpoints of both versions was opened (or closed), none never.
    """
    request = Request(**given)
    if request.relation and (request.output not in ("text", "json") or request.pairs):
        raise click.UsageError("--relation is written as text or json, without --pairs")
    settings = effective(of_flags(request.filename, request.profile, request.set_))
    semantics, profile = semantics_of(settings), profile_of(settings)
    versions = versions_of(request.paths, request.filename, request.git, settings)
    loaded = versions.load(semantics, keep_going=request.keep_going)
    with collector_off():
        with stage("comparing"):
            difference = diff(loaded.old, loaded.new, request.level)
        told = _told(request, versions, loaded, difference, Context(semantics, profile))
        write_parts(_parts(request, told), request.output_file)
    tell(profile, (), told.notes, told.incomplete)
    return 3 if told.incomplete else int(_fails(difference, request.fail_on))


def _told(
    request: Request, versions: Versions, loaded: Loaded, difference: Difference, context: Context
) -> Told:
    blame = not (request.no_blame or request.relation)
    return Told(
        difference if blame else difference.without_causes,
        versions.old.name,
        versions.new.name,
        (*versions.question, *_options(request)) if versions.question else (),
        request.pairs,
        blame,
        versions.revisions,
        context,
        loaded.incomplete,
        loaded.notes,
    )


def _options(request: Request) -> Iterator[str]:
    """The options of the command line that a question about the same needs, too."""
    if request.profile is not None:
        yield from ("--profile", request.profile)
    for text in request.set_:
        yield from ("--set", text)
    if request.keep_going:
        yield "--keep-going"


def _parts(request: Request, told: Told) -> Iterator[str]:
    """The answer, piece by piece as it is found."""
    if not request.relation:
        return DIFF[request.output](told, request.palette())
    from netsim.report.diff_relation import relation_json, relation_text

    return (
        relation_json(told) if request.output == "json" else relation_text(told, request.palette())
    )


def _fails(difference: Difference, fail_on: str) -> bool:
    """Whether there is what the caller doesn't want."""
    match fail_on:
        case "opened":
            return difference.relation in (Relation.CONTAINS, Relation.INCOMPARABLE)
        case "closed":
            return difference.relation in (Relation.CONTAINED, Relation.INCOMPARABLE)
    return fail_on == "any" and bool(difference)
