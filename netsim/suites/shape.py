"""Suite documents: their shape, what else must be so, and the suites they become."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

from netsim.errors import Diagnostic, FaultType, QueryError
from netsim.model.endpoints import parse_endpoint
from netsim.model.flow import Direction
from netsim.model.ports import parse_port
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault, Path, quoted
from netsim.schema.kinds import ObjectKind
from netsim.schema.shape import (
    ANYTHING,
    BOOLEAN,
    INT32,
    INT_OR_STRING,
    STRING,
    Shape,
    list_of,
    struct,
)
from netsim.source.origin import Origin
from netsim.suites.suite import (
    Allow,
    Claim,
    Deny,
    Ends,
    Expectation,
    Isolated,
    Only,
    Ports,
    ReachAtMost,
    Suite,
)

API_VERSION, KIND = "netsim.dev/v1", "Suite"
DIRECTIONS = {
    "ingress": (Direction.INGRESS,),
    "egress": (Direction.EGRESS,),
    "both": (Direction.EGRESS, Direction.INGRESS),
}
REQUIRED = {
    "allow": ("from", "to", "port"),
    "deny": ("from", "to"),
    "only": ("from", "to"),
    "isolated": ("pods",),
    "reach-at-most": ("from", "hops", "within"),
}
_ENDS = ("from", "to", "pods", "within", "except-from", "except-to", "except")
_MOST = 1 << 12  # texts that are remembered
_MOST_HOPS = (1 << 31) - 1


def _one_or_more(item: Shape) -> Shape:
    """One value, or a list of them."""
    several = list_of(item)

    def check(value: object) -> list[Fault] | None:
        return several(value) if type(value) is list else item(value)

    return check


def _whole_number(value: object) -> list[Fault] | None:
    """A whole number of any size."""
    if type(value) is int or (type(value) is float and value.is_integer()):
        return None
    return INT32(value)


_TEXTS, _PORTS = _one_or_more(STRING), _one_or_more(INT_OR_STRING)
_REMARKS: dict[str, Shape] = {"why": STRING, "allow-empty": BOOLEAN}
_PAIRS: dict[str, Shape] = {"from": _TEXTS, "to": _TEXTS, "port": _PORTS}
_EXCEPTS: dict[str, Shape] = {"except-from": _TEXTS, "except-to": _TEXTS}
CLAIMS: dict[str, dict[str, Shape]] = {
    "allow": {**_PAIRS, **_EXCEPTS, "some": BOOLEAN, **_REMARKS},
    "deny": {**_PAIRS, **_EXCEPTS, "some": BOOLEAN, **_REMARKS},
    "only": {**_PAIRS, **_EXCEPTS, **_REMARKS},
    "isolated": {"pods": _TEXTS, "except": _TEXTS, "direction": STRING, **_REMARKS},
    "reach-at-most": {
        "from": _TEXTS,
        "hops": _whole_number,
        "within": _TEXTS,
        "port": _PORTS,
        **_REMARKS,
    },
}
_ENDS_OF = {name: [end for end in _ENDS if end in fields] for name, fields in CLAIMS.items()}
_SHAPE = struct(
    apiVersion=STRING,
    kind=STRING,
    metadata=struct(name=STRING, namespace=STRING, labels=ANYTHING, annotations=ANYTHING),
    expect=list_of(struct({name: struct(fields) for name, fields in CLAIMS.items()})),
)


def _faults(value: dict[str, Any], semantics: Semantics) -> list[Fault]:
    """Everything that the shape doesn't say."""
    found = []
    if not (value.get("metadata") or {}).get("name"):
        found.append(_required(("metadata", "name"), "must be given", "a name for reports"))
    if not value.get("expect"):
        help = "for example `- allow: {from: shop/web, to: shop/api, port: 8080}`"
        found.append(_required(("expect",), "must be given", help))
    for number, item in enumerate(value.get("expect") or ()):
        if faults := _item_faults(item):
            found += [fault.inside("expect", number) for fault in faults]
    return found


def _item_faults(item: dict[str, Any] | None) -> list[Fault]:
    names = list(item or {})
    if len(names) != 1:
        message = "must have one expectation" + (f", not {len(names)}" if names else "")
        help = f"write one of {', '.join(CLAIMS)}; each expectation is a list item of its own"
        return [Fault(FaultType.INVALID, message, help, code="SUITE")]
    fields = (item or {})[names[0]] or {}
    return [fault.inside(names[0]) for fault in _claim_faults(names[0], fields)]


