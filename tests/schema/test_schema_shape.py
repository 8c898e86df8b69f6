"""Types and unknown fields (DEC-10, 12, 13, 20)."""

from __future__ import annotations

import pytest

from netsim.errors import FaultType
from netsim.schema.fault import path_text
from netsim.schema.shape import (
    ANYTHING,
    BOOLEAN,
    INT32,
    INT64,
    INT_OR_STRING,
    STRING,
    TIME,
    Shape,
    faults,
    list_of,
    map_of,
    struct,
)

ITEM = struct({"from": list_of(STRING)}, port=INT_OR_STRING, labels=map_of(STRING))
EVERY = [ANYTHING, STRING, BOOLEAN, INT32, INT64, INT_OR_STRING, TIME, ITEM, list_of(ITEM)]


@pytest.mark.parametrize("shape", [*EVERY, map_of(ITEM)])
def test_null_is_the_zero_value_of_anything(shape: Shape) -> None:
    """DEC-20"""
    assert not faults(shape, None)


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (STRING, ""),
        (BOOLEAN, False),
        (INT32, 2**31 - 1),
        (INT32, -(2**31)),
        (INT32, 80.0),
        (INT32, -0.0),
        (INT64, 2**63 - 1),
        (INT64, 1e18),
        (INT_OR_STRING, "80"),
        (INT_OR_STRING, 80.0),
        (TIME, "2026-01-31T12:00:00Z"),
        (ANYTHING, [{}]),
        (ITEM, {}),
        (ITEM, {"from": None, "port": None, "labels": {"a": None}}),
        (list_of(ITEM), [None, {}]),
    ],
)
def test_right_types(shape: Shape, value: object) -> None:
    assert not faults(shape, value)


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (STRING, 1),
        (STRING, True),
        (STRING, 1.5),
        (STRING, []),
        (STRING, {}),
        (BOOLEAN, "true"),
        (BOOLEAN, 1),
        (INT32, 2**31),
        (INT32, -(2**31) - 1),
        (INT32, 80.5),
        (INT32, "80"),
        (INT32, True),
        (INT64, 2**63),
        (INT64, float(2**63)),
        (INT_OR_STRING, True),
        (INT_OR_STRING, 80.5),
        (INT_OR_STRING, 2**31),
        (INT_OR_STRING, []),
        (TIME, ""),
        (TIME, 2026),
        (list_of(STRING), {}),
        (list_of(STRING), "a"),
        (map_of(STRING), []),
        (map_of(STRING), "a"),
        (ITEM, []),
        (ITEM, "a"),
    ],
)
def test_wrong_types_are_decode_faults_at_the_value(shape: Shape, value: object) -> None:
    """DEC-12, DEC-13"""
    (fault,) = faults(shape, value)
    assert (fault.type, fault.path) == (FaultType.DECODE, ())
    assert fault.code in ("DEC-12", "DEC-13")


def test_paths_have_indexes_but_no_keys_of_maps() -> None:
    """DEC-12"""
    value = [{"from": ["a", 1]}, {"labels": {"a": "b", "c": True, "d": 1}}, {"port": {}}, 5]
    found = faults(list_of(ITEM), value)
    assert [path_text(fault.path) for fault in found] == [
        "[0].from[1]",
        "[1].labels",
        "[1].labels",
        "[2].port",
        "[3]",
    ]
    assert [fault.key for fault in found] == [None, "c", "d", None, None]


def test_unknown_fields_are_case_sensitive_and_get_the_nearest() -> None:
    """DEC-10"""
    found = faults(list_of(ITEM), [{"Port": 1, "prot": 2, "x": {"y": 1}}])
    assert [(fault.type, path_text(fault.path), fault.help) for fault in found] == [
        (FaultType.UNKNOWN_FIELD, "[0].Port", "did you mean `port`?"),
        (FaultType.UNKNOWN_FIELD, "[0].prot", "did you mean `port`?"),
        (FaultType.UNKNOWN_FIELD, "[0].x", "known here: from, labels, port"),
    ]


def test_unquoted_scalars_are_told_to_take_quotes() -> None:
    (fault,) = faults(map_of(STRING), {"version": 1.1})
    assert fault.message == "the value of `version` must be a string, not the number `1.1`"
    assert "quotes" in fault.help
