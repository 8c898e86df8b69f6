"""Questions of one command, with all that their answers are told with."""

from __future__ import annotations

from netsim.analysis.profiles import ProfileComparison
from netsim.analysis.query import AnswersIn, Questions
from netsim.model.profiles import Profile
from netsim.model.snapshot import Snapshot
from netsim.model.verdict import Verdict
from netsim.report.context import Context


class Asker:
    """Puts questions to one snapshot. `namespace` is that of names without one.

    `answers_in` is what answers single flows, and `words_in` what tells whether other profiles
    allow them, if not the reference.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        profile: Profile | None,
        namespace: str,
        answers_in: AnswersIn | None = None,
        words_in: AnswersIn | None = None,
    ) -> None:
        self._questions = Questions(snapshot, answers_in=answers_in)
        self._comparison = ProfileComparison(self._questions, words_in)
        self._semantics = snapshot.semantics
        self._profile = profile
        self._namespace = namespace

    def ask(
        self, source: str, destination: str, port: int | str | None, protocol: str | None
    ) -> Verdict:
        """The verdict. Raises QueryError or LimitError as `Questions.can` does."""
        return self._questions.can(
            source, destination, port, protocol=protocol, namespace=self._namespace
        )

    def context(self, verdict: Verdict) -> Context:
        """What a verdict is told with. Costs a question for each profile that differs in options."""
        differing = self._comparison.differing(verdict, namespace=self._namespace)
        return Context(self._semantics, self._profile, differing)