def _claim_faults(name: str, fields: dict[str, Any]) -> list[Fault]:
    found: list[Fault] = []
    required = REQUIRED[name]
    # Without a port it is all traffic; an empty one was meant for something else.
    if not fields.get("port", True) and fields["port"] in ("", []) and "port" not in required:
        required = (*required, "port")
    for field in required:
        given = fields.get(field)
        if not given and given in (None, "", []):
            help = "for all traffic write `any`" if field == "port" else ""
            found.append(_required((field,), "must be given", help))
    for field in _ENDS_OF[name]:
        if field in fields:
            found += _text_faults(fields[field], field, _said_of_endpoint)
    if "port" in fields:
        found += _text_faults(fields["port"], "port", _said_of_port)
    direction = fields.get("direction")
    if direction and direction not in DIRECTIONS:
        message, help = f"{quoted(direction)} is no direction", "write ingress, egress or both"
        found.append(Fault(FaultType.NOT_SUPPORTED, message, help, ("direction",), "SUITE"))
    hops = fields.get("hops")
    if hops is not None and not 1 <= hops <= _MOST_HOPS:
        message = "must be 1 or more" if hops < 1 else f"must be {_MOST_HOPS} or less"
        found.append(Fault(FaultType.INVALID, message, "", ("hops",), "SUITE"))
    return found


def _said(parse: Callable[[Any], object], text: object) -> Diagnostic | None:
    """What is said of a text that can't be parsed."""
    try:
        parse(text)
    except QueryError as error:
        [said] = error.diagnostics
        return said
    return None


# A suite names the same few again and again. Typed, since 80 is a port and 80.0, its equal, isn't.
_said_of_endpoint = lru_cache(maxsize=_MOST)(partial(_said, parse_endpoint))
_said_of_port = lru_cache(maxsize=_MOST, typed=True)(partial(_said, parse_port))


def _text_faults(
    given: Any, field: str, said_of: Callable[[Any], Diagnostic | None]
) -> Sequence[Fault]:
    if not isinstance(given, list):
        said = None if given in (None, "") else said_of(given)
        return () if said is None else (_invalid((field,), said),)
    found = []
    for at, text in enumerate(given):
        if text in (None, ""):
            found.append(_required((field, at), "must be given", ""))
        elif said := said_of(text):
            found.append(_invalid((field, at), said))
    return found


def _invalid(path: Path, said: Diagnostic) -> Fault:
    return Fault(FaultType.INVALID, said.message, said.help, path, "SUITE")


def _required(path: Path, message: str, help: str) -> Fault:
    return Fault(FaultType.REQUIRED, message, help, path, "SUITE")


def _suite(value: dict[str, Any], origin: Origin, semantics: Semantics) -> Suite:
    expectations = []
    for number, item in enumerate(value["expect"]):
        [(name, given)] = item.items()
        fields = given or {}
        expectations.append(
            Expectation(
                number,
                _CLAIMS[name](fields),
                fields.get("why") or "",
                bool(fields.get("allow-empty")),
                origin,
            )
        )
    metadata = value["metadata"]
    namespace = metadata.get("namespace") or ""
    return Suite(metadata["name"], tuple(expectations), namespace, origin)


def _pairs(claim: type[Allow] | type[Deny], fields: dict[str, Any]) -> Claim:
    some = bool(fields.get("some"))
    return claim(_ends(fields, "from"), _ends(fields, "to"), _ports(fields), some)


def _only(fields: dict[str, Any]) -> Claim:
    return Only(_ends(fields, "from"), _ends(fields, "to"), _ports(fields))


def _isolated(fields: dict[str, Any]) -> Claim:
    directions = DIRECTIONS[fields.get("direction") or "both"]
    return Isolated(Ends(_texts(fields.get("pods")), _texts(fields.get("except"))), directions)


def _reach_at_most(fields: dict[str, Any]) -> Claim:
    ends = _ends(fields, "from"), _ends(fields, "within")
    return ReachAtMost(ends[0], int(fields["hops"]), ends[1], _ports(fields))


_CLAIMS: dict[str, Callable[[dict[str, Any]], Claim]] = {
    "allow": partial(_pairs, Allow),
    "deny": partial(_pairs, Deny),
    "only": _only,
    "isolated": _isolated,
    "reach-at-most": _reach_at_most,
}


def _ends(fields: dict[str, Any], name: str) -> Ends:
    given, excepts = fields.get(name), fields.get(f"except-{name}")
    if not excepts and isinstance(given, str):
        return _named_alone(given)
    return Ends(_texts(given), _texts(excepts))


@lru_cache(maxsize=_MOST)
def _named_alone(text: str) -> Ends:
    return Ends((text,))


def _texts(given: Any) -> tuple[str, ...]:
    return tuple(given) if isinstance(given, list) else (given,) if given else ()


def _ports(fields: dict[str, Any]) -> Ports:
    given = fields.get("port")
    if given is None:
        return _traffic()
    return _traffic(*given) if isinstance(given, list) else _traffic(given)


@lru_cache(maxsize=_MOST, typed=True)
def _traffic(*texts: Any) -> Ports:
    """`any` is all traffic, for who reads it means no less; `any/tcp` is all of one protocol."""
    return Ports(() if any(map(_is_any, texts)) else tuple(map(parse_port, texts)))


def _is_any(text: object) -> bool:
    return isinstance(text, str) and text.strip().lower() == "any"


SUITE = ObjectKind(API_VERSION, KIND, False, _SHAPE, _faults, _suite)
