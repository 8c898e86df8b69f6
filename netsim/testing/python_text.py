"""A counterexample as a test for pytest, written in Python."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from netsim.model.semantics import Semantics
from netsim.testing.edit_values import Apply, Delete, Edit, Label, Scale
from netsim.testing.invariants import Invariant

_OWN = "netsim.testing"


def python_test(
    invariant: Invariant, edits: Sequence[Edit], paths: Sequence[str], semantics: Semantics
) -> str:
    """The module with one test. Without paths the test asks for a fixture `snapshot`."""
    return "\n".join(_lines(invariant, edits, paths, semantics)) + "\n"


def _lines(
    invariant: Invariant, edits: Sequence[Edit], paths: Sequence[str], semantics: Semantics
) -> Iterator[str]:
    yield "import netsim"
    yield "from netsim import testing"
    own = invariant.home == _OWN
    if not own:
        yield f"from {invariant.home} import {invariant.call}"
    name = re.sub(r"\W+", "_", invariant.call).strip("_").lower() or "invariant"
    yield from ("", "")
    yield f"def test_{name}({'' if paths else 'snapshot: netsim.Snapshot'}) -> None:"
    if paths:
        yield f"    snapshot = {_load(paths, semantics)}"
    call = f"testing.{invariant.call}" if own else invariant.call
    if not edits:
        yield f"    {call}.hold(snapshot)"
        return
    yield f"    {call}.hold("
    yield "        snapshot,"
    for each in edits:
        yield f"        {_edit(each)},"
    yield "    )"


def _load(paths: Sequence[str], semantics: Semantics) -> str:
    words = [quoted(path) for path in paths]
    if changed := semantics.changed():
        words.append(f"semantics=netsim.Semantics().with_texts({_map(changed)})")
    return f"netsim.load({', '.join(words)})"


def _edit(edit: Edit) -> str:
    match edit:
        case Apply(manifest, said):
            text = manifest.replace("\\", "\\\\").replace('"""', r"\"\"\"")
            return f'testing.Apply("""\\\n{text}""", {quoted(said)})'
        case Delete(object):
            return f"testing.Delete({quoted(object)})"
        case Label(object, labels):
            return f"testing.Label({quoted(object)}, {_map(labels)})"
        case Scale(object, replicas):
            return f"testing.Scale({quoted(object)}, {replicas})"


def _map(values: Mapping[str, str | None]) -> str:
    each = (
        f"{quoted(key)}: {None if value is None else quoted(value)}"
        for key, value in values.items()
    )
    return f"{{{', '.join(each)}}}"


def quoted(value: object) -> str:
    """A value as Python is written: texts in double quotes where they can be."""
    if isinstance(value, tuple | list):
        return f"({''.join(f'{quoted(each)}, ' for each in value).rstrip()})"
    text = repr(value)
    plain = text.startswith("'") and not set(text) & {'"', "\\"}
    return f'"{text[1:-1]}"' if plain else text
