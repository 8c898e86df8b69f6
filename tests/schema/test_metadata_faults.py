"""Metadata: its types (DEC-12), what creating demands of it (VAL-2..4), names (DEC-21, DEC-23)."""

from __future__ import annotations

from typing import Any

import pytest
from judged import errors_of

from netsim.labels.labels import Labels
from netsim.schema.fault import Fault, path_text
from netsim.schema.metadata import (
    OBJECT_META,
    cluster_metadata_faults,
    labels_of,
    metadata_faults,
    name_of,
    namespace_of,
)
from netsim.schema.names import dns_label, dns_subdomain
from netsim.schema.shape import faults

OWNER = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "n", "uid": "u"}


def _texts(found: list[Fault]) -> list[str]:
    return [f"{path_text(fault.path)} {fault.type}" for fault in found]


def _named(**metadata: object) -> dict[str, Any]:
    return {"metadata": {"name": "web", **metadata}}


VALID: list[dict[str, Any]] = [
    {},
    {"name": "a.b"},
    {"namespace": ""},
    {"namespace": None},
    {"namespace": "1a"},
    {"labels": None},
    {"labels": {"app": "web", "example.com/A": None, "x": ""}},
    {"annotations": {"Example.COM/Note": "anything at all\n", "a": None}},
    {"annotations": {"a": "v" * (256 * 1024 - 1)}},
    {"ownerReferences": [OWNER, {**OWNER, "controller": True}]},
    {"finalizers": ["kubernetes", "orphan", "example.com/hold"]},
    {"generation": -1, "uid": "", "resourceVersion": "7", "managedFields": [None, {}]},
    {"creationTimestamp": None, "deletionTimestamp": "2026-01-31T12:00:00Z"},
    {"managedFields": [{"time": None, "fieldsV1": {"f:spec": {}}}]},
    {"generateName": "web-"},
]

FAULTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"name": None}, ["metadata.name Required"]),
    ({"name": ""}, ["metadata.name Required"]),
    ({"name": "Web"}, ["metadata.name Invalid"]),
    ({"name": "web\n"}, ["metadata.name Invalid"]),
    ({"name": ".."}, ["metadata.name Invalid"]),
    (
        {"name": "", "generateName": "Bad_"},
        ["metadata.generateName Invalid", "metadata.name Invalid"],
    ),
    ({"name": "", "generateName": "a."}, ["metadata.generateName Invalid"]),
    ({"name": "", "generateName": f"{'a' * 58}_"}, ["metadata.generateName Invalid"]),
    ({"generateName": "-a"}, ["metadata.generateName Invalid"]),
    ({"namespace": "a.b"}, ["metadata.namespace Invalid"]),
    ({"namespace": "a" * 64}, ["metadata.namespace Invalid"]),
    ({"labels": {"a b": "x"}}, ["metadata.labels Invalid"]),
    ({"labels": {"a": "x y"}}, ["metadata.labels Invalid"]),
    ({"annotations": {"A/B/C": ""}}, ["metadata.annotations Invalid"]),
    ({"annotations": {"": ""}}, ["metadata.annotations Invalid"]),
    ({"annotations": {"a": "é" * (128 * 1024)}}, ["metadata.annotations TooLong"]),
    (
        {"ownerReferences": [OWNER, None]},
        [
            f"metadata.ownerReferences[1].{field} Required"
            for field in ("apiVersion", "kind", "name", "uid")
        ],
    ),
    (
        {"ownerReferences": [{**OWNER, "apiVersion": "a/b/c"}]},
        ["metadata.ownerReferences[0].apiVersion Invalid"],
    ),
    (
        {"ownerReferences": [{**OWNER, "apiVersion": "v1", "kind": "Event"}]},
        ["metadata.ownerReferences[0] Invalid"],
    ),
    (
        {"ownerReferences": [{**OWNER, "controller": True}] * 2},
        ["metadata.ownerReferences Invalid"],
    ),
    ({"finalizers": ["foo"]}, ["metadata.finalizers[0] Invalid"]),
    ({"finalizers": ["-/-"]}, ["metadata.finalizers Invalid", "metadata.finalizers Invalid"]),
    ({"finalizers": [None]}, ["metadata.finalizers Invalid", "metadata.finalizers[0] Invalid"]),
    ({"finalizers": ["orphan", "foregroundDeletion"]}, ["metadata.finalizers Invalid"]),
]

