"""The kinds of cluster policies, from what their APIs say in their own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from netsim.dialects.tiers.api import GROUP, STATUS, Api
from netsim.dialects.tiers.build import tier_policy
from netsim.dialects.tiers.checks import spec_faults
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.semantics import Semantics
from netsim.model.tiers import Tier
from netsim.schema.custom import custom_faults, custom_resource
from netsim.schema.fault import Fault
from netsim.schema.kinds import ObjectKind
from netsim.source.origin import Origin

Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Channels:
    """One kind's API in both channels (ANP-28)."""

    experimental: Api
    standard: Api

    def under(self, semantics: Semantics) -> Api:
        """That of the chosen channel (IMP-25)."""
        return self.standard if semantics.cnp_channel == "standard" else self.experimental


def tier_kind(
    version: str,
    kind: str,
    channels: Channels,
    rank: Callable[[Value], tuple[Tier, int]],
    object_faults: Callable[[Value], list[Fault]] = lambda value: [],
) -> ObjectKind[TierPolicy]:
    """One kind of cluster policy. `rank` gives the tier and priority of a valid spec, and
    `object_faults` are the CEL rules of the whole object.
    """

    def validate(value: Value, semantics: Semantics) -> list[Fault]:
        api = channels.under(semantics)

        def rules(value: Value) -> list[Fault]:
            found = object_faults(value)
            return found + [fault.inside("spec") for fault in spec_faults(value["spec"], api)]

        return custom_faults(value, api.spec, api.code, rules)

    def build(value: Value, origin: Origin, semantics: Semantics) -> TierPolicy:
        tier, priority = rank(value["spec"])
        return tier_policy(value, origin, channels.under(semantics), kind, tier, priority)

    return ObjectKind(
        api_version=f"{GROUP}/{version}",
        kind=kind,
        namespaced=False,
        shape=custom_resource(channels.experimental.spec, STATUS),
        validate=validate,
        build=build,
        custom=True,
        standard=custom_resource(channels.standard.spec, STATUS),
    )
