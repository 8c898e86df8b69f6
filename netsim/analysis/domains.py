"""Rules about DNS names that a question about an address can't match (ANP-17)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from netsim.dialects.tiers.syntax import AnyPort, DomainsPeer, NamedPort, Rule, TierPolicy
from netsim.model.cluster import Node, Pod
from netsim.model.flow import Direction, Domain, Flow
from netsim.model.snapshot import Policy
from netsim.model.verdict import Group

# Policies by kind and name.
Naming = Mapping[tuple[str, str], TierPolicy]


def naming_policies(policies: Iterable[Policy]) -> Naming:
    """The policies that have rules about DNS names."""
    return {
        (policy.kind, policy.name): policy
        for policy in policies
        if isinstance(policy, TierPolicy) and any(map(_names_domains, policy.egress))
    }


def names_passed_over(naming: Naming, groups: Iterable[Group]) -> tuple[str, ...]:
    """A note for each rule that was asked on the way and might match under a name, each once.

    `naming` are all policies that have such. What is asked under a name, and pods and nodes,
    aren't spoken of.
    """
    if not naming:
        return ()
    return tuple(dict.fromkeys(text for group in groups for text in _notes(naming, group)))


def _notes(naming: Naming, group: Group) -> Iterator[str]:
    flow = group.answer.flow
    if isinstance(flow.destination, Pod | Node | Domain):
        return
    for step in group.answer.egress.steps:
        policy = naming.get((step.kind, step.policy))
        if policy is None:
            continue
        asked = policy.egress[: step.reasons[0].rule] if step.reasons else policy.egress
        for number, rule in enumerate(asked):
            if _names_domains(rule) and _has_port(rule, flow):
                where = Direction.EGRESS.value
                yield (
                    f"`{policy.name}` {where}[{number}] was passed over: "
                    "domainNames match only questions that name a domain"
                )


def _names_domains(rule: Rule) -> bool:
    return any(isinstance(peer, DomainsPeer) for peer in rule.peers)


def _has_port(rule: Rule, flow: Flow) -> bool:
    """Whether the port of a flow to the outside is one of a rule's."""
    if isinstance(rule.ports, AnyPort):
        return True
    return flow.port is not None and any(
        not isinstance(entry, NamedPort)
        and entry.protocol is flow.protocol
        and entry.first <= flow.port <= entry.last
        for entry in rule.ports
    )
