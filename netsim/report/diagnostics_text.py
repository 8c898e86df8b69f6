"""Diagnostics for people, in the wording of DESIGN section 4."""

from __future__ import annotations

from netsim.errors import Diagnostic, Severity, visible
from netsim.report.style import Palette


def diagnostic_text(diagnostic: Diagnostic, palette: Palette) -> str:
    """One diagnostic: `file:line:column: path: message`, and below it the help.

    An error with a place needs no word for what it is; everything else says it.
    """
    place = f"{diagnostic.location}: " if diagnostic.location else ""
    path = f"{diagnostic.path}: " if diagnostic.path else ""
    word = ""
    if diagnostic.severity is not Severity.ERROR or not place:
        colour = palette.bad if diagnostic.severity is Severity.ERROR else palette.warning
        word = palette.paint(colour, diagnostic.severity.value) + ": "
    text = palette.paint(palette.strong, visible(place)) if place else ""
    text += f"{word}{visible(path + diagnostic.message)}"
    return f"{text}\n  help: {visible(diagnostic.help)}" if diagnostic.help else text
