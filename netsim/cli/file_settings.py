"""Settings as a configuration file gives them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TypeVar

from netsim.cli.settings import Setting, Settings
from netsim.errors import Diagnostic, FaultType, InputError, Severity
from netsim.model.nearest import did_you_mean
from netsim.source.configuration import ConfigurationFile

T = TypeVar("T")

# Key -> what its value must be.
KEYS = {
    "filename": "a path, or a list of paths",
    "profile": "a text",
    "set": 'a table such as {sctp = "ignored"}, or a list of texts such as "sctp=ignored"',
    "namespace": "a text",
}


def settings_of(file: ConfigurationFile) -> Settings:
    """The settings of one file; its paths are relative to the folder that it lies in.

    Raises InputError with every unknown key and every value of a wrong type.
    """
    faults = list(_unknown(file))

    def read(key: str, parse: Callable[[object], T | None]) -> Setting[T] | None:
        value = file.table.get(key)
        parsed = None if value is None else parse(value)
        if value is not None and parsed is None:
            faults.append(_fault(file, FaultType.INVALID, f"`{key}` must be {KEYS[key]}", key))
        return None if parsed is None else Setting(parsed, str(file.locate(key)))

    filename = read("filename", _texts)
    options = read("set", _options)
    settings = Settings(
        filename and Setting(_beside(file, filename.value), filename.origin),
        read("profile", _text),
        {
            name: Setting(value, str(file.locate("set", name)))
            for name, value in options.value.items()
        }
        if options
        else {},
        read("namespace", _text),
    )
    if faults:
        raise InputError(faults)
    return settings


def _unknown(file: ConfigurationFile) -> Iterator[Diagnostic]:
    for key in file.table:
        if key not in KEYS:
            message, help = f"unknown key `{key}`", did_you_mean(key, KEYS)
            yield _fault(file, FaultType.UNKNOWN_FIELD, message, key, help)


def _fault(
    file: ConfigurationFile, type: FaultType, message: str, key: str, help: str = ""
) -> Diagnostic:
    return Diagnostic(Severity.ERROR, type, "CONFIG", message, file.locate(key), help=help)


def _beside(file: ConfigurationFile, paths: tuple[str, ...]) -> tuple[str, ...]:
    folder = file.path.parent
    return tuple(path if path == "-" else os.path.normpath(folder / path) for path in paths)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...] | None:
    match value:
        case str():
            return (value,)
        case list() if all(isinstance(item, str) for item in value):
            return tuple(value)
    return None


def _options(value: object) -> dict[str, str] | None:
    """Option name -> value, from a table, or from texts as after `--set`."""
    if isinstance(value, dict):
        pairs = [(name, _option(item)) for name, item in value.items()]
    else:
        texts = _texts(value)
        parts = [text.partition("=") for text in texts or ()]
        pairs = [(name.strip(), item.strip() if equals else None) for name, equals, item in parts]
        if texts is None:
            return None
    options = {name: item for name, item in pairs if item is not None}
    return options if len(options) == len(pairs) else None


def _option(value: object) -> str | None:
    match value:
        case bool():
            return str(value).lower()
        case list():
            items = _texts(value)
            return None if items is None else ",".join(items)
    return str(value) if isinstance(value, str | int) else None
