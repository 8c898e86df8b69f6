"""From manifests to a Snapshot: the one way in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from os import PathLike
from typing import BinaryIO

from netsim.errors import Diagnostic, FaultType, InputError, Location, Severity
from netsim.manifests.assemble import assemble
from netsim.manifests.classify import Passed
from netsim.manifests.intake import Intake
from netsim.manifests.judge import Outcome, judge
from netsim.model.semantics import Semantics
from netsim.model.snapshot import LeftOut, Snapshot
from netsim.source.collector import collector_off
from netsim.source.documents import Reading, take_paths, take_text

DEFAULTS = Semantics()
_NOTHING = Diagnostic(
    Severity.ERROR,
    FaultType.UNREADABLE,
    "DEC-3",
    "there is no Kubernetes object in the input",
    help="give manifests, or `-` for the output of `kubectl get ns,pods,netpol -A -o json`",
)


def load(
    *paths: str | PathLike[str],
    semantics: Semantics = DEFAULTS,
    keep_going: bool = False,
    stdin: BinaryIO | None = None,
) -> Snapshot:
    """Read files, folders, globs and, for `-`, standard input.

    `keep_going` leaves out what is faulty instead of raising; `Snapshot.left_out` then says what,
    and the errors are among its `diagnostics`, which are sorted by file, line and column.

    Raises InputError with every error found, or if there is nothing to read.
    """
    with collector_off():
        reading = take_paths(paths, partial(judge, semantics=semantics), stdin=stdin)
        return _snapshot(reading, semantics, keep_going)


def loads(
    text: str | bytes,
    *,
    semantics: Semantics = DEFAULTS,
    keep_going: bool = False,
    name: str = "<text>",
) -> Snapshot:
    """The same for one text, YAML or JSON; `name` stands for the file in messages.

    Raises InputError with every error found, or if there is nothing to read.
    """
    with collector_off():
        reading = take_text(text, partial(judge, semantics=semantics), name)
        return _snapshot(reading, semantics, keep_going)


def _snapshot(reading: Reading[Outcome], semantics: Semantics, keep_going: bool) -> Snapshot:
    intake = Intake(semantics)
    intake.diagnostics += reading.diagnostics
    intake.left_out += [LeftOut("", "", "", diagnostic) for diagnostic in reading.unparsed]
    for judged in reading.documents:
        intake.add(judged)
    errors = _errors(intake.diagnostics)
    if not errors and not _has_objects(intake, reading):
        intake.diagnostics.append(_NOTHING)
        errors = _in_order(intake.diagnostics)  # the warnings tell what there is instead
    if errors and not keep_going:
        raise InputError(errors)
    snapshot = assemble(intake, reading.skipped, reading.files)
    return replace(snapshot, diagnostics=_in_order(snapshot.diagnostics))


def _has_objects(intake: Intake, reading: Reading[Outcome]) -> bool:
    kinds = intake.passed.keys() - {Passed.NO_OBJECT.value}
    return bool(intake.objects or kinds or reading.skipped)


def _errors(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(item for item in _in_order(diagnostics) if item.severity is Severity.ERROR)


def _in_order(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(diagnostics, key=lambda item: item.location or Location("")))
