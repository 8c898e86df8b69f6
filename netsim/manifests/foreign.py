"""Network policy that netsim doesn't model, by API group (DEC-3, class 2)."""

from __future__ import annotations

# The admin tiers of network-policy-api, as far as netsim knows their meaning.
ADMIN_KINDS = {
    "AdminNetworkPolicy": "policy.networking.k8s.io/v1alpha1",
    "BaselineAdminNetworkPolicy": "policy.networking.k8s.io/v1alpha1",
    "ClusterNetworkPolicy": "policy.networking.k8s.io/v1alpha2",
}

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
