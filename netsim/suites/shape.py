"""Suite documents: their shape, what else must be so, and the suites they become."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

from netsim.errors import FaultType, QueryError
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


def _one_or_more(item: Shape) -> Shape:
    """One value, or a list of them."""
    several = list_of(item)

    def check(value: object) -> list[Fault] | None:
        return several(value) if type(value) is list else item(value)

    return check


_TEXTS, _PORTS = _one_or_more(STRING), _one_or_more(INT_OR_STRING)
_REMARKS: dict[str, Shape] = {"why": STRING, "allow-empty": BOOLEAN}
_PAIRS: dict[str, Shape] = {"from": _TEXTS, "to": _TEXTS, "port": _PORTS}
_EXCEPTS: dict[str, Shape] = {"except-from": _TEXTS, "except-to": _TEXTS}
CLAIMS: dict[str, dict[str, Shape]] = {
    "allow": {**_PAIRS, **_EXCEPTS, "some": BOOLEAN, **_REMARKS},
    "deny": {**_PAIRS, **_EXCEPTS, "some": BOOLEAN, **_REMARKS},
    "only": {**_PAIRS, **_EXCEPTS, **_REMARKS},
    "isolated": {"pods": _TEXTS, "except": _TEXTS, "direction": STRING, **_REMARKS},
    "reach-at-most": {"from": _TEXTS, "hops": INT32, "within": _TEXTS, "port": _PORTS, **_REMARKS},
}
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
        found += [fault.inside("expect", number) for fault in _item_faults(item)]
    return found


def _item_faults(item: dict[str, Any] | None) -> Iterator[Fault]:
    names = list(item or {})
    if len(names) != 1:
        message = "must have one expectation" + (f", not {len(names)}" if names else "")
        help = f"write one of {', '.join(CLAIMS)}; each expectation is a list item of its own"
        yield Fault(FaultType.INVALID, message, help, code="SUITE")
        return
    for fault in _claim_faults(names[0], (item or {})[names[0]] or {}):
        yield fault.inside(names[0])


def _claim_faults(name: str, fields: dict[str, Any]) -> Iterator[Fault]:
    for field in REQUIRED[name]:
        if fields.get(field) in (None, "", []):
            help = "for all traffic write `any`" if field == "port" else ""
            yield _required((field,), "must be given", help)
    for field in _ENDS:
        if field in fields:
            yield from _text_faults(fields[field], field, _endpoint)
    if "port" in fields:
        yield from _text_faults(fields["port"], "port", parse_port)
    direction = fields.get("direction")
    if direction and direction not in DIRECTIONS:
        message, help = f"{quoted(direction)} is no direction", "write ingress, egress or both"
        yield Fault(FaultType.NOT_SUPPORTED, message, help, ("direction",), "SUITE")
    hops = fields.get("hops")
    if hops is not None and hops < 1:
        yield Fault(FaultType.INVALID, "must be 1 or more", "", ("hops",), "SUITE")


def _endpoint(text: Any) -> object:
    # A suite names the same few again and again. What isn't a text can't be looked up, nor parsed.
    return _known_endpoint(text) if isinstance(text, str) else parse_endpoint(text)


_known_endpoint = lru_cache(maxsize=1 << 12)(parse_endpoint)


def _text_faults(given: Any, field: str, parse: Callable[[Any], object]) -> Iterator[Fault]:
    several = isinstance(given, list)
    for at, text in enumerate(given if several else [given]):
        if text in (None, ""):
            if several:
                yield _required((field, at), "must be given", "")
            continue
        try:
            parse(text)
        except QueryError as error:
            [said] = error.diagnostics
            path = (field, at) if several else (field,)
            yield Fault(FaultType.INVALID, said.message, said.help, path, "SUITE")


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
    return Isolated(Ends(_texts(fields, "pods"), _texts(fields, "except")), directions)


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
    return Ends(_texts(fields, name), _texts(fields, f"except-{name}"))


def _texts(fields: dict[str, Any], name: str) -> tuple[str, ...]:
    given = fields.get(name)
    return tuple(given) if isinstance(given, list) else (given,) if given else ()


def _ports(fields: dict[str, Any]) -> Ports:
    """`any` is all traffic, for who reads it means no less; `any/tcp` is all of one protocol."""
    given = fields.get("port")
    texts = given if isinstance(given, list) else [given] if given is not None else []
    asked = tuple(map(parse_port, texts))
    if any(_is_any(text) for text in texts):
        asked = ()
    return Ports(asked)


def _is_any(text: object) -> bool:
    return isinstance(text, str) and text.strip().lower() == "any"


SUITE = ObjectKind(API_VERSION, KIND, False, _SHAPE, _faults, _suite)
