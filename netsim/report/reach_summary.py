"""A listing in numbers, for people and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netsim.analysis.exposure import Exposure, Exposures
from netsim.errors import visible
from netsim.report.json_text import API_VERSION, json_text
from netsim.report.reach_asked import Asked
from netsim.report.style import Palette, counted


def summary_text(exposures: Exposures, palette: Palette) -> str:
    """The counts, then who is open to most and to fewest."""
    sender = "endpoint" if exposures.nodes else "pod"  # nodes are counted among them
    lines = [
        f"{_who(exposures)}; endpoint classes that policies tell apart: {exposures.classes:,}",
        f"{exposures.allowed:,} of {exposures.possible:,} pairs may talk{_share(exposures)}",
        *_assumed(exposures),
        *(
            f"{counted(number, 'pod')} not isolated for {direction.value}"
            for direction, number in exposures.not_isolated.items()
        ),
        *_table("most exposed", exposures.most, sender, palette),
        *_table("least exposed", exposures.least, sender, palette),
    ]
    return "\n".join(lines) + "\n"


def summary_json(exposures: Exposures, asked: Asked, assumptions: Sequence[str]) -> str:
    """One object, `kind: ReachabilitySummary`."""
    return json_text(
        {
            "apiVersion": API_VERSION,
            "kind": "ReachabilitySummary",
            **asked.value(),
            "assumptions": list(assumptions),
            "pods": exposures.pods,
            "nodes": exposures.nodes,
            "classes": exposures.classes,
            "pairs": {
                "allowed": exposures.allowed,
                "possible": exposures.possible,
                "assumed": exposures.assumed,
            },
            "notIsolated": {
                direction.value: number for direction, number in exposures.not_isolated.items()
            },
            "mostExposed": list(map(_exposure, exposures.most)),
            "leastExposed": list(map(_exposure, exposures.least)),
        },
        indent=2,
    )


def _who(exposures: Exposures) -> str:
    pods = counted(exposures.pods, "pod")
    return f"{pods} and {counted(exposures.nodes, 'node')}" if exposures.nodes else pods


def _assumed(exposures: Exposures) -> Iterator[str]:
    if exposures.assumed:
        pairs = "1 pair hangs" if exposures.assumed == 1 else f"{exposures.assumed:,} pairs hang"
        yield f"{pairs} on an assumption"


def _share(exposures: Exposures) -> str:
    if not exposures.possible:
        return ""
    return f" ({100 * exposures.allowed / exposures.possible:.1f} %)"


def _table(title: str, rows: Sequence[Exposure], sender: str, palette: Palette) -> Iterator[str]:
    if not rows:
        return
    yield ""
    yield palette.paint(palette.strong, title)
    width = max(len(visible(row.party.name)) for row in rows)
    for row in rows:
        beside = " and the outside" if row.outside else ""
        yield f"  {visible(row.party.name):{width}}  from {counted(row.senders, sender)}{beside}"


def _exposure(exposure: Exposure) -> dict[str, object]:
    return {
        "endpoint": exposure.party.name,
        "senders": exposure.senders,
        "outside": exposure.outside,
    }
