"""What products do, as options set together (SEMANTICS Appendix C.3).

A profile is a claim about a product version: it *describes* it. None is called conformant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from netsim.errors import query_error
from netsim.model.nearest import did_you_mean
from netsim.model.semantics import Semantics


@dataclass(frozen=True, slots=True)
class Profile:
    """Options by name, their values as `--set` takes them.

    `unverified` names those whose value no test and no document of the product states.
    `caveats` are what the options don't say, the options among them that netsim doesn't have.
    `highest_priority` is the largest that the product has for policies of a kind, where that is
    less than the API has.
    """

    name: str
    describes: str
    options: Mapping[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    unverified: frozenset[str] = frozenset()
    highest_priority: Mapping[str, int] = field(default_factory=dict)

    @property
    def semantics(self) -> Semantics:
        """The options of this profile over the defaults."""
        return self.over(Semantics())

    def over(self, semantics: Semantics) -> Semantics:
        """The options of this profile over others."""
        return semantics.with_texts(dict(self.options))


def profile_named(name: str) -> Profile:
    """The profile of that name.

    Raises QueryError if there is none, with the nearest.
    """
    for profile in PROFILES:
        if profile.name == name:
            return profile
    help = did_you_mean(name, (profile.name for profile in PROFILES))
    raise query_error(f"there is no profile `{name}`", help=help, code="IMP-21")


def _not_modelled(**options: str) -> tuple[str, ...]:
    """A caveat for each option or value that a product would need and netsim doesn't have yet."""
    return tuple(f"not modelled yet: {name}={value}" for name, value in options.items())


def _variant(base: Profile, name: str, describes: str, *caveats: str, **options: str) -> Profile:
    """`base` with some options set otherwise, and caveats of its own."""
    return replace(
        base,
        name=name,
        describes=describes,
        options={**base.options, **options},
        caveats=base.caveats + caveats,
    )


_UPSTREAM = Profile("upstream", "Kubernetes API documentation and e2e")

_CALICO = Profile(
    "calico",
    "Calico Open Source 3.32, iptables/nftables data plane, kube-proxy, "
    "DefaultEndpointToHostAction=Accept",
    {"named_port_containers": "all"},
    (
        "Felix built-in default for pod to own node is Drop; only with Accept or Return does egress policy decide",
        "kube-proxy IPVS: forwarded Service traffic from the host is policed",
        "IPv6 neighbour discovery and MLD from pods to the host bypass egress policy",
        "eBPF data plane not covered",
        *_not_modelled(hairpin_service="policy (unverified)", established="keep"),
        *_not_modelled(admin_apis="[cnp] (3.30 and 3.31: [anp, banp])"),
        *_not_modelled(cnp_unsupported="{nodes: fail_closed, domainNames: fail_closed}"),
    ),
    frozenset({"hairpin_service"}),
)

_CILIUM = Profile(
    "cilium",
    "Cilium 1.20, defaults (policy-cidr-match-mode unset, allow-localhost auto, sctp off, KCNP off)",
    {
        "ipblock_matches_pods": "false",
        "ipblock_matches_nodes": "false",
        "named_port_containers": "containers",
    },
    (
        "other nodes and the own node are reachable only by rules without to/from or by Cilium entities",
        "NodePort and load balancers in native routing: the client may appear as remote-node, not matched by ipBlock",
        "SCTP needs sctp.enabled; with it off the outcome is not known",
        "policy-cidr-match-mode=nodes does not match 0.0.0.0/0 in 1.19.6-1.20 (cilium#47827)",
        "CNP: Baseline against an isolating NetworkPolicy unverified; domainNames open DNS to kube-dns; one unsupported peer rejects the policy",
        *_not_modelled(named_port_conflict="no_match", networks_match_pods="false"),
        *_not_modelled(node_peer_excludes_own_node="true", priority_ties="deny_first"),
        *_not_modelled(admin_apis="[] (with the flag: [cnp])"),
    ),
)

_ANTREA = Profile(
    "antrea",
    "Antrea 2.x, encap mode, AntreaProxy on, policy gates off",
    {"named_port_containers": "containers"},
    (
        "Antrea-native tiers before and after are not modelled",
        "traffic of nodes and of externalTrafficPolicy Cluster shows the gateway address (in the pod CIDR)",
        *_not_modelled(hairpin_service="ingress_allow", established="keep"),
        *_not_modelled(node_source="pod_gateway"),
        *_not_modelled(admin_apis="[] (gates: 1.13+ [anp, banp], 2.7+ [cnp])"),
    ),
)

