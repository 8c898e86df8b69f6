"""What the API server's own code said of 500 mutated ClusterNetworkPolicies, and what netsim says.

The server adds an error at the root, `<nil>`, where it asked no CEL rules; netsim leaves it out
(ANP-31).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from judged import errors_of

from netsim import InputError, loads
from netsim.dialects.clusternetworkpolicy.decode import CLUSTER_NETWORK_POLICY
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.errors import FaultType, Severity
from netsim.model.semantics import Semantics
from netsim.schema.fault import path_text
from netsim.schema.kinds import first_faults
from netsim.source.documents import read_text

LINES = Path(__file__).parent.parent / "fixtures" / "api-server-clusternetworkpolicy.jsonl"

Errors = frozenset[tuple[str, str]]


@lru_cache(maxsize=1)
def _cases() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines())


def _judged(manifest: str) -> tuple[Errors, TierPolicy | None]:
    """What netsim finds wrong with the first document of a manifest, or the policy that it is."""
    reading = read_text(manifest)
    unread = [item for item in reading.diagnostics if item.severity is Severity.ERROR]
    if unread:
        return frozenset((item.path, str(item.type)) for item in unread), None
    document = reading.documents[0]
    found = first_faults(CLUSTER_NETWORK_POLICY, document.value, document.duplicates, Semantics())
    if errors := errors_of(found):
        return frozenset((path_text(fault.path), str(fault.type)) for fault in errors), None
    assert isinstance(document.value, dict)
    return frozenset(), CLUSTER_NETWORK_POLICY.build(document.value, document.origin, Semantics())


def _loaded(manifest: str) -> Errors:
    """What stops `netsim.loads`, which has to tell first of what kind a document is."""
    try:
        loads(manifest)
    except InputError as caught:
        errors = [item for item in caught.diagnostics if item.severity is Severity.ERROR]
        return frozenset((item.path, str(item.type)) for item in errors)
    return frozenset()


def _server(case: dict[str, Any]) -> Errors:
    listed = ((error["field"], error["type"]) for error in case["errors"])
    return frozenset(error for error in listed if error != ("<nil>", "Invalid"))


def _stage(errors: Errors) -> str:
    types = {type for _, type in errors}
    if types & {FaultType.UNKNOWN_FIELD, FaultType.DUPLICATE_FIELD}:
        return "strict"
    if FaultType.DECODE in types:
        return "decode"
    return "validation" if errors else "ok"


def _disagreements() -> Iterator[str]:
    for case in _cases():
        errors, policy = _judged(case["manifest"])
        if errors != _server(case) or _stage(errors) != case["stage"]:
            yield f"{case['id']}: netsim {sorted(errors)}, server {sorted(_server(case))}"
        assert bool(policy) == (case["stage"] == "ok")


def test_stages_and_errors_are_the_servers_on_every_line() -> None:
    """ANP-30..32"""
    assert list(_disagreements()) == []


def test_a_load_says_the_same() -> None:
    """DEC-3: a document without one half of its header is a policy's by the other."""
    disagreeing = [case["id"] for case in _cases() if _loaded(case["manifest"]) != _server(case)]
    assert disagreeing == []


@pytest.mark.parametrize(
    ("stage", "lines"), [("ok", 80), ("decode", 40), ("strict", 120), ("validation", 200)]
)
def test_every_stage_has_many_lines(stage: str, lines: int) -> None:
    assert sum(case["stage"] == stage for case in _cases()) > lines
