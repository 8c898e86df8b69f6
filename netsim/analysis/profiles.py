"""Under which profiles a question is answered otherwise (IMP-22)."""

from __future__ import annotations

from netsim.analysis.query import Questions
from netsim.model.profiles import PROFILES, Profile
from netsim.model.semantics import Semantics
from netsim.model.verdict import Verdict


class ProfileComparison:
    """Puts questions about one snapshot again, as each profile answers them."""

    def __init__(self, questions: Questions) -> None:
        self._own = questions.snapshot.semantics
        self._profiles = [(profile, _under(profile, self._own)) for profile in PROFILES]
        self._questions = {semantics: questions.under(semantics) for _, semantics in self._profiles}

    def differing(
        self, verdict: Verdict, *, namespace: str = ""
    ) -> tuple[tuple[Profile, Verdict], ...]:
        """The profiles that answer the question of `verdict` with another word, and their answers.

        `namespace` is that of the question. Costs a question for each set of options that differs.
        """
        answers: dict[Semantics, Verdict] = {self._own: verdict}
        found = []
        for profile, semantics in self._profiles:
            if semantics not in answers:
                answers[semantics] = self._questions[semantics].can(
                    verdict.source, verdict.destination, verdict.port, namespace=namespace
                )
            if answers[semantics].word != verdict.word:
                found.append((profile, answers[semantics]))
        return tuple(found)


def _under(profile: Profile, own: Semantics) -> Semantics:
    """A profile's options; what the input means, and where pods live, is the same under all."""
    plain = Semantics(
        pod_cidrs=own.pod_cidrs,
        strict_ip=own.strict_ip,
        duplicates=own.duplicates,
        decoding=own.decoding,
    )
    return profile.over(plain)
