"""From a revision and the paths that were given to the files to read, as `files` does in folders."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from netsim.errors import Diagnostic, Severity
from netsim.source.commands import GitObjects, git, git_objects
from netsim.source.files import STDIN, SUFFIXES, met_again, unreadable
from netsim.source.revisions import tree_of

_FOLDER, _LINK, _SUBMODULE = "40000", "120000", "160000"
_MOST_LINKS = 40  # on the way to one file, as Linux has it


@dataclass(slots=True)
class TreeFile:
    """One file to read. `path` leads to it from the top; `named` as in `InputFile`."""

    path: str
    object_id: str
    named: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a path leads to; `path` is the one without symbolic links."""

    path: str
    mode: str
    object_id: str


class _NowhereError(Exception):
    """A path leads to nothing that is in the tree; the argument says why."""


class _OutsideError(_NowhereError):
    """It leads to what may be there, but in no revision."""

    def __init__(self) -> None:
        super().__init__("a symbolic link leads out of the repository")


def find_tree_files(
    revision: str, tree: str, paths: Iterable[str | os.PathLike[str]], objects: GitObjects
) -> list[TreeFile | Diagnostic]:
    """The files of a tree behind `paths`, which count from the current folder, as git's do.

    In the order of `find_files`, and with diagnostics where it has them. Patterns aren't looked
    for.
    """
    search = _Search(revision, tree, objects)
    prefix = git("rev-parse", "--show-prefix")
    for path in paths:
        search.add(os.fspath(path), prefix)
    return search.found


def has_path(revision: str, path: str) -> bool:
    """Whether a revision has anything at a path, which counts from the current folder.

    Raises InputError if there is no such revision.
    """
    tree = tree_of(revision)
    with git_objects() as objects:
        return _Search(revision, tree, objects).has(path, git("rev-parse", "--show-prefix"))


