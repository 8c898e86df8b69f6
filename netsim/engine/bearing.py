"""What far-reaching rules see of a source."""

from __future__ import annotations

from typing import NamedTuple


class Bearing(NamedTuple):
    """All that far-reaching rules see of a source: its kind, and the number of what it may send.

    Of kinds that are let in alike it is the first. `leaving` is None for a source that no policy
    isolates in egress (NP-6). `inward` and `outward` are the numbers of what the tiers around
    NetworkPolicy change for it; None where that is nothing.
    """

    kind: int
    leaving: int | None
    inward: int | None = None
    outward: int | None = None

    @property
    def is_free(self) -> bool:
        """Whether nothing is said of what it may send: only of what is let in."""
        return self.leaving is None and self.outward is None
