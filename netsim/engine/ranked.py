"""The policies of the tiers around NetworkPolicy that may govern a pod, and what one of them says."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property

from netsim.dialects.sides import Ledger, Side
from netsim.dialects.tiers.lower import READ_UNDER, lower, subject_of
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.engine.matches import is_in, is_ranked_among, is_ranked_traffic
from netsim.labels.selector import Selector
from netsim.model.cluster import NAME_LABEL, Namespace, Pod
from netsim.model.flow import Direction, Part, Reason, Step
from netsim.model.rules import AnyTraffic, PodSet, RankedRule
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Policy, Snapshot
from netsim.model.tiers import Action, Tier


class RankedPolicy:
    """A policy with the ranked rules that it comes to; lowered when first asked."""

    def __init__(self, policy: TierPolicy, subject: PodSet, semantics: Semantics) -> None:
        self.policy, self.subject = policy, subject
        self._semantics = semantics
        self._rules: dict[Hashable, dict[Direction, list[RankedRule]]] = {}

    def may_govern(self, pod: Pod, namespace: Namespace) -> bool:
        """Whether a pod may be among its subjects, or is not for lack of something to be said."""
        spaces = self.subject.namespaces
        assert isinstance(spaces, Selector)  # INVARIANT: of a policy of the whole cluster
        untold = not namespace.declared and any(
            item.key != NAME_LABEL for item in spaces.requirements
        )
        pods = self.subject.pods
        return (untold or spaces.matches(namespace.labels)) and (
            pods.matches(pod.labels) or pods.undecidable(pod.labels)
        )

    @cached_property
    def _hinges(self) -> tuple[str, ...]:
        """The options under which it would come to other rules."""
        plain = lower([self.policy], self._semantics)
        return tuple(
            name
            for name in READ_UNDER
            if any(lower([self.policy], other) != plain for other in self._semantics.others(name))
        )

    def _read(self, direction: Direction, ledger: Ledger) -> list[RankedRule]:
        key = tuple([ledger.option(name) for name in self._hinges])
        found = self._rules.get(key)
        if found is None:
            rules = lower([self.policy], ledger.semantics)
            found = self._rules[key] = {
                each: [rule for rule in rules if rule.direction is each] for each in Direction
            }
        return found[direction]

    def step(self, side: Side, ledger: Ledger) -> Step:
        """What it says of a side: what the first of its rules says that matches (ANP-5)."""
        for rule in self._read(side.direction, ledger):
            if reasons := self._matching(rule, side, ledger):
                return self._said(rule.action, reasons)
        return self._said(None, ())

    def _said(self, action: Action | None, reasons: tuple[Reason, ...]) -> Step:
        policy = self.policy
        return Step(
            policy.tier,
            policy.priority,
            policy.kind,
            policy.name,
            action,
            reasons,
            policy.origin,
        )

    def _matching(self, rule: RankedRule, side: Side, ledger: Ledger) -> tuple[Reason, ...]:
        """The peers and port entries by which a rule matches; of several networks one is enough."""
        peers: dict[int, None] = {}
        for at, each in zip(rule.peer_of, rule.peers, strict=True):
            if at not in peers and is_ranked_among(each, side.peer, side.nodes, ledger):
                peers[at] = None
        if not peers:
            return ()
        ports = [
            None if isinstance(part, AnyTraffic) else at
            for at, part in enumerate(rule.traffic)
            if is_ranked_traffic(part, side, ledger)
        ]
        return tuple(self._reason(rule, side, peer, port) for peer in peers for port in ports)

    def _reason(self, rule: RankedRule, side: Side, peer: int, port: int | None) -> Reason:
        policy, number = self.policy, rule.ref.rule
        return Reason(
            policy.kind,
            policy.namespace,
            policy.name,
            side.direction,
            Part.MATCHED,
            number,
            peer,
            port,
            policy.origin,
            policy.rules(side.direction)[number],
        )


class RankedIndex:
    """The policies of the tiers around NetworkPolicy, in the order in which they are asked."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._policies = _ranked(snapshot.policies, snapshot.semantics)
        self._known: dict[Hashable, list[RankedPolicy]] = {}

    def __bool__(self) -> bool:
        return bool(self._policies)

    def governing(self, tier: Tier, side: Side, ledger: Ledger) -> list[RankedPolicy]:
        """Those of a tier that have rules for a direction and its subject among theirs (ANP-12)."""
        return [
            each
            for each in self._near(side)
            if each.policy.tier is tier
            and each.policy.rules(side.direction)
            and is_in(each.subject, side.subject, ledger)
        ]

    def _near(self, side: Side) -> list[RankedPolicy]:
        pod = side.subject.network_pod
        if pod is None or not self._policies:
            return []
        key = pod.namespace, pod.labels
        found = self._known.get(key)
        if found is None:
            namespace = self._snapshot.namespace(pod.namespace)
            found = self._known[key] = [
                each for each in self._policies if each.may_govern(pod, namespace)
            ]
        return found


def _ranked(policies: Iterable[Policy], semantics: Semantics) -> list[RankedPolicy]:
    tiered = [policy for policy in policies if isinstance(policy, TierPolicy)]
    ordered = sorted(tiered, key=lambda policy: policy.order)
    subjects = ((policy, subject_of(policy)) for policy in ordered)
    return [RankedPolicy(each, subject, semantics) for each, subject in subjects if subject]
