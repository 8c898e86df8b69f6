"""Edits as a command line of `netsim what-if`."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from netsim.errors import visible
from netsim.testing.edit_values import Apply, Edit

_END = "YAML"
_STDIN = "-"
# Where stdin has the cluster already, what is applied must be in a file.
_FILE = "edits.yaml"


def what_if_command(paths: Sequence[str], options: Iterable[str], edits: Iterable[Edit]) -> str:
    """The command that makes these edits, for a shell; what is applied follows as a document.

    All that is applied is so at once, where the first of it is: edits of other objects may come
    before or after.
    """
    words = ["netsim", "what-if"]
    for path in paths:
        words += ["-f", path]
    words += options
    applied = [each.manifest for each in edits if isinstance(each, Apply)]
    there = _FILE if _STDIN in paths else _STDIN
    seen = False
    for each in edits:
        if not isinstance(each, Apply):
            words += each.options
        elif not seen:
            seen = True
            words += ["--apply", there]
    command = " ".join(shlex.quote(visible(word)) for word in words)
    if not applied or there == _FILE:
        return command
    document = "---\n".join(applied)
    return f"{command} <<'{_END}'\n{document}{_END}"
