"""What the cluster policies of an input say together: of two APIs, or of one rank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from netsim.dialects.tiers.syntax import TierPolicy
from netsim.errors import Diagnostic, FaultType
from netsim.model.inventory import Key, Read
from netsim.model.snapshot import Policy
from netsim.schema.fault import Fault, diagnostics, quoted

_OF_V1ALPHA2 = "ClusterNetworkPolicy"
_WITHOUT_PRIORITY = "BaselineAdminNetworkPolicy"


def mixed_apis(
    policies: Iterable[Policy], before: tuple[Diagnostic, ...]
) -> tuple[Diagnostic, ...]:
    """ANP-25: the remark on policies of two APIs; `before` where that is the same."""
    first: dict[bool, TierPolicy] = {}
    for policy in policies:
        if isinstance(policy, TierPolicy):
            first.setdefault(policy.kind == _OF_V1ALPHA2, policy)
    if len(first) < 2:
        return ()
    older, newer = first[False], first[True]
    message = (
        f"{older.kind} {quoted(older.name)} and {newer.kind} {quoted(newer.name)} are of two APIs, "
        "and nobody says what they mean together: they are asked as if they were of one"
    )
    help = (
        "the AdminNetworkPolicies in tier Admin, the BaselineAdminNetworkPolicy in Baseline, last"
    )
    fault = Fault(FaultType.NOT_MODELLED, message, help, ("apiVersion",), "ANP-25")
    said = tuple(diagnostics([fault.as_warning()], older.origin))
    return before if before == said else said


def ties(
    objects: Mapping[Key, Read], standing: Iterable[Policy] = ()
) -> Iterator[tuple[Key, Diagnostic]]:
    """IMP-12: those that have the rank of an earlier one, or of a `standing` one that stays."""
    ranks: dict[tuple[int, int], TierPolicy] = {}
    for policy in standing:
        if isinstance(policy, TierPolicy) and _key(policy) not in objects:
            ranks.setdefault(policy.rank, policy)
    for key, read in objects.items():
        if isinstance(read.built, TierPolicy):
            earlier = ranks.setdefault(read.built.rank, read.built)
            if earlier is not read.built:
                yield key, _tie(earlier, read.built)


def _tie(earlier: TierPolicy, later: TierPolicy) -> Diagnostic:
    place = earlier.origin.locate(("spec", "priority"))
    message = (
        f"{earlier.kind} {quoted(earlier.name)}, at {place}, has priority {later.priority} "
        f"in tier {later.tier} already: which of them is asked first is nobody's to know"
    )
    if later.kind == _WITHOUT_PRIORITY:
        path: tuple[str, ...] = ("spec",)
        help = "give the other one a lower priority"
    else:
        path, help = ("spec", "priority"), "give it another priority"
    fault = Fault(FaultType.DUPLICATE, message, help, path, "IMP-12")
    return diagnostics([fault], later.origin)[0]


def _key(policy: TierPolicy) -> Key:
    return policy.kind, policy.namespace, policy.name