class _Search:
    """What was found so far. Files and folders are known by their path without links."""

    def __init__(self, revision: str, tree: str, objects: GitObjects) -> None:
        self.found: list[TreeFile | Diagnostic] = []
        self._revision = revision
        self._root = _Entry("", _FOLDER, tree)
        self._objects = objects
        self._trees: dict[str, dict[str, tuple[str, str]]] = {}
        self._files: dict[str, tuple[str, TreeFile]] = {}
        self._folders: dict[str, str] = {}

    def add(self, given: str, prefix: str) -> None:
        """Add a file, or all of a folder. No recursion: folders nest as deep as names allow."""
        path = None if given == STDIN else _from_top(given, prefix)
        if path is None:
            what = "standard input has no revisions" if given == STDIN else "not in the repository"
            self.found.append(unreadable(given, what))
            return
        before = len(self.found)
        waiting = [path]
        while waiting:
            waiting += reversed(list(self._visit(waiting.pop(), path)))
        if len(self.found) == before:
            message = f"no {', '.join(SUFFIXES)} file in this folder"
            self.found.append(unreadable(self._name(path), message))

    def has(self, given: str, prefix: str) -> bool:
        """Whether there is anything at a path."""
        path = _from_top(given, prefix)
        if path is None:
            return False
        try:
            self._resolve(path)
        except _NowhereError:
            return False
        return True

    def _visit(self, path: str, given: str) -> Iterator[str]:
        """Add what is at a path; give what is inside of it."""
        try:
            entry = self._resolve(path)
        except _NowhereError as error:
            help = _HELP if path == given else ""
            self.found.append(unreadable(self._name(path), str(error), help))
            return
        if entry.mode == _FOLDER:
            yield from self._open_folder(path, entry)
        elif entry.mode == _SUBMODULE:
            self.found.append(_submodule(self._name(path), entry.object_id, named=path == given))
        else:
            self._add_file(path, entry, named=path == given)

    def _open_folder(self, path: str, folder: _Entry) -> list[str]:
        first = self._folders.setdefault(folder.path, path)
        if first != path:
            self.found.append(met_again(self._name(path), self._name(first)))
            return []
        names = sorted(self._tree(folder.object_id))
        inside = (posixpath.join(path, name) for name in names if not name.startswith("."))
        return [child for child in inside if self._is_wanted(child)]

    def _is_wanted(self, path: str) -> bool:
        if path.endswith(SUFFIXES):
            return True
        try:
            return self._resolve(path).mode in (_FOLDER, _SUBMODULE)
        except _OutsideError as error:  # maybe to a folder: who knows
            self.found.append(_warning(self._name(path), f"{error}: it is not read"))
        except _NowhereError:
            pass
        return False

    def _add_file(self, path: str, entry: _Entry, *, named: bool) -> None:
        file = TreeFile(path, entry.object_id, named)
        first_path, first = self._files.setdefault(entry.path, (path, file))
        if first is file:
            self.found.append(file)
        else:
            first.named |= named
            self.found.append(met_again(self._name(path), self._name(first_path)))

    def _resolve(self, path: str) -> _Entry:
        """What is at a path, through symbolic links. Raises _NowhereError."""
        steps = path.split("/")[::-1]
        way = [self._root]
        links = 0
        while steps:
            step = steps.pop()
            if step in ("", "."):
                continue
            if step == "..":
                if len(way) == 1:
                    raise _OutsideError
                way.pop()
                continue
            entry = self._child(way[-1], step)
            if entry.mode != _LINK:
                way.append(entry)
                continue
            target = os.fsdecode(self._objects.read(entry.object_id))
            links += 1
            if target.startswith("/"):
                raise _OutsideError
            if links > _MOST_LINKS:
                raise _NowhereError("too many levels of symbolic links")
            steps += target.split("/")[::-1]
        return way[-1]

    def _child(self, folder: _Entry, name: str) -> _Entry:
        if folder.mode == _SUBMODULE:
            raise _NowhereError(f"inside of the submodule `{folder.path}`, which is not read")
        known = self._tree(folder.object_id).get(name) if folder.mode == _FOLDER else None
        if known is None:
            raise _NowhereError(f"no such file or folder in `{self._revision}`")
        return _Entry(posixpath.join(folder.path, name), *known)

    def _tree(self, object_id: str) -> dict[str, tuple[str, str]]:
        """Name -> mode and id, of a tree as git stores it: `mode name`, a null byte, the id."""
        known = self._trees.get(object_id)
        if known is None:
            known = self._trees[object_id] = {}
            content = self._objects.read(object_id)
            at, length = 0, len(object_id) // 2
            while at < len(content):
                end = content.index(b"\0", at)
                mode, _, name = content[at:end].partition(b" ")
                at = end + 1 + length
                known[os.fsdecode(name)] = mode.decode(), content[end + 1 : at].hex()
        return known

    def _name(self, path: str) -> str:
        return f"{self._revision}:{path}"


_HELP = (
    "a path counts from the current folder; of what is new or gone, give the folder around it; "
    "patterns aren't looked for in revisions"
)


def _from_top(given: str, prefix: str) -> str | None:
    """A path from the top of the repository, or None if it is outside of it."""
    path = Path(given)
    if path.is_absolute() and "\0" not in given:
        here = Path.cwd()
        top = here.parents[prefix.count("/") - 1] if prefix else here
        # The last step is left as it is: a symbolic link in the revision may be none here.
        path = path if path.is_relative_to(top) else path.parent.resolve() / path.name
        given, prefix = os.path.relpath(path, top), ""
    inside = posixpath.normpath(posixpath.join(prefix, given))
    if inside == ".." or inside.startswith("../"):
        return None
    return "" if inside == "." else inside


def _submodule(name: str, commit: str, *, named: bool) -> Diagnostic:
    message = f"a submodule, at {commit[:12]}: what is in it is not read"
    help = "check it out, and give its folder to netsim instead of a revision"
    return unreadable(name, message, help) if named else _warning(name, message, help)


def _warning(name: str, message: str, help: str = "") -> Diagnostic:
    return replace(unreadable(name, message, help), severity=Severity.WARNING)
