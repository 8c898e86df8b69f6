"""The tables with what the tiers around NetworkPolicy change. Loaded only where these have rules."""

from __future__ import annotations

from collections.abc import Sequence

from netsim.compiler.doubts import Bounds
from netsim.compiler.overlays import Overlays
from netsim.compiler.strata import Strata
from netsim.compiler.tables import Tables
from netsim.compiler.walk import Reading
from netsim.model.flow import Direction
from netsim.model.rules import RankedRule


def overruled(tables: Tables, ranked: Sequence[RankedRule]) -> Tables:
    """The tables with what these rules change."""
    return _read(tables, _overlays(tables, ranked), Reading.GIVEN)


def overruled_bounds(bounds: Bounds, ranked: Sequence[RankedRule]) -> Bounds:
    """The bounds with what these rules change at least, and at most: they may shut things, too."""
    overlays, least, most = _overlays(bounds.least, ranked), bounds.least, bounds.most
    # Whom NetworkPolicy isolates in the one is whom it may, or must, isolate in the other.
    return Bounds(
        bounds.doubts,
        _read(least, overlays, Reading.LEAST)._replace(shielded=most.shielded),
        _read(most, overlays, Reading.MOST)._replace(shielded=least.shielded),
    )


def _overlays(tables: Tables, ranked: Sequence[RankedRule]) -> Overlays:
    strata = Strata(tables.universe, tables.snapshot, ranked)
    return Overlays(ranked, strata, tables.atoms)


def _read(tables: Tables, overlays: Overlays, reading: Reading) -> Tables:
    return tables._replace(
        relations={
            version: relation._replace(
                inward=overlays.of(Direction.INGRESS, version, reading),
                outward=overlays.of(Direction.EGRESS, version, reading),
            )
            for version, relation in tables.relations.items()
        },
    )
