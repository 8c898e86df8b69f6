"""A difference with what a reader must know besides, for whoever tells it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field

from netsim.changes.blame import Cause
from netsim.changes.difference import Difference, Effect
from netsim.changes.witness import Witness
from netsim.errors import visible
from netsim.model.flow import Flow
from netsim.report.context import Context
from netsim.report.verdict_json import profile_value

# Where nobody asked for causes.
NO_CAUSE = Cause(())


@dataclass(frozen=True, slots=True)
class Told:
    """What was compared with what, and under which options.

    `again` are the words that begin a question about the new version; without, it can't be asked,
    as that is a git revision. `pairs`: every pair is wanted, too. Without `blame` no causes are.
    `revisions` are those of git that names of files begin with.
    """

    difference: Difference
    old: str
    new: str
    again: tuple[str, ...] = ()
    pairs: bool = False
    blame: bool = True
    revisions: tuple[str, ...] = ()
    context: Context = field(default_factory=Context)
    incomplete: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def value(self) -> dict[str, object]:
        """The keys that every object about a difference has."""
        profile = self.context.profile
        return {
            "old": self.old,
            "new": self.new,
            "level": self.difference.level.value,
            "notes": list(self.notes),
            "assumptions": list(self.difference.assumptions),
            "incomplete": list(self.incomplete),
            "profile": None if profile is None else profile_value(profile),
            "semantics": self.context.semantics.changed(),
        }

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What each cause did; without causes all of it as one."""
        found = self.difference
        if self.blame:
            return found.causes
        return (Effect(NO_CAUSE, found.opened, found.closed),) if found.boxes else ()

    def question(self, witness: Witness) -> str:
        """The command that asks about its flow in the new version; empty where none can."""
        if not self.again:
            return ""
        words = (*self.again, *flow_words(witness.flow))
        return " ".join(shlex.quote(visible(word)) for word in words)


def flow_text(flow: Flow) -> str:
    """`shop/web -> shop/api 8080`."""
    source, destination, port = flow_words(flow)
    return f"{source} -> {destination} {port}"


def flow_words(flow: Flow) -> tuple[str, str, str]:
    """Source, destination and port, as `netsim can` takes them."""
    protocol = flow.protocol.value.lower()
    port = protocol if flow.port is None else f"{flow.port}/{protocol}"
    return str(flow.source), str(flow.destination), port.removesuffix("/tcp")
