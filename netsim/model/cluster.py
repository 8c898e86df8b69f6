"""Namespaces, nodes, workloads and pods."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Address, IPv6Address

from netsim.labels.labels import NO_LABELS, Labels
from netsim.source.origin import NOWHERE, Origin

Address = IPv4Address | IPv6Address

# Every namespace carries its name under this key, whatever its manifest says (NP-34).
NAME_LABEL = "kubernetes.io/metadata.name"


class Protocol(Enum):
    """A protocol of a flow. Policies can name the first three (NP-72)."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"
    ICMP = "ICMP"

    __hash__ = object.__hash__  # members are singletons; Enum hashes in Python, by name


class ContainerRole(Enum):
    """Which list of the pod declares a port, and how its container runs (NP-52, IMP-5)."""

    CONTAINER = "container"
    SIDECAR = "sidecar"  # an init container with restartPolicy: Always
    INIT = "init"


@dataclass(frozen=True, slots=True)
class ContainerPort:
    """A declared port. `name` is empty where none is given; the number is 1..65535."""

    name: str
    number: int
    protocol: Protocol = Protocol.TCP
    role: ContainerRole = ContainerRole.CONTAINER


@dataclass(frozen=True, slots=True)
class Namespace:
    """A namespace with its labels, the name label among them (NP-34).

    `declared` is False where no manifest of the input has it (NP-35): then only its name label
    is known.
    """

    name: str
    labels: Labels
    declared: bool = True
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Node:
    """A node and its addresses (InternalIP, ExternalIP), in the order of its status."""

    name: str
    labels: Labels = NO_LABELS
    addresses: tuple[Address, ...] = ()
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"node/{self.name}"


class WorkloadKind(Enum):
    """The kinds that own pods (WL-1). The value is the name in endpoint texts."""

    POD = "pod"
    DEPLOYMENT = "deployment"
    STATEFUL_SET = "statefulset"
    DAEMON_SET = "daemonset"
    REPLICA_SET = "replicaset"
    REPLICATION_CONTROLLER = "replicationcontroller"
    JOB = "job"
    CRON_JOB = "cronjob"


@dataclass(frozen=True, slots=True, order=True)
class WorkloadRef:
    """The name of a workload. `kind` is lower case: a WorkloadKind's value, or any owner's (WL-12)."""

    namespace: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True)
class Workload:
    """An owner of pods, from its own manifest.

    `replicas` is the number of pods that it stands for; None where nobody knows offline
    (DaemonSet). A workload without pods (replicas 0, a suspended Job) is kept: a question
    that names it can then say why there is nothing to ask about (WL-3).
    """

    ref: WorkloadRef
    replicas: int | None = 1
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod, or one that stands for all equal replicas of a template (`replicas`, WL-3).

    `addresses` holds at most one address a family; empty where none is known (NP-43).
    `host_addresses` are the addresses of its node as far as known (NP-60).
    `replicas` is None where the number isn't known and is to be taken as more than one; `replica`
    tells two pods apart that share a name so, where a question is about both (WL-11).
    """

    namespace: str
    name: str
    labels: Labels = NO_LABELS
    addresses: tuple[Address, ...] = ()
    ports: tuple[ContainerPort, ...] = ()
    node: str = ""
    host_addresses: tuple[Address, ...] = ()
    host_network: bool = False
    finished: bool = False
    workload: WorkloadRef | None = None
    replicas: int | None = 1
    template: bool = False
    replica: int = 0
    origin: Origin = field(default=NOWHERE, compare=False, repr=False)

    @property
    def identity(self) -> tuple[str, str, str, int]:
        """The same for the same pod alone: a Deployment and a CronJob may bear one name."""
        controller = self.workload.kind if self.template and self.workload else ""
        return self.namespace, self.name, controller, self.replica

    def __str__(self) -> str:
        """`ns/name` for a pod of its own, `ns/deployment/name` for one that stands for many."""
        if self.template and self.workload and self.workload.name == self.name:
            return str(self.workload)
        return f"{self.namespace}/{self.name}"