WRONG_TYPES: list[tuple[Any, list[str]]] = [
    ([], ["Decode"]),
    ("x", ["Decode"]),
    ({"name": 1}, ["name Decode"]),
    ({"generateName": True}, ["generateName Decode"]),
    ({"namespace": {}}, ["namespace Decode"]),
    ({"labels": []}, ["labels Decode"]),
    ({"labels": {"a": 1.5}}, ["labels Decode"]),
    ({"annotations": {"a": {"b": "c"}}}, ["annotations Decode"]),
    ({"generation": "1"}, ["generation Decode"]),
    ({"generation": 1.5}, ["generation Decode"]),
    ({"deletionGracePeriodSeconds": "5"}, ["deletionGracePeriodSeconds Decode"]),
    ({"creationTimestamp": "yesterday"}, ["creationTimestamp Decode"]),
    ({"creationTimestamp": 2026}, ["creationTimestamp Decode"]),
    ({"uid": 7}, ["uid Decode"]),
    ({"finalizers": {}}, ["finalizers Decode"]),
    ({"finalizers": ["a/b", True]}, ["finalizers[1] Decode"]),
    ({"ownerReferences": {}}, ["ownerReferences Decode"]),
    ({"ownerReferences": [[]]}, ["ownerReferences[0] Decode"]),
    ({"ownerReferences": [{"controller": "true"}]}, ["ownerReferences[0].controller Decode"]),
    ({"managedFields": [{"time": "x"}]}, ["managedFields[0].time Decode"]),
    ({"clusterName": "c"}, ["clusterName UnknownField"]),
    ({"Name": "web"}, ["Name UnknownField"]),
    ({"": 1}, [" UnknownField"]),
    ({"ownerReferences": [{"x": 1}]}, ["ownerReferences[0].x UnknownField"]),
]


@pytest.mark.parametrize("metadata", VALID)
def test_valid(metadata: dict[str, Any]) -> None:
    value = _named(**metadata)
    assert not faults(OBJECT_META, value["metadata"])
    assert not metadata_faults(value, dns_subdomain)


@pytest.mark.parametrize(("metadata", "expected"), FAULTS)
def test_faults(metadata: dict[str, Any], expected: list[str]) -> None:
    value = _named(**metadata)
    assert not faults(OBJECT_META, value["metadata"])
    assert _texts(metadata_faults(value, dns_subdomain)) == expected


@pytest.mark.parametrize(("metadata", "expected"), WRONG_TYPES)
def test_wrong_types(metadata: object, expected: list[str]) -> None:
    found = _texts(faults(OBJECT_META, metadata))
    assert [text.removeprefix(" ") for text in found] == [
        text.removeprefix(" ") for text in expected
    ]


@pytest.mark.parametrize("value", [{}, {"metadata": None}, {"metadata": {}}])
def test_no_metadata_is_no_name(value: dict[str, Any]) -> None:
    """VAL-2"""
    assert _texts(metadata_faults(value, dns_subdomain)) == ["metadata.name Required"]
    assert namespace_of(value) == "default"
    assert labels_of(value) == Labels()


def test_all_faults_in_the_order_of_the_server() -> None:
    """VAL-1"""
    value = _named(name="W", namespace="a.b", labels={"-": "-"}, finalizers=["x"])
    assert _texts(metadata_faults(value, dns_subdomain)) == [
        "metadata.name Invalid",
        "metadata.namespace Invalid",
        "metadata.labels Invalid",
        "metadata.labels Invalid",
        "metadata.finalizers[0] Invalid",
    ]


def test_the_namespace_of_a_cluster_scoped_object_is_a_warning() -> None:
    """VAL-3"""
    found = cluster_metadata_faults(_named(namespace="a.b"), dns_label)
    assert _texts(found) == ["metadata.namespace Invalid"]
    assert not errors_of(found)


def test_names_and_labels() -> None:
    """DEC-21, SEL-12"""
    value = _named(namespace="shop", labels={"a": "b", "c": None})
    assert (namespace_of(value), name_of(value)) == ("shop", "web")
    assert labels_of(value) == Labels({"a": "b", "c": ""})


def test_a_generated_name_hangs_on_the_content_alone() -> None:
    """DEC-23"""
    one = {"metadata": {"generateName": "web-", "namespace": "a"}, "spec": {}}
    reordered = {"spec": {}, "metadata": {"namespace": "a", "generateName": "web-"}}
    other = {**one, "spec": {"podSelector": {}}}
    assert name_of(one) == name_of(reordered)
    assert name_of(one) != name_of(other)
    assert name_of(one).startswith("web-")
    assert not dns_label(name_of({"metadata": {"generateName": "a" * 63}}))
