"""What to answer under, from the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from netsim.cli.settings import Setting, Settings
from netsim.errors import QueryError
from netsim.model.profiles import Profile, profile_named
from netsim.model.semantics import Semantics

T = TypeVar("T")


def profile_of(settings: Settings) -> Profile | None:
    """The profile that is set, if one is.

    Raises QueryError if there is no such profile.
    """
    chosen = settings.profile
    if chosen is None or not chosen.value:
        return None
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
