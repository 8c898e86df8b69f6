"""The options that several commands share, and the settings that they make."""

from __future__ import annotations

import os
from pathlib import Path

import click

from netsim.cli.settings import Settings, of_environment
from netsim.errors import query_error
from netsim.source.configuration import find_configuration

filename_option = click.option(
    "-f",
    "--filename",
    multiple=True,
    metavar="PATH",
    help="Manifests: a file, a folder, a glob, or - for stdin. Repeatable.",
)
namespace_option = click.option(
    "-n", "--namespace", metavar="NS", help="The namespace of names without one."
)
set_option = click.option(
    "--set",
    "set_",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set an option of the semantics, such as ipblock_matches_pods=false. Repeatable.",
)
profile_option = click.option(
    "--profile", metavar="NAME", help="Answer as one product does, such as cilium."
)
keep_going_option = click.option(
    "--keep-going", is_flag=True, help="Leave faulty objects out instead of stopping."
)


def effective(flags: Settings) -> Settings:
    """The flags over the environment over the configuration file of the working folder.

    Raises InputError if that file is at fault, QueryError if NETSIM_SET is.
    """
    settings = flags.over(of_environment(os.environ))
    file = find_configuration(Path.cwd())
    if file is None:
        return settings
    from netsim.cli.file_settings import settings_of

    return settings.over(settings_of(file))


def paths(settings: Settings, command: str) -> tuple[str, ...]:
    """Where the manifests are.

    Raises QueryError if no setting says so.
    """
    if settings.filename is None:
        raise query_error(
            "give manifests with -f PATH, or -f - for stdin: "
            f"`kubectl get ns,pods,netpol -A -o json | netsim {command} -f - …`",
            code="USAGE",
        )
    return settings.filename.value
