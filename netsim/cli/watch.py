"""`netsim watch`: manifests as they are edited, and what each edit does to who may talk to whom."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from netsim.changes.diff import diff
from netsim.cli.comparing import Input, level_option, no_blame_option, pairs_option
from netsim.cli.loaded import loaded_of, unsaid
from netsim.cli.options import (
    effective,
    filename_option,
    filename_words,
    keep_going_option,
    paths,
    profile_of,
    profile_option,
    semantics_of,
    set_option,
)
from netsim.cli.output import answer, complain, palette, remark
from netsim.cli.progress import stage
from netsim.cli.remarks import tell
from netsim.cli.settings import of_flags
from netsim.errors import Diagnostic, InputError, visible
from netsim.manifests.loader import Loader
from netsim.model.snapshot import Snapshot
from netsim.report.context import Context
from netsim.report.diff_formats import DIFF
from netsim.report.diff_told import Told
from netsim.report.style import counted
from netsim.source.collector import collector_off


@dataclass(frozen=True, slots=True)
class Request(Input):
    """One command line."""

    level: str
    pairs: bool
    no_blame: bool
    poll: bool


@click.command("watch")
@filename_option
@level_option
@pairs_option
@no_blame_option
@click.option("--poll", is_flag=True, help="Look at every file once a second.")
@set_option
@profile_option
@keep_going_option
def command(**given: Any) -> int:
    """Say what each change of the manifests does, as soon as it is written.

    The files are read again when something changes, and compared with what they said before; only
    what changed is read anew. While they are faulty, as a file is that is half written, the last
    state without a fault stays, and what comes next is compared with that.

    \b
    netsim watch -f manifests/
    netsim watch -f cluster.yaml -f policies/ --no-blame

    Each difference is told as `netsim diff` does. Folders of another machine may tell of no
    changes; --poll looks at every file once a second instead.

    Ctrl-C ends it, with exit status 130; 2 says that the manifests were faulty at the start.
    """
    request = Request(**given)
    settings = effective(of_flags(request.filename, request.profile, request.set_))
    watched = paths(settings, "watch")
    if "-" in watched:
        raise click.UsageError("standard input can't be watched: give files or folders")
    context = Context(semantics_of(settings), profile_of(settings))
    from netsim.source.watching import Watcher

    with Watcher(watched, polling=request.poll) as watcher:
        watch = Watch(request, watched, context)
        while True:
            watcher.wait()
            watch.look()


class Watch:
    """The last state without a fault, and what was said of those after it."""

    def __init__(self, request: Request, watched: tuple[str, ...], context: Context) -> None:
        self._request, self._watched, self._context = request, watched, context
        self._loader = Loader(context.semantics, keep_going=request.keep_going)
        self._faults: tuple[Diagnostic, ...] = ()
        self._since, self._state = _now(), self._read()
        complain(self._state.diagnostics)
        loaded = loaded_of(self._state, self._state)
        tell(context.profile, (), loaded.notes, loaded.incomplete)
        self._noted = {*loaded.notes}
        names = ", ".join(map(visible, watched))
        pods = counted(len(self._state.pods), "pod")
        policies = f"policies: {len(self._state.policies)}"
        _stamp(self._since, f"watching {names} ({pods}, {policies}); Ctrl-C ends it")

    def look(self) -> None:
        """Read again, and say what is other than in the last state without a fault."""
        now = _now()
        try:
            found = self._read()
        except InputError as error:
            self._refuse(error.diagnostics, now)
            return
        if self._faults:
            self._faults = ()
            remark(f"{now}: good again")
        complain(unsaid(found.diagnostics, self._state.diagnostics))
        if found != self._state:
            _stamp(now, f"changed since {self._since}")
            self._tell(found, now)
        # Also where nothing is other: lines may have moved.
        self._since, self._state = now, found

    def _read(self) -> Snapshot:
        with stage("reading manifests"):
            return self._loader.load(*self._watched)

    def _refuse(self, faults: tuple[Diagnostic, ...], now: str) -> None:
        """Say what is at fault, unless that was said."""
        new = unsaid(faults, self._faults)
        self._faults = faults
        if new:
            complain(new)
            remark(f"{now}: faulty, so the state of {self._since} stays")

    def _tell(self, found: Snapshot, now: str) -> None:
        """Say what differs from the last state."""
        request, loaded = self._request, loaded_of(self._state, found)
        with collector_off():
            with stage("comparing"):
                difference = diff(loaded.old, loaded.new, request.level)
            told = Told(
                difference.without_causes if request.no_blame else difference,
                old=self._since,
                new=now,
                again=("netsim", "can", *filename_words(self._watched), *request.options()),
                pairs=request.pairs,
                blame=not request.no_blame,
                context=self._context,
            )
            for part in DIFF["text"](told, palette(sys.stdout)):
                answer(part)
        answer("\n")
        tell(
            None, (), [note for note in loaded.notes if note not in self._noted], loaded.incomplete
        )
        self._noted.update(loaded.notes)


def _stamp(time: str, text: str) -> None:
    colours = palette(sys.stdout)
    answer(f"{colours.paint(colours.strong, time)}  {text}\n")


def _now() -> str:
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S}"
