"""The policy APIs that netsim evaluates."""

from __future__ import annotations

from collections.abc import Iterable

from netsim.dialects.adminnetworkpolicy.decode import (
    ADMIN_NETWORK_POLICY,
    BASELINE_ADMIN_NETWORK_POLICY,
)
from netsim.dialects.base import Dialect
from netsim.dialects.clusternetworkpolicy.decode import CLUSTER_NETWORK_POLICY
from netsim.dialects.networkpolicy.decode import NETWORK_POLICY
from netsim.dialects.networkpolicy.reference import decide_side
from netsim.dialects.tiers.reference import decide_tier
from netsim.model.snapshot import Policy
from netsim.schema.kinds import ObjectKind

DIALECTS = (
    Dialect("networkpolicy", kinds=(NETWORK_POLICY,), reference=decide_side),
    Dialect("clusternetworkpolicy", kinds=(CLUSTER_NETWORK_POLICY,), reference=decide_tier),
    Dialect(
        "adminnetworkpolicy",
        kinds=(ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY),
        reference=decide_tier,
    ),
)


def kinds_of(dialects: Iterable[Dialect]) -> dict[tuple[str, str], ObjectKind[Policy]]:
    """The policy kinds of `dialects` by (apiVersion, kind).

    Raises ValueError if two dialects read the same kind.
    """
    found: dict[tuple[str, str], ObjectKind[Policy]] = {}
    for dialect in dialects:
        for kind in dialect.kinds:
            if (kind.api_version, kind.kind) in found:
                raise ValueError(f"two dialects read {kind.api_version} {kind.kind}")
            found[kind.api_version, kind.kind] = kind
    return found
