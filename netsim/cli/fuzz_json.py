"""What `netsim fuzz` found as data (docs/json.md)."""

from __future__ import annotations

from collections.abc import Sequence

from netsim.cli.fuzz_text import Found
from netsim.cli.loaded import Loaded
from netsim.report.context import Context
from netsim.report.json_text import API_VERSION, json_text
from netsim.report.verdict_json import profile_value
from netsim.testing.counterexample import Counterexample


def found_json(
    found: Sequence[Found],
    paths: tuple[str, ...],
    options: tuple[str, ...],
    context: Context,
    loaded: Loaded,
) -> str:
    """One object, `kind: Invariants`."""
    profile = context.profile
    value = {
        "apiVersion": API_VERSION,
        "kind": "Invariants",
        "hold": not any(each.searched.counterexample for each in found),
        "invariants": [_invariant(each, paths, options) for each in found],
        "notes": list(loaded.notes),
        "incomplete": list(loaded.incomplete),
        "profile": None if profile is None else profile_value(profile),
        "semantics": context.semantics.changed(),
    }
    return json_text(value, indent=2)


def _invariant(found: Found, paths: tuple[str, ...], options: tuple[str, ...]) -> dict[str, object]:
    searched = found.searched
    broken = searched.counterexample
    file = found.path if broken else found.first
    return {
        "invariant": found.text,
        "text": found.invariant.said,
        "tried": searched.tried,
        "refused": searched.refused,
        "complete": searched.complete,
        "file": None if file is None else str(file),
        "replayed": searched.again,
        "counterexample": None if broken is None else _counterexample(broken, paths, options),
    }


def _counterexample(
    found: Counterexample, paths: tuple[str, ...], options: tuple[str, ...]
) -> dict[str, object]:
    return {
        "violations": list(found.violations),
        "edits": [
            {"text": str(edit), "option": list(edit.options), "manifest": manifest or None}
            for edit, manifest in found.manifests()
        ],
        "difference": found.difference_text(),
        "command": found.what_if(paths, options),
        "test": found.test(paths),
    }
