"""How sure a cause is, in words."""

from __future__ import annotations

from netsim.changes.blame import Cause


def cause_note(cause: Cause) -> str:
    """What must be said of a cause besides its edits; empty for the only one that there is.

    It ends in a colon where the edits that would do as well are to follow.
    """
    if not cause.narrowed:
        return "cause not narrowed: it is among these edits"
    if cause.alone:
        return "one of several causes: to undo one of these would undo it as well:"
    if cause.several:
        return "one of several causes: to undo some other edits would undo it as well"
    return ""
