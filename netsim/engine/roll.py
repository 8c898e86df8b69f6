"""Whom endpoint texts mean, in classes: where the tables can answer for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import NamedTuple

from netsim.compiler.tables import Tables
from netsim.model.cluster import Address, Node, Pod, WorkloadKind
from netsim.model.directory import Directory, Named
from netsim.model.flow import Endpoint

_DAEMON_SET = WorkloadKind.DAEMON_SET.value


@dataclass(slots=True, eq=False, repr=False)
class Member:
    """A pod or node of the cluster with the number of its class.

    `several` says whether it stands for more than one pod, which may talk to each other.
    """

    endpoint: Pod | Node
    number: int
    several: bool

    def meets(self, other: Member) -> bool:
        """Whether a question can be about both.

        A node and itself is a pair: the node can be asked so.
        """
        return self.is_apart(other) or self.is_node

    def is_apart(self, other: Member) -> bool:
        """Whether there are two different endpoints between which traffic may pass."""
        return self.endpoint is not other.endpoint or self.several

    @property
    def is_node(self) -> bool:
        return isinstance(self.endpoint, Node)


class Meant(NamedTuple):
    """Whom one endpoint text means. `members` is empty where classes don't answer for it.

    `floats` where it may be on each node and nobody says on which (WL-13), which matters to
    those that `hosts` is about: nodes, and pods with the address of theirs.
    """

    named: Named
    members: tuple[Member, ...] = ()
    floats: bool = False
    hosts: bool = False

    @property
    def alone(self) -> Member | None:
        """The one endpoint that it means, if it means just one."""
        if len(self.members) != 1 or self.members[0].several:
            return None
        return self.members[0]

    def pairs(self, other: Meant) -> list[tuple[Member, Member]]:
        """Every pair of a source and a destination; empty where classes don't answer for it."""
        if (self.floats and other.hosts) or (self.hosts and other.floats):
            return []
        pairs = product(self.members, other.members)
        return [(one, two) for one, two in pairs if one.meets(two)]


class Roll:
    """The members of all classes of compiled tables, by who they are."""

    def __init__(self, tables: Tables, directory: Directory) -> None:
        self._has_nodes = bool(directory.nodes)
        self._pods: dict[int, Member] = {}
        self._nodes: dict[tuple[str, tuple[Address, ...]], Member] = {}
        for number, item in enumerate(tables.universe.classes):
            for member in item.members:
                if isinstance(member, Pod):
                    self._pods[id(member)] = Member(member, number, member.replicas != 1)
                else:
                    key = member.name, member.addresses
                    self._nodes[key] = Member(member, number, False)

    def meant(self, named: Named) -> Meant:
        """The classes of what a text stands for.

        They answer for pods and nodes that exist, as they are: not for new pods, addresses
        outside, or one of several addresses of a pod.
        """
        if named.ranges or not named.members:
            return Meant(named)
        members = []
        for item in named.members:
            member = self.member(item)
            if member is None:
                return Meant(named)
            members.append(member)
        pods = [member.endpoint for member in members if isinstance(member.endpoint, Pod)]
        return Meant(
            named,
            tuple(members),
            any(map(self.floats, pods)),
            len(pods) < len(members) or any(pod.host_network for pod in pods),
        )

    def member(self, item: Endpoint) -> Member | None:
        """The class of one endpoint, where it is one of the cluster as it is."""
        if isinstance(item, Node):
            return self._nodes.get((item.name, item.addresses))
        if not isinstance(item, Pod):
            return None
        found = self._pods.get(id(item)) or self._equal(item)
        # On the network of each node it is as many endpoints; a second pod has no known address.
        if found and (
            (item.host_network and self.floats(item))
            or (found.several and (item.addresses or item.host_addresses))
        ):
            return None
        return found

    def _equal(self, pod: Pod) -> Member | None:
        """The member that a pod is a copy of, as one is that was found by its only address."""
        found = self._by_identity.get(pod.identity)
        return found if found and found.endpoint == pod else None

    @cached_property
    def _by_identity(self) -> dict[object, Member]:
        members = self._pods.values()
        return {
            member.endpoint.identity: member
            for member in members
            if isinstance(member.endpoint, Pod)
        }

    def number(self, pod: Pod) -> int | None:
        """The class that a pod is a member of, whether or not it answers for it."""
        found = self._pods.get(id(pod)) or self._equal(pod)
        return found.number if found else None

    @cached_property
    def has_floats(self) -> bool:
        """Whether any pod `floats`."""
        ends = (member.endpoint for member in self._pods.values())
        return any(isinstance(end, Pod) and self.floats(end) for end in ends)

    def floats(self, pod: Pod) -> bool:
        """Whether it may be on each node, and nobody says on which (WL-13)."""
        everywhere = pod.template and pod.workload and pod.workload.kind == _DAEMON_SET
        return bool(everywhere and self._has_nodes and not pod.node)
