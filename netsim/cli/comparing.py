"""What the commands that compare share: their options, and how a difference is told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from netsim.changes.diff import diff
from netsim.changes.difference import Difference, Relation
from netsim.cli.loaded import Loaded
from netsim.cli.options import keep_going_option, profile_option, set_option
from netsim.cli.output import palette
from netsim.cli.output_file import add_to_file, write_parts
from netsim.cli.progress import stage
from netsim.cli.remarks import tell
from netsim.errors import query_error
from netsim.report.context import Context
from netsim.report.diff_formats import DIFF, FORMATS
from netsim.report.diff_told import Told
from netsim.report.style import PLAIN, Palette
from netsim.source.collector import collector_off

_NO_PODS = "neither version has a pod: there is nothing to compare"
_GIVE_PODS = (
    "give the cluster too, with -f: its workloads, or what "
    "`kubectl get ns,nodes,pods -A -o json` prints"
)
C = TypeVar("C", bound=Callable[..., object])

level_option = click.option(
    "--level",
    type=click.Choice(["workload", "pod"]),
    default="workload",
    help="Whom a name stands for; default: workload.",
)
pairs_option = click.option(
    "--pairs", is_flag=True, help="Every pair by itself; in json besides the rest."
)
no_blame_option = click.option(
    "--no-blame", is_flag=True, help="Don't look for the edits that are to blame."
)
relation_option = click.option(
    "--relation", is_flag=True, help="Only whether one contains the other."
)
fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["any", "opened", "closed", "none"]),
    default="any",
    help="What to exit with 1 for; default: any.",
)
output_option = click.option(
    "-o", "--output", type=click.Choice(FORMATS), default="text", help="Default: text."
)
output_file_option = click.option(
    "--output-file", metavar="FILE", help="Write there, once the answer is complete."
)


def comparing_options(command: C) -> C:
    """Give a command the options of `Comparing`, but for -f."""
    for option in reversed(
        (
            level_option,
            relation_option,
            pairs_option,
            no_blame_option,
            fail_on_option,
            output_option,
            output_file_option,
            set_option,
            profile_option,
            keep_going_option,
        )
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Input:
    """What a command line says of the manifests, and how to understand them."""

    filename: tuple[str, ...]
    set_: tuple[str, ...]
    profile: str | None
    keep_going: bool

    def options(self) -> Iterator[str]:
        """The options that a question about the same needs, too, but for -f."""
        if self.profile is not None:
            yield from ("--profile", self.profile)
        for text in self.set_:
            yield from ("--set", text)
        if self.keep_going:
            yield "--keep-going"


@dataclass(frozen=True, slots=True)
class Comparing(Input):
    """What a command line asks of a difference."""

    level: str
    relation: bool
    pairs: bool
    no_blame: bool
    fail_on: str
    output: str
    output_file: str | None

    def refuse_misuse(self) -> None:
        """Raises UsageError where options don't fit together."""
        if self.relation and (self.output not in ("text", "json") or self.pairs):
            raise click.UsageError("--relation is written as text or json, without --pairs")

    @property
    def by_pairs(self) -> bool:
        """Whether every pair is told by itself, and so without causes."""
        return self.output in ("jsonl", "csv", "dot") or (self.pairs and self.output == "text")

    @property
    def blames(self) -> bool:
        """Whether causes are told."""
        return not (self.no_blame or self.relation or self.by_pairs)

    @property
    def has_footnote(self) -> bool:
        """Whether the answer itself says what it assumes, as a person reads it."""
        return not (self.relation or self.by_pairs or self.output == "json")

    def palette(self) -> Palette:
        """The colours of where the answer goes."""
        return PLAIN if self.output_file else palette(sys.stdout)


@dataclass(frozen=True, slots=True)
class Sides:
    """What both versions are called, and how a question about the new one begins."""

    old: str
    new: str
    question: tuple[str, ...]
    revisions: tuple[str, ...] = ()


def compare(request: Comparing, sides: Sides, loaded: Loaded, context: Context) -> int:
    """Write the difference as it was asked for; the exit status."""
    with collector_off():
        with stage("comparing"):
            difference = diff(loaded.old, loaded.new, request.level)
            if not difference.pairing.has_pods:
                raise query_error(_NO_PODS, help=_GIVE_PODS)
            different = bool(difference)
        told = _told(request, sides, loaded, difference, context)
        if told.blame:
            with stage("finding causes"):
                tuple(told.effects)  # kept by the difference
        write_parts(_parts(request, told), request.output_file)
    assumptions = () if request.has_footnote else difference.assumptions
    tell(context.profile, assumptions, told.notes, told.incomplete)
    return 3 if told.incomplete else int(different and _fails(difference, request.fail_on))


def _told(
    request: Comparing, sides: Sides, loaded: Loaded, difference: Difference, context: Context
) -> Told:
    blame = request.blames
    return Told(
        difference if blame else difference.without_causes,
        sides.old,
        sides.new,
        sides.question,
        request.pairs,
        blame,
        sides.revisions,
        context,
        loaded.incomplete,
        loaded.notes,
    )


def _parts(request: Comparing, told: Told) -> Iterator[str]:
    """The answer, piece by piece as it is found."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if request.output == "github" and summary:
        return _annotations(told, Path(summary))
    if not request.relation:
        return DIFF[request.output](told, request.palette())
    from netsim.report.diff_relation import relation_json, relation_text

    return (
        relation_json(told) if request.output == "json" else relation_text(told, request.palette())
    )


def _annotations(told: Told, summary: Path) -> Iterator[str]:
    """Annotations alone: the rest goes where GitHub Actions shows the summary of a step."""
    from netsim.report.diff_github import diff_github
    from netsim.report.diff_markdown import diff_markdown

    yield from diff_github(told)
    add_to_file(summary, diff_markdown(told))


def _fails(difference: Difference, fail_on: str) -> bool:
    """Whether a difference is one that the caller doesn't want."""
    match fail_on:
        case "opened":
            return difference.relation in (Relation.CONTAINS, Relation.INCOMPARABLE)
        case "closed":
            return difference.relation in (Relation.CONTAINED, Relation.INCOMPARABLE)
    return fail_on == "any"
