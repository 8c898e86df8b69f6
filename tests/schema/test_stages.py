"""The stages of judging an object (VAL-1), and its header (DEC-3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from netsim.dialects.networkpolicy.decode import NETWORK_POLICY
from netsim.errors import Location, Severity
from netsim.model.semantics import Semantics
from netsim.schema.fault import Fault, diagnostics, path_text
from netsim.schema.kinds import api_version_and_kind, first_faults, header_faults
from netsim.source.reading import DuplicateKey

HEADER = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
PLACE = Location("a.yaml", 3, 5)


@dataclass(frozen=True)
class PathsInColumns:
    """An origin that answers with the path that it was asked for."""

    def locate(self, path: tuple[str | int, ...] = ()) -> Location:
        return Location("/".join(str(step) for step in path), 1, 1)


def _texts(found: list[Fault]) -> list[str]:
    return [f"{path_text(fault.path)} {fault.type}" for fault in found]


def _first(value: object, *duplicates: str, decoding: str = "strict") -> list[Fault]:
    semantics = Semantics().with_texts({"decoding": decoding})
    twice = [DuplicateKey(key, PLACE) for key in duplicates]
    return first_faults(NETWORK_POLICY, value, twice, semantics)


HEADERS: list[tuple[object, list[str]]] = [
    (HEADER, []),
    ({"apiVersion": "v1", "kind": "x"}, []),
    ({}, ["kind Required"]),
    ({"kind": "x"}, ["apiVersion Required"]),
    ({"apiVersion": None, "kind": "x"}, ["apiVersion Required"]),
    ({"apiVersion": "", "kind": "x"}, ["apiVersion Required"]),
    ({"apiVersion": "/", "kind": "x"}, ["apiVersion Required"]),
    ({"apiVersion": "networking.k8s.io/", "kind": "x"}, ["apiVersion Required"]),
    ({"apiVersion": "v1"}, ["kind Required"]),
    ({"apiVersion": "v1", "kind": ""}, ["kind Required"]),
    ({"apiVersion": "a/b/c", "kind": "x"}, ["apiVersion Decode"]),
    ({"apiVersion": "a/b/c"}, ["apiVersion Decode"]),
    ({"apiVersion": 1, "kind": "x"}, ["apiVersion Decode"]),
    ({"apiVersion": 1, "kind": []}, ["apiVersion Decode"]),
    ({"kind": True}, ["kind Decode"]),
    ({"apiVersion": "v1", "kind": {}}, ["kind Decode"]),
    ({"apiVersion": "v1", "Kind": "x"}, []),
    ({"apiVersion": "v1", "kind": None, "KIND": "x"}, []),
    ([HEADER], [" Decode"]),
    ("text", [" Decode"]),
    (5, [" Decode"]),
]


@pytest.mark.parametrize(("value", "expected"), HEADERS)
def test_a_header_has_one_fault_at_most(value: object, expected: list[str]) -> None:
    """DEC-3"""
    assert _texts(header_faults(value)) == expected


def test_the_kind_is_found_in_any_case_and_then_refused() -> None:
    """DEC-3: what the server does, and a better message than `kind` missing"""
    value = {
        "apiVersion": "networking.k8s.io/v1",
        "Kind": "NetworkPolicy",
        "metadata": {"name": "a"},
    }
    assert api_version_and_kind(value) == ("networking.k8s.io/v1", "NetworkPolicy")
    (fault,) = _first(value)
    assert (_texts([fault]), fault.help) == (["Kind UnknownField"], "did you mean `kind`?")


def _faulty(**more: Any) -> dict[str, Any]:
    """A policy with a fault of validation: it has no name."""
    return {**HEADER, "metadata": {}, **more}


def test_each_stage_hides_the_later_ones() -> None:
    """VAL-1"""
    assert _texts(_first(_faulty(spec=[], kind="", x=1), "kind")) == ["kind Required"]
    assert _texts(_first(_faulty(spec=[], x=1), "kind")) == ["spec Decode"]
    assert _texts(_first(_faulty(z=1, a=2), "kind", "app")) == [
        "kind DuplicateField",
        "app DuplicateField",
        "a UnknownField",
        "z UnknownField",
    ]
    assert _texts(_first(_faulty())) == ["metadata.name Required"]
    assert not _first({**HEADER, "metadata": {"name": "a"}})


def test_lax_decoding_only_warns_of_the_strict_stage() -> None:
    """DEC-10, IMP-24"""
    found = _first(_faulty(x=1), "kind", decoding="warn")
    assert [(fault.severity, text) for fault, text in zip(found, _texts(found), strict=True)] == [
        (Severity.WARNING, "kind DuplicateField"),
        (Severity.WARNING, "x UnknownField"),
        (Severity.ERROR, "metadata.name Required"),
    ]


def test_faults_become_diagnostics_with_places() -> None:
    metadata = {"name": "a", "labels": {"bad key": "x"}}
    (label,) = diagnostics(_first({**HEADER, "metadata": metadata}), PathsInColumns())
    assert label.location == Location("metadata/labels/bad key", 1, 1)
    assert (label.path, label.code) == ("metadata.labels", "VAL-4")
    (twice,) = diagnostics(_first(HEADER, "kind"), PathsInColumns())
    assert (twice.location, twice.path, twice.code) == (PLACE, "kind", "DEC-11")


def test_user_text_stays_on_one_line() -> None:
    (fault,) = _first({**HEADER, "metadata": {"name": f"a\n\x1b[31m{'b' * 100}"}})
    assert fault.message.startswith("`a\\n\\x1b[31mbbb")
    assert "…`" in fault.message
