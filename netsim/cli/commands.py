"""The commands by name, each loaded when it is called."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module

import click

from netsim import __version__
from netsim.cli.output import complain, use_streams
from netsim.errors import NetsimError, query_error
from netsim.model.nearest import did_you_mean
from netsim.source.collector import collector_off

# Command -> what it does in one line. The rest is in netsim.cli.<command> (`_` for `-`), as `command`.
COMMANDS = {
    "can": "Say whether one endpoint may talk to another, and why.",
    "reach": "List who may talk to whom, all pairs at once.",
    "diff": "Compare two versions: who may newly talk, who no longer, and why.",
    "what-if": "Say what edits would change, without making them.",
    "check": "Say whether the manifests do what suites of expectations say.",
    "fuzz": "Look for edits that break what must hold of a cluster.",
    "watch": "Say what each change of the manifests does, as it is written.",
    "validate": "Check manifests as the API server would.",
    "migrate": "Write AdminNetworkPolicies as ClusterNetworkPolicies.",
    "config": "Show the settings that hold, and where each comes from.",
}

_COMPLETE = "_NETSIM_COMPLETE"
_QUOTED = r"(?<!\w)'([^']*)'(?!\w)"  # not the apostrophe of `can't`


def run(program: str, args: list[str]) -> int:
    """Run the command that `args` name and return its exit status."""
    use_streams()
    instruction = os.environ.get(_COMPLETE)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(ROOT, {}, program, _COMPLETE, instruction)
    if not args:
        with ROOT.make_context(program, ["--help"], resilient_parsing=True) as context:
            print(ROOT.get_help(context), file=sys.stderr)
        return 2
    first = args[0]  # click takes its words out of the list
    try:
        # Not ROOT.main(): without standalone_mode too, it makes 1 of a closed pipe.
        with ROOT.make_context(program, args) as context:
            status: int = ROOT.invoke(context)
            return status
    except click.exceptions.Exit as way_out:
        return way_out.exit_code
    except click.UsageError as error:
        complain(_usage_error(error, program, first).diagnostics)
    except NetsimError as error:
        complain(error.diagnostics)
    return 2


def _usage_error(error: click.UsageError, program: str, first: str) -> NetsimError:
    """click's complaint in netsim's wording; it names no command where a value is missing."""
    # What may be chosen where nothing was stands on lines of its own.
    written = error.format_message().replace("\n\t", " ")
    text = re.sub(_QUOTED, r"`\1`", written).removesuffix(".")
    named = f"{program} {first}" if first in COMMANDS else program
    command = error.ctx.command_path if error.ctx else named
    help = f"see `{command} --help`"
    if "unexpected extra argument" in text:
        help = f"manifests are given with -f PATH; {help}"
    return query_error(text[:1].lower() + text[1:], help=help, code="USAGE")


class _Commands(click.Group):
    """A group that knows what its commands do before it has loaded them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        with collector_off():  # modules are kept
            found = import_module(f"netsim.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(found, click.Command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            help = did_you_mean(args[0], COMMANDS)
            raise query_error(f"there is no command `{args[0]}`", help=help, code="USAGE")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 yes, 1 no, 2 trouble, 3 yes or no with something left out.",
)
@click.version_option(__version__, message="netsim %(version)s")
def ROOT() -> None:
    """Can A talk to B on port X in this Kubernetes cluster? Answers from manifests, offline.

    \b
    netsim can -f manifests/ shop/frontend shop/api 8080
    kubectl get ns,pods,netpol -A -o json | netsim can -f - shop/frontend shop/api 8080
    """
