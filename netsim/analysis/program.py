"""A compiled snapshot: the value from which everything is answered at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from netsim.analysis.asking import Allowance
from netsim.analysis.query import Questions
from netsim.compiler.compile import compiled
from netsim.compiler.tables import Tables
from netsim.engine.content import content_hash
from netsim.engine.explain import explainer
from netsim.engine.reach import Reachability
from netsim.engine.rows import Rows
from netsim.model.snapshot import Snapshot
from netsim.model.verdict import Verdict


@dataclass(frozen=True)
class Program:
    """All policies of a snapshot, compiled. Frozen and picklable.

    What it makes to answer faster, as an index of the names, is made when first needed.
    """

    tables: Tables

    def reach(self) -> Reachability:
        """Who may send what to whom. Costs nothing until a row is asked for."""
        return Reachability(self.tables)

    def verdict(
        self,
        source: str,
        destination: str,
        port: int | str | None = None,
        protocol: str | None = None,
        namespace: str = "",
    ) -> Verdict:
        """Whether `source` may open a connection to `destination`, and why: as `netsim.can`.

        Raises QueryError and LimitError as that does.
        """
        return self._questions.can(
            source, destination, port, protocol=protocol, namespace=namespace
        )

    def allows(
        self,
        source: str,
        destination: str,
        port: int | str | None = None,
        protocol: str | None = None,
        namespace: str = "",
    ) -> bool:
        """Whether the verdict is allow, without its reasons. Raises what `verdict` raises."""
        return self._allowance.allows(source, destination, port, protocol, namespace)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256, in hex, of the objects and options that were compiled.

        It is the same in every process, whatever files and order the objects are written in. The
        order of a policy's own rules counts, and so do rules written twice.
        """
        return content_hash(self.tables.snapshot)

    @cached_property
    def _questions(self) -> Questions:
        return Questions(self.tables.snapshot, answers_in=explainer)

    @cached_property
    def _allowance(self) -> Allowance:
        return Allowance(self.tables, Rows(self.tables), self._questions)

    def __reduce__(self) -> tuple[type[Program], tuple[Tables]]:
        return Program, (self.tables,)


def compile_snapshot(snapshot: Snapshot) -> Program:
    """Compile a snapshot. The cost grows with its pods, policies and rules; not with pairs."""
    return Program(compiled(snapshot))
