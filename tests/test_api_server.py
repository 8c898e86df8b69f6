"""What the API server's own code said of 3,000 mutated manifests, and what netsim says.

The server reports one wrong type; netsim lists all (DEC-12), so either set is right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from judged import errors_of

from netsim.dialects.networkpolicy.decode import NETWORK_POLICY
from netsim.dialects.networkpolicy.syntax import (
    AddressPeer,
    AllPorts,
    AnyPeer,
    AnyPort,
    NamedPort,
    NetworkPolicy,
    Peer,
    PortEntry,
    Rule,
)
from netsim.errors import FaultType, Severity
from netsim.labels.selector import Selector
from netsim.model.semantics import Semantics
from netsim.schema.fault import path_text
from netsim.schema.kinds import first_faults
from netsim.source.documents import read_text

LINES = Path(__file__).parent.parent / "fixtures" / "api-server-networkpolicy.jsonl"

Errors = frozenset[tuple[str, str]]


@lru_cache(maxsize=1)
def _cases() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines())


def _errors(listed: list[dict[str, str]]) -> Errors:
    return frozenset((item["field"], item["type"]) for item in listed)


def _judged(manifest: str) -> tuple[Errors, NetworkPolicy | None]:
    """What netsim finds wrong with the first document of a manifest, or the policy that it is."""
    reading = read_text(manifest)
    unread = [item for item in reading.diagnostics if item.severity is Severity.ERROR]
    if unread:
        return frozenset((item.path, str(item.type)) for item in unread), None
    document = reading.documents[0]
    found = first_faults(NETWORK_POLICY, document.value, document.duplicates, Semantics())
    if errors := errors_of(found):
        return frozenset((path_text(fault.path), str(fault.type)) for fault in errors), None
    assert isinstance(document.value, dict)
    return frozenset(), NETWORK_POLICY.build(document.value, document.origin, Semantics())


def _stage(errors: Errors) -> str:
    types = {type for _, type in errors}
    if types & {FaultType.UNKNOWN_FIELD, FaultType.DUPLICATE_FIELD}:
        return "strict"
    if FaultType.DECODE in types or errors & {("apiVersion", "Required"), ("kind", "Required")}:
        return "decode"
    return "validation" if errors else "ok"


def _disagreements() -> Iterator[str]:
    for case in _cases():
        errors, _ = _judged(case["manifest"])
        expected = [_errors(case["errors"])]
        if case.get("decode_all"):
            expected.append(_errors(case["decode_all"]))
        if case.get("uncertain") and not errors:
            continue
        if errors not in expected or _stage(errors) != case["stage"]:
            yield f"{case['id']}: netsim {sorted(errors)}, server {sorted(expected[0])}"


def test_stages_and_errors_are_the_servers_on_every_line() -> None:
    """VAL-1"""
    assert list(_disagreements()) == []


def test_decoded_values_are_the_servers() -> None:
    """DEC-5..7, NP-10, NP-45"""
    checked = 0
    for case in _cases():
        if case.get("object") is None:
            continue
        errors, policy = _judged(case["manifest"])
        if errors and case.get("uncertain"):
            continue
        assert policy, (case["id"], errors)
        assert _as_netsim_has_it(policy) == _as_the_server_has_it(case["object"]), case["id"]
        assert _names_agree(policy.name, case["object"]["metadata"]), case["id"]
        checked += 1
    assert checked > 900


@pytest.mark.parametrize("stage", ["ok", "decode", "strict", "validation"])
def test_every_stage_has_many_lines(stage: str) -> None:
    assert sum(case["stage"] == stage for case in _cases()) > 300


# Both sides as plain values. They are written apart from decode.py on purpose.


def _names_agree(name: str, metadata: dict[str, Any]) -> bool:
    """DEC-23: of a generated name only the first characters are anybody's to know."""
    base, given = metadata.get("generateName", ""), metadata["name"]
    generated = bool(base) and given == f"{base[:58]}x7k2p"
    return name.startswith(base[:50]) if generated else name == given


def _as_the_server_has_it(value: dict[str, Any]) -> dict[str, Any]:
    metadata, spec = value["metadata"], value["spec"]
    return {
        "namespace": metadata["namespace"],
        "labels": metadata.get("labels", {}),
        "subject": _written_selector(spec["podSelector"]),
        "types": sorted({text.lower() for text in spec["policyTypes"]}),
        "ingress": [_written_rule(rule, "from") for rule in spec.get("ingress", [])],
        "egress": [_written_rule(rule, "to") for rule in spec.get("egress", [])],
    }


def _written_rule(rule: dict[str, Any], peers: str) -> Any:
    return (
        [_written_peer(peer) for peer in rule.get(peers) or []] or "any peer",
        [_written_port(port) for port in rule.get("ports") or []] or "any port",
    )


def _written_peer(peer: dict[str, Any]) -> Any:
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        return [str(ip_network(text)) for text in [block["cidr"], *block.get("except", [])]]
    selectors = [peer.get("namespaceSelector"), peer.get("podSelector", {})]
    return [None if item is None else _written_selector(item) for item in selectors]


def _written_port(port: dict[str, Any]) -> Any:
    number = port.get("port")
    last = port.get("endPort", number)
    return (port["protocol"], number, None if isinstance(number, str) else last)


def _written_selector(selector: dict[str, Any]) -> Any:
    pairs = {(key, "In", (value,)) for key, value in selector.get("matchLabels", {}).items()}
    return pairs | {
        (item["key"], item["operator"], tuple(sorted(set(item.get("values", [])))))
        for item in selector.get("matchExpressions", [])
    }


def _as_netsim_has_it(policy: NetworkPolicy) -> dict[str, Any]:
    return {
        "namespace": policy.namespace,
        "labels": dict(policy.labels),
        "subject": _built_selector(policy.subject),
        "types": sorted(direction.value for direction in policy.directions),
        "ingress": [_built_rule(rule) for rule in policy.ingress],
        "egress": [_built_rule(rule) for rule in policy.egress],
    }


def _built_rule(rule: Rule) -> Any:
    return (
        "any peer" if isinstance(rule.peers, AnyPeer) else [_built_peer(it) for it in rule.peers],
        "any port" if isinstance(rule.ports, AnyPort) else [_built_port(it) for it in rule.ports],
    )


def _built_peer(peer: Peer) -> Any:
    if isinstance(peer, AddressPeer):
        return [str(network) for network in (peer.cidr, *peer.excepts)]
    namespaces = None if peer.namespaces is None else _built_selector(peer.namespaces)
    return [namespaces, _built_selector(peer.pods)]


def _built_port(entry: PortEntry) -> Any:
    if isinstance(entry.port, AllPorts):
        return (entry.protocol.value, None, None)
    if isinstance(entry.port, NamedPort):
        return (entry.protocol.value, entry.port.name, None)
    return (entry.protocol.value, entry.port.first, entry.port.last)


def _built_selector(selector: Selector) -> Any:
    return {(item.key, item.operator.value, item.values) for item in selector.requirements}
