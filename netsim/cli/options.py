"""The options that several commands share, and what to read and answer under by them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from netsim.cli.settings import Setting, Settings, of_environment
from netsim.errors import QueryError, query_error
from netsim.model.semantics import Semantics
from netsim.source.configuration import find_configuration

if TYPE_CHECKING:
    from netsim.model.profiles import Profile

T = TypeVar("T")


class NumberRange(click.FloatRange):
    """Numbers in a range. Infinity is none of them, nor `nan`, which is below and above nothing."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number that a text is. Raises BadParameter for a text that is none."""
        number = float(super().convert(value, param, ctx))
        if not isfinite(number):
            self.fail(f"`{value}` is not a valid number", param, ctx)
        return number


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


def filename_words(paths: Iterable[str]) -> Iterator[str]:
    """The paths as a command line gives them."""
    for path in paths:
        yield from ("-f", path)


def profile_of(settings: Settings) -> Profile | None:
    """The profile that is set, if one is.

    Raises QueryError if there is no such profile.
    """
    chosen = settings.profile
    if chosen is None or not chosen.value:
        return None
    from netsim.model.profiles import profile_named

    return _blaming(chosen, lambda: profile_named(chosen.value))


def semantics_of(settings: Settings) -> Semantics:
    """The options of the profile, and over them those that are set one by one.

    Raises QueryError if a profile, an option or a value is unknown, saying where it was set.
    """
    profile = profile_of(settings)
    semantics = profile.semantics if profile else Semantics()
    for name, setting in settings.set.items():
        semantics = _with_option(semantics, name, setting)
    return semantics


def _with_option(semantics: Semantics, name: str, setting: Setting[str]) -> Semantics:
    return _blaming(setting, lambda: semantics.with_texts({name: setting.value}))


def _blaming(setting: Setting[Any], read: Callable[[], T]) -> T:
    """What `read` gives; its complaint names the origin of the setting."""
    try:
        return read()
    except QueryError as error:
        raise QueryError(
            replace(item, message=f"{item.message} ({setting.origin})")
            for item in error.diagnostics
        ) from None
