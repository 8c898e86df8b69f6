"""netsim: can A talk to B on port X in this Kubernetes cluster?

    import netsim
    snapshot = netsim.load("manifests/")
    verdict = netsim.can(snapshot, "shop/frontend", "shop/api", 8080)
    print(verdict.allowed, verdict)

Names are loaded when first used, so that importing netsim costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netsim.analysis.graph import graph
    from netsim.analysis.program import Program, compile_snapshot
    from netsim.analysis.query import Questions, can
    from netsim.changes.blame import Cause as ChangeCause
    from netsim.changes.diff import diff
    from netsim.changes.difference import Difference
    from netsim.engine.reach import Reachability
    from netsim.errors import Diagnostic, InputError, LimitError, Location, NetsimError, QueryError
    from netsim.manifests.edit import edit
    from netsim.manifests.load import load, loads
    from netsim.manifests.loader import Loader
    from netsim.model.cluster import Protocol
    from netsim.model.flow import Answer, Cause, Decision, Direction, Flow, Reason
    from netsim.model.semantics import Semantics
    from netsim.model.snapshot import Snapshot
    from netsim.model.verdict import Group, Verdict
    from netsim.reference.decide import decide as decide_by_reference
    from netsim.suites.check import check
    from netsim.suites.coverage import Coverage, coverage
    from netsim.suites.learn import learn
    from netsim.suites.learned import Learned
    from netsim.suites.outcome import Outcome, SuiteOutcome
    from netsim.suites.reading import load_suites
    from netsim.suites.suite import Suite

# Public name -> the module that has it, with `:` and its name there where that is another.
_HOMES = {
    "Answer": "netsim.model.flow",
    "Cause": "netsim.model.flow",
    "ChangeCause": "netsim.changes.blame:Cause",
    "Coverage": "netsim.suites.coverage",
    "Decision": "netsim.model.flow",
    "Diagnostic": "netsim.errors",
    "Difference": "netsim.changes.difference",
    "Direction": "netsim.model.flow",
    "Flow": "netsim.model.flow",
    "Group": "netsim.model.verdict",
    "InputError": "netsim.errors",
    "Learned": "netsim.suites.learned",
    "LimitError": "netsim.errors",
    "Loader": "netsim.manifests.loader",
    "Location": "netsim.errors",
    "NetsimError": "netsim.errors",
    "Outcome": "netsim.suites.outcome",
    "Program": "netsim.analysis.program",
    "Protocol": "netsim.model.cluster",
    "QueryError": "netsim.errors",
    "Questions": "netsim.analysis.query",
    "Reachability": "netsim.engine.reach",
    "Reason": "netsim.model.flow",
    "Semantics": "netsim.model.semantics",
    "Snapshot": "netsim.model.snapshot",
    "Suite": "netsim.suites.suite",
    "SuiteOutcome": "netsim.suites.outcome",
    "Verdict": "netsim.model.verdict",
    "can": "netsim.analysis.query",
    "check": "netsim.suites.check",
    "compile_snapshot": "netsim.analysis.program",
    "coverage": "netsim.suites.coverage",
    "decide_by_reference": "netsim.reference.decide:decide",
    "diff": "netsim.changes.diff",
    "edit": "netsim.manifests.edit",
    "graph": "netsim.analysis.graph",
    "learn": "netsim.suites.learn",
    "load": "netsim.manifests.load",
    "load_suites": "netsim.suites.reading",
    "loads": "netsim.manifests.load",
}

__all__ = [
    "Answer",
    "Cause",
    "ChangeCause",
    "Coverage",
    "Decision",
    "Diagnostic",
    "Difference",
    "Direction",
    "Flow",
    "Group",
    "InputError",
    "Learned",
    "LimitError",
    "Loader",
    "Location",
    "NetsimError",
    "Outcome",
    "Program",
    "Protocol",
    "QueryError",
    "Questions",
    "Reachability",
    "Reason",
    "Semantics",
    "Snapshot",
    "Suite",
    "SuiteOutcome",
    "Verdict",
    "can",
    "check",
    "compile_snapshot",
    "coverage",
    "decide_by_reference",
    "diff",
    "edit",
    "graph",
    "learn",
    "load",
    "load_suites",
    "loads",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'netsim' has no attribute {name!r}")
    from importlib import import_module

    module, _, original = home.partition(":")
    value = getattr(import_module(module), original or name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
