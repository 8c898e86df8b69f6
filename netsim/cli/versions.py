"""The two versions that a command line names, and what is read of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from os.path import lexists

import click

from netsim.cli.loaded import Loaded, loaded_of, unsaid
from netsim.cli.options import filename_words
from netsim.cli.output import complain, remark
from netsim.cli.progress import stage
from netsim.cli.settings import Settings
from netsim.manifests.loader import Loader
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.report.style import counted

_STDIN = "-"
_WORKING_TREE = "the working tree"


@dataclass(frozen=True, slots=True)
class Version:
    """One version: paths as they are now, or as a revision of git has them.

    `besides` are paths as they are now that both versions have, where this is a revision.
    """

    name: str
    paths: tuple[str, ...]
    revision: str | None = None
    besides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Versions:
    """What is to be compared."""

    old: Version
    new: Version

    @property
    def revisions(self) -> tuple[str, ...]:
        """Those of git."""
        return tuple(each.revision for each in (self.old, self.new) if each.revision)

    @property
    def question(self) -> tuple[str, ...]:
        """How a question about the new version begins; empty if that is a revision."""
        if self.new.revision:
            return ()
        return ("netsim", "can", *filename_words(self.new.paths))

    def load(self, semantics: Semantics, *, keep_going: bool) -> Loaded:
        """Read both, and complain once of what both have.

        Raises InputError as `netsim.load` does.
        """
        loader = Loader(semantics, keep_going=keep_going)
        read = (path for each in (self.old, self.new) for path in (*each.paths, *each.besides))
        piped = _piped() if _STDIN in read else b""
        with stage("reading manifests"):
            # The new one first: what both share is then told of where the new one has it.
            new, old = (_load(loader, each, piped) for each in (self.new, self.old))
        complain([*new.diagnostics, *unsaid(old.diagnostics, new.diagnostics)])
        for version, snapshot in ((self.old, old), (self.new, new)):
            if left_out := len(snapshot.left_out):
                remark(f"going on without {counted(left_out, 'faulty object')} of {version.name}")
        return loaded_of(old, new)


def versions_of(
    arguments: Sequence[str], common: Sequence[str], git: str | None, settings: Settings
) -> Versions:
    """What a command line asks to compare.

    Raises UsageError if its parts don't fit together, QueryError if `git` is no range, InputError
    if its revisions have no common ancestor where that is asked for.
    """
    if git is not None:
        return _of_git(git, tuple(arguments), settings)
    if len(arguments) != 2:
        raise click.UsageError("give two versions, OLD and NEW, or --git RANGE and paths")
    if [*arguments, *common].count(_STDIN) > 1:
        raise click.UsageError("only one of OLD, NEW and -f can come from stdin")
    old, new = (Version(_name(path), (*common, path)) for path in arguments)
    return Versions(old, new)


def _name(path: str) -> str:
    """What a path is called; stdin as in messages."""
    return "<stdin>" if path == _STDIN else path


def _of_git(text: str, arguments: tuple[str, ...], settings: Settings) -> Versions:
    from netsim.source.revisions import base_of, range_of

    wanted = range_of(text)
    given = settings.filename.value if settings.filename else ()
    is_flag = settings.filename is not None and settings.filename.origin == "--filename"
    paths, common = (arguments, given if is_flag else ()) if arguments else (given, ())
    if not paths:
        raise click.UsageError("give the paths to compare, such as --git main..HEAD manifests/")
    if _STDIN in paths:
        raise click.UsageError("standard input has no revisions")
    old = base_of(wanted.old, wanted.new) if wanted.from_base and wanted.new else wanted.old
    old_paths, new_paths = _present(paths, old, wanted.new)
    before = Version(old, old_paths, old, common)
    if wanted.new is None:
        return Versions(before, Version(_WORKING_TREE, (*common, *new_paths)))
    return Versions(before, Version(wanted.new, new_paths, wanted.new, common))


def _present(
    paths: tuple[str, ...], old: str, new: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paths that each has. One that neither has is left to both, to be complained of."""
    from netsim.source.tree_files import has_path

    has_old = {path for path in paths if has_path(old, path)}
    has_new = {path for path in paths if (has_path(new, path) if new else lexists(path))}
    for has, other, name in ((has_old, has_new, old), (has_new, has_old, new or _WORKING_TREE)):
        for path in sorted(other - has):
            remark(f"`{path}` is not in {name}: taken as empty there")
    neither = set(paths) - has_old - has_new
    each = (tuple(path for path in paths if path in has | neither) for has in (has_old, has_new))
    return next(each), next(each)


def _load(loader: Loader, version: Version, piped: bytes) -> Snapshot:
    if not (version.paths or version.besides):
        return loader.nothing()
    if version.revision is not None:
        piped_in = BytesIO(piped)
        return loader.load_revision(
            version.revision, *version.paths, besides=version.besides, stdin=piped_in
        )
    return loader.load(*version.paths, stdin=BytesIO(piped))


def _piped() -> bytes:
    """All that stdin has: it can be read once, and both versions may be in need of it."""
    return sys.stdin.buffer.read() if sys.stdin else b""
