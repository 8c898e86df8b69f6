"""What a reader of an answer must know besides, on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from netsim.cli.output import remark

if TYPE_CHECKING:
    from netsim.model.profiles import Profile


def tell(
    profile: Profile | None,
    assumptions: Sequence[str],
    notes: Iterable[str],
    incomplete: Iterable[str],
) -> None:
    """What was answered under, taken as given, worth knowing, and left out."""
    if profile is not None:
        remark(f"profile {profile.name} describes {profile.describes}")
        for caveat in profile.caveats:
            remark(f"caveat: {caveat}")
    if assumptions:
        first, *others = assumptions
        remark(first + (f" (and {len(others)} more; -o json has all)" if others else ""))
    for note in notes:
        remark(note)
    for line in incomplete:
        remark(f"incomplete: {line}")
