"""How fine a listing is."""

from __future__ import annotations

from enum import Enum


class Level(Enum):
    """How far a listing takes endpoints together."""

    WORKLOAD = "workload"
    POD = "pod"
    CLASS = "class"
