"""A judged document whose equal stands elsewhere: judged already, and all its places are new."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netsim.errors import Diagnostic, Location
from netsim.manifests.judge import Faulty, Judged, Outcome, Unread
from netsim.manifests.workloads import Controller
from netsim.model.inventory import Read
from netsim.source.chunks import Chunk
from netsim.source.documents import Document
from netsim.source.origin import FileOrigin, Origin


def moved(outcome: Outcome, before: Chunk, now: Chunk, within: bool) -> Outcome:
    """What `judge` would make of the same text in `now`.

    But for one thing: what was built stays the very same object, with the place where it was
    first read. Only where that isn't its place any longer (it moved in its file, or `within` the
    same input) it is a copy, of the same parts.
    """
    # Nearly all are Judged, and told so in a quarter of the time that `match` takes.
    if isinstance(outcome, Judged):
        origin = _moved_origin(outcome.read.origin, now)
        built = _moved_object(outcome.read.built, origin, within)
        said = outcome.said and _moved_said(outcome.said, before, now)
        document = outcome.unnamed and _moved_document(outcome.unnamed, now)
        return Judged(outcome.key, Read(built, origin), said, document)
    if isinstance(outcome, Faulty):
        return Faulty(outcome.key, _moved_said(outcome.said, before, now))
    return Unread(_moved_document(outcome.document, now), outcome.why)


def is_bare(outcome: Outcome) -> bool:
    """Whether nothing in it tells where it stands but the origin of the object."""
    return isinstance(outcome, Judged) and not outcome.said and outcome.unnamed is None


def _moved_origin(origin: Origin, now: Chunk) -> FileOrigin:
    assert isinstance(origin, FileOrigin)
    return FileOrigin(now, origin.find_places, origin.inside)


def _moved_document(document: Document, now: Chunk) -> Document:
    origin = _moved_origin(document.origin, now)
    return Document(document.value, origin, document.duplicates, document.named)


def _moved_said(said: list[Diagnostic], before: Chunk, now: Chunk) -> list[Diagnostic]:
    lines = now.first_line - before.first_line
    return [
        replace(item, location=Location(now.file, place.line + lines, place.column))
        for item in said
        if (place := item.location)
    ]


def _moved_object(built: Any, origin: FileOrigin, within: bool) -> Any:
    if built is None:  # of a kind that the model hasn't
        return None
    part: Any = built.pod if isinstance(built, Controller) else built
    first, now = part.origin.chunk, origin.chunk
    if not within and first.file != now.file:
        return built
    if first.file == now.file and first.first_line == now.first_line:  # moved back
        return built
    if isinstance(built, Controller):
        workload = replace(built.workload, origin=origin)
        return replace(built, workload=workload, pod=replace(built.pod, origin=origin))
    return replace(built, origin=origin)
