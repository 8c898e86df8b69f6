"""`netsim check`: suites of expectations, and whether they hold."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from netsim.analysis.incomplete import unmodelled
from netsim.analysis.program import Program, compile_snapshot
from netsim.cli.options import (
    NumberRange,
    effective,
    filename_option,
    filename_words,
    keep_going_option,
    paths,
    profile_of,
    profile_option,
    semantics_of,
    set_option,
)
from netsim.cli.output import answer, complain, complain_in_full, palette, remark
from netsim.cli.output_file import add_to_file, write_parts
from netsim.cli.progress import stage
from netsim.cli.remarks import tell
from netsim.cli.settings import of_flags
from netsim.errors import InputError
from netsim.manifests.load import load
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.report.check_formats import CHECK, FORMATS
from netsim.report.check_told import Standing, Told, standing
from netsim.report.context import Context
from netsim.report.style import PLAIN, Palette, counted
from netsim.source.collector import collector_off
from netsim.suites.check import check
from netsim.suites.reading import load_suites
from netsim.suites.suite import Suite

if TYPE_CHECKING:
    from netsim.suites.coverage import Coverage

_STDIN = "-"
# The formats that tell coverage.
_WITH_COVERAGE = ("text", "json")


class Request(NamedTuple):
    """One command line."""

    suites: tuple[str, ...]
    filename: tuple[str, ...]
    verbose: bool
    output: str
    output_file: str | None
    set_: tuple[str, ...]
    profile: str | None
    keep_going: bool
    coverage: bool
    fail_under: float | None
    learn: bool

    def refuse_misuse(self) -> None:
        """Raises UsageError where options don't fit together."""
        if self.learn:
            self._refuse_misuse_of_learning()
            return
        if self.coverage and self.output not in _WITH_COVERAGE:
            message = "--coverage is told as text or json; --fail-under works with any format"
            raise click.UsageError(message)
        if not self.suites:
            raise click.UsageError("give a suite: a file, a folder, a glob, or - for stdin")
        if self.verbose and self.output != "text":
            raise click.UsageError("-v is for text: the other formats have everything")

    def _refuse_misuse_of_learning(self) -> None:
        if self.suites:
            raise click.UsageError("--learn writes a suite, and reads none")
        if self.output != "text" or self.verbose or self.wants_coverage:
            raise click.UsageError("--learn writes YAML, and tells nothing else")

    @property
    def wants_coverage(self) -> bool:
        """Whether it is to be found out."""
        return self.coverage or self.fail_under is not None

    def refuse_two_readers(self, manifests: tuple[str, ...]) -> None:
        """Raises UsageError if stdin would be read twice."""
        if [*self.suites, *manifests].count(_STDIN) > 1:
            raise click.UsageError("only one of SUITE and -f can come from stdin")

    def question(self, manifests: tuple[str, ...]) -> tuple[str, ...]:
        """How a question about the same manifests begins."""
        words = ["netsim", "can", *filename_words(manifests)]
        if self.profile is not None:
            words += ["--profile", self.profile]
        for text in self.set_:
            words += ["--set", text]
        return (*words, "--keep-going") if self.keep_going else tuple(words)

    def palette(self) -> Palette:
        """The colours of where the answer goes."""
        return PLAIN if self.output_file else palette(sys.stdout)


def _schema(context: click.Context, option: click.Parameter, given: bool) -> None:
    if given and not context.resilient_parsing:
        from netsim.suites.schema import suite_schema

        answer(suite_schema())
        context.exit()


