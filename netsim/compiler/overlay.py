"""What the tiers around NetworkPolicy say: what they open and shut, whatever NetworkPolicies say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from netsim.compiler.walk import Reading
from netsim.model.rules import AddressSet, Anyone, DomainSet
from netsim.model.tiers import Action, Tier

# Disjoint sets of port atoms, each with the columns that have them. A column has all that it is in.
Layers = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is other than NetworkPolicies say, for each column of peers.

    `allowed` passes and `denied` doesn't, whatever they say (ANP-6, ANP-7); `refused` doesn't where
    they leave it open because none of them isolates the subject (ANP-9).
    """

    allowed: Layers
    denied: Layers
    refused: Layers


class Beyond(NamedTuple):
    """A rule as far as it is about what is outside. `surely`: whether it governs the group for sure."""

    peers: tuple[AddressSet | DomainSet | Anyone, ...]
    atoms: int
    tier: Tier
    action: Action
    surely: bool


@dataclass(frozen=True, slots=True)
class Overlay:
    """One direction of the tiers in one IP version.

    `group_of` has for each class the number of its group as a subject, None where no rule
    governs it; `column_of` that of its column as a peer, of so many `columns`. `changes` and
    `beyond` are by group.
    """

    group_of: tuple[int | None, ...]
    column_of: tuple[int, ...]
    columns: int
    changes: tuple[Change, ...]
    beyond: tuple[tuple[Beyond, ...], ...]
    reading: Reading
