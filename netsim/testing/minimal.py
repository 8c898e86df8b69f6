"""From edits that break an invariant to the fewest and smallest that still do."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from netsim.source.documents import read_text
from netsim.testing.documents import Manifest
from netsim.testing.edit_values import Apply, Edit, Label
from netsim.testing.pod_edits import ADDED_KINDS, added
from netsim.testing.trials import Trials


def minimal(trials: Trials, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Fewer and smaller edits that break it too: none can be dropped, nor made smaller by a step.

    Costs about as many trials as the edits have parts, squared.
    """
    while (smaller := next(filter(trials.breaks, _smaller(edits)), None)) is not None:
        edits = smaller
    return edits


def _smaller(edits: tuple[Edit, ...]) -> Iterator[tuple[Edit, ...]]:
    """Without one of the edits, the last first; then with a smaller one in the place of one."""
    for at in reversed(range(len(edits))):
        yield (*edits[:at], *edits[at + 1 :])
    for at, each in enumerate(edits):
        for other in smaller_edits(each):
            yield (*edits[:at], other, *edits[at + 1 :])


def smaller_edits(edit: Edit) -> Iterator[Edit]:
    """The edits that do one thing less; a policy is changed in one thing alone."""
    match edit:
        case Label(object, labels) if len(labels) > 1:
            for key in labels:
                yield Label(object, {name: labels[name] for name in labels if name != key})
        case Apply(manifest):
            documents = [each.value for each in read_text(manifest).documents]
            if all(
                isinstance(each, dict) and each.get("kind") in ADDED_KINDS for each in documents
            ):
                yield from map(added, _with_less(documents))  # type: ignore[arg-type]


def _with_less(documents: list[Manifest]) -> Iterator[list[Manifest]]:
    """Without a document that isn't the first, or without a label of one."""
    for at in reversed(range(1, len(documents))):
        yield [*documents[:at], *documents[at + 1 :]]
    for at, document in enumerate(documents):
        for smaller in _fewer_labels(document):
            yield [*documents[:at], smaller, *documents[at + 1 :]]


def _fewer_labels(manifest: Manifest) -> Iterator[Manifest]:
    if manifest["kind"] == "Deployment":
        labels = manifest["spec"]["selector"]["matchLabels"]
        for key in labels if len(labels) > 1 else ():
            found = deepcopy(manifest)
            del found["spec"]["selector"]["matchLabels"][key]
            del found["spec"]["template"]["metadata"]["labels"][key]
            yield found
        return
    for key in manifest["metadata"].get("labels", {}):
        found = deepcopy(manifest)
        del found["metadata"]["labels"][key]
        if not found["metadata"]["labels"]:
            del found["metadata"]["labels"]
        yield found
