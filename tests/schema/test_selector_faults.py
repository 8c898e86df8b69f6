"""LabelSelectors: VAL-10, VAL-11, and the selectors that they become (SEL)."""

from __future__ import annotations

from typing import Any

import pytest

from netsim.labels.selector import EVERYTHING, Operator, Requirement, Selector, exactly
from netsim.schema.fault import path_text
from netsim.schema.selectors import LABEL_SELECTOR, selector_faults, selector_of
from netsim.schema.shape import faults


def _expression(key: object, operator: object, *values: object) -> dict[str, Any]:
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


FAULTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"matchLabels": None, "matchExpressions": None}, []),
    ({"matchLabels": {}, "matchExpressions": []}, []),
    ({"matchLabels": {"a": "b", "c": None, "d": ""}}, []),
    ({"matchLabels": {"a b": "c"}}, ["matchLabels Invalid"]),
    ({"matchLabels": {"a": "b c"}}, ["matchLabels Invalid"]),
    ({"matchLabels": {"a b": "b c"}}, ["matchLabels Invalid", "matchLabels Invalid"]),
    (_expression("a", "In", "b", ""), []),
    (_expression("a", "NotIn", None), []),
    (_expression("a", "Exists"), []),
    ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist", "values": None}]}, []),
    (_expression("a", "In"), ["matchExpressions[0].values Required"]),
    (_expression("a", "NotIn"), ["matchExpressions[0].values Required"]),
    (_expression("a", "Exists", ""), ["matchExpressions[0].values Forbidden"]),
    (_expression("a", "DoesNotExist", "b"), ["matchExpressions[0].values Forbidden"]),
    (_expression("a", "in", "b"), ["matchExpressions[0].operator Invalid"]),
    (_expression("a", "Gt", "1"), ["matchExpressions[0].operator Invalid"]),
    (_expression("a", "", "1"), ["matchExpressions[0].operator Invalid"]),
    (_expression("", "Exists"), ["matchExpressions[0].key Invalid"]),
    (_expression("a/b/c", "Exists"), ["matchExpressions[0].key Invalid"]),
    (
        _expression("a", "In", "-", "ok", "b c"),
        ["matchExpressions[0].values[0] Invalid", "matchExpressions[0].values[2] Invalid"],
    ),
    (
        _expression("a", "Exists", "-"),
        ["matchExpressions[0].values Forbidden", "matchExpressions[0].values[0] Invalid"],
    ),
    (
        {"matchExpressions": [{"key": "a", "operator": "Exists"}, None]},
        ["matchExpressions[1].operator Invalid", "matchExpressions[1].key Invalid"],
    ),
]


@pytest.mark.parametrize(("selector", "expected"), FAULTS)
def test_faults(selector: dict[str, Any], expected: list[str]) -> None:
    assert not faults(LABEL_SELECTOR, selector)
    found = selector_faults(selector)
    assert [f"{path_text(fault.path)} {fault.type}" for fault in found] == expected


def test_a_label_fault_knows_its_key() -> None:
    """VAL-11: the path stops at the map, the line need not"""
    (fault,) = selector_faults({"matchLabels": {"good": "x", "bad": "-"}})
    assert (fault.path, fault.key, fault.code) == (("matchLabels",), "bad", "VAL-11")


def test_an_operator_in_the_wrong_case_gets_the_right_one() -> None:
    """SEL-15"""
    (fault,) = selector_faults(_expression("a", "notin", "b"))
    assert fault.help == "did you mean `NotIn`?"


@pytest.mark.parametrize(
    "selector", [None, {}, {"matchLabels": None}, {"matchLabels": {}, "matchExpressions": []}]
)
def test_nothing_demanded_selects_everything(selector: dict[str, Any] | None) -> None:
    """NP-16, SEL-1"""
    assert selector_of(selector) == EVERYTHING


def test_selectors_are_canonical() -> None:
    """SEL-2, SEL-9, SEL-11, SEL-12"""
    selector = selector_of(
        {
            "matchLabels": {"b": "1", "a": None},
            "matchExpressions": [
                {"key": "a", "operator": "NotIn", "values": ["y", None, "x", "y"]},
                {"key": "a", "operator": "Exists"},
            ],
        }
    )
    assert selector == Selector.of(
        exactly("a", ""),
        exactly("b", "1"),
        Requirement("a", Operator.EXISTS),
        Requirement("a", Operator.NOT_IN, ("", "x", "y")),
    )


def test_a_pair_is_an_in_of_one_value() -> None:
    """SEL-3"""
    pair, expression = {"matchLabels": {"a": "b"}}, _expression("a", "In", "b")
    assert selector_of(pair) == selector_of(expression)
