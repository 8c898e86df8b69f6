"""Revisions of a git repository: which two a range is about, and what is in one."""

from __future__ import annotations

from dataclasses import dataclass

from netsim.errors import InputError, QueryError, query_error
from netsim.source.commands import git, git_error


@dataclass(frozen=True, slots=True)
class Range:
    """What is compared with what: two revisions, or one and, where `new` is None, the working tree.

    `from_base`: not `old` itself is meant, but where `new` branched off from it.
    """

    old: str
    new: str | None
    from_base: bool = False


def range_of(text: str) -> Range:
    """The range that a text names, as for `git diff`.

    `A..B`, `A...B` (from where B branched off A), `A` (the working tree against it); a side of
    the dots that is empty is HEAD. Raises QueryError for any other text.
    """
    old, dots, new = text.partition("..")
    from_base = new.startswith(".")
    new = new.removeprefix(".")
    if not (old or new) or ".." in new or new.startswith(".") or text != text.strip():
        raise _no_range(text)
    if not dots:
        return Range(old, None)
    return Range(old or "HEAD", new or "HEAD", from_base)


def tree_of(revision: str) -> str:
    """The id of the tree that a revision names. Raises InputError if it names none."""
    git("rev-parse", "--git-dir")  # so that what is said next is of the revision alone
    # What begins with a dash git would take for an option, and a null can't be given to it.
    if not revision or revision.startswith("-") or "\0" in revision:
        raise _unknown(revision)
    try:
        return git("rev-parse", "--verify", "--quiet", f"{revision}^{{tree}}")
    except InputError:
        raise _unknown(revision) from None


def base_of(old: str, new: str) -> str:
    """Where two revisions branched off from each other, as a short id (of several, git's first).

    Raises InputError if there is no such revision, or no such place.
    """
    for revision in (old, new):
        tree_of(revision)
    try:
        return git("rev-parse", "--short", git("merge-base", old, new).partition("\n")[0])
    except InputError:
        message = f"`{old}` and `{new}` have no common ancestor here"
        help = f"write `{old}..{new}`; a shallow clone has little history: `git fetch --unshallow`"
        raise git_error(message, help) from None


def _unknown(revision: str) -> InputError:
    help = (
        "`git branch -a` and `git tag` list names; a shallow clone has few revisions: "
        "`git fetch --unshallow`"
    )
    return git_error(f"`{revision}` is no revision of this repository", help)


def _no_range(text: str) -> QueryError:
    help = "write `main..HEAD`, `main...HEAD` (since they branched), or `main` (your files now)"
    return query_error(f"`{text}` is no range of revisions", help=help)
