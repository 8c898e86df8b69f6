"""The tables of a compiled snapshot: what may flow between endpoint classes, as rectangles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netsim.compiler.atoms import PortAtoms
from netsim.compiler.classes import Universe
from netsim.compiler.kinds import Kinds
from netsim.compiler.looks import Looks
from netsim.model.cluster import Protocol
from netsim.model.flow import Direction
from netsim.model.rules import AddressSet, Anyone
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import Cells
from netsim.sets.blocks import Blocks, Places

if TYPE_CHECKING:
    from netsim.compiler.overlay import Overlay  # few clusters have any


class Opening(NamedTuple):
    """What sources may send by the rules of one subject: to each kind, and more at some places.

    A destination may get what its kind may get by `kinds` (a set of port atoms to the kinds that
    get it; what is open to everyone is open to every kind) and what its place may get by `blocks`.
    """

    kinds: Cells
    blocks: Blocks


class Relation(NamedTuple):
    """What policies let pass inside the cluster in one IP version; both directions by source.

    A source sends to each destination what `base` says, and what the row of each of its
    `near_sets` and each row that is for its kind says (ingress: `near_rows`, and `far_rows` with
    the kinds of source that they are for). Of that remains what the openings of its `subjects`
    say (egress), or everything if it is not isolated. Values are sets of port atoms.

    That is what NetworkPolicies say; `inward` (ingress) and `outward` (egress) have what the tiers
    around them change in it, None where these have no rules.
    """

    base: Blocks
    near_rows: tuple[Blocks, ...]
    near_sets: tuple[tuple[int, ...], ...]
    far_rows: tuple[tuple[int, Blocks], ...]
    openings: tuple[Opening, ...]
    subjects: tuple[tuple[int, ...], ...]
    inward: Overlay | None = None
    outward: Overlay | None = None


class Gate(NamedTuple):
    """What addresses outside may send to a subject, or get from it, by the rules of one subject.

    Each rule has its peers, the sets of port atoms that it opens, and at which classes of the
    subject; None is all of them. What is open by a port name is open to no address outside: a rule
    that names all its ports is there and opens nothing. `names` has what such rules open to those
    inside whose address is in a block.
    """

    rules: tuple[tuple[AddressSet | Anyone, int, Places | None], ...]
    names: tuple[tuple[AddressSet, tuple[tuple[Protocol, str], ...]], ...] = ()


class Border(NamedTuple):
    """One direction of the traffic with the outside: the gates of each class."""

    isolated: Places
    gates: tuple[Gate, ...]
    gates_of: tuple[tuple[int, ...], ...]


class Tables(NamedTuple):
    """Everything that was compiled. A value: `engine` answers from it.

    `relations` has the IP versions that some two endpoints may use. `versions` says for each
    class which it is known to have; empty where it goes by the other end (NP-43). `shielded` has
    the classes in whose ingress, and in whose egress, the Baseline tier has no say (ANP-9, IMP-11).
    """

    snapshot: Snapshot
    looks: Looks
    universe: Universe
    kinds: Kinds
    atoms: PortAtoms
    relations: dict[int, Relation]
    versions: tuple[frozenset[int], ...]
    ingress: Border
    egress: Border
    shielded: dict[Direction, Places]
