"""Hypothesis strategies for the options of SEMANTICS section 6."""

from __future__ import annotations

from hypothesis import strategies as st

from netsim.model.semantics import Semantics


@st.composite
def semantics(draw: st.DrawFn) -> Semantics:
    """Any options that a decision may hang on; the defaults most of the time."""

    def mostly(default: str, *others: str) -> str:
        return draw(st.sampled_from((default, default, default, *others)))

    texts = {
        "ipblock_matches_pods": mostly("true", "false"),
        "ipblock_matches_nodes": mostly("true", "false", "except_wildcard"),
        "icmp": mostly("portless_rules", "allow", "deny"),
        "named_port_nonpod": mostly("no_match", "match_declared"),
        "named_port_containers": mostly("containers+sidecars", "containers", "all"),
        "host_network_pods": mostly("as_node", "as_pods"),
        "egress_to_own_node": mostly("policy", "allow"),
        "ingress_from_other_nodes": mostly("policy", "allow"),
        "endport": mostly("range", "first_port_only"),
        "sctp": mostly("enforced", "ignored"),
        "pod_cidrs": mostly("", "10.0.0.0/16", "10.0.0.0/9,fd00::/64"),
        "node_local_ingress": mostly("allow", "policy"),
    }
    return Semantics().with_texts(texts)
