"""How many examples a law is put to: as many as fit into the suite, or `make deep` for more."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

DEPTH = int(os.environ.get("NETSIM_DEPTH", "1"))
# Whether half of the clusters of laws have policies of tiers: NETSIM_TIERS=0 leaves them out.
TIERS = os.environ.get("NETSIM_TIERS", "1") == "1"


def examples(usual: int) -> settings:
    """Settings for a law that takes `usual` examples in the suite, NETSIM_DEPTH times as many."""
    return settings(
        max_examples=usual * DEPTH,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
