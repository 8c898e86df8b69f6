"""The answer to a question, which may stand for many flows."""

from __future__ import annotations

from dataclasses import dataclass

from netsim.model.flow import Answer, Decision, Reason
from netsim.model.walk import names_apart, walk_text


@dataclass(frozen=True, slots=True)
class Group:
    """Flows of one question that came out alike, for the same reasons.

    `answer` is that of one of them. `sources`, `destinations` and `ports` are texts of what the
    group covers, in order, addresses as the fewest CIDRs. `count` is its number of pairs of ends,
    where all addresses of a range are one end.
    """

    answer: Answer
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    ports: tuple[str, ...]
    count: int = 1

    @property
    def allowed(self) -> bool:
        return self.answer.allowed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What netsim answers: allowed iff every flow that the question stands for is (WL-11).

    `source`, `destination` and `port` are the texts of the question; `port` carries the
    protocol (`8080/tcp`). `groups` is never empty and lists denied groups first.
    `incomplete` names what `keep_going` left out and could change this verdict.
    """

    source: str
    destination: str
    port: str
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether every flow is allowed."""
        return all(group.allowed for group in self.groups)

    @property
    def some(self) -> bool:
        """Whether at least one flow is allowed."""
        return any(group.allowed for group in self.groups)

    @property
    def mixed(self) -> bool:
        """Whether some flows are allowed and some are not."""
        return self.some and not self.allowed

    @property
    def word(self) -> str:
        """`allow`, `deny` or `mixed`."""
        return "mixed" if self.mixed else "allow" if self.allowed else "deny"

    @property
    def egress(self) -> Decision:
        """The source's side, of the first group."""
        return self.groups[0].answer.egress

    @property
    def ingress(self) -> Decision:
        """The destination's side, of the first group."""
        return self.groups[0].answer.ingress

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All that decided the first group: egress, then ingress, each in the order of REF-3."""
        return self.egress.reasons + self.ingress.reasons

    @property
    def ambiguous(self) -> bool:
        """Whether policies of one tier and priority disagree about some flow of it (ANP-24)."""
        answers = (group.answer for group in self.groups)
        return any(answer.egress.ambiguous or answer.ingress.ambiguous for answer in answers)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken as given and could change the verdict (NP-43, WL-7), each once."""
        found = (text for group in self.groups for text in group.answer.assumptions)
        return tuple(dict.fromkeys(found))

    def __bool__(self) -> bool:
        raise TypeError("a verdict is not a truth value: ask `.allowed` or `.some`")

    def __repr__(self) -> str:
        """The same as the text, for a failing assertion to show."""
        return f"<{self}>"

    def __str__(self) -> str:
        """The verdict and its reason in one line."""
        return f"{self.word} {self.source} -> {self.destination} {self.port}: {self.reason}"

    @property
    def reason(self) -> str:
        """In one line, why the first group came out as it did."""
        return "; ".join(map(_side, deciding(self.egress, self.ingress)))


def deciding(*sides: Decision) -> tuple[Decision, ...]:
    """The sides that make the answer: those that deny, else all."""
    return tuple(side for side in sides if not side.allowed) or sides


def _side(decision: Decision) -> str:
    if decision.steps:
        return f"{decision.direction.value}: {walk_text(decision)}{_ambiguity(decision)}"
    if not decision.reasons:
        return f"{decision.direction.value}: {decision.cause.value}"
    first = decision.reasons[0]
    rule = "" if first.rule is None else f" {first.direction.value}[{first.rule}]"
    more = len({reason.full_name for reason in decision.reasons}) - 1
    others = f" and {more} more" if more else ""
    return f"{decision.direction.value}: {decision.cause.value} ({first.full_name}{rule}{others})"


def _ambiguity(decision: Decision) -> str:
    """The policies that disagree with one that the walk names."""
    rivals = {(each.kind, each.full_name) for each in decision.ambiguous}
    if not rivals:
        return ""
    told = names_apart(each for step in decision.steps for each in (*step.reasons, *step.rivals))
    names = [name for key, name in told.items() if key in rivals]
    others = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f" (ambiguous: {names[0]}{others} of the same priority disagree{'' if others else 's'})"
