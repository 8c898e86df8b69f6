"""A compiled snapshot: the value from which everything is answered at once."""

from __future__ import annotations

from dataclasses import dataclass

from netsim.compiler.compile import compiled
from netsim.compiler.tables import Tables
from netsim.engine.reach import Reachability
from netsim.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Program:
    """All policies of a snapshot, compiled. Frozen and picklable."""

    tables: Tables

    def reach(self) -> Reachability:
        """Who may send what to whom. Costs nothing until a row is asked for."""
        return Reachability(self.tables)


def compile_snapshot(snapshot: Snapshot) -> Program:
    """Compile a snapshot. The cost grows with its pods, policies and rules; not with pairs."""
    return Program(compiled(snapshot))