@click.command("check")
@click.argument("suites", nargs=-1, metavar="SUITE…")
@filename_option
@click.option("-v", "--verbose", is_flag=True, help="Also what holds, and every reason in full.")
@click.option("-o", "--output", type=click.Choice(FORMATS), default="text", help="Default: text.")
@click.option("--output-file", metavar="FILE", help="Write there, once the answer is complete.")
@set_option
@profile_option
@keep_going_option
@click.option("--coverage", is_flag=True, help="Also which policies and rules nothing would miss.")
@click.option(
    "--fail-under",
    type=NumberRange(0, 100),
    metavar="PERCENT",
    help="Exit status 1 if fewer of them are exercised.",
)
@click.option("--learn", is_flag=True, help="Write a first suite, of what holds now.")
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_schema,
    help="Print the JSON Schema of suites, for editors, and do nothing else.",
)
def command(**given: Any) -> int:
    """Say whether the manifests do what suites of expectations say.

    A suite is YAML that a reviewer can read; several are given as files, folders or globs. What
    else a folder holds is passed over, but not a suite with a misspelt apiVersion or kind.

    \b
    apiVersion: netsim.dev/v1
    kind: Suite
    metadata: {name: payments}
    expect:
    - allow: {from: shop/web, to: payments/api, port: 8080}
    - deny: {from: '*', to: 'payments/*', except-from: 'shop/*', why: card data}
    - only: {from: payments/api, to: payments/ledger}
    - isolated: {pods: 'payments/*', direction: ingress}
    - reach-at-most: {from: shop/web, hops: 3, within: 'payments/*'}

    \b
    netsim check suites/ -f manifests/
    netsim check payments.yaml -f manifests/ -o junit --output-file report.xml
    kubectl get ns,nodes,pods,netpol -A -o json | netsim check suites/ -f -

    Each expectation that fails is shown with its line, flows that break it, and the rules that
    decide them. One whose names, labels or ports match nothing fails, too; `allow-empty: true`
    takes these for nobody, and judges the rest. github annotates the lines of the suites, and adds
    the rest to the summary of the step ($GITHUB_STEP_SUMMARY; where that isn't set, it is printed).

    With --coverage each policy, and each of its rules, is taken away in turn: it is exercised if
    some expectation then comes out otherwise. What nobody would miss is listed, and apart from it
    what is of no effect at all.

    \b
    netsim check --learn -f manifests/ > suite.yaml
    netsim check suite.yaml -f manifests/ --fail-under 90

    Exit status: 0 all hold, 1 some fail or too few are exercised, 2 trouble, 3 if something that
    --keep-going left out could change what comes of one.
    """
    request = Request(**given)
    request.refuse_misuse()
    settings = effective(of_flags(request.filename, request.profile, request.set_))
    manifests = paths(settings, "check SUITE")
    request.refuse_two_readers(manifests)
    context = Context(semantics_of(settings), profile_of(settings))
    if request.learn:
        from netsim.cli.learning import write_learned

        return write_learned(_snapshot(request, manifests, context.semantics), request.output_file)
    try:
        with collector_off():
            suites = load_suites(*request.suites)
    except InputError as error:
        complain_in_full(error.diagnostics)
        return 2
    snapshot = _snapshot(request, manifests, context.semantics)
    with collector_off():
        program = compile_snapshot(snapshot)
        with stage("checking"):
            outcomes = check(program, *suites)
        covered = _covered(request, program, suites)
        told = Told(
            outcomes, request.question(manifests), context, _notes(snapshot), request.verbose
        )
        write_parts(_parts(request, told, covered), request.output_file)
    # SARIF alone has no place for what could turn an expectation that holds.
    assumptions = told.assumptions if request.output == "sarif" else ()
    tell(context.profile, assumptions, told.notes, told.incomplete)
    return _status(told) or _too_little(request, covered)


def _covered(request: Request, program: Program, suites: Iterable[Suite]) -> Coverage | None:
    if not request.wants_coverage:
        return None
    from netsim.suites.coverage import coverage  # compares versions

    with stage("taking rules away"):
        return coverage(program, *suites)


def _too_little(request: Request, covered: Coverage | None) -> int:
    """Whether less is exercised than was asked for, which is said."""
    if covered is None or request.fail_under is None or 100 * covered.ratio >= request.fail_under:
        return 0
    from netsim.report.coverage_told import coverage_line

    remark(f"{coverage_line(covered)}: fewer than {request.fail_under:g} %")
    return 1


def _snapshot(request: Request, manifests: tuple[str, ...], semantics: Semantics) -> Snapshot:
    with stage("reading manifests"):
        snapshot = load(*manifests, semantics=semantics, keep_going=request.keep_going)
    complain(snapshot.diagnostics)
    if snapshot.left_out:
        remark(f"going on without {counted(len(snapshot.left_out), 'faulty object')}")
    return snapshot


def _notes(snapshot: Snapshot) -> tuple[str, ...]:
    if not snapshot.unmodelled:
        return ()
    from netsim.analysis.scope import scope_of

    return unmodelled(snapshot, scope_of(snapshot).ends)


def _parts(request: Request, told: Told, covered: Coverage | None) -> Iterator[str]:
    """The answer, piece by piece as it is found."""
    if covered and request.coverage:
        return _with_coverage(request, told, covered)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if request.output == "github" and summary:
        return _annotations(told, Path(summary))
    return CHECK[request.output](told, request.palette())


def _with_coverage(request: Request, told: Told, covered: Coverage) -> Iterator[str]:
    from netsim.report.check_json import check_json
    from netsim.report.coverage_told import coverage_text

    if request.output == "json":
        yield from check_json(told, covered)
    else:
        yield from CHECK[request.output](told, request.palette())
        yield from coverage_text(covered, request.palette(), request.verbose)


def _annotations(told: Told, summary: Path) -> Iterator[str]:
    """Annotations alone: the rest goes where GitHub Actions shows the summary of a step."""
    from netsim.report.check_github import check_github
    from netsim.report.check_markdown import check_markdown

    yield from check_github(told)
    add_to_file(summary, check_markdown(told))


def _status(told: Told) -> int:
    if told.incomplete:
        return 3
    return int(any(standing(outcome) is Standing.FAIL for outcome in told.outcomes))
