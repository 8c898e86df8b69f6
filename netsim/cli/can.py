"""`netsim can`: one question, or many in a stream."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import click

from netsim.cli.asking import Asker
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
from netsim.cli.output import answer, complain, palette, remark
from netsim.cli.settings import Settings, of_flags
from netsim.manifests.load import load
from netsim.model.snapshot import Snapshot
from netsim.model.verdict import Verdict
from netsim.report.formats import VERDICT
from netsim.report.style import Style, counted, in_full


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Request:
    """One command line."""

    question: tuple[str, ...]
    filename: tuple[str, ...]
    namespace: str | None
    protocol: str | None
    set_: tuple[str, ...]
    profile: str | None
    keep_going: bool
    strict: bool
    output: str
    flows: str | None
    fail_on: str | None
    verbose: bool

    def refuse_misuse(self) -> None:
        """Raises UsageError where the parts of the command line don't fit together."""
        many = self.flows is not None
        if many and self.question:
            raise click.UsageError("give either SRC DST PORT or --flows")
        if not many and not 2 <= len(self.question) <= 3:
            raise click.UsageError(
                "a question is SRC DST PORT, such as shop/frontend shop/api 8080"
            )
        if self.output == ("json" if many else "jsonl"):
            raise click.UsageError(f"use `-o {'jsonl' if many else 'json'}` here")
        if self.fail_on and not many:
            raise click.UsageError(
                "--fail-on is for --flows: one question exits with 1 when denied"
            )
        if self.flows == "-" and "-" in self.filename:
            raise click.UsageError("manifests and questions can't both come from stdin")

    def doubts(self, verdict: Verdict) -> bool:
        """Whether something left out, or under --strict an assumption, could change the verdict."""
        return bool(verdict.incomplete) or (self.strict and bool(verdict.assumptions))


@click.command("can")
@click.argument("question", nargs=-1, metavar="SRC DST PORT")
@filename_option
@namespace_option
@click.option("--protocol", metavar="NAME", help="TCP, UDP, SCTP or ICMP; default: TCP.")
@set_option
@profile_option
@keep_going_option
@click.option("--strict", is_flag=True, help="Exit with 3 where the answer rests on an assumption.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    help="text, or json for one question and jsonl for --flows.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show every policy, rule and group.")
@click.option(
    "--flows", metavar="FILE", help="Many questions: JSON lines, or CSV with a header; - for stdin."
)
@click.option(
    "--fail-on", type=click.Choice(["deny"]), help="With --flows: exit with 1 if one isn't allowed."
)
def command(**given: Any) -> int:
    """Say whether SRC may open a connection to PORT of DST, and which policies decide it.

    \b
    SRC and DST    shop/api             a pod or a workload
                   shop/deploy/api      a workload by kind
                   'shop/{app=web}'     the pods with these labels
                   'ns{env=prod}/*'     the pods of the namespaces with these labels
                   'shop/*', '*'        all pods
                   node/n1, 203.0.113.7, 10.0.0.0/8, external
                   api.example.com      as DST: a DNS name that policies may know
                   api.example.com@203.0.113.7
                   'new:shop/{app=web}' a pod that doesn't exist yet
    PORT           8080, 8080/udp, http, 8000-8999, any, icmp

    \b
    netsim can -f manifests/ shop/frontend shop/api 8080
    netsim can -f manifests/ --flows questions.csv
    kubectl get ns,pods,netpol -A -o json | netsim can -f - shop/frontend shop/api http

    Exit status: 0 allowed, 1 denied (or only partly allowed), 2 the question or the input is at
    fault, 3 something that --keep-going left out could change the answer.
    """
    request = Request(**given)
    request.refuse_misuse()
    flags = of_flags(request.filename, request.profile, request.set_, request.namespace)
    settings = effective(flags)
    return answer_about(_snapshot(request, settings), request, settings)


def answer_about(snapshot: Snapshot, request: Request, settings: Settings) -> int:
    """Write the answer, or all of them; the exit status."""
    asker = _asker(snapshot, request, settings)
    if request.flows is None:
        return _answer_one(request, asker)
    return _answer_many(request.flows, request, asker)


def _snapshot(request: Request, settings: Settings) -> Snapshot:
    semantics = semantics_of(settings)
    snapshot = load(*paths(settings, "can"), semantics=semantics, keep_going=request.keep_going)
    complain(snapshot.diagnostics)
    if snapshot.left_out:
        remark(f"going on without {counted(len(snapshot.left_out), 'faulty object')}")
    return snapshot


def _asker(snapshot: Snapshot, request: Request, settings: Settings) -> Asker:
    profile = profile_of(settings)
    namespace = settings.namespace.value if settings.namespace else ""
    if request.flows is None:  # one question isn't worth the import of the engine
        return Asker(snapshot, profile, namespace)
    from netsim.engine.explain import decider, explainer

    return Asker(snapshot, profile, namespace, explainer, decider)


def _answer_one(request: Request, asker: Asker) -> int:
    source, destination, *rest = request.question
    verdict = asker.ask(source, destination, rest[0] if rest else None, request.protocol)
    colours = palette(sys.stdout)
    style = in_full(colours) if request.verbose else Style(colours)
    answer(VERDICT[request.output](verdict, asker.context(verdict), style))
    return 3 if request.doubts(verdict) else int(not verdict.allowed)


def _answer_many(flows: str, request: Request, asker: Asker) -> int:
    from netsim.cli.batch import answer_flows
    from netsim.report.rows import ROWS
    from netsim.source.flows import read_flows

    questions = read_flows(flows, sys.stdin.buffer if sys.stdin else None)
    tally = answer_flows(questions, asker, ROWS[request.output], request.doubts)
    if not tally.asked:
        remark(f"no question in {flows}")
    if tally.faulty:
        remark(f"{tally.faulty} of {tally.asked} questions could not be answered")
        return 2
    if tally.doubtful:
        return 3
    return int(request.fail_on == "deny" and tally.not_allowed > 0)
