"""File names as other programs want them."""

from __future__ import annotations

from pathlib import Path


def relative(file: str) -> Path:
    """The path from the working folder; as it is where it lies outside."""
    from os.path import normpath

    path, here = Path(normpath(file)), Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def in_workspace(file: str) -> str:
    """The path from the top of what GitHub Actions has checked out; elsewhere as `relative`."""
    import os

    workspace = os.environ.get("GITHUB_WORKSPACE")
    path = Path(os.path.normpath(Path.cwd() / file))
    if workspace and path.is_relative_to(workspace):
        return path.relative_to(workspace).as_posix()
    return relative(file).as_posix()


def file_uri(file: str) -> str:
    """The path as a URI reference, relative where it can be."""
    from urllib.parse import quote

    path = relative(file)
    quoted = quote(path.as_posix(), safe="/", errors="surrogateescape")
    return f"file://{quoted}" if path.is_absolute() else quoted
