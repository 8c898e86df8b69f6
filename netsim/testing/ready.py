"""Ready-made invariants. They ask the difference, which is exact, and no flows at random.

An end is an endpoint text, or the name of a namespace for all pods in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from netsim.changes.boxes import Part, without_all
from netsim.changes.ends import Ends
from netsim.errors import query_error
from netsim.labels.selector import Selector
from netsim.labels.text import parse_selector
from netsim.model.cluster import Pod
from netsim.model.ports import PortNumbers, parse_port
from netsim.sets.bitset import members
from netsim.sets.traffic import TrafficSet
from netsim.testing.change import Change
from netsim.testing.edit_values import EditKind, Scope
from netsim.testing.invariants import MOST, Invariant, Rule
from netsim.testing.python_text import quoted

_EVERYTHING = TrafficSet.of(
    ((word, (1, 65535)) for word in ("tcp", "udp", "sctp")),
    ["icmp"],
    ["tcp", "udp", "sctp", "icmp"],
)
_OF_TENANTS = frozenset(EditKind) - {EditKind.NAMESPACE_ADDED, EditKind.NAMESPACE_RELABELLED}
# What nobody does in order to let the world in.
_INNOCENT = frozenset(EditKind) - {
    EditKind.POLICY_ADDED,
    EditKind.POLICY_LOOSENED,
    EditKind.NAMESPACE_RELABELLED,
}


def isolated_tenant(tenant: str, other: str) -> Invariant:
    """No edit made inside namespace `tenant` changes what can reach `other`.

    So it holds only where the tenant itself can't reach it, whatever it does.
    """

    def rule(change: Change) -> Iterator[str]:
        yield from _told(change, "may newly", change.opened(other))
        yield from _told(change, "may no longer", change.closed(other))
        yield from _told(change, "came and may", change.brought(other))
        yield from _told(change, "went and might", change.taken(other))

    said = f"no edit inside namespace {tenant} changes what can reach {other}"
    made = _made(said, rule, _OF_TENANTS, "isolated_tenant", tenant, other)
    return replace(made.within(tenant), about=other)


def new_pod_cannot_reach(to: str = "") -> Invariant:
    """A newly created pod without labels can reach nothing; or nothing of `to`, if that is given."""

    def rule(change: Change) -> Iterator[str]:
        return _told(change, "came and may", change.brought(to))

    said = f"a new pod without labels can't reach {to or 'anything'}"
    ends = [to] if to else []
    return replace(_made(said, rule, {EditKind.POD_ADDED}, "new_pod_cannot_reach", *ends), about=to)


def new_namespace_cannot_reach(to: str, unless: str = "") -> Invariant:
    """A pod in a new namespace can't reach `to`, whatever labels both have.

    `unless` are labels of the namespace (`team=ops`, or a key) that may let it.
    """
    excused = parse_selector(unless) if unless else None

    def rule(change: Change) -> Iterator[str]:
        for part in change.brought(to):
            if not all(_is_excused(change, name, excused) for name in change.namespaces_added):
                yield from _told(change, "came and may", [part])

    but = f", unless that gets {unless}" if unless else ""
    said = f"a pod in a new namespace can't reach {to}{but}"
    words = [to, unless] if unless else [to]
    made = _made(said, rule, {EditKind.NAMESPACE_ADDED}, "new_namespace_cannot_reach", *words)
    return replace(made, about=to)


def needs_label(to: str, label: str) -> Invariant:
    """Relabelling a pod can never open `to` to it unless it gets `label` (`role=api`, or a key)."""
    wanted = parse_selector(label)

    def rule(change: Change) -> Iterator[str]:
        for part in change.opened(to):
            others = part.sources.units & ~change.ends(to).units
            senders = _relabelled_without(change, others, wanted)
            if senders:
                narrowed = Part(Ends(senders), part.destinations, part.traffic)
                yield from _told(change, "may newly", [narrowed])

    said = f"relabelling a pod never opens {to} to it unless it gets {label}"
    made = _made(said, rule, {EditKind.RELABELLED}, "needs_label", to, label)
    return replace(made, about=to)


def no_external_to(to: str) -> Invariant:
    """Nothing outside the cluster can reach `to`, and no edit opens it that isn't made to.

    Such are policies added and loosened, and namespaces relabelled.
    """

    def rule(change: Change) -> Iterator[str]:
        if not change.edits:
            yield from _open_to_the_outside(change, to)
        yield from _told(change, "may newly", _external(change.opened(to)))
        yield from _told(change, "came and may get", _external(change.received(to)))

    said = f"no edit lets addresses outside the cluster reach {to}"
    return replace(_made(said, rule, _INNOCENT, "no_external_to", to), about=to, near=True)


def defence_in_depth(to: str) -> Invariant:
    """Removing any one policy never opens `to` to addresses outside the cluster.

    With more edits at once: removing any so many.
    """

    def rule(change: Change) -> Iterator[str]:
        return _told(change, "may newly", _external(change.opened(to)))

    said = f"removing a policy never lets addresses outside the cluster reach {to}"
    made = _made(said, rule, {EditKind.POLICY_REMOVED}, "defence_in_depth", to)
    return replace(made, most=1, about=to, near=True)


# Source, destination, port text; the port may be left out, and means all traffic then.
FlowWords = Sequence[str]


def nothing_opens(*but: FlowWords) -> Invariant:
    """Every flow that is allowed after, and not in the list, was allowed before.

    `but` are flows that may open: (source, destination), with a port where not all is excused:
    `("shop/web", "shop/api", "8080")`. What endpoints bring that are new isn't opened.
    """

    def rule(change: Change) -> Iterator[str]:
        return _told(change, "may newly", _but(change, change.opened(), but))

    return _made(f"nothing opens{_said(but)}", rule, EditKind, "nothing_opens", *but)


def nothing_closes(*but: FlowWords) -> Invariant:
    """Every flow that was allowed before, and isn't in the list, is allowed after: no regression.

    `but` is as that of `nothing_opens`. What endpoints take along that go isn't closed.
    """

    def rule(change: Change) -> Iterator[str]:
        return _told(change, "may no longer", _but(change, change.closed(), but))

    return _made(f"nothing closes{_said(but)}", rule, EditKind, "nothing_closes", *but)


def _made(
    said: str, rule: Rule, kinds: Iterable[EditKind], name: str, *arguments: object
) -> Invariant:
    call = f"{name}({', '.join(map(quoted, arguments))})"
    return Invariant(said, rule, Scope(frozenset(kinds)), MOST, call)


def _told(change: Change, how: str, parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        yield f"{how}: {change.told(part)}"


def _external(parts: Iterable[Part]) -> Iterator[Part]:
    return (part for part in parts if part.sources.addresses)


def _open_to_the_outside(change: Change, to: str) -> Iterator[str]:
    """What addresses outside may send to it as it is."""
    reachability, units = change.before.reach(), change.ends(to).units
    for party in reachability.parties():
        if change.difference.pairing.old.of(party.members) & units:
            for flows in reachability.received_from_external(party):
                yield f"may as it is: {', '.join(flows.cidrs)} -> {party.name} {flows.traffic}"


def _is_excused(change: Change, namespace: str, excused: Selector | None) -> bool:
    labels = change.after.snapshot.namespace(namespace).labels
    return excused is not None and excused.matches(labels)


def _relabelled_without(change: Change, units: int, wanted: Selector) -> int:
    """Those of these pods that have other labels than before, and not the wanted ones."""
    found = 0
    for at in members(units):
        unit = change.difference.pairing.units[at]
        if isinstance(unit.old, Pod) and isinstance(unit.new, Pod):
            other = unit.old.labels != unit.new.labels
            found |= (other and not wanted.matches(unit.new.labels)) << at
    return found


def _but(change: Change, parts: Iterable[Part], but: Sequence[FlowWords]) -> Iterable[Part]:
    if not but:
        return parts
    return without_all(parts, [_excepted(change, *each) for each in but])


def _excepted(change: Change, source: str, destination: str, port: str = "") -> Part:
    return Part(change.ends(source), change.ends(destination), _traffic(port))


def _traffic(text: str) -> TrafficSet:
    if not text:
        return _EVERYTHING
    asked = parse_port(text)
    word = asked.protocol.value.lower()
    match asked.port:
        case None:
            return _EVERYTHING.limited(word, None)
        case PortNumbers(first, last):
            return _EVERYTHING.limited(word, [(first, last)])
    help = "give its number: a name stands for another port at each pod"
    raise query_error(f"`{text}` is a port name", help=help)


def _said(but: Sequence[FlowWords]) -> str:
    each = (" ".join((f"{source} -> {destination}", *port)) for source, destination, *port in but)
    return f" but {', '.join(each)}" if but else ""
