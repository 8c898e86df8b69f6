"""The tables with what else may pass where it isn't known which block an address is in (NP-43).

Nothing is compiled for it: borders have what rules open to each block, and where. Whoever a block
may hold is, as all that are alike in what isn't known of them, whole kinds; so a rule for it opens
more in both directions, as a rule for these kinds would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netsim.compiler.classes import Universe
from netsim.compiler.doubts import Doubts
from netsim.compiler.opened import Opened, Ports
from netsim.compiler.tables import Border, Gate, Opening, Relation, Tables
from netsim.model.rules import AddressSet, Anyone
from netsim.sets.bitset import Cells, restricted, union
from netsim.sets.blocks import Blocks, put

_BOTH = frozenset((4, 6))
# The blocks in doubt, with the kinds that each may hold.
_InDoubt = Mapping[AddressSet | Anyone, int]


def widened(tables: Tables, doubts: Doubts) -> Tables:
    """The tables of the most that may pass, where nothing but addresses is in doubt."""
    versions = tables.versions
    if doubts.families:
        versions = tuple(known or _BOTH for known in versions)
    relations = {
        version: _relation(relation, _of_version(version, doubts), tables)
        for version, relation in tables.relations.items()
    }
    return tables._replace(versions=versions, relations=relations)


def _of_version(version: int, doubts: Doubts) -> _InDoubt:
    return {block: kinds for block, kinds in doubts.blocks.items() if block.cidr.version == version}


def _relation(relation: Relation, blocks: _InDoubt, tables: Tables) -> Relation:
    return relation._replace(
        far_rows=tuple(_far_rows(dict(relation.far_rows), blocks, tables).items()),
        openings=tuple(_openings(relation.openings, blocks, tables)),
    )


def _far_rows(rows: dict[int, Blocks], blocks: _InDoubt, tables: Tables) -> dict[int, Blocks]:
    """Ingress: what those that a block may hold may send to the subjects of its rules."""
    more: dict[int, dict[int, Cells]] = {}
    gates = tables.ingress.gates
    asked = {
        number
        for number, gate in enumerate(gates)
        if any(peers in blocks for peers, _, _ in gate.rules)
    }
    for number, subject in _subjects(tables.ingress, asked, tables.universe).items():
        for peers, atoms, where in gates[number].rules:
            if kinds := blocks.get(peers):
                if kinds not in more:
                    more[kinds] = dict(rows.get(kinds, {}))
                put(more[kinds], subject if where is None else where, atoms)
    return rows | more


def _subjects(border: Border, gates: set[int], universe: Universe) -> dict[int, dict[int, int]]:
    """The places of the subjects of some gates."""
    found: dict[int, dict[int, int]] = {}
    for block, start in enumerate(universe.starts):
        for bit in range(len(universe.block(block))):
            for gate in border.gates_of[start + bit]:
                if gate in gates:
                    places = found.setdefault(gate, {})
                    places[block] = places.get(block, 0) | 1 << bit
    return found


def _openings(openings: tuple[Opening, ...], blocks: _InDoubt, tables: Tables) -> Iterator[Opening]:
    """Egress: what subjects may send to those that a block in their rules may hold."""
    ports = Ports(tables.atoms, tables.universe, tables.kinds, tables.snapshot.semantics)
    # The same mapping for the same, as it is for many subjects.
    known: dict[tuple[int, tuple[tuple[int, Opened], ...]], Cells] = {}
    for opening, gate in zip(openings, tables.egress.gates, strict=True):
        more = tuple(_more(gate, blocks))
        if not more:
            yield opening
            continue
        key = id(opening.kinds), more
        if key not in known:
            found = opening.kinds
            for kinds, opened in more:
                found = union(found, restricted(ports.to_kinds(opened), kinds))
            known[key] = found
        yield Opening(known[key], opening.blocks)


def _more(gate: Gate, blocks: _InDoubt) -> Iterator[tuple[int, Opened]]:
    for peers, numbers, _ in gate.rules:
        if kinds := blocks.get(peers):
            yield kinds, Opened(numbers, ())
    for peers, names in gate.names:
        if kinds := blocks.get(peers):
            yield kinds, Opened(0, names)
