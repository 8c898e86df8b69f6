"""NetworkPolicy manifests: their shape, their validation, and the policies they become.

Missing, null and empty are settled here as SEMANTICS Appendix A has them, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from netsim.dialects.networkpolicy.syntax import (
    AddressPeer,
    AllPorts,
    AnyPeer,
    AnyPort,
    NamedPort,
    NetworkPolicy,
    Peer,
    PodPeer,
    PortEntry,
    PortRange,
    Rule,
)
from netsim.errors import FaultType
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.model.semantics import Semantics
from netsim.schema.addresses import Cidr, cidr_faults, network_of, parse_cidr
from netsim.schema.fault import Fault, quoted
from netsim.schema.kinds import ObjectKind
from netsim.schema.metadata import OBJECT_META, labels_of, metadata_faults, name_of, namespace_of
from netsim.schema.names import dns_subdomain, port_name
from netsim.schema.remembered import built_once, judged_once
from netsim.schema.selectors import LABEL_SELECTOR, selector_faults, selector_of
from netsim.schema.shape import INT32, INT_OR_STRING, STRING, Shape, list_of, struct
from netsim.source.origin import Origin

_Fields = dict[str, Any]

_SIDES = (("ingress", "from"), ("egress", "to"))
_PROTOCOLS = {name: Protocol(name) for name in ("TCP", "UDP", "SCTP")}
_DIRECTIONS = {"Ingress": Direction.INGRESS, "Egress": Direction.EGRESS}

_BOTH_DIRECTIONS = frozenset(Direction)
_INGRESS_ALONE = frozenset({Direction.INGRESS})
_ANY_PEER, _ANY_PORT, _ANY_RULE, _ALL_PORTS = AnyPeer(), AnyPort(), Rule(), AllPorts()

_PORT = struct(protocol=STRING, port=INT_OR_STRING, endPort=INT32)
_PORTS = judged_once(list_of(_PORT))
_PEER = judged_once(
    struct(
        podSelector=LABEL_SELECTOR,
        namespaceSelector=LABEL_SELECTOR,
        ipBlock=struct({"cidr": STRING, "except": list_of(STRING)}),
    )
)


def _rules(peers: str) -> Shape:
    return list_of(struct({peers: list_of(_PEER), "ports": _PORTS}))


_SHAPE = struct(
    apiVersion=STRING,
    kind=STRING,
    metadata=OBJECT_META,
    spec=struct(
        podSelector=LABEL_SELECTOR,
        policyTypes=list_of(STRING),
        **{rules: _rules(peers) for rules, peers in _SIDES},
    ),
)


def _faults(value: _Fields, semantics: Semantics) -> list[Fault]:
    """All faults of a policy of the right shape, in the order of VAL-1."""
    found, strict = metadata_faults(value, dns_subdomain), semantics.strict_ip
    spec = value.get("spec") or {}
    if subject := spec.get("podSelector"):
        found += [fault.inside("spec", "podSelector") for fault in selector_faults(subject)]
    for field, peers in _SIDES:
        for index, rule in enumerate(spec.get(field) or ()):
            if rule:
                inner = _rule_faults(rule, peers, strict)
                found += [fault.inside("spec", field, index) for fault in inner]
    if types := spec.get("policyTypes"):
        found += [fault.inside("spec", "policyTypes") for fault in _type_faults(types)]
    return found


def _rule_faults(rule: _Fields, peers: str, strict: bool) -> list[Fault]:
    found: list[Fault] = []
    if ports := rule.get("ports"):
        found += [fault.inside("ports") for fault in _port_list_faults(ports)]
    for index, peer in enumerate(rule.get(peers) or ()):
        found += [fault.inside(peers, index) for fault in _peer_faults(peer or {}, strict)]
    return found


@judged_once
def _port_list_faults(ports: list[_Fields | None]) -> list[Fault]:
    return [
        fault.inside(index)
        for index, port in enumerate(ports)
        if port
        for fault in _port_faults(port)
    ]


def _port_faults(entry: _Fields) -> list[Fault]:
    """VAL-30, VAL-31."""
    found: list[Fault] = []
    protocol, port, end = entry.get("protocol"), entry.get("port"), entry.get("endPort")
    if protocol is not None and protocol not in _PROTOCOLS:
        found.append(_not_supported(protocol, "a protocol", _PROTOCOLS, "VAL-30", "protocol"))
    if isinstance(port, str):
        found += _port_name_faults(port)
    elif port is not None and not 1 <= port <= 65535:
        found.append(_invalid(f"`{int(port)}` must be 1 to 65535", "VAL-30", "port"))
    if end is not None:
        found += _end_port_faults(port, end)
    return found


def _port_name_faults(name: str) -> list[Fault]:
    """VAL-31. A number in quotes is a name, and a wrong one (DEC-13)."""
    help = "take the quotes away: in quotes it is a port name" if name.isdecimal() else ""
    return [
        Fault(FaultType.INVALID, f"port name {quoted(name)} {complaint}", help, ("port",), "VAL-31")
        for complaint in port_name(name)
    ]


def _end_port_faults(port: int | str | None, end: int) -> list[Fault]:
    """VAL-30; equal to `port` is fine, and both faults of a number may be reported."""
    if port is None or isinstance(port, str):
        wants = "may not be given without `port`" if port is None else "wants a numeric `port`"
        return [_invalid(wants, "VAL-30", "endPort")]
    found: list[Fault] = []
    if end < port:
        message = f"`{int(end)}` must not be less than `port` ({int(port)})"
        found.append(_invalid(message, "VAL-30", "endPort"))
    if not 1 <= end <= 65535:
        found.append(_invalid(f"`{int(end)}` must be 1 to 65535", "VAL-30", "endPort"))
    return found


@judged_once
def _peer_faults(peer: _Fields, strict: bool) -> list[Fault]:
    """VAL-20..25. null is absent, and `{}` is a selector of everything (NP-31)."""
    found: list[Fault] = []
    selectors = 0
    for field in ("podSelector", "namespaceSelector"):
        selector = peer.get(field)
        if selector is not None:
            selectors += 1
            found += [fault.inside(field) for fault in selector_faults(selector)]
    block = peer.get("ipBlock")
    if block is not None:
        found += [fault.inside("ipBlock") for fault in _block_faults(block, strict)]
        if selectors:
            message = "may not specify both ipBlock and another peer"
            help = "write two items; the items of `from` and `to` are alternatives"
            found.append(Fault(FaultType.FORBIDDEN, message, help, code="VAL-21"))
    elif not selectors:
        help = "for every peer, leave the list out; for every pod, write `namespaceSelector: {}`"
        found.append(Fault(FaultType.REQUIRED, "must specify a peer", help, code="VAL-20"))
    return found


def _block_faults(block: _Fields, strict: bool) -> list[Fault]:
    """VAL-22..25. `except` is judged where `cidr` parses, even if strictness refuses it."""
    text = block.get("cidr")
    if not text:
        return [Fault(FaultType.REQUIRED, "must be given", path=("cidr",), code="VAL-22")]
    found = [fault.inside("cidr") for fault in cidr_faults(text, strict)]
    if cidr := parse_cidr(text):
        for index, excepted in enumerate(block.get("except") or ()):
            inner = _except_faults(excepted or "", cidr, strict)
            found += [fault.inside("except", index) for fault in inner]
    return found


def _except_faults(text: str, cidr: Cidr, strict: bool) -> list[Fault]:
    """VAL-25; an `except` may break the rules of its text and this one, too."""
    found = cidr_faults(text, strict)
    excepted = parse_cidr(text)
    if excepted and not excepted.is_strict_subset_of(cidr):
        message = f"{quoted(text)} must be a strict subset of `cidr` ({cidr.network})"
        help = "`except` takes a smaller block out of `cidr`; it denies nothing elsewhere"
        found.append(Fault(FaultType.INVALID, message, help, code="VAL-25"))
    return found


def _type_faults(types: list[str | None]) -> list[Fault]:
    """VAL-40: too many hide what they are; twice the same is fine (NP-13)."""
    if len(types) > len(_DIRECTIONS):
        return [_invalid(f"must have at most two items, not {len(types)}", "VAL-40")]
    return [
        _not_supported(name or "", "a policy type", _DIRECTIONS, "VAL-40", index)
        for index, name in enumerate(types)
        if name not in _DIRECTIONS
    ]


def _not_supported(
    given: str, noun: str, options: Iterable[str], code: str, step: str | int
) -> Fault:
    close = [name for name in options if name.lower() == given.lower()]
    help = f"did you mean `{close[0]}`?" if close else f"options: {', '.join(options)}"
    return Fault(FaultType.NOT_SUPPORTED, f"{quoted(given)} is not {noun}", help, (step,), code)


def _invalid(message: str, code: str, *path: str | int) -> Fault:
    return Fault(FaultType.INVALID, message, path=path, code=code)


def _policy(value: _Fields, origin: Origin, semantics: Semantics) -> NetworkPolicy:
    spec = value.get("spec") or {}
    return NetworkPolicy(
        namespace=namespace_of(value),
        name=name_of(value),
        subject=selector_of(spec.get("podSelector")),
        directions=_directions(spec),
        ingress=_rules_of(spec.get("ingress"), "from"),
        egress=_rules_of(spec.get("egress"), "to"),
        labels=labels_of(value),
        origin=origin,
    )


def _directions(spec: _Fields) -> frozenset[Direction]:
    """NP-10..13: without policyTypes, Ingress always, and Egress only where it has rules."""
    if types := spec.get("policyTypes"):
        return _directions_of(*types)
    return _BOTH_DIRECTIONS if spec.get("egress") else _INGRESS_ALONE


@cache
def _directions_of(*names: str) -> frozenset[Direction]:
    return frozenset(_DIRECTIONS[name] for name in names)


def _rules_of(rules: list[_Fields | None] | None, peers: str) -> tuple[Rule, ...]:
    """Missing, null and empty are no rules (NP-17); a null rule is an empty one (NP-19)."""
    return tuple([_rule(rule, peers) if rule else _ANY_RULE for rule in rules or ()])


def _rule(rule: _Fields, peers: str) -> Rule:
    """Missing, null and empty lists restrict nothing (NP-21, NP-22)."""
    items, ports = rule.get(peers), rule.get("ports")
    return Rule(
        tuple(map(_peer, items)) if items else _ANY_PEER,
        _ports(ports) if ports else _ANY_PORT,
    )


@built_once
def _peer(peer: _Fields) -> Peer:
    block = peer.get("ipBlock")
    if block is not None:
        excepts = tuple(network_of(text) for text in block.get("except") or ())
        return AddressPeer(network_of(block["cidr"]), excepts)
    namespaces = peer.get("namespaceSelector")
    return PodPeer(
        None if namespaces is None else selector_of(namespaces),  # NP-25, NP-31
        selector_of(peer.get("podSelector")),
    )


@built_once
def _ports(entries: list[_Fields | None]) -> tuple[PortEntry, ...]:
    return tuple(_port(entry or {}) for entry in entries)


def _port(entry: _Fields) -> PortEntry:
    """NP-45..48: TCP and every port where nothing is said."""
    protocol, port, end = entry.get("protocol"), entry.get("port"), entry.get("endPort")
    numbers: AllPorts | NamedPort | PortRange = _ALL_PORTS
    if isinstance(port, str):
        numbers = NamedPort(port)
    elif port is not None:
        numbers = PortRange(int(port), int(port if end is None else end))
    return PortEntry(_PROTOCOLS[protocol or "TCP"], numbers)


NETWORK_POLICY = ObjectKind(
    api_version="networking.k8s.io/v1",
    kind="NetworkPolicy",
    namespaced=True,
    shape=_SHAPE,
    validate=_faults,
    build=_policy,
)
