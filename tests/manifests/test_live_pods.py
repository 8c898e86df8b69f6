"""Live pods: their workload, their host, and the templates that they replace (WL-8, WL-12, NP-60..66)."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from manifest_texts import cron_job, errors, read, remarks, workload

from netsim.errors import Severity
from netsim.model.cluster import Pod, WorkloadRef


def _owned(kind: str, name: str) -> str:
    """An ownerReference as metadata in flow style."""
    return (
        f", ownerReferences: [{{apiVersion: v1, kind: {kind}, name: {name}, uid: u, "
        "controller: true}]"
    )


def _pod(
    name: str = "w-1-x", owner: str = "", labels: str = "{app: w}", rest: str = "", spec: str = ""
) -> str:
    return f"""
---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: a, labels: {labels}{owner}}}
spec: {{containers: [{{name: c}}]{spec}}}
{rest}
"""


def _only(text: str) -> Pod:
    (pod,) = read(text).pods
    return pod


RUNNING, SUCCEEDED = "status: {phase: Running}", "status: {phase: Succeeded}"
HASH = "{app: w, pod-template-hash: 5d}"
REPLICA_SET_OF_W = workload("ReplicaSet", name="w-5d", more_metadata=_owned("Deployment", "w"))

# What else is in the input, the pod's owner and labels, and the workload of the pod.
WORKLOADS = [
    ("", ("StatefulSet", "w"), "{}", "statefulset/w"),
    ("", ("ReplicaSet", "w-5d"), HASH, "deployment/w"),
    ("", ("ReplicaSet", "w-5d"), "{}", "replicaset/w-5d"),
    ("", ("ReplicaSet", "w-6e"), HASH, "replicaset/w-6e"),
    (workload("ReplicaSet", name="w-5d"), ("ReplicaSet", "w-5d"), HASH, "replicaset/w-5d"),
    (REPLICA_SET_OF_W, ("ReplicaSet", "w-5d"), "{}", "deployment/w"),
    ("", ("Job", "w-123"), "{}", "job/w-123"),
    (
        workload("Job", name="w-123", more_metadata=_owned("CronJob", "w")),
        ("Job", "w-123"),
        "{}",
        "cronjob/w",
    ),
    ("", ("Rollout", "w"), "{}", "rollout/w"),
]


@pytest.mark.parametrize(("others", "owner", "labels", "expected"), WORKLOADS)
def test_the_workload_of_a_pod(
    others: str, owner: tuple[str, str], labels: str, expected: str
) -> None:
    """WL-12"""
    kind, name = expected.split("/")
    pod = _only(others + _pod(owner=_owned(*owner), labels=labels))
    assert pod.workload == WorkloadRef("a", kind, name)
    assert (pod.template, pod.replicas) == (False, 1)


@pytest.mark.parametrize("owner", ["", _owned("Node", "n1"), ", ownerReferences: []"])
def test_a_pod_of_its_own(owner: str) -> None:
    """WL-12, WL-9: a static pod belongs to its node and is an ordinary pod."""
    pod = _only(_pod(owner=owner))
    assert pod.workload is None
    assert str(pod) == "a/w-1-x"


def test_an_owner_that_does_not_control_is_none() -> None:
    """WL-12"""
    owner = ", ownerReferences: [{apiVersion: v1, kind: Foo, name: x, uid: u}]"
    assert _only(_pod(owner=owner)).workload is None


# A workload in the input, and the direct owner of a live pod of it.
REPLACED = [
    (workload("Deployment"), ("Deployment", "w")),
    (workload("Deployment"), ("ReplicaSet", "w-5d")),
    (workload("Deployment") + REPLICA_SET_OF_W, ("ReplicaSet", "w-5d")),
    (REPLICA_SET_OF_W, ("ReplicaSet", "w-5d")),
    (workload("StatefulSet", "replicas: 3"), ("StatefulSet", "w")),
    (workload("DaemonSet"), ("DaemonSet", "w")),
    (workload("Job"), ("Job", "w")),
]


@pytest.mark.parametrize("status", [RUNNING, SUCCEEDED])
@pytest.mark.parametrize(("others", "owner"), REPLACED)
def test_live_pods_win_over_the_template(others: str, owner: tuple[str, str], status: str) -> None:
    """WL-8"""
    pod = _only(others + _pod(owner=_owned(*owner), labels=HASH, rest=status))
    assert pod.name == "w-1-x"


def test_pods_of_another_workload_replace_nothing() -> None:
    """WL-8: the owner counts, not the labels."""
    assert len(read(workload("Deployment") + _pod()).pods) == 2
    assert len(read(workload("Deployment") + _pod(owner=_owned("Deployment", "v"))).pods) == 2


@pytest.mark.parametrize(("status", "names"), [(RUNNING, ["p"]), (SUCCEEDED, ["p", "w"])])
def test_the_finished_pods_of_a_cron_job_are_not_its_last(status: str, names: list[str]) -> None:
    """WL-8: the next run makes new ones."""
    job = workload("Job", name="w-123", more_metadata=_owned("CronJob", "w"))
    pods = read(cron_job() + job + _pod("p", _owned("Job", "w-123"), rest=status)).pods
    assert [pod.name for pod in pods] == names


def test_what_another_workload_makes_does_not_stand_beside_it() -> None:
    """WL-8: a Deployment and its ReplicaSets, a CronJob and its Jobs."""
    job = workload("Job", name="w-123", more_metadata=_owned("CronJob", "w"))
    assert str(_only(workload("Deployment") + REPLICA_SET_OF_W)) == "a/deployment/w"
    assert str(_only(cron_job() + job)) == "a/cronjob/w"
    assert str(_only(REPLICA_SET_OF_W)) == "a/replicaset/w-5d"


@pytest.mark.parametrize(
    ("phase", "finished"),
    [
        ("Pending", False),
        ("Running", False),
        ("Unknown", False),
        ("Succeeded", True),
        ("Failed", True),
    ],
)
def test_pods_that_have_finished(phase: str, finished: bool) -> None:
    """NP-64, NP-65"""
    assert _only(_pod(rest=f"status: {{phase: {phase}}}")).finished is finished
    assert _only(_pod()).finished is False


def test_a_terminating_pod_runs_until_it_is_gone() -> None:
    """NP-66"""
    deleted = ', deletionTimestamp: "2026-01-31T12:00:00Z", deletionGracePeriodSeconds: 30'
    assert _only(_pod(owner=deleted, rest=RUNNING)).finished is False


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("{podIP: 10.0.0.1}", ["10.0.0.1"]),
        ("{podIPs: [{ip: 'FD00:0::1'}]}", ["fd00::1"]),
        ("{podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}, {ip: 'fd00::1'}]}", ["10.0.0.1", "fd00::1"]),
        ("{podIP: '::ffff:10.0.0.1'}", ["10.0.0.1"]),
        ("{}", []),
    ],
)
def test_the_addresses_of_a_pod(status: str, expected: list[str]) -> None:
    """NP-38, NP-41, NP-43"""
    assert _only(_pod(rest=f"status: {status}")).addresses == tuple(map(ip_address, expected))


NODE = """
---
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {zone: z}}
status:
  addresses:
  - {type: InternalIP, address: 192.168.0.1}
  - {type: Hostname, address: n1.example.com}
  - {type: ExternalIP, address: "2001:db8::1"}
