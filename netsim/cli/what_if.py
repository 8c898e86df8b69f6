"""`netsim what-if`: edits of a cluster, and what they would change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
from click.core import ParameterSource

from netsim.cli.comparing import Comparing, Sides, compare, comparing_options
from netsim.cli.loaded import loaded_of, unsaid
from netsim.cli.options import (
    effective,
    filename_option,
    filename_words,
    paths,
    profile_of,
    semantics_of,
)
from netsim.cli.output import complain, remark
from netsim.cli.progress import stage
from netsim.cli.settings import Settings, of_flags
from netsim.errors import query_error
from netsim.manifests.edit import Editor, edit
from netsim.manifests.load import load
from netsim.model.nearest import did_you_mean
from netsim.model.snapshot import Snapshot
from netsim.report.context import Context
from netsim.report.style import counted

_STDIN = "-"
_THEN = "--then"
_ABOUT_ONE = ("can", "reach")  # commands that answer about one cluster


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit as the command line gives it: `("label", ("shop/api", "tier=x"))`."""

    option: str
    words: tuple[str, ...]

    @property
    def reads_stdin(self) -> bool:
        """Whether it is of what stdin has."""
        return self.option == "apply" and self.words == (_STDIN,)


@dataclass(frozen=True, slots=True)
class Next:
    """The command after --then: a module of `can` or `reach`, and what is asked of it."""

    module: Any
    request: Any

    @property
    def reads_stdin(self) -> bool:
        """Whether its questions come from there."""
        return getattr(self.request, "flows", None) == _STDIN

    def answer(self, snapshot: Snapshot, settings: Settings) -> int:
        """Write its answer; its exit status."""
        flags = of_flags(namespace=self.request.namespace)
        status: int = self.module.answer_about(snapshot, self.request, flags.over(settings))
        return status


@dataclass(frozen=True, slots=True)
class Request(Comparing):
    """One command line."""

    edits: tuple[Edit, ...]
    then: Next | None


class _InOrder(click.Command):
    """A command that gets its edits in the order in which they are given, and the rest --then."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.resilient_parsing:  # to complete a line that is being written
            return super().parse_args(ctx, args)
        at = args.index(_THEN) if _THEN in args else len(args)
        before, after = args[:at], args[at + 1 :]
        rest = super().parse_args(ctx, [*before])
        if ctx.params["then"] is not None or (at < len(args) and not after):
            raise click.UsageError("--then is followed by a command: can, or reach", ctx)
        order = self.make_parser(ctx).parse_args([*before])[2]
        values = {name: iter(ctx.params.pop(name)) for name in _EDITS}
        names = [param.name for param in order if param.name in _EDITS]
        ctx.params["edits"] = tuple(Edit(name, _words(next(values[name]))) for name in names)
        ctx.params["then"] = _next(ctx, *after) if after else None
        return rest


def _next(context: click.Context, name: str, *args: str) -> Next:
    """What a command line says --then. Raises QueryError or UsageError if that can't be done."""
    if name not in _ABOUT_ONE:
        help = did_you_mean(name, _ABOUT_ONE)
        raise query_error(f"no command `{name}` can follow --then", help=help, code="USAGE")
    module: Any = import_module(f"netsim.cli.{name}")
    with module.command.make_context(f"{_THEN} {name}", [*args], context) as inner:
        request = module.Request(**inner.params)
        request.refuse_misuse()
        for option, value in (
            ("-f", request.filename),
            ("--set", request.set_),
            ("--profile", request.profile),
            ("--keep-going", request.keep_going),
        ):
            if value:
                raise click.UsageError(f"give {option} before --then")
    return Next(module, request)


