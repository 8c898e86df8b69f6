"""One rule of v1alpha1 in the words of v1alpha2 (ANP-2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from netsim.dialects.tiers.syntax import AnyPort, NamedPort, Ports, Rule, UnusablePeer
from netsim.errors import FaultType
from netsim.model.flow import Direction
from netsim.model.tiers import Action
from netsim.schema.fault import Fault

Manifest = dict[str, Any]
T = TypeVar("T")

# So many rules a direction, peers and ports there may be in v1alpha2.
MOST = 25
_ACTIONS = {"Allow": "Accept", "Deny": "Deny", "Pass": "Pass"}
_PEERS = {Direction.INGRESS: "from", Direction.EGRESS: "to"}


class Place(NamedTuple):
    """A rule by its place."""

    direction: Direction
    rule: int

    def path(self, *more: str | int) -> tuple[str | int, ...]:
        """The path to it, or to something in it."""
        return ("spec", self.direction.value, self.rule, *more)


class RulesError(Exception):
    """A rule that can't be written so that it means the same."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def migrated_rules(
    rule: Rule, written: Manifest, place: Place
) -> tuple[list[Manifest], list[Fault]]:
    """The rules that one becomes, in order, perhaps none, and notes on it.

    `written` is how it stands in the manifest. Raises RulesError.
    """
    notes: list[Fault] = []
    field = _PEERS[place.direction]
    peers = [_without_nulls(peer) for peer in written[field]]
    denies_all = rule.action is not Action.ALLOW and any(
        isinstance(peer, UnusablePeer) for peer in rule.peers
    )
    entries = _entries(rule, place, notes)
    if denies_all:
        # ANP-26: it denies everything, whatever ports it lists.
        entries = entries[:MOST] if entries else None
        _hold_few(peers, place.path(field))
    elif entries == []:
        notes.append(_note("is left out: none of its ports is there", place.path()))
        return [], notes
    head = {"name": written["name"]} if written.get("name") else {}
    head["action"] = _ACTIONS[written["action"]]
    found = [
        {**head, field: some, **({"protocols": ports} if ports else {})}
        for some in _cut(peers)
        for ports in (_cut(entries) if entries else [None])
    ]
    if len(found) > 1:
        message = f"becomes {len(found)} rules: one has room for {MOST} peers and {MOST} protocols"
        notes.append(_note(message, place.path()))
    return found, notes


def _entries(rule: Rule, place: Place, notes: list[Fault]) -> list[Manifest] | None:
    """Its ports in the words of `protocols`; None where it lists none."""
    if isinstance(rule.ports, AnyPort):
        return None
    found = []
    for at, entry in enumerate(rule.ports):
        if isinstance(entry, Ports) and entry.first > entry.last:
            message = "is left out: it ends before it begins, so it matches nothing (ANP-31)"
            notes.append(_note(message, place.path("ports", at)))
        else:
            found.append(_entry(entry))
    return found


def _entry(entry: Ports | NamedPort) -> Manifest:
    """One number and a range of one number are the same here: v1alpha2 has no such range (ANP-30)."""
    if isinstance(entry, NamedPort):
        return {"destinationNamedPort": entry.name}
    port: Manifest = {"number": entry.first}
    if entry.first < entry.last:
        port = {"range": {"start": entry.first, "end": entry.last}}
    return {entry.protocol.value.lower(): {"destinationPort": port}}


def _hold_few(peers: Sequence[Manifest], path: tuple[str | int, ...]) -> None:
    if len(peers) > MOST:
        message = (
            f"has {len(peers)} peers, one of which can't be understood, so that it denies "
            f"everything; a rule of a ClusterNetworkPolicy has {MOST}"
        )
        help = "mend the selector of that peer first"
        raise RulesError(Fault(FaultType.TOO_MANY, message, help, path, "ANP-30"))


def _without_nulls(peer: Manifest) -> Manifest:
    return {key: value for key, value in peer.items() if value is not None}


def _cut(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), MOST):
        yield items[start : start + MOST]


def _note(message: str, path: tuple[str | int, ...]) -> Fault:
    return Fault(FaultType.NOT_MODELLED, message, "", path, "ANP-2").as_note()
