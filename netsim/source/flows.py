"""Many questions in one stream, one a line: JSON lines, or CSV with a header."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import BinaryIO, NoReturn

from netsim.errors import Diagnostic, FaultType, InputError, Location, Severity

COLUMNS = ("from", "to", "port", "protocol")
_FORMS = (
    '{"from": "shop/a", "to": "shop/b", "port": 80} in each line, or CSV: from,to,port,protocol'
)


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One question. `keys` has all that was written, the asker's own keys too.

    Where `fault` isn't empty it says what is wrong, and the line asks nothing.
    """

    number: int
    keys: Mapping[str, object] = field(default_factory=dict)
    source: str = ""
    destination: str = ""
    port: int | str | None = None
    protocol: str | None = None
    fault: str = ""


def read_flows(path: str, stdin: BinaryIO | None) -> Iterator[FlowLine]:
    """The questions in a file (`-`: in `stdin`) in order, each as soon as its line is there.

    Raises InputError if the file can't be opened, or is CSV without the columns `from` and `to`.
    """
    if path == "-":
        if stdin is None:
            raise _unusable(FaultType.UNREADABLE, "standard input is closed", "<stdin>")
        yield from parse_flows(stdin, "<stdin>")
        return
    with _opened(path) as stream:
        yield from parse_flows(stream, path)


def _opened(path: str) -> BinaryIO:
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _unusable(FaultType.UNREADABLE, f"can't be read: {reason.lower()}", path) from None


def parse_flows(lines: Iterable[bytes], name: str) -> Iterator[FlowLine]:
    """The questions in `lines`; blank lines are passed over.

    Raises InputError if it is CSV without the columns `from` and `to`.
    """
    numbered = ((number, _decoded(line)) for number, line in enumerate(lines, 1))
    asked = ((number, line) for number, line in numbered if line)
    number, first = next(asked, (0, ""))
    if first.startswith("{"):
        yield _flow(number, first, _json_keys)
        parse: Callable[[str], dict[str, object]] = _json_keys
    elif first:
        parse = _Columns(_header(first, name, number)).keys
    yield from (_flow(number, line, parse) for number, line in asked)


def _decoded(line: bytes) -> str:
    # What is no UTF-8 becomes lone surrogates here, and a fault of its own line in `_flow`.
    return line.decode("utf-8-sig", "surrogateescape").strip()


def _flow(number: int, line: str, parse: Callable[[str], dict[str, object]]) -> FlowLine:
    keys: dict[str, object] = {}
    try:
        line.encode()
        keys = parse(line)
        source, destination = _endpoint(keys, "from"), _endpoint(keys, "to")
        return FlowLine(number, keys, source, destination, _port(keys), _protocol(keys))
    except UnicodeEncodeError:
        fault = "not UTF-8"
    except RecursionError:
        fault = "nested too deep"
    except ValueError as error:
        fault = str(error)
    return FlowLine(number, keys, fault=fault)


def _json_keys(line: str) -> dict[str, object]:
    try:
        value = json.loads(
            line, object_pairs_hook=_once, parse_constant=_refuse, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg.lower()} at column {error.colno}") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    twice = _twice(names)
    if twice is not None:
        raise ValueError(f"the key `{twice}` is written twice")
    return dict(pairs)


def _twice(names: list[str]) -> str | None:
    if len(set(names)) == len(names):
        return None
    return next(name for name in names if names.count(name) > 1)


def _finite(text: str) -> float:
    """A number that can be written again."""
    number = float(text)
    return number if isfinite(number) else _refuse(text)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"`{constant}` is not JSON")


@dataclass(frozen=True, slots=True)
class _Columns:
    names: list[str]

    def keys(self, line: str) -> dict[str, object]:
        cells = _cells(line)
        if len(cells) > len(self.names):
            raise ValueError(f"{len(cells)} cells for {len(self.names)} columns")
        return {name: cell for name, cell in zip(self.names, cells, strict=False) if cell}


def _cells(line: str) -> list[str]:
    """The cells of one line, by itself: an open quote can't swallow the lines after it."""
    import csv

    try:
        return [cell.strip() for cell in next(csv.reader([line], strict=True))]
    except csv.Error as error:
        raise ValueError(f"not CSV: {error}") from None


def _header(line: str, name: str, number: int) -> list[str]:
    try:
        names = _cells(line)
    except ValueError as error:
        raise _unusable(FaultType.SYNTAX, str(error), name, number) from None
    missing = [f"`{column}`" for column in ("from", "to") if column not in names]
    if missing:
        message = f"the first line is no JSON object, and no header with {' and '.join(missing)}"
        raise _unusable(FaultType.SYNTAX, message, name, number)
    twice = _twice(names)
    if twice is not None:
        raise _unusable(FaultType.SYNTAX, f"the header has two columns `{twice}`", name, number)
    return names


def _endpoint(keys: Mapping[str, object], key: str) -> str:
    value = keys.get(key)
    if isinstance(value, str) and value:
        return value
    if value is not None:
        raise ValueError(f"`{key}` must be the text of an endpoint, not `{value}`")
    raise ValueError(f"`{key}` is missing{_meant(key, keys)}")


def _meant(key: str, keys: Mapping[str, object]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, [name for name in keys if name not in COLUMNS], n=1)
    return f"; is it `{close[0]}`?" if close else ""


def _port(keys: Mapping[str, object]) -> int | str | None:
    value = keys.get("port")
    if value is None or (isinstance(value, int | str) and not isinstance(value, bool)):
        return value
    raise ValueError(f"`port` must be a number or a name, not `{value}`")


def _protocol(keys: Mapping[str, object]) -> str | None:
    value = keys.get("protocol")
    if value is None or isinstance(value, str):
        return value or None
    raise ValueError(f"`protocol` must be a name such as TCP, not `{value}`")


def _unusable(type: FaultType, message: str, name: str, line: int = 0) -> InputError:
    location = Location(name, line, 1 if line else 0)
    return InputError([Diagnostic(Severity.ERROR, type, "FLOWS", message, location, help=_FORMS)])
