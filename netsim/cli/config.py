"""`netsim config`: the settings that hold, and where each comes from."""

from __future__ import annotations

import click

from netsim.cli.options import (
    effective,
    filename_option,
    namespace_option,
    profile_option,
    semantics_of,
    set_option,
)
from netsim.cli.output import answer
from netsim.cli.settings import Setting, Settings, of_flags
from netsim.errors import visible
from netsim.report.json_text import API_VERSION, json_text

_KEYS = ("filename", "profile", "set", "namespace")


@click.command("config")
@filename_option
@namespace_option
@set_option
@profile_option
@click.option(
    "-o", "--output", type=click.Choice(["text", "json"]), default="text", help="Default: text."
)
def command(
    filename: tuple[str, ...],
    namespace: str | None,
    set_: tuple[str, ...],
    profile: str | None,
    output: str,
) -> int:
    """Show the settings that hold here, and where each comes from.

    Flags win over NETSIM_FILENAME, NETSIM_PROFILE, NETSIM_SET and NETSIM_NAMESPACE; these win
    over the nearest netsim.toml, or [tool.netsim] of a pyproject.toml, in this folder or above.

    \b
    # netsim.toml
    filename = "manifests/"     # or a list; relative to this file
    namespace = "shop"
    profile = "cilium"
    [set]
    ipblock_matches_pods = false
    """
    settings = effective(of_flags(filename, profile, set_, namespace))
    semantics_of(settings)  # complains of names that nothing bears
    answer(_json(settings) if output == "json" else _text(settings))
    return 0


def _text(settings: Settings) -> str:
    rows = _rows(settings)
    width = max(len(value) for _, value, _ in rows)
    lines = (f"{key:9}  {value:{width}}  {origin}".rstrip() for key, value, origin in rows)
    return "\n".join(lines) + "\n"


def _rows(settings: Settings) -> list[tuple[str, str, str]]:
    """Key, value, origin: a row for each path and option, and one for each key that is not set."""
    paths: Setting[tuple[str, ...]] = settings.filename or Setting(())
    values = [
        *(("filename", path, paths.origin) for path in paths.value),
        *_single("profile", settings.profile),
        *(("set", f"{name}={item.value}", item.origin) for name, item in settings.set.items()),
        *_single("namespace", settings.namespace),
    ]
    rows = [(key, visible(value) or "(none)", visible(origin)) for key, value, origin in values]
    missing = set(_KEYS) - {key for key, _, _ in rows}
    rows += [(key, "(not set)", "") for key in missing]
    return sorted(rows, key=lambda row: _KEYS.index(row[0]))


def _single(key: str, setting: Setting[str] | None) -> list[tuple[str, str, str]]:
    return [(key, setting.value, setting.origin)] if setting else []


def _json(settings: Settings) -> str:
    """One object, `kind: Configuration` (docs/json.md)."""
    paths = settings.filename
    return json_text(
        {
            "apiVersion": API_VERSION,
            "kind": "Configuration",
            "filename": {"value": list(paths.value), "origin": paths.origin} if paths else None,
            "profile": _value(settings.profile),
            "set": {name: _value(setting) for name, setting in settings.set.items()},
            "namespace": _value(settings.namespace),
        },
        indent=2,
    )


def _value(setting: Setting[str] | None) -> dict[str, str] | None:
    return {"value": setting.value, "origin": setting.origin} if setting else None
