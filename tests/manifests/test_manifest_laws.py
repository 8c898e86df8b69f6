"""What holds of any input: a verdict on it, never a traceback, and every object accounted for."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import netsim
from netsim.errors import Severity

DUMP = Path(__file__).parent / "dumps" / "cluster.yaml"
OBJECTS: list[dict[str, Any]] = yaml.safe_load(DUMP.read_text())["items"]

_SCALARS = (
    st.none() | st.booleans() | st.sampled_from([0, -1, 1, 80, 80.0, 1.5, 70000, 2**31, 2**70])
)
_TEXTS = st.sampled_from(
    ["", "a", "A b", "80", "TCP", "Always", "Indexed", "None", "10.0.0.1", "a/b/c"]
)
_KEYS = st.sampled_from(
    ["name", "labels", "spec", "template", "ports", "selector", "kind", "replicas"]
)
_ANYTHING = st.recursive(
    _SCALARS | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=4,
)


def _places(value: object) -> list[tuple[dict[str, Any] | list[Any], Any]]:
    """Every container inside `value` with every key or index of it."""
    steps: list[Any] = []
    if isinstance(value, dict):
        steps = list(value)
    elif isinstance(value, list):
        steps = list(range(len(value)))
    else:
        return []
    return [(value, step) for step in steps] + [
        place for step in steps for place in _places(value[step])
    ]


@st.composite
def _damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A valid object with one to three of its fields replaced or lost."""
    value: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(OBJECTS)))
    for _ in range(draw(st.integers(1, 3))):
        container, step = draw(st.sampled_from(_places(value)))
        if draw(st.booleans()) or len(value) < 2:
            container[step] = draw(_ANYTHING)
        else:
            del container[step]
    return value


@given(st.lists(_damaged() | st.sampled_from(OBJECTS), min_size=1, max_size=4))
def test_every_object_is_read_passed_over_or_left_out(values: list[dict[str, Any]]) -> None:
    snapshot = netsim.loads(
        json.dumps({"apiVersion": "v1", "kind": "List", "items": values}), keep_going=True
    )
    counted = [*snapshot.summary.read.values(), *snapshot.summary.skipped.values()]
    lost = [item for item in snapshot.diagnostics if item.severity is Severity.ERROR]
    assert sum(counted) + len(snapshot.left_out) == len([item for item in values if item])
    assert bool(lost) == bool(snapshot.left_out)


@given(_damaged())
def test_what_is_raised_is_what_keeps_nobody_going(value: dict[str, Any]) -> None:
    text = json.dumps(value)
    snapshot = netsim.loads(text, keep_going=True)
    expected = [item for item in snapshot.diagnostics if item.severity is Severity.ERROR]
    if expected:
        with pytest.raises(netsim.InputError) as caught:
            netsim.loads(text)
        assert list(caught.value.diagnostics) == expected
    else:
        assert netsim.loads(text) == snapshot


@given(st.permutations(OBJECTS))
def test_the_order_of_the_input_does_not_matter(values: list[dict[str, Any]]) -> None:
    """But for the places where things stand."""
    found = netsim.loads(json.dumps({"apiVersion": "v1", "kind": "List", "items": values}))
    expected = netsim.load(DUMP)
    assert found.pods == expected.pods
    assert found.namespaces == expected.namespaces
