"""What the API server refuses in a Pod (VAL-2..6), and what netsim refuses in its status."""

from __future__ import annotations

import pytest
from manifest_texts import errors, pod, remarks

from netsim.errors import Severity

ONE_LABEL = "lower-case letters, digits and `-`, beginning and ending with a letter or digit"
RANGE = "is not between 1 and 65535"
REQUIRED = "must be given: a number from 1 to 65535"
ANOTHER = "another container of the pod has the name `c`"
NO_LETTER = "must have at least one letter"
NO_PROTOCOL = "is no protocol of a port: TCP, UDP or SCTP"
HOST_NETWORK = "the pod uses the host's network"
TWO_ADDRESSES = "a pod has at most one address of each family, `podIP` among them"

# The spec of a Pod, and what is said of it.
CONTAINERS = [
    ("containers: []", "5:8: spec.containers: Required: must have at least one container"),
    ("", "5:1: spec.containers: Required: must have at least one container"),
    ("containers: [{}]", "5:21: spec.containers[0].name: Required: must be given"),
    ("containers: [null]", "5:21: spec.containers[0].name: Required: must be given"),
    ("containers: [{name: A}]", f"5:22: spec.containers[0].name: Invalid: `A` must be {ONE_LABEL}"),
    ("containers: [{name: c}, {name: c}]", f"5:33: spec.containers[1].name: Duplicate: {ANOTHER}"),
    (
        "containers: [{name: c}], initContainers: [{name: c}]",
        f"5:51: spec.initContainers[0].name: Duplicate: {ANOTHER}",
    ),
]
# Shapes (DEC-10, DEC-12): a misspelt field is never passed over.
SHAPES = [
    (
        "hostNetwrok: true, containers: [{name: c}]",
        "5:8: spec.hostNetwrok: UnknownField: unknown field `hostNetwrok`",
    ),
    (
        "contianers: [{name: c}]",
        "5:8: spec.contianers: UnknownField: unknown field `contianers`",
    ),
    (
        "containers: [{name: c, Ports: []}]",
        "5:31: spec.containers[0].Ports: UnknownField: unknown field `Ports`",
    ),
    (
        "containers: [{name: c, ports: [{port: 80}]}]",
        "5:40: spec.containers[0].ports[0].port: UnknownField: unknown field `port`",
    ),
    (
        "hostNetwork: 'true', containers: [{name: c}]",
        "5:8: spec.hostNetwork: Decode: must be true or false, not the string `true`",
    ),
    ("containers: {name: c}", "5:8: spec.containers: Decode: must be a list, not an object"),
    (
        "containers: [{name: c, ports: [{containerPort: '80'}]}]",
        (
            "5:40: spec.containers[0].ports[0].containerPort: Decode: "
            "must be a whole number, not the string `80`"
        ),
    ),
]
# The ports of one container, and what is said of them.
PORTS = [
    ("{name: web}", f"5:39: [0].containerPort: Required: {REQUIRED}"),
    ("null", f"5:39: [0].containerPort: Required: {REQUIRED}"),
    ("{containerPort: 0}", f"5:40: [0].containerPort: Required: {REQUIRED}"),
    ("{containerPort: 65536}", f"5:40: [0].containerPort: Invalid: `65536` {RANGE}"),
    ("{containerPort: -1}", f"5:40: [0].containerPort: Invalid: `-1` {RANGE}"),
    (
        "{containerPort: 80, name: '80'}",
        f"5:59: [0].name: Invalid: port name `80` {NO_LETTER}",
    ),
    (
        "{containerPort: 80, name: web}, {containerPort: 81, name: web}",
        "5:91: [1].name: Duplicate: another port of the container has the name `web`",
    ),
    (
        "{containerPort: 80, protocol: tcp}",
        f"5:59: [0].protocol: NotSupported: `tcp` {NO_PROTOCOL}",
    ),
    (
        "{containerPort: 80, protocol: ICMP}",
        f"5:59: [0].protocol: NotSupported: `ICMP` {NO_PROTOCOL}",
    ),
    ("{containerPort: 80, hostPort: 65536}", f"5:59: [0].hostPort: Invalid: `65536` {RANGE}"),
    (
        "{containerPort: 80, hostPort: 8}, {containerPort: 81, hostPort: 8}",
        "5:93: [1].hostPort: Duplicate: host port `8/TCP` is taken twice in the pod",
    ),
]
HOST_NETWORKS = [
    (
        "containers: [{name: c, ports: [{containerPort: 80, hostPort: 81}]}]",
        (
            f"5:59: spec.containers[0].ports[0].containerPort: Invalid: "
            f"must equal hostPort `81`: {HOST_NETWORK}"
        ),
    ),
    (
        "containers: [{name: c}], initContainers: [{name: d, ports: [{containerPort: 80, hostPort: 1}]}]",
        (
            "5:88: spec.initContainers[0].ports[0].containerPort: Invalid: "
            f"must equal hostPort `1`: {HOST_NETWORK}"
        ),
    ),
    (
        "containers: [{name: c, ports: [{containerPort: 80}]}, {name: d, ports: [{containerPort: 80}]}]",
        (
            "5:99: spec.containers[1].ports[0].hostPort: Duplicate: "
            "host port `80/TCP` is taken twice in the pod"
        ),
    ),
]
VALID = [
    "containers: [{name: c, ports: [{containerPort: 80.0}, {containerPort: 1, protocol: ''}]}]",
    "containers: [{name: c, ports: [{containerPort: 80, name: ''}, {containerPort: 1, name: ''}]}]",
    # VAL-6: a name is unique in its container only, a host port by protocol and host address too.
    (
        "containers: [{name: c, ports: [{containerPort: 1, name: web}]}, "
        "{name: d, ports: [{containerPort: 2, name: web}]}]"
    ),
    (
        "containers: [{name: c, ports: [{containerPort: 8, hostPort: 8}, "
        "{containerPort: 8, hostPort: 8, protocol: UDP}, "
        "{containerPort: 8, hostPort: 8, hostIP: 10.0.0.1}]}]"
    ),
    # Init containers run one after the other.
    (
        "containers: [{name: c, ports: [{containerPort: 8, hostPort: 8}]}], "
        "initContainers: [{name: d, ports: [{containerPort: 8, hostPort: 8}]}]"
    ),
    "hostNetwork: true, containers: [{name: c, ports: [{containerPort: 8, hostPort: 8}]}]",
    "hostNetwork: true, containers: [{name: c, ports: [{containerPort: 8}, {containerPort: 9}]}]",
    # What netsim never looks into may be anything.
    "containers: [{name: c, command: 3, env: what}], affinity: [], workloadRef: 1",
]
STATUS = [
    ("{podIP: 10.0.0.256}", "6:10: status.podIP: Invalid: `10.0.0.256` is not an IP address"),
    ("{podIP: 10.0.0.01}", "6:10: status.podIP: Invalid: `10.0.0.01` is not an IP address"),
    ("{podIP: 'fe80::1%e'}", "6:10: status.podIP: Invalid: `fe80::1%e` is not an IP address"),
    ("{podIPs: [{ip: x}]}", "6:20: status.podIPs[0].ip: Invalid: `x` is not an IP address"),
    ("{hostIP: x}", "6:10: status.hostIP: Invalid: `x` is not an IP address"),
    ("{hostIPs: [{ip: x}]}", "6:21: status.hostIPs[0].ip: Invalid: `x` is not an IP address"),
    (
        "{podIPs: [{ip: 10.0.0.1}, {ip: 10.0.0.2}]}",
        f"6:10: status.podIPs: Invalid: {TWO_ADDRESSES}",
    ),
    (
        "{podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.2}]}",
        f"6:27: status.podIPs: Invalid: {TWO_ADDRESSES}",
    ),
    ("{podIP: 10}", "6:10: status.podIP: Decode: must be a string, not the number `10`"),
]


