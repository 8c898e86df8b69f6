"""`netsim fuzz`: what must hold of a cluster, and the edits that would break it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from netsim.cli.comparing import Input
from netsim.cli.fuzz_corpus import Kept, hold_folder, kept_for
from netsim.cli.fuzz_text import Found, found_text, list_text
from netsim.cli.loaded import Loaded, loaded_of
from netsim.cli.options import (
    NumberRange,
    effective,
    filename_option,
    keep_going_option,
    paths,
    profile_of,
    profile_option,
    semantics_of,
    set_option,
)
from netsim.cli.output import answer, complain, palette, remark
from netsim.cli.output_file import write_parts
from netsim.cli.progress import stage
from netsim.cli.remarks import tell
from netsim.cli.settings import of_flags
from netsim.errors import query_error
from netsim.manifests.load import load
from netsim.model.snapshot import Snapshot
from netsim.report.context import Context
from netsim.report.style import PLAIN, counted
from netsim.testing.edit_values import EditKind
from netsim.testing.invariants import Invariant
from netsim.testing.naming import invariant_named
from netsim.testing.search import search, search_between
from netsim.testing.storage import leaving_nothing_behind

_STDIN = "-"
_NO_PODS = "there is no pod: no edit could break anything"
_GIVE_PODS = "give workloads too, or what `kubectl get ns,nodes,pods,netpol -A -o json` prints"


@dataclass(frozen=True, slots=True)
class Request(Input):
    """One command line."""

    invariant: tuple[str, ...]
    list_: bool
    old: tuple[str, ...]
    edits: int | None
    time: float
    seed: int
    only: tuple[str, ...]
    within: tuple[str, ...]
    corpus: str
    output: str
    output_file: str | None

    def refuse_misuse(self) -> None:
        """Raises UsageError where options don't fit together, QueryError if --corpus is a file."""
        if not self.invariant:
            raise click.UsageError("give --invariant NAME; --list has all of them")
        if self.old and (self.edits is not None or self.only or self.within):
            raise click.UsageError("with --old the edits are those between the two versions")
        if not self.old:
            hold_folder(Path(self.corpus))

    def invariants(self) -> Iterator[tuple[str, Invariant]]:
        """What must hold, with the edits that are to be thought of.

        Raises QueryError if one is not known or written in another way.
        """
        for text in dict.fromkeys(self.invariant):
            made = invariant_named(text)
            if self.only:
                made = made.over(*self.only)
            yield text, made.within(*self.within) if self.within else made


