"""What the cluster policies of an input say together: of two APIs, or of one rank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from netsim.dialects.tiers.syntax import TierPolicy
from netsim.errors import Diagnostic, FaultType
from netsim.model.inventory import Key, Read
from netsim.model.snapshot import Policy
from netsim.schema.fault import Fault, diagnostics, quoted
from netsim.source.origin import Moved, Origin

_OF_V1ALPHA2 = "ClusterNetworkPolicy"
_WITHOUT_PRIORITY = "BaselineAdminNetworkPolicy"


def mixed_apis(
    policies: Iterable[Policy],
    objects: Mapping[Key, Read],
    moved: Moved,
    before: tuple[Diagnostic, ...],
) -> tuple[Diagnostic, ...]:
    """ANP-25: the remark on policies of two APIs, at its place; `before` where that is the same."""
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
    read = objects.get(_key(older))
    place = read.place(moved) if read else older.origin
    said = tuple(diagnostics([fault.as_warning()], place))
    return before if before == said else said


def ties(
    objects: Mapping[Key, Read], moved: Moved, standing: Iterable[Policy] = ()
) -> Iterator[tuple[Key, Diagnostic]]:
    """IMP-12: those that have the rank of an earlier one, or of a `standing` one that stays."""
    ranks: dict[tuple[int, int], tuple[TierPolicy, Origin]] = {}
    for policy in standing:
        if isinstance(policy, TierPolicy) and _key(policy) not in objects:
            ranks.setdefault(policy.rank, (policy, policy.origin))
    for key, read in objects.items():
        if isinstance(read.built, TierPolicy):
            own = read.place(moved)
            earlier, place = ranks.setdefault(read.built.rank, (read.built, own))
            if earlier is not read.built:
                yield key, _tie(earlier, place, read.built, own)


def _tie(earlier: TierPolicy, place: Origin, later: TierPolicy, own: Origin) -> Diagnostic:
    first = place.locate(("spec", "priority"))
    message = (
        f"{earlier.kind} {quoted(earlier.name)}, at {first}, has priority {later.priority} "
        f"in tier {later.tier} already: which of them is asked first is nobody's to know"
    )
    if later.kind == _WITHOUT_PRIORITY:
        path: tuple[str, ...] = ("spec",)
        help = "give the other one a lower priority"
    else:
        path, help = ("spec", "priority"), "give it another priority"
    fault = Fault(FaultType.DUPLICATE, message, help, path, "IMP-12")
    return diagnostics([fault], own)[0]


def _key(policy: TierPolicy) -> Key:
    return policy.kind, policy.namespace, policy.name
