"""What holds for a command: flags, then NETSIM_* variables, then the configuration file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from netsim.errors import query_error

T = TypeVar("T")


class Setting(NamedTuple, Generic[T]):
    """A value, and where it comes from: `--profile`, `NETSIM_PROFILE`, `netsim.toml:3:1`."""

    value: T
    origin: str = "default"


class Settings(NamedTuple):
    """One value for each key; None where nobody gave one. `set` goes by option name."""

    filename: Setting[tuple[str, ...]] | None = None
    profile: Setting[str] | None = None
    set: Mapping[str, Setting[str]] = MappingProxyType({})
    namespace: Setting[str] | None = None

    def over(self, weaker: Settings) -> Settings:
        """These settings, and the weaker ones where these say nothing."""
        return Settings(
            self.filename or weaker.filename,
            self.profile or weaker.profile,
            {**weaker.set, **self.set},
            self.namespace or weaker.namespace,
        )


def of_flags(
    filename: Sequence[str] = (),
    profile: str | None = None,
    set: Sequence[str] = (),
    namespace: str | None = None,
) -> Settings:
    """The settings given as flags. An empty text is given, and means none.

    Raises QueryError if an item of `set` is not `name=value`.
    """
    return Settings(
        Setting(tuple(filename), "--filename") if filename else None,
        Setting(profile, "--profile") if profile is not None else None,
        _assignments(set, "--set"),
        Setting(namespace, "--namespace") if namespace is not None else None,
    )


def of_environment(environ: Mapping[str, str]) -> Settings:
    """The settings of NETSIM_* variables; an empty one counts as none.

    NETSIM_FILENAME holds paths as PATH does, NETSIM_SET assignments with spaces between.
    Raises QueryError if an item of NETSIM_SET is not `name=value`.
    """

    def one(key: str) -> Setting[str] | None:
        value = environ.get(key)
        return Setting(value, key) if value else None

    paths = environ.get("NETSIM_FILENAME", "").split(os.pathsep)
    return Settings(
        Setting(tuple(filter(None, paths)), "NETSIM_FILENAME") if any(paths) else None,
        one("NETSIM_PROFILE"),
        _assignments(environ.get("NETSIM_SET", "").split(), "NETSIM_SET"),
        one("NETSIM_NAMESPACE"),
    )


def _assignments(texts: Sequence[str], origin: str) -> dict[str, Setting[str]]:
    return dict(_assignment(text, origin) for text in texts)


def _assignment(text: str, origin: str) -> tuple[str, Setting[str]]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise query_error(
            f"`{text}` of {origin} is not name=value", help="for example ipblock_matches_pods=false"
        )
    return name.strip(), Setting(value.strip(), origin)