@click.command("fuzz")
@filename_option
@click.option(
    "--invariant", multiple=True, metavar="NAME[=ARG,…]", help="What must hold. Repeatable."
)
@click.option("--list", "list_", is_flag=True, help="List the invariants that there are.")
@click.option(
    "--old",
    multiple=True,
    metavar="PATH",
    help="Try what leads from there to -f, and no other edits.",
)
@click.option(
    "--edits",
    type=click.IntRange(min=1),
    metavar="N",
    help="The most edits at once; default: 3, or as the invariant says.",
)
@click.option(
    "--time",
    type=NumberRange(min=0),
    default=20.0,
    metavar="S",
    help="Seconds to look for one; default: 20.",
)
@click.option("--seed", type=int, default=0, metavar="N", help="For another order; default: 0.")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([kind.value for kind in EditKind]),
    metavar="KIND",
    help="Try edits of this kind alone, such as policy-removed. Repeatable.",
)
@click.option(
    "--within", multiple=True, metavar="NS", help="Edit this namespace alone. Repeatable."
)
@click.option(
    "--corpus",
    default=".netsim/fuzz",
    metavar="DIR",
    help="Where counterexamples are kept; default: .netsim/fuzz",
)
@click.option(
    "-o", "--output", type=click.Choice(["text", "json"]), default="text", help="Default: text."
)
@click.option("--output-file", metavar="FILE", help="Write there, once the answer is complete.")
@set_option
@profile_option
@keep_going_option
def command(**given: Any) -> int:
    """Look for edits of a cluster that break what must hold of it.

    No manifest is written. Simple edits are tried one by one, then several of them together, at
    most --edits at once; for the rest of --time they are drawn. What is found is made smaller until
    no edit can be left out, and kept in --corpus: the next run begins with it. The answer is the
    same for the same --seed, but for where the time ends.

    \b
    netsim fuzz --list
    netsim fuzz -f manifests/ --invariant no-external-to=prod --edits 3 --time 60
    netsim fuzz -f manifests/ --invariant isolated-tenant=team-a,team-b
    netsim fuzz -f manifests/ --invariant needs-label=shop/db,role=api
    netsim fuzz -f manifests/ --invariant nothing-closes --only policy-added --within shop
    netsim fuzz -f new/ --old old/ --invariant nothing-closes=expected.csv

    An argument is an endpoint text, or the name of a namespace for all pods in it. Needs
    Hypothesis: pip install 'netsim-k8s[testing]'.

    Exit status: 0 nothing was found, 1 something was, 2 trouble, 3 if something that --keep-going
    left out could change the answer.
    """
    request = Request(**given)
    if request.list_:
        answer(list_text())
        return 0
    request.refuse_misuse()
    _refuse_without_hypothesis()
    asked = list(request.invariants())
    settings = effective(of_flags(request.filename, request.profile, request.set_))
    manifests = paths(settings, "fuzz")
    context = Context(semantics_of(settings), profile_of(settings))
    # A file at fault is told before minutes are spent on a search.
    kept = {text: kept_for(Path(request.corpus), text) for text, _ in asked if not request.old}
    loaded = _loaded(request, manifests, context)
    with leaving_nothing_behind():
        found = [
            _searched(request, loaded, text, invariant, kept.get(text)) for text, invariant in asked
        ]
    given_as = request.old or manifests
    options = tuple(request.options())
    if request.output == "json":
        from netsim.cli.fuzz_json import found_json

        parts = iter([found_json(found, given_as, options, context, loaded)])
    else:
        colours = PLAIN if request.output_file else palette(sys.stdout)
        parts = found_text(found, given_as, options, colours)
    write_parts(parts, request.output_file)
    tell(context.profile, (), loaded.notes, loaded.incomplete)
    return 3 if loaded.incomplete else int(any(each.searched.counterexample for each in found))


def _refuse_without_hypothesis() -> None:
    if find_spec("hypothesis") is None:
        help = "pip install 'netsim-k8s[testing]'"
        raise query_error("Hypothesis is not installed, which draws the edits", help=help)


def _loaded(request: Request, manifests: tuple[str, ...], context: Context) -> Loaded:
    """The cluster; with --old the version that edits lead from, and the one that they lead to."""
    if (*manifests, *request.old).count(_STDIN) > 1:
        raise click.UsageError("only one of -f and --old can come from stdin")
    with stage("reading manifests"):
        new = _read(request, manifests, context)
        old = _read(request, request.old, context) if request.old else new
    if not old.pods:
        raise query_error(_NO_PODS, help=_GIVE_PODS)
    return loaded_of(old, new)


def _read(request: Request, manifests: tuple[str, ...], context: Context) -> Snapshot:
    found = load(*manifests, semantics=context.semantics, keep_going=request.keep_going)
    complain(found.diagnostics)
    if found.left_out:
        remark(f"going on without {counted(len(found.left_out), 'faulty object')}")
    return found


def _searched(
    request: Request, loaded: Loaded, text: str, invariant: Invariant, kept: Kept | None
) -> Found:
    if kept is None:
        with stage(f"trying {text}"):
            return Found(text, invariant, search_between(invariant, loaded.old, loaded.new))
    first = kept.possible(loaded.old)
    with stage(f"trying {text}"):
        searched = search(
            invariant,
            loaded.old,
            most=request.edits,
            seed=request.seed,
            seconds=request.time,
            first=first,
        )
    found = searched.counterexample
    is_there = found is not None and bool(found.edits) and kept.keep(found)
    return Found(
        text,
        invariant,
        searched,
        first=kept.path if kept.edits else None,
        path=kept.path if is_there or searched.again else None,
    )
