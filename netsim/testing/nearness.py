"""In which namespaces an end can be, and the edits that are of effect on it."""

from __future__ import annotations

from dataclasses import replace

from netsim.model.cluster import Pod
from netsim.model.endpoints import Name, Selection, parse_endpoint
from netsim.model.snapshot import Snapshot
from netsim.testing.asked import tier_policies_of
from netsim.testing.change import named
from netsim.testing.edit_values import WHOLE_CLUSTER
from netsim.testing.invariants import Invariant


def narrowed(invariant: Invariant, snapshot: Snapshot) -> Invariant:
    """The same, with edits in the namespaces of its end alone, where it says that they decide.

    Policies of the whole cluster decide too, if there are any. Raises QueryError if the end is nobody.
    """
    namespaces = namespaces_of(invariant.about, snapshot) if invariant.near else None
    if namespaces is None:
        return invariant
    if tier_policies_of(snapshot):
        namespaces |= {WHOLE_CLUSTER}
    return replace(invariant, scope=invariant.scope.within(namespaces))


def namespaces_of(text: str, snapshot: Snapshot) -> frozenset[str] | None:
    """Those that whoever is meant is in, and those that may come; None where these may be any.

    Raises QueryError if nobody is meant.
    """
    if text in snapshot.namespaces:
        return frozenset([text])
    match parse_endpoint(text):
        case Name():
            members = named(snapshot, text).members
            if all(isinstance(each, Pod) for each in members):
                return frozenset(each.namespace for each in members if isinstance(each, Pod))
        case Selection(str(namespace)):
            return frozenset([namespace])
    return None
