"""Counterexamples in files, so that the next search begins with them: YAML that people read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from netsim.errors import Diagnostic, FaultType, InputError, Location, Severity
from netsim.source.documents import read_paths, read_text
from netsim.testing.edit_values import Apply, Delete, Edit, Label, Scale
from netsim.testing.yaml_text import yaml_text

_HELP = "`netsim fuzz` wrote it: put it back as it was, or delete it"
# Far below what file systems take, and about what is read at a glance.
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands in such a file: what breaks an invariant, and the text that names that.

    The text is None in a file that somebody wrote by hand, and left it out.
    """

    invariant: str | None
    edits: tuple[Edit, ...]


def path_of(folder: Path, name: str) -> Path:
    """Where the counterexample of an invariant is, by the text that names it.

    A text that can't be a file's name is told from others alike by a digest behind its start.
    """
    readable = re.sub(r"[^A-Za-z0-9_.=,-]+", "_", name)[:_LONGEST]
    if readable != name:
        readable += f"-{sha256(name.encode(errors='surrogatepass')).hexdigest()[:8]}"
    return folder / f"{readable}.yaml"


def saved_text(name: str, said: str, edits: Sequence[Edit]) -> str:
    """What stands in such a file."""
    return yaml_text({"invariant": name, "said": said, "edits": [_value(each) for each in edits]})


def saved_in(path: Path) -> Saved | None:
    """What stands in a file; None if there is no such file.

    Raises InputError if it can't be read, or is none of these.
    """
    if not path.exists():
        return None
    reading = read_paths([path])
    faults = [each for each in reading.diagnostics if each.severity is Severity.ERROR]
    if faults:
        raise InputError(faults)
    try:
        (document,) = reading.documents
        assert isinstance(document.value, dict)
        invariant = document.value.get("invariant")
        assert invariant is None or isinstance(invariant, str)
        return Saved(invariant, tuple(_edit(each) for each in document.value["edits"]))
    except (ValueError, AssertionError, LookupError, TypeError, AttributeError):
        fault = Diagnostic(
            Severity.ERROR,
            FaultType.INVALID,
            "FUZZ",
            "this is no saved counterexample",
            Location(str(path)),
            help=_HELP,
        )
        raise InputError([fault]) from None


def _value(edit: Edit) -> Mapping[str, object]:
    match edit:
        case Apply(manifest, said):
            documents = [each.value for each in read_text(manifest).documents]
            return {"said": said, "apply": documents}
        case Delete(object):
            return {"delete": object}
        case Label(object, labels):
            return {"label": object, "labels": {**labels}}
        case Scale(object, replicas):
            return {"scale": object, "replicas": replicas}


def _edit(value: object) -> Edit:
    match value:
        case {"apply": list(documents), "said": str(said)}:
            return Apply("---\n".join(map(yaml_text, documents)), said)
        case {"delete": str(object)}:
            return Delete(object)
        case {"label": str(object), "labels": dict(labels)}:
            if all(each is None or isinstance(each, str) for each in labels.values()):
                return Label(object, labels)
        case {"scale": str(object), "replicas": int(replicas)}:
            return Scale(object, replicas)
    raise ValueError
