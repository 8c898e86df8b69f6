"""Kinds that netsim doesn't read (DEC-3): policies that it doesn't model, and near misses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_FARTHEST = 2  # DEC-3
_SHORTEST = 7  # shorter kinds (Pod, Job, Node) have too many neighbours with a meaning of their own

# The groups of products that bring policies of their own -> the kinds in them that open and close
# nothing: state of nodes and address pools, routing, and policies that are only tried out. What
# is not listed could decide, a kind of a newer version as well.
_PRODUCTS = {
    "cilium.io": frozenset(
        [
            "CiliumBGPAdvertisement",
            "CiliumBGPClusterConfig",
            "CiliumBGPNodeConfig",
            "CiliumBGPNodeConfigOverride",
            "CiliumBGPPeerConfig",
            "CiliumBGPPeeringPolicy",
            "CiliumEndpoint",
            "CiliumEndpointSlice",
            "CiliumIdentity",
            "CiliumL2AnnouncementPolicy",
            "CiliumLoadBalancerIPPool",
            "CiliumNode",
            "CiliumNodeConfig",
            "CiliumPodIPPool",
        ]
    ),
    "projectcalico.org": frozenset(
        [
            "BGPConfiguration",
            "BGPFilter",
            "BGPPeer",
            "BlockAffinity",
            "CalicoNodeStatus",
            "ClusterInformation",
            "FelixConfiguration",
            "IPAMBlock",
            "IPAMConfig",
            "IPAMConfiguration",
            "IPAMHandle",
            "IPPool",
            "IPReservation",
            "KubeControllersConfiguration",
            "StagedGlobalNetworkPolicy",
            "StagedKubernetesNetworkPolicy",
            "StagedNetworkPolicy",
        ]
    ),
    "crd.antrea.io": frozenset(
        [
            "AntreaAgentInfo",
            "AntreaControllerInfo",
            "BGPPolicy",
            "Egress",
            "ExternalIPPool",
            "IPPool",
            "NodeLatencyMonitor",
            "PacketCapture",
            "SupportBundleCollection",
            "Traceflow",
        ]
    ),
    "k8s.ovn.org": frozenset(
        ["EgressIP", "EgressQoS", "EgressService", "NetworkQoS", "RouteAdvertisements"]
    ),
    "networking.k8s.aws": frozenset(["ClusterPolicyEndpoint", "PolicyEndpoint"]),
    "policy.networking.k8s.io": frozenset[str](),
}


def is_foreign_policy(group: str, kind: str) -> bool:
    """Whether the kind is another product's, and may open or close connections."""
    for product, harmless in _PRODUCTS.items():
        if _of_product(group, product):
            return kind not in harmless
    return kind == "AuthorizationPolicy" or "networkpolic" in kind.lower()


def is_product_group(group: str) -> bool:
    """Whether the group is that of a product with policies: its kinds are nobody's misspelling."""
    return any(_of_product(group, product) for product in _PRODUCTS)


def _of_product(group: str, product: str) -> bool:
    """Whether the group is `product` or one below it (`crd.projectcalico.org`)."""
    return group == product or group.endswith(f".{product}")


def group_of(api_version: str) -> str:
    """The API group; empty for the core group, whose apiVersion is a version alone."""
    return api_version.rpartition("/")[0]


def meant_kind(
    api_version: str, kind: str, known: Mapping[str, str], policies: Iterable[str]
) -> str | None:
    """Which of the `known` kinds (kind -> apiVersion) was meant; None where it is another kind.

    Of policy kinds nobody else's are expected. A workload kind in a group that isn't Kubernetes'
    own may be another product's (Knative's Service), and so may one that looks like it (CronTab).
    """
    group = group_of(api_version)
    near = {name for name in known if distance(kind.lower(), name.lower()) <= _FARTHEST}
    for name in sorted(near, key=lambda name: distance(kind, name)):
        same_group = group == group_of(known[name])
        in_kubernetes = _is_kubernetes_group(group) and (name == kind or len(name) >= _SHORTEST)
        if name in policies or same_group or in_kubernetes:
            return name
    return None


def distance(one: str, other: str) -> int:
    """The edit distance: inserted, lost and replaced characters. More than 2 is told as 3."""
    if abs(len(one) - len(other)) > _FARTHEST:
        return _FARTHEST + 1
    row = list(range(len(other) + 1))
    for index, char in enumerate(one, 1):
        above, row = row, [index]
        for column, other_char in enumerate(other, 1):
            replaced = above[column - 1] + (char != other_char)
            row.append(min(replaced, above[column] + 1, row[-1] + 1))
    return min(row[-1], _FARTHEST + 1)


def _is_kubernetes_group(group: str) -> bool:
    return "." not in group or group.endswith(".k8s.io")
