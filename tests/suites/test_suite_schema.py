"""The JSON Schema of suites says what the reader says, as far as a schema can."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
import yaml

from netsim.errors import InputError
from netsim.suites.reading import suites_of
from netsim.suites.schema import suite_schema
from netsim.suites.shape import CLAIMS, DIRECTIONS, REQUIRED

FIXTURES = Path(__file__).parents[2] / "fixtures" / "suites"
GOOD = sorted(path for path in FIXTURES.glob("*/*.yaml") if path.parent.name != "misspelt")
SCHEMA: dict[str, Any] = json.loads(suite_schema())
VALIDATE: Callable[[Any], Any] = fastjsonschema.compile(json.loads(suite_schema()))


def documents(path: Path) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load_all(path.read_text(encoding="utf-8"))


def suite_with(*items: object) -> dict[str, Any]:
    head = {"apiVersion": "netsim.dev/v1", "kind": "Suite", "metadata": {"name": "s"}}
    return {**head, "expect": list(items)}


def is_valid(value: object) -> bool:
    try:
        VALIDATE(value)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


def can_be_read(value: object) -> bool:
    try:
        suites_of(json.dumps(value))
    except InputError:
        return False
    return True


def test_the_same_expectations_with_the_same_fields() -> None:
    items = SCHEMA["definitions"]["expectation"]["properties"]
    assert list(items) == list(CLAIMS)
    for name, fields in CLAIMS.items():
        claim = SCHEMA["definitions"][name]
        assert items[name] == {"$ref": f"#/definitions/{name}"}
        assert set(claim["properties"]) == set(fields)
        assert set(claim["required"]) == set(REQUIRED[name])
    assert SCHEMA["definitions"]["isolated"]["properties"]["direction"]["enum"] == list(DIRECTIONS)


def test_every_field_is_described() -> None:
    def fields(value: object) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            yield from value.get("properties", {}).values()
            for inner in value.values():
                yield from fields(inner)

    found = list(fields(SCHEMA))
    assert len(found) > 40
    assert all("description" in each or "$ref" in each for each in found)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_suites_are_valid(path: Path) -> None:
    for document in documents(path):
        VALIDATE(document)


@pytest.mark.parametrize("name", ["fields", "types"])
def test_what_is_misspelt_is_not(name: str) -> None:
    [document] = documents(FIXTURES / "misspelt" / f"{name}.yaml")
    assert not is_valid(document)
    items = document["expect"]
    # Nobody can see in JSON that a field is written twice.
    for item in items[:-1] if name == "fields" else items:
        assert not is_valid(suite_with(item)), item


ENDS = {"from": "a/b", "to": "c/d"}


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"allow": ENDS},
        {"allow": {**ENDS, "port": 80}, "deny": ENDS},
        {"allow": {**ENDS, "port": 80}},
        {"allow": {**ENDS, "port": 0}},
        {"allow": {**ENDS, "port": 65536}},
        {"allow": {**ENDS, "port": [80, "53/udp"], "some": True}},
        {"allow": {**ENDS, "port": []}},
        {"allow": {**ENDS, "port": True}},
        {"deny": ENDS},
        {"deny": {**ENDS, "except-from": ["e/f"], "except-to": "g/h", "why": "x"}},
        {"deny": {**ENDS, "port": ""}},
        {"only": {**ENDS, "port": []}},
        {"deny": {"from": [], "to": "c/d"}},
        {"deny": {"from": [""], "to": "c/d"}},
        {"deny": {"from": "a/b"}},
        {"only": {**ENDS, "some": True}},
        {"only": {**ENDS, "allow-empty": True}},
        {"isolated": {"pods": "*", "direction": "egress"}},
        {"isolated": {"pods": "*", "direction": "out"}},
        {"isolated": {"pods": "*", "except": ["a/b"]}},
        {"isolated": {"pods": ["*"], "from": "a/b"}},
        {"reach-at-most": {"from": "*", "hops": 1, "within": "*"}},
        {"reach-at-most": {"from": "*", "hops": 0, "within": "*"}},
        {"reach-at-most": {"from": "*", "hops": 2**31 - 1, "within": "*"}},
        {"reach-at-most": {"from": "*", "hops": 2**31, "within": "*"}},
        {"reach-at-most": {"from": "*", "within": "*"}},
        {"reach-at-most": {"from": "*", "hops": "1", "within": "*"}},
    ],
    ids=str,
)
def test_the_schema_agrees_with_the_reader(item: dict[str, Any]) -> None:
    assert is_valid(suite_with(item)) is can_be_read(suite_with(item))


@pytest.mark.parametrize(
    "change",
    [
        {"apiVersion": "netsim.dev/v2"},
        {"kind": "Suites"},
        {"metadata": {}},
        {"metadata": {"name": ""}},
        {"metadata": {"name": "s", "namespace": "shop", "labels": {"a": "b"}, "annotations": {}}},
        {"metadata": {"name": "s", "team": "shop"}},
        {"expect": []},
        {"except": []},
    ],
    ids=str,
)
def test_of_the_document_too(change: dict[str, Any]) -> None:
    suite = suite_with({"deny": ENDS})
    assert is_valid(suite)
    assert is_valid({**suite, **change}) is can_be_read({**suite, **change})
