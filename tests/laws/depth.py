"""How many examples a law is put to: as many as fit into the suite, or `make deep` for more.

The suite draws the same ones each time, so that more of them would not find more from run to run.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

IS_DEEP = "NETSIM_DEPTH" in os.environ
DEPTH = int(os.environ.get("NETSIM_DEPTH", "1"))
# Whether half of the clusters of laws have policies of tiers: NETSIM_TIERS=0 leaves them out.
TIERS = os.environ.get("NETSIM_TIERS", "1") == "1"


def examples(usual: int) -> settings:
    """Settings for a law that takes NETSIM_DEPTH times `usual` examples; half of `usual` in the suite."""
    return settings(
        max_examples=usual * DEPTH if IS_DEEP else max(usual // 2, 1),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


def seeds(usual: int) -> range:
    """The seeds of a law that draws by itself: as many as `examples` would be."""
    return range(usual * DEPTH if IS_DEEP else max(usual // 2, 1))
