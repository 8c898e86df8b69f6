"""The layers of policies, and what a rule says of the flows that it matches."""

from __future__ import annotations

from enum import Enum


class Action(Enum):
    """What a rule says of the flows that it matches."""

    ALLOW = "allow"
    DENY = "deny"
    PASS = "pass"

    __hash__ = object.__hash__  # members are singletons; Enum hashes in Python, by name


class Tier(Enum):
    """The layers of policies, in the order in which they are asked (ANP-1)."""

    ADMIN = 0
    NETWORK_POLICY = 1
    BASELINE = 2

    __hash__ = object.__hash__  # as that of Action

    def __str__(self) -> str:
        """As Kubernetes writes it: `Admin`, `NetworkPolicy`, `Baseline`."""
        return _WRITTEN[self]


_WRITTEN = {Tier.ADMIN: "Admin", Tier.NETWORK_POLICY: "NetworkPolicy", Tier.BASELINE: "Baseline"}
