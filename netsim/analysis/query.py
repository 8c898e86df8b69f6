"""Can A talk to B on port X: a question about endpoint texts, and its verdict.

A question may stand for many flows: workloads, selectors, address ranges, port ranges. Each is
cut into classes that nothing in the policies tells apart, one flow of each is put to the
reference, and what comes out alike is one group of the verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from netsim.analysis.domains import Naming, names_passed_over, naming_policies
from netsim.analysis.flows import Expansion
from netsim.analysis.grouping import Grouping
from netsim.analysis.incomplete import QuestionEnd, lacking, unmodelled
from netsim.analysis.pairs import itself
from netsim.errors import hold_type
from netsim.model.directory import Directory, Named
from netsim.model.flow import Answer, Flow
from netsim.model.ports import AskedPort, ProtocolText, parse_port
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.model.verdict import Verdict


def can(
    snapshot: Snapshot,
    source: str,
    destination: str,
    port: int | str | None = None,
    *,
    protocol: ProtocolText = None,
    namespace: str = "",
) -> Verdict:
    """Whether `source` may open a connection to `destination`.

    Ends and port are texts as on the command line; `protocol` is TCP where neither it nor the
    port text says another. `namespace` is that of names without one; without it they are looked
    for everywhere. For many questions to one snapshot make a `Questions`.

    Raises QueryError if the question can't be answered as asked: an unknown name, a port name
    that the destination doesn't have (SVC-3), a finished pod (NP-64).
    Raises LimitError if it stands for more than 100,000 flows that may differ.
    """
    return Questions(snapshot).can(
        source, destination, port, protocol=protocol, namespace=namespace
    )


# What answers single flows in a snapshot; an address at their ends is nobody's in the cluster.
AnswersIn = Callable[[Snapshot], Callable[[Flow], Answer]]


class Questions:
    """Questions to one snapshot, whose names and policies are indexed once for all of them.

    Answers are those of the reference, unless something else is given that equals it.
    `directory` is the index of the names where there is one already.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        directory: Directory | None = None,
        answers_in: AnswersIn | None = None,
    ) -> None:
        hold_type(snapshot, Snapshot, "netsim.load(…)")
        self.snapshot = snapshot
        self.directory = directory or Directory(snapshot)
        self._expansion = Expansion(snapshot, self.directory)
        self._answers_in = answers_in
        self._answer = answers_in(snapshot) if answers_in else self._by_reference

    def under(self, semantics: Semantics, answers_in: AnswersIn | None = None) -> Questions:
        """Questions to the same snapshot under other options, `pod_cidrs` being the same.

        Answers are those of `answers_in`, or come from where they come here.
        """
        snapshot = replace(self.snapshot, semantics=semantics)
        return Questions(snapshot, self.directory, answers_in or self._answers_in)

    def _by_reference(self, flow: Flow) -> Answer:
        from netsim.reference.decide import decide  # most are given something else to answer

        return decide(self._expansion.around(flow), flow)

    def can(
        self,
        source: str,
        destination: str,
        port: int | str | None = None,
        *,
        protocol: ProtocolText = None,
        namespace: str = "",
    ) -> Verdict:
        """As the function `can`."""
        asked = parse_port(port, protocol)
        one = self.directory.find(source, namespace)
        other = self.directory.find(destination, namespace)
        ends = QuestionEnd(source, one, namespace), QuestionEnd(destination, other, namespace)
        return self.about(*ends, asked)

    def about(self, source: QuestionEnd, destination: QuestionEnd, asked: AskedPort) -> Verdict:
        """As `can`, where the names have been looked up."""
        one, other = source.named, destination.named
        ends = source, destination._replace(named=self._behind(other))
        notes = unmodelled(self.snapshot, ends)
        notes += (other.note,) if other.note else ()
        pairs = self._expansion.pairs(one, other)
        if not pairs:
            pair, note = itself(one, other)
            pairs = [pair]
            notes += (note,) if note else ()
        grouping = Grouping(asked.protocol)
        for flow in self._expansion.flows(pairs, asked):
            grouping.add(flow, self._answer(flow.flow))
        groups = grouping.groups()
        policies = self._expansion.policies_of(*one.members, *other.members)
        notes += names_passed_over(self._naming, groups)
        missing = lacking(self.snapshot, ends, policies)
        return Verdict(source.text, destination.text, str(asked), groups, notes, missing)

    @cached_property
    def _naming(self) -> Naming:
        return naming_policies(self.snapshot.policies)

    def _behind(self, named: Named) -> Named:
        """Who is meant, whatever name it is reached under."""
        return named._replace(members=tuple(map(self.directory.behind, named.members)))
