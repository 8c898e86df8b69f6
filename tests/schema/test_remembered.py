"""Parts that are judged once and built once give what judging and building each would give."""

from __future__ import annotations

import pytest

from netsim.schema.fault import Fault
from netsim.schema.remembered import built_once, judged_once
from netsim.schema.shape import BOOLEAN, INT32, STRING, Shape, list_of, struct

# Equal to Python, and not the same JSON.
ALIKE = [{"a": 1}, {"a": True}, {"a": 1.0}, {"a": "1"}, {"a": None}]


@pytest.mark.parametrize("shape", [STRING, BOOLEAN, INT32])
def test_values_that_are_equal_to_python_are_told_apart(shape: Shape) -> None:
    whole = struct(a=shape)
    once = judged_once(whole)
    for value in [*ALIKE, *ALIKE]:
        assert bool(once(value)) is bool(whole(value))
    assert [built_once(repr)(value) for value in ALIKE] == [repr(value) for value in ALIKE]


def test_a_faulty_part_gets_new_faults_each_time() -> None:
    once = judged_once(list_of(STRING))
    first, second = ([fault.inside("x") for fault in once([80])] for _ in range(2))
    assert first[0] is not second[0]
    assert first[0].path == second[0].path == ("x", 0)


def test_the_context_counts() -> None:
    calls: list[object] = []

    def judge(part: object, strict: bool) -> list[Fault]:
        calls.append(part)
        return list_of(STRING)(part) or [] if strict else []

    once = judged_once(judge)
    assert once([1], False) == []
    assert len(once([1], True)) == 1
    before = len(calls)
    assert once([1], False) == []
    assert len(calls) == before


def test_equal_parts_are_one_object_whoever_shares_them() -> None:
    text = "".join(["a", "b"])
    build = built_once(tuple)
    assert build([text, text]) is build(["ab", "".join(["a", "b"])])


def test_many_parts_in_turn_each_keep_their_own_content() -> None:
    build, parts = built_once(tuple), [[str(number)] for number in range(1000)]
    assert [build(part) for part in [*parts, *parts]] == [(each,) for [each] in [*parts, *parts]]
    assert [build([str(number)]) for number in range(1000)] == [build(part) for part in parts]


def test_a_large_part_is_not_remembered() -> None:
    judge, build = judged_once(list_of(STRING)), built_once(tuple)
    large = ["x" * 10_000]
    assert judge(large) == []
    assert judge([*large, 1])[0].path == (1,)
    assert build(large) == tuple(large)
    assert build(large) is not build(large)
