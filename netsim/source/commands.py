"""Other programs that netsim runs: the user's own git, which is only ever asked to read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from netsim.errors import Diagnostic, FaultType, InputError, Severity

_GIT = ("git", "--no-pager")
# git's words are looked at, so they must be English; and reading takes no lock.
_SETTINGS = {"LC_ALL": "C", "LANGUAGE": "", "GIT_OPTIONAL_LOCKS": "0"}
_FOLDERS = "or give two folders instead of revisions"


class GitObjects:
    """The contents of a repository by object id, through one `git cat-file --batch`."""

    def __init__(self, questions: IO[bytes], answers: IO[bytes]) -> None:
        self._questions = questions
        self._answers = answers

    def read(self, object_id: str) -> bytes:
        """The content of a file, or of a tree as git stores it. Raises InputError if it is gone."""
        self._questions.write(object_id.encode() + b"\n")
        self._questions.flush()
        head = self._answers.readline().split()
        if len(head) != 3:
            help = "the clone is partial or damaged: `git fsck` tells more"
            raise git_error(f"git has no object `{object_id}`", help)
        size = int(head[2])
        content = self._answers.read(size + 1)
        if len(content) != size + 1:
            raise git_error("git stopped before it had told everything", _FOLDERS)
        return content[:-1]


def git(*arguments: str) -> str:
    """What git answers in the current folder, without its last line end; bytes as in file names.

    Raises InputError if there is no git, no repository, or git says no.
    """
    try:
        answer = subprocess.run((*_GIT, *arguments), env=_environment(), capture_output=True)
    except OSError as error:
        raise _no_git(error) from None
    if answer.returncode:
        raise _refused(os.fsdecode(answer.stderr))
    return os.fsdecode(answer.stdout).removesuffix("\n")


@contextmanager
def git_objects() -> Iterator[GitObjects]:
    """The objects of the repository around the current folder. Raises InputError without git."""
    command = (*_GIT, "cat-file", "--batch")
    try:
        process = subprocess.Popen(
            command,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise _no_git(error) from None
    assert process.stdin
    assert process.stdout
    try:
        with process:
            try:
                yield GitObjects(process.stdin, process.stdout)
            finally:
                process.kill()  # it has nothing to put in order
    except BrokenPipeError:
        raise git_error("git stopped before it was asked everything", _FOLDERS) from None


def git_error(message: str, help: str) -> InputError:
    """An error about what git has, or hasn't."""
    return InputError(
        [Diagnostic(Severity.ERROR, FaultType.UNREADABLE, "INPUT", message, help=help)]
    )


def _environment() -> dict[str, str]:
    return {**os.environ, **_SETTINGS}


def _no_git(error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return git_error("there is no program `git` here", f"install git, {_FOLDERS}")
    return git_error(f"git can't be run: {error.strerror}", _FOLDERS)


def _refused(words: str) -> InputError:
    if "not a git repository" in words:
        help = f"run netsim inside of the repository, {_FOLDERS}"
        return git_error("this folder is in no git repository", help)
    fatal = next((line for line in words.splitlines() if line.startswith("fatal: ")), "no")
    return git_error(f"git says: {fatal.removeprefix('fatal: ')}", _FOLDERS)