_OVN_KUBERNETES = Profile(
    "ovn-kubernetes",
    "OVN-Kubernetes 1.0/1.1 (source Dec 2024), IC, local or shared gateway",
    {},
    (
        "`namespaceSelector: X` and `namespaceSelector: X` with `podSelector: {}` differ (hostNetwork pods, host-network namespace)",
        "ingress from hostNetwork pods may carry management-port or join addresses",
        "equal priority: undefined; priority > 99: policy not applied",
        "releases of 2026 merge ipBlocks (#5959): except across items unverified",
        *_not_modelled(named_port_support="whole_protocol (NetworkPolicy only)"),
        *_not_modelled(hostnetwork_peers="by_node_ip_with_podselector", node_source="pod_gateway"),
        *_not_modelled(admin_apis="[anp, banp]", priority_max="99", multicast="deny"),
    ),
    highest_priority={"AdminNetworkPolicy": 99},
)

_KUBE_NETWORK_POLICIES = Profile(
    "kube-network-policies",
    "kube-network-policies 1.1.x (npa-v1alpha2 image for CNP), strict-mode and fail-open defaults",
    {"named_port_containers": "containers", "baseline_scope": "pod"},
    (
        "agent down or evaluation error: packets pass (fail-open)",
        "<= 1.0.0: pod to own node always allowed; < 1.0.0: established flows kept",
        *_not_modelled(hairpin_service="policy (unverified)"),
        *_not_modelled(node_local_ingress="root_only", admin_apis="[cnp]"),
    ),
    frozenset({"hairpin_service"}),
)

_AWS_VPC_CNI = Profile(
    "aws-vpc-cni",
    "Amazon VPC CNI with network policy agent 1.4.x, controller 1.1.7, "
    "NETWORK_POLICY_ENFORCING_MODE=standard, kube-proxy iptables",
    {
        "egress_to_own_node": "allow",
        "named_port_containers": "containers",
        "baseline_scope": "pod",
    },
    (
        "strict mode: isolated pods closed until policies arrive; standard: open",
        "pods of one name prefix on one node share maps: a policy for one applies to the other",
        "at most 24 port/protocol combinations per address",
        "one IP family per cluster; secondary interfaces unpoliced; Fargate and Windows not covered",
        "AWS ClusterNetworkPolicy (networking.k8s.aws) orders by policy priority only, Deny first",
        *_not_modelled(service_evaluation="egress_before_dnat_implied_clusterip"),
        *_not_modelled(ipblock_except="deny_hole", hostnetwork_peers="by_node_ip"),
        *_not_modelled(named_port_resolution="policy_subjects_union (ingress)"),
        *_not_modelled(icmp="{ipv4: portless_rules, ipv6: allow}", established="keep"),
        *_not_modelled(admin_apis="[] (upstream kinds are ignored)"),
    ),
)

PROFILES = (
    _UPSTREAM,
    _CALICO,
    _CILIUM,
    _variant(
        _CILIUM,
        "cilium-nodes",
        "Cilium 1.19.6-1.20 with policy-cidr-match-mode=nodes",
        "1.15-1.18 document that nodes match; their wildcard case is unverified",
        ipblock_matches_nodes="except_wildcard",
    ),
    _variant(
        _CILIUM,
        "cilium-pods",
        "Cilium 1.20 or later with policy-cidr-match-mode=pods",
        ipblock_matches_pods="true",
    ),
    _variant(_CILIUM, "cilium-1.15", "Cilium 1.15, defaults", endport="first_port_only"),
    _ANTREA,
    _OVN_KUBERNETES,
    _KUBE_NETWORK_POLICIES,
    _variant(
        _KUBE_NETWORK_POLICIES,
        "kindnet",
        "kind with a kindnetd that vendors kube-network-policies >= 1.1 (kind main: v1.1.2); other releases: look at images/kindnetd/go.mod",
        "0.24 was the first kind with policies; kindnetd vendoring < 1.1.0: egress to own node always allowed; < 1.0.0: established flows kept",
        "no admin API is read",
    ),
    _AWS_VPC_CNI,
)
