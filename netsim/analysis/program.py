"""A compiled snapshot: the value from which everything is answered at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from netsim.compiler.compile import compiled
from netsim.compiler.tables import Tables
from netsim.engine.reach import Reachability
from netsim.engine.rows import Rows
from netsim.errors import hold_type
from netsim.model.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from netsim.analysis.asking import Allowance, NamedFlow
    from netsim.analysis.many import Many
    from netsim.analysis.query import Questions
    from netsim.changes.difference import Difference
    from netsim.changes.pairing import Pairing
    from netsim.changes.version import Version
    from netsim.manifests.edit import Editor
    from netsim.model.ports import ProtocolText
    from netsim.model.verdict import Verdict

_FEW, _AT_ONCE = 1 << 12, 1 << 16


@dataclass(frozen=True, repr=False)
class Program:
    """All policies of a snapshot, compiled. Frozen and picklable.

    What it makes to answer faster, as an index of the names, is made when first needed.
    """

    snapshot: Snapshot

    @cached_property
    def tables(self) -> Tables:
        """What was compiled."""
        return compiled(self.snapshot)

    def __repr__(self) -> str:
        """Of what size it is: it holds a whole cluster."""
        pods, policies = len(self.snapshot.pods), len(self.snapshot.policies)
        return f"<Program of {pods:,} pods and {policies:,} policies>"

    def reach(self) -> Reachability:
        """Who may send what to whom. Costs nothing until a row is asked for; always the same."""
        return self._reachability

    @cached_property
    def _reachability(self) -> Reachability:
        return Reachability(self.tables)

    def verdict(
        self,
        source: str,
        destination: str,
        port: int | str | None = None,
        protocol: ProtocolText = None,
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
        protocol: ProtocolText = None,
        namespace: str = "",
    ) -> bool:
        """Whether the verdict is allow, without its reasons. Raises what `verdict` raises."""
        return self._allowance.allows(source, destination, port, protocol, namespace)

    def allows_many(self, flows: Iterable[NamedFlow], namespace: str = "") -> list[bool]:
        """What `allows` says to each (source, destination, port, protocol), in order.

        The protocol may be left out. Raises what `allows` raises at the first that can't be
        answered, and TypeError for what is no such tuple.
        """
        each = iter(flows)
        if "_many" not in self.__dict__:
            # So many cost less one by one than what is made to answer many at once.
            found = [self._allowance.flow(flow, namespace) for flow in islice(each, _FEW)]
            if len(found) < _FEW:
                return found
        else:
            found = []
        while some := list(islice(each, _AT_ONCE)):
            found += self._many.by_text(some, namespace)
        return found

    def ids(self, texts: Iterable[str], namespace: str = "") -> NDArray[np.intp]:
        """A number for each endpoint text, for `allows_ids`; equal texts have equal numbers.

        They are good for this very program, not for a copy. Raises QueryError at the first text
        that stands for nothing.
        """
        return self._many.ids(texts, namespace)

    def allows_ids(
        self,
        sources: ArrayLike,
        destinations: ArrayLike,
        ports: ArrayLike | str | None,
        protocol: ProtocolText = None,
    ) -> NDArray[np.bool_]:
        """What `allows` says to each source, destination and port, by the numbers of `ids`.

        `ports` are port numbers, or one port text for all; `protocol` is one for all. The columns
        are arrays, lists or single numbers, and are broadcast: the answer has their shape.

        Raises IndexError for a number that `ids` hasn't given, TypeError for what is no whole
        number, and what `allows` raises at the first that can't be answered.
        """
        return self._many.by_id(sources, destinations, ports, protocol)

    def update(self, changes: Snapshot | Editor) -> tuple[Program, Difference]:
        """The program of an edited snapshot, and what is other in it.

        `changes` is what `netsim.edit(program.snapshot)` has made, finished or not. Costs what
        its edits may change: one policy, the pairs of the pods that it governs with whom it
        speaks of. The new program can be updated in turn; it is compiled when it is first asked
        for anything else.

        Raises QueryError if the snapshot was read under other options.
        """
        # Who asks about one version alone has no need of these.
        from netsim.changes.diff import hold_alike
        from netsim.changes.difference import Difference
        from netsim.changes.edits import edits_between
        from netsim.changes.version import version_after
        from netsim.manifests.edit import Editor

        after = changes.done() if isinstance(changes, Editor) else changes
        hold_alike(self.snapshot, after)
        pairing = self._pairing.with_new(version_after(self._version, self.snapshot, after))
        program = Program(after)
        program.__dict__["_version"] = pairing.new.version
        if pairing.new.version.population is self._version.population:
            program.__dict__["_pairing"] = pairing.moved_on()
        return program, Difference(pairing, edits_between(pairing))

    @cached_property
    def _version(self) -> Version:
        from netsim.changes.version import version_of

        return version_of(self.snapshot)

    @cached_property
    def _pairing(self) -> Pairing:
        from netsim.changes.pairing import Pairing

        return Pairing(self._version, self._version)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256, in hex, of the objects and options that were compiled.

        It is the same in every process, whatever files and order the objects are written in. The
        order of a policy's own rules counts, and so do rules written twice.
        """
        from netsim.engine.content import content_hash

        return content_hash(self.snapshot)

    @cached_property
    def _questions(self) -> Questions:
        # Who asks for rows alone, or whether something holds, has no need of reasons.
        from netsim.analysis.query import Questions
        from netsim.engine.explain import explainer

        return Questions(self.snapshot, answers_in=explainer)

    @cached_property
    def _allowance(self) -> Allowance:
        from netsim.analysis.asking import Allowance

        return Allowance(self.tables, Rows(self.tables), self._questions)

    @cached_property
    def _many(self) -> Many:
        from netsim.analysis.many import Many  # loads numpy

        return Many(self.tables, self._allowance)

    def __reduce__(self) -> tuple[object, ...]:
        compiled = {"tables": self.tables} if "tables" in self.__dict__ else {}
        return Program, (self.snapshot,), compiled


def compile_snapshot(snapshot: Snapshot) -> Program:
    """Compile a snapshot. The cost grows with its pods, policies and rules; not with pairs."""
    hold_type(snapshot, Snapshot, "netsim.load(…)")
    program = Program(snapshot)
    program.__dict__["tables"] = compiled(snapshot)
    return program
