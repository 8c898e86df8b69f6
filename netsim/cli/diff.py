"""`netsim diff`: two versions, and who may talk to whom in one of them alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from netsim.cli.comparing import Comparing, Sides, compare, comparing_options
from netsim.cli.options import effective, filename_option, profile_of, semantics_of
from netsim.cli.settings import of_flags
from netsim.cli.versions import versions_of
from netsim.report.context import Context


@dataclass(frozen=True, slots=True)
class Request(Comparing):
    """One command line."""

    paths: tuple[str, ...]
    git: str | None


@click.command("diff")
@click.argument("paths", nargs=-1, metavar="OLD NEW")
@filename_option
@click.option("--git", metavar="RANGE", help="Compare revisions of the paths: main..HEAD, or main.")
@comparing_options
def command(**given: Any) -> int:
    """Say who may newly talk to whom in NEW, who no longer, and which edit is to blame.

    What is compared is what may pass, and not the text: renamed policies, reordered rules and
    split files are no difference. OLD and NEW are files or folders, one of them may be -; what
    both versions have in common is given with -f. With --git the arguments are the paths to
    compare in two revisions; one revision is compared with the files as they are now, and -f is
    read as it is now for both.

    \b
    netsim diff base/ head/
    netsim diff -f cluster.yaml old-policies/ new-policies/
    netsim diff --git main..HEAD manifests/
    netsim diff --git main -f cluster.yaml policies/ --fail-on opened
    netsim diff --git main...HEAD manifests/ -o markdown --output-file comment.md

    Each cause is a paragraph: the edit, what it opened (+) and closed (-), the rule that lets it
    pass, or did, and a flow to ask about. Endpoints that came or went follow, with what they bring
    or take along; then edits of no effect. json has all of it, jsonl and csv every pair, dot a
    graph of them. github annotates the lines to blame, and adds the same as markdown to the
    summary of the step ($GITHUB_STEP_SUMMARY; where that isn't set, it is printed).

    Exit status: 0 the same, 1 different, 2 trouble, 3 if something that --keep-going left out
    could change the answer. --fail-on opened (or closed) exits with 1 only if traffic between
    endpoints of both versions was opened (or closed), none never.
    """
    request = Request(**given)
    request.refuse_misuse()
    settings = effective(of_flags(request.filename, request.profile, request.set_))
    context = Context(semantics_of(settings), profile_of(settings))
    versions = versions_of(request.paths, request.filename, request.git, settings)
    question = (*versions.question, *request.options()) if versions.question else ()
    sides = Sides(versions.old.name, versions.new.name, question, versions.revisions)
    loaded = versions.load(context.semantics, keep_going=request.keep_going)
    return compare(request, sides, loaded, context)
