"""What the API server refuses in a Service (VAL-5, SVC-2)."""

from __future__ import annotations

import pytest
from manifest_texts import errors

RANGE = "is not between 1 and 65535"

# The spec of a Service, and what is said of it.
REFUSED = [
    ("null", "4:1: spec.ports: Required: must have at least one port"),
    (
        "{type: external, ports: [{port: 80}]}",
        (
            "4:8: spec.type: NotSupported: "
            "`external` is no type of Service: ClusterIP, NodePort, LoadBalancer, ExternalName"
        ),
    ),
    ("{ports: [{}]}", f"4:16: spec.ports[0].port: Invalid: `0` {RANGE}"),
    (
        "{ports: [{port: 1, name: a}, {port: 2}]}",
        "4:36: spec.ports[1].name: Required: must be given where a Service has several ports",
    ),
    (
        "{ports: [{port: 1, name: a}, {port: 2, name: a}]}",
        "4:46: spec.ports[1].name: Duplicate: another port has the name `a`",
    ),
    (
        "{ports: [{port: 1, name: a}, {port: 1, name: b}]}",
        "4:36: spec.ports[1]: Duplicate: the same port and protocol stand above",
    ),
    (
        "{ports: [{port: 1, name: A}]}",
        (
            "4:26: spec.ports[0].name: Invalid: `A` must be lower-case letters, digits and `-`, "
            "beginning and ending with a letter or digit"
        ),
    ),
    (
        "{ports: [{port: 1, protocol: tcp}]}",
        (
            "4:26: spec.ports[0].protocol: NotSupported: "
            "`tcp` is no protocol of a port: TCP, UDP, SCTP"
        ),
    ),
    (
        "{ports: [{port: 1, targetPort: 70000}]}",
        f"4:26: spec.ports[0].targetPort: Invalid: `70000` {RANGE}",
    ),
    (
        "{ports: [{port: 1, targetPort: '80'}]}",
        "4:26: spec.ports[0].targetPort: Invalid: port name `80` must have at least one letter",
    ),
    (
        "{ports: [{port: 1, targetPort: true}]}",
        (
            "4:26: spec.ports[0].targetPort: Decode: "
            "must be a port number or a port name, not the boolean `true`"
        ),
    ),
    (
        "{ports: [{port: 1}], slector: {}}",
        "4:28: spec.slector: UnknownField: unknown field `slector`",
    ),
]
VALID = [
    "{ports: [{port: 80}]}",
    "{clusterIP: None}",
    "{type: ExternalName, externalName: example.com}",
    "{ports: [{port: 80, targetPort: 0}]}",
    "{ports: [{port: 53, name: a, protocol: UDP}, {port: 53, name: b}]}",
]


def _errors(spec: str, name: str = "s") -> list[str]:
    return errors(f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {spec}\n")


@pytest.mark.parametrize(("spec", "expected"), REFUSED)
def test_refused(spec: str, expected: str) -> None:
    assert _errors(spec) == [expected]


@pytest.mark.parametrize("spec", VALID)
def test_valid(spec: str) -> None:
    assert _errors(spec) == []


def test_the_name_is_a_dns_label_and_a_digit_may_lead() -> None:
    """VAL-5, as with RelaxedServiceNameValidation."""
    assert _errors("{clusterIP: None}", name="1st") == []
    assert len(_errors("{clusterIP: None}", name="a.b")) == 1
