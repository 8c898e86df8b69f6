"""A verdict for people: the answer first, then who decided and where it is written.

deny shop/frontend -> data/postgres 5432/tcp

  egress   allowed: no policy selects shop/frontend for egress
  ingress  denied: data/postgres is isolated, and no rule allows this
    data/postgres-from-api isolates it  (policies.yaml:10:3)
      ingress[0]: no item of `from` matches shop/frontend: podSelector app=api  (policies.yaml:15:5)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.errors import visible
from netsim.model.verdict import Group, Verdict
from netsim.report.context import OPTION_RULES, Context, deciding_options, option_value
from netsim.report.decision_text import decision_lines, disagreements
from netsim.report.style import Style, counted, listed, more


def verdict_text(verdict: Verdict, context: Context, style: Style) -> str:
    """The whole answer, several lines, ending in a line end."""
    lines = [
        *explanation(verdict, style),
        *_options(verdict, context, style),
        *_profile(context, style),
    ]
    return "\n".join(lines) + "\n"


def explanation(verdict: Verdict, style: Style) -> Iterator[str]:
    """The verdict, who decided it, and what is worth knowing; nothing of options."""
    yield _headline(verdict, style)
    yield from _groups(verdict, style)
    yield from _remarks(verdict, style)


def _headline(verdict: Verdict, style: Style) -> str:
    word = style.palette.decision(verdict.allowed, verdict.word)
    question = f"{verdict.source} -> {verdict.destination} {verdict.port}"
    share = f": {_share(verdict)}" if verdict.mixed else ""
    return f"{word} {style.palette.paint(style.palette.strong, visible(question))}{share}"


def _share(verdict: Verdict) -> str:
    """How much of a mixed verdict is allowed; in numbers where pairs are all that differs."""
    if len({(group.ports, group.answer.family) for group in verdict.groups}) > 1:
        return "allowed in part"
    allowed = sum(group.count for group in verdict.groups if group.allowed)
    return f"{allowed} of {counted(sum(group.count for group in verdict.groups), 'pair')} allowed"


def _groups(verdict: Verdict, style: Style) -> Iterator[str]:
    """A few groups with all that decided them; of many a list."""
    groups = verdict.groups
    if len(groups) > style.groups:
        from netsim.report.group_list import group_list  # most verdicts have fewer

        yield from ("", *group_list(groups, style), "  (-v shows what decided each of them)")
        return
    for group in groups:
        yield ""
        if len(groups) > 1 or group.count > 1 or verdict.port not in group.ports:
            yield _group_line(group, style)
        yield from _answer(group, style)


def _group_line(group: Group, style: Style) -> str:
    word = style.palette.decision(group.allowed, "allow" if group.allowed else "deny")
    ends = " -> ".join(listed(names, style) for names in (group.sources, group.destinations))
    return f"{word} {counted(group.count, 'pair')}: {ends} {listed(group.ports, style)}"


def _answer(group: Group, style: Style) -> Iterator[str]:
    answer = group.answer
    if answer.family is not None:
        yield f"  over IPv{answer.family.value}"
    yield from decision_lines(answer.egress, group, style)
    yield from decision_lines(answer.ingress, group, style)
    for note in answer.notes:
        yield f"  note: {visible(note)}"


def _remarks(verdict: Verdict, style: Style) -> Iterator[str]:
    remarks = [
        *(f"note: {visible(text)}" for text in verdict.notes),
        *(_warned(text, style) for text in _disagreements(verdict)),
        *(_warned(visible(text), style) for text in verdict.assumptions),
        *(_warned(f"incomplete: {visible(text)}", style) for text in verdict.incomplete),
    ]
    return _paragraph(remarks)


def _disagreements(verdict: Verdict) -> Iterable[str]:
    """What leaves the answer open, each once."""
    answers = (group.answer for group in verdict.groups)
    sides = (side for answer in answers for side in (answer.egress, answer.ingress))
    return dict.fromkeys(line for side in sides for line in disagreements(side))


def _options(verdict: Verdict, context: Context, style: Style) -> Iterator[str]:
    """Which options had a say, and under which profiles the verdict differs (IMP-22)."""
    named = [
        f"{name}={option_value(context.semantics, name)} ({OPTION_RULES[name]})"
        for name in deciding_options(verdict)
    ]
    lines = [f"decided by option: {', '.join(named)}"] if named else []
    if context.differing:
        lines.append("the verdict differs under profile:")
    elif named:
        lines.append("no profile has another verdict")
    for profile, word in context.differing[: style.items]:
        lines.append(f"  {profile.name}: {word}  (describes {profile.describes})")
    lines += more(len(context.differing) - style.items, "  ")
    return _paragraph(lines)


def _profile(context: Context, style: Style) -> Iterator[str]:
    profile = context.profile
    if profile is None:
        return iter(())
    options = (
        f"{name}={value} (unverified)" if name in profile.unverified else f"{name}={value}"
        for name, value in profile.options.items()
    )
    return _paragraph(
        [
            f"profile {profile.name} describes {profile.describes}",
            f"  sets {', '.join(options) or 'nothing'}",
            *(f"  caveat: {caveat}" for caveat in profile.caveats[: style.items]),
            *more(len(profile.caveats) - style.items, "  "),
        ]
    )


def _paragraph(lines: Iterable[str]) -> Iterator[str]:
    """The lines after an empty one, or nothing."""
    for number, line in enumerate(lines):
        if number == 0:
            yield ""
        yield line


def _warned(text: str, style: Style) -> str:
    return style.palette.paint(style.palette.warning, text)