@pytest.mark.parametrize(("spec", "expected"), CONTAINERS + SHAPES)
def test_specs(spec: str, expected: str) -> None:
    """VAL-5, DEC-10, DEC-12"""
    assert errors(pod(spec=spec)) == [expected]


@pytest.mark.parametrize(("ports", "expected"), PORTS)
def test_ports(ports: str, expected: str) -> None:
    """VAL-6"""
    found = errors(pod(spec=f"containers: [{{name: c, ports: [{ports}]}}]"))
    assert [line.replace("spec.containers[0].ports", "") for line in found] == [expected]


def test_a_port_name_has_a_fault_for_each_clause() -> None:
    """VAL-31"""
    found = errors(pod(spec="containers: [{name: c, ports: [{containerPort: 80, name: HTTP}]}]"))
    assert [line.partition("port name ")[2] for line in found] == [
        "`HTTP` must be lower-case letters, digits and `-`",
        "`HTTP` must have at least one letter",
    ]


@pytest.mark.parametrize(("spec", "expected"), HOST_NETWORKS)
def test_ports_on_the_network_of_the_host(spec: str, expected: str) -> None:
    """VAL-6: hostPort must be containerPort, and is where it is missing."""
    assert errors(pod(spec=f"hostNetwork: true, {spec}")) == [expected]


@pytest.mark.parametrize("spec", VALID)
def test_valid_specs(spec: str) -> None:
    assert errors(pod(spec=spec)) == []


@pytest.mark.parametrize(("status", "expected"), STATUS)
def test_status(status: str, expected: str) -> None:
    """NP-41, NP-42"""
    assert errors(pod(more=f"status: {status}")) == [expected]


@pytest.mark.parametrize(
    "status", ["null", "{podIP: '', podIPs: [], ofANewerVersion: 1}", "{podIPs: [null, {ip: ''}]}"]
)
def test_valid_status(status: str) -> None:
    assert errors(pod(more=f"status: {status}")) == []


def test_a_phase_that_is_none_is_taken_as_running() -> None:
    """NP-64"""
    assert remarks(pod(more="status: {phase: Suceeded}"), Severity.WARNING) == [
        "6:10: status.phase: NotSupported: `Suceeded` is no phase of a pod: taken as running"
    ]


def test_all_faults_of_a_pod_are_told_at_once() -> None:
    """VAL-1: metadata first, where the lines don't say otherwise."""
    text = """
apiVersion: v1
kind: Pod
metadata: {name: A, labels: {a: b c}}
spec:
  containers:
  - ports: [{}]
status: {podIP: x}
"""
    assert [line.split(": ")[1] for line in errors(text)] == [
        "metadata.name",
        "metadata.labels",
        "spec.containers[0].name",
        "spec.containers[0].ports[0].containerPort",
        "status.podIP",
    ]
