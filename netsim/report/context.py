"""What an answer was given under, which of it had a say, and how other products would answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netsim.model.semantics import Semantics, value_text

if TYPE_CHECKING:
    from netsim.model.profiles import Profile
    from netsim.model.verdict import Verdict

# The options by rule number (IMP-22).
OPTION_RULES = {
    "ipblock_matches_pods": "IMP-1",
    "ipblock_matches_nodes": "IMP-15",
    "icmp": "IMP-3",
    "self_traffic": "IMP-4",
    "named_port_nonpod": "IMP-5",
    "named_port_containers": "IMP-5",
    "host_network_pods": "IMP-7",
    "egress_to_own_node": "IMP-8",
    "ingress_from_other_nodes": "IMP-9",
    "baseline_scope": "IMP-11",
    "priority_ties": "IMP-12",
    "endport": "IMP-13",
    "sctp": "IMP-14",
    "pod_cidrs": "IMP-16",
    "strict_ip": "IMP-18",
    "node_local_ingress": "IMP-19",
    "duplicates": "IMP-23",
    "decoding": "IMP-24",
    "cnp_channel": "IMP-25",
}


class Context(NamedTuple):
    """The options in force and the profile that set them, if one did.

    `differing` has the profiles under which the verdict would be another, with its word (IMP-22).
    """

    semantics: Semantics = Semantics()
    profile: Profile | None = None
    differing: tuple[tuple[Profile, str], ...] = ()


def option_value(semantics: Semantics, name: str) -> str:
    """The value of one option as `--set` takes it."""
    return value_text(getattr(semantics, name))


def deciding_options(verdict: Verdict) -> list[str]:
    """The options without which some group might have come out otherwise, each once."""
    found = (
        name
        for group in verdict.groups
        for decision in (group.answer.egress, group.answer.ingress)
        for name in decision.options
    )
    return list(dict.fromkeys(found))