def _words(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


@click.command("what-if", cls=_InOrder)
@filename_option
@click.option("--apply", multiple=True, metavar="PATH", help="Apply manifests; - for stdin.")
@click.option("--delete", multiple=True, metavar="OBJECT", help="Delete an object.")
@click.option(
    "--label",
    multiple=True,
    nargs=2,
    metavar="OBJECT LABELS",
    help="Set labels, or take them away: tier=web,role-",
)
@click.option(
    "--scale", multiple=True, nargs=2, metavar="OBJECT N", help="Give a workload N replicas."
)
@click.option(
    _THEN,
    metavar="can|reach …",
    help="Answer this about the edited cluster instead; the last option.",
)
@comparing_options
def command(**given: Any) -> int:
    """Say what edits would change: who may newly talk to whom, who no longer.

    No file is written. Every edit can be given several times; they are made in their order on the
    command line. An OBJECT is written shop/networkpolicy/deny, shop/deploy/api, ns/shop.

    \b
    netsim what-if -f manifests/ --delete shop/networkpolicy/deny
    netsim what-if -f manifests/ --apply new.yaml --fail-on opened
    netsim what-if -f manifests/ --label shop/deploy/api tier=web,role- --scale shop/deploy/web 3
    netsim what-if -f manifests/ --apply new.yaml --then can shop/frontend shop/api 8080

    The difference is told as `netsim diff` does, with the same options. After --then, everything
    is the command to answer about the edited cluster, and the exit status is its own.

    Exit status: 0 the same, 1 different, 2 trouble, 3 if something that --keep-going left out
    could change the answer. --fail-on opened (or closed) exits with 1 only if traffic between
    endpoints of both versions was opened (or closed), none never.
    """
    request = Request(**given)
    _refuse_misuse(request)
    settings = effective(of_flags(request.filename, request.profile, request.set_))
    manifests = paths(settings, "what-if")
    _refuse_two_readers(request, manifests)
    context = Context(semantics_of(settings), profile_of(settings))
    with stage("reading manifests"):
        before = load(*manifests, semantics=context.semantics, keep_going=request.keep_going)
    with stage("editing"):
        after = _edited(before, request.edits)
    complain([*after.diagnostics, *unsaid(before.diagnostics, after.diagnostics)])
    if after.left_out:
        remark(f"going on without {counted(len(after.left_out), 'faulty object')}")
    if request.then:
        return request.then.answer(after, settings)
    sides = Sides("the cluster", "the edited cluster", _question(request, manifests))
    return compare(request, sides, loaded_of(before, after), context)


def _refuse_misuse(request: Request) -> None:
    """Raises UsageError where options don't fit together, or nothing would be edited."""
    request.refuse_misuse()
    if not request.edits:
        raise click.UsageError("give an edit: --apply, --delete, --label or --scale")
    if request.then:
        context = click.get_current_context()
        for name in ("level", "relation", "pairs", "no_blame", "fail_on", "output", "output_file"):
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                option = f"--{name.replace('_', '-')}"
                raise click.UsageError(f"{option} is for the difference, and --then tells none")


def _refuse_two_readers(request: Request, manifests: tuple[str, ...]) -> None:
    """Raises UsageError if stdin would be read twice."""
    readers = manifests.count(_STDIN) + sum(each.reads_stdin for each in request.edits)
    if request.then and request.then.reads_stdin:
        readers += 1
    if readers > 1:
        raise click.UsageError("only one of -f, --apply and --flows can come from stdin")


def _edited(snapshot: Snapshot, edits: tuple[Edit, ...]) -> Snapshot:
    """The snapshot with all edits made, in their order.

    Raises InputError or QueryError as `netsim.edit` does.
    """
    editor = edit(snapshot)
    for each in edits:
        editor = _EDITS[each.option](editor, *each.words)
    return editor.done()


def _labelled(editor: Editor, object: str, text: str) -> Editor:
    return editor.label(object, dict(_label(each) for each in text.split(",")))


def _label(text: str) -> tuple[str, str | None]:
    name, equals, value = text.partition("=")
    if equals:
        return name, value
    if name.endswith("-"):
        return name[:-1], None
    help = "write `tier=web`, or `tier-` to take it away; several with commas between"
    raise query_error(f"`{text}` is no label", help=help, code="USAGE")


def _scaled(editor: Editor, object: str, text: str) -> Editor:
    try:
        replicas = int(text)
    except ValueError:
        help = "write --scale shop/deploy/web 3"
        raise query_error(f"`{text}` is no number of replicas", help=help, code="USAGE") from None
    return editor.scale(object, replicas)


_EDITS: dict[str, Callable[..., Editor]] = {
    "apply": Editor.apply_files,
    "delete": Editor.delete,
    "label": _labelled,
    "scale": _scaled,
}


def _question(request: Request, manifests: tuple[str, ...]) -> tuple[str, ...]:
    """How a question about the edited cluster begins."""
    edits = [word for each in request.edits for word in (f"--{each.option}", *each.words)]
    given = (*filename_words(manifests), *edits, *request.options())
    return ("netsim", "what-if", *given, _THEN, "can")
