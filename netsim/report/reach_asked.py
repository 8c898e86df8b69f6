"""What a listing answers, for whoever reads it later."""

from __future__ import annotations

from dataclasses import dataclass, field

from netsim.report.context import Context
from netsim.report.verdict_json import profile_value


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for and under which options, and what a reader must know besides."""

    source: str | None = None
    destination: str | None = None
    port: str | None = None
    namespace: str = ""
    context: Context = field(default_factory=Context)
    incomplete: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def value(self) -> dict[str, object]:
        """The keys that every object about a listing has."""
        profile = self.context.profile
        return {
            "from": self.source,
            "to": self.destination,
            "port": self.port,
            "namespace": self.namespace or None,
            "notes": list(self.notes),
            "incomplete": list(self.incomplete),
            "profile": None if profile is None else profile_value(profile),
            "semantics": self.context.semantics.changed(),
        }
