"""What evaluation found of policies, with how to ask about its flows, for whoever tells it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from netsim.analysis.finding import Finding
from netsim.errors import Diagnostic, visible
from netsim.model.flow import Flow
from netsim.report.diff_told import flow_text, flow_words
from netsim.report.json_text import place


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Findings; `again` are the words that begin a question about the same manifests."""

    findings: tuple[Finding, ...]
    again: tuple[str, ...] = ()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The same as diagnostics."""
        return tuple(finding.diagnostic for finding in self.findings)

    def flow_line(self, finding: Finding) -> str:
        """The flow that shows a finding, what comes of it, and how to ask; empty without one."""
        if finding.witness is None:
            return ""
        word = "allowed" if finding.allowed else "denied"
        asked = self._question(finding.witness)
        return f"for example {visible(flow_text(finding.witness))}, which is {word}: {asked}"

    def _question(self, flow: Flow) -> str:
        words = (*self.again, *flow_words(flow))
        return " ".join(shlex.quote(visible(word)) for word in words)

    def value(self, finding: Finding) -> dict[str, object]:
        """One finding for JSON."""
        return {
            "kind": finding.kind.value,
            "severity": finding.severity.value,
            "code": finding.code,
            "message": finding.message,
            "help": finding.help,
            "places": [
                {
                    "policyKind": each.policy.kind,
                    "policy": each.policy.name,
                    "tier": str(each.policy.tier),
                    "priority": each.policy.priority,
                    "path": each.field,
                    "action": each.action and each.action.value,
                    **place(each.location),
                }
                for each in finding.places
            ],
            "witness": self._witness(finding),
        }

    def _witness(self, finding: Finding) -> dict[str, object] | None:
        if finding.witness is None:
            return None
        source, destination, port = flow_words(finding.witness)
        return {
            "source": source,
            "destination": destination,
            "port": port,
            "verdict": "allow" if finding.allowed else "deny",
            "command": self._question(finding.witness),
        }
