"""The schemas of custom resources: what they prune, and what they refuse."""

from __future__ import annotations

import re

import pytest

from netsim.schema.fault import Fault, path_text
from netsim.schema.leaves import Text, Whole
from netsim.schema.structural import Fields, Items, Keys, Remembered, Schema, one_of

ENTRY = Fields({"name": Text(longest=3), "count": Whole(0, 9)}, required=("name",))
LIST = Items(ENTRY, 1, 2)
MAP = Keys(Text())
CHOICE = one_of(a=Text(), b=Items(Text(), distinct=True))


def _told(found: list[Fault]) -> list[str]:
    return [f"{path_text(fault.path)} {fault.type}" for fault in found]


FAULTS: list[tuple[Schema, object, list[str]]] = [
    (Text(), "a", []),
    (Text(), None, [" TypeInvalid"]),
    (Text(longest=2), "äöü", [" TooLong"]),
    # the length hides the pattern
    (Text(longest=2, pattern=re.compile("a*")), "bbb", [" TooLong"]),
    (Text(pattern=re.compile("a*")), "ab", [" Invalid"]),
    (Text(options=("x",)), "y", [" NotSupported"]),
    (Text(options=("x",)), 5, [" TypeInvalid", " NotSupported"]),
    (Whole(0, 9), 9.0, []),
    (Whole(0, 9), False, [" TypeInvalid"]),
    (Whole(0, 9), "9", [" TypeInvalid"]),
    (Whole(0, 9), 9.5, [" TypeInvalid", " Invalid"]),
    (Whole(0, 9), 1 << 70, [" Invalid"]),
    (LIST, [], [" Invalid"]),
    (LIST, {}, [" TypeInvalid"]),
    # too many elements hide nothing
    (LIST, [{"name": "a"}, None, {}], ["[1] TypeInvalid", "[2].name Required", " TooMany"]),
    (ENTRY, {"name": None, "count": None}, ["name Required"]),
    (ENTRY, [], [" TypeInvalid"]),
    (MAP, {"a": None, "b.c": 1}, ["b.c TypeInvalid"]),
    (MAP, [], [" TypeInvalid"]),
    (CHOICE, {"a": None}, [" Invalid"]),
    (CHOICE, {"a": 1, "b": None}, ["a TypeInvalid"]),
    # too many fields hide all but what comes twice
    (CHOICE, {"a": 1, "b": ["x", 5, "x"]}, [" TooMany", "b[2] Duplicate"]),
    (CHOICE, {"b": ["1", 1, 1, "1"]}, [
        "b[1] TypeInvalid", "b[2] TypeInvalid", "b[2] Duplicate", "b[3] Duplicate",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "value", "expected"), FAULTS, ids=range(len(FAULTS)))
def test_faults(schema: Schema, value: object, expected: list[str]) -> None:
    """ANP-30"""
    assert _told(schema.faults(value)) == expected


UNKNOWN: list[tuple[Schema, object, list[str]]] = [
    (ENTRY, {"name": 1, "x": {"y": 1}}, ["x"]),
    (ENTRY, [{"name": 1}, [{"x": 1}]], ["[0].name", "[1][0].x"]),
    (ENTRY, {"name": {"x": 1}}, ["name.x"]),
    (LIST, {"name": "a"}, ["name"]),
    (LIST, [[{"name": "a"}], {"x": 1}], ["[0][0].name", "[1].x"]),
    (MAP, {"a": {"b": 1}, "c": [{"d": 1}]}, ["a.b", "c[0].d"]),
    (ENTRY, 5, []),
    (ENTRY, None, []),
]


@pytest.mark.parametrize(("schema", "value", "expected"), UNKNOWN, ids=range(len(UNKNOWN)))
def test_unknown_fields_go_by_maps_and_lists(
    schema: Schema, value: object, expected: list[str]
) -> None:
    """ANP-32"""
    assert _told(schema.unknown(value)) == [f"{path} UnknownField" for path in expected]


def test_a_field_of_another_version_tells_what_it_is() -> None:
    schema = Fields({"a": Text()}, unread={"b": ("ANP-28", "it is of the other channel")})
    (fault,) = schema.unknown({"b": 1})
    assert (fault.code, fault.help) == ("ANP-28", "it is of the other channel")


def test_a_remembered_schema_says_the_same_each_time() -> None:
    schema = Remembered(ENTRY)
    for _ in range(2):
        assert _told(schema.faults({"name": "long", "x": 1})) == ["name TooLong"]
        assert _told(schema.unknown({"name": "long", "x": 1})) == ["x UnknownField"]
        assert schema.faults({"name": "a"}) == schema.unknown({"name": "a"}) == []