"""
ON_N1 = ", nodeName: n1"


def test_nodes() -> None:
    (node,) = read(NODE).nodes.values()
    assert str(node) == "node/n1"
    assert node.labels == {"zone": "z"}
    assert [str(address) for address in node.addresses] == ["192.168.0.1", "2001:db8::1"]


@pytest.mark.parametrize(
    ("others", "rest", "expected"),
    [
        ("", "", []),
        (NODE, "", ["192.168.0.1", "2001:db8::1"]),
        ("", "status: {hostIP: 192.168.0.9, hostIPs: [{ip: 192.168.0.9}]}", ["192.168.0.9"]),
        (NODE, "status: {hostIP: 192.168.0.1}", ["192.168.0.1", "2001:db8::1"]),
        # What another pod of the node tells.
        (_pod("p", spec=ON_N1, rest="status: {hostIP: 192.168.0.3}"), "", ["192.168.0.3"]),
        (
            _pod("p", spec=f"{ON_N1}, hostNetwork: true", rest="status: {podIP: 192.168.0.4}"),
            "",
            ["192.168.0.4"],
        ),
        (_pod("p", spec=", nodeName: n2", rest="status: {hostIP: 192.168.0.3}"), "", []),
    ],
)
def test_the_addresses_of_a_host(others: str, rest: str, expected: list[str]) -> None:
    """NP-60"""
    pods = read(others + _pod("q", spec=ON_N1, rest=rest)).pods
    assert [str(address) for address in pods[-1].host_addresses] == expected


def test_two_running_pods_with_one_address() -> None:
    """NP-42, NP-64: a finished pod has given its address back, and hosts share theirs."""
    status = "status: {podIP: 10.0.0.1, phase: %s}"
    first = _pod("p", rest=status % "Running")
    assert remarks(first + _pod("q", rest=status % "Running"), Severity.WARNING) == [
        "14:10: status.podIP: Duplicate: pod `a/p` has the address 10.0.0.1 too"
    ]
    assert remarks(first + _pod("q", rest=status % "Failed"), Severity.WARNING) == []
    on_host = _pod("q", spec=", hostNetwork: true", rest=status % "Running")
    assert remarks(first + on_host, Severity.WARNING) == []


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "{type: InternalIP, address: n1}",
            ["5:41: status.addresses[0].address: Invalid: `n1` is not an IP address"],
        ),
        ("{type: Hostname, address: n1}", []),
        ("null", []),
    ],
)
def test_faults_in_the_addresses_of_a_node(address: str, expected: list[str]) -> None:
    text = f"apiVersion: v1\nkind: Node\nmetadata: {{name: n1}}\nspec: {{}}\nstatus: {{addresses: [{address}]}}"
    assert errors(text) == expected
