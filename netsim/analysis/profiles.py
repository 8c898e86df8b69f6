"""Under which profiles a question is answered otherwise (IMP-22)."""

from __future__ import annotations

from netsim.analysis.query import AnswersIn, Questions
from netsim.model.profiles import PROFILES, Profile
from netsim.model.semantics import Semantics
from netsim.model.verdict import Verdict


class ProfileComparison:
    """Puts questions about one snapshot again, as each profile answers them.

    `answers_in` is what answers single flows under them, if not what does for `questions`; only
    whether they are allowed matters.
    """

    def __init__(self, questions: Questions, answers_in: AnswersIn | None = None) -> None:
        self._own = questions.snapshot.semantics
        self._profiles = [(profile, _under(profile, self._own)) for profile in PROFILES]
        self._questions = {
            semantics: questions.under(semantics, answers_in) for _, semantics in self._profiles
        }

    def differing(
        self, verdict: Verdict, *, namespace: str = ""
    ) -> tuple[tuple[Profile, str], ...]:
        """The profiles that answer the question of `verdict` with another word, and that word.

        `namespace` is that of the question. Costs a question for each set of options that differs.
        """
        words = {self._own: verdict.word}
        found = []
        for profile, semantics in self._profiles:
            if semantics not in words:
                other = self._questions[semantics].can(
                    verdict.source, verdict.destination, verdict.port, namespace=namespace
                )
                words[semantics] = other.word
            if words[semantics] != verdict.word:
                found.append((profile, words[semantics]))
        return tuple(found)


def _under(profile: Profile, own: Semantics) -> Semantics:
    """A profile's options; what the input means, and where pods live, is the same under all."""
    plain = Semantics(
        pod_cidrs=own.pod_cidrs,
        strict_ip=own.strict_ip,
        duplicates=own.duplicates,
        decoding=own.decoding,
        priority_ties=own.priority_ties,
        cnp_channel=own.cnp_channel,
    )
    return profile.over(plain)
