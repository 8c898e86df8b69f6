"""AdminNetworkPolicy and BaselineAdminNetworkPolicy manifests (v1alpha1), and what they become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from netsim.dialects.tiers.api import (
    DOMAINS,
    NETWORKS,
    PORT,
    PRIORITY,
    SELECTOR,
    Api,
    channel,
    rules_of,
    selecting,
)
from netsim.dialects.tiers.kind import Channels, tier_kind
from netsim.dialects.tiers.syntax import NamedPort, Ports
from netsim.errors import FaultType
from netsim.model.cluster import Protocol
from netsim.model.tiers import Action, Tier
from netsim.schema.fault import Fault
from netsim.schema.leaves import Text
from netsim.schema.structural import Fields, Schema, one_of

_CODE = "ANP-31"
_MOST = 100
_BASELINE_NAME = "default"
_BASELINE_PRIORITY = 1000  # ANP-25

_DRAFT = ("ANP-34", "it is of a draft of this API: write `matchLabels` or `matchExpressions`")
_NAMESPACES = replace(
    SELECTOR,
    unread=dict.fromkeys(("sameLabels", "notSameLabels", "namespaceSelector"), _DRAFT),
)
_PROTOCOL = Text(options=("TCP", "UDP", "SCTP"))
_NUMBER = Fields({"protocol": _PROTOCOL, "port": PORT}, required=("port",))
_RANGE = Fields({"protocol": _PROTOCOL, "start": PORT, "end": PORT}, required=("start", "end"))
_NUMBERED = {"portNumber": _NUMBER, "portRange": _RANGE}
_NAMED_PORT = "namedPort"


def _port_faults(entry: dict[str, Any]) -> list[Fault]:
    """No rule holds `start` against `end` (ANP-31)."""
    ports = entry.get("portRange")
    if ports and ports["start"] > ports["end"]:
        message = (
            f"no port is from {int(ports['start'])} to {int(ports['end'])}: this matches nothing"
        )
        return [Fault(FaultType.INVALID, message, "", ("portRange",), _CODE).as_warning()]
    return []


def _port(entry: dict[str, Any]) -> Ports | NamedPort:
    if number := entry.get("portNumber"):
        return Ports(_protocol(number), int(number["port"]), int(number["port"]))
    if ports := entry.get("portRange"):
        return Ports(_protocol(ports), int(ports["start"]), int(ports["end"]))
    return NamedPort(entry[_NAMED_PORT])


def _protocol(entry: dict[str, Any]) -> Protocol:
    """ANP-20"""
    return Protocol(entry.get("protocol") or "TCP")


def _admin_rank(spec: dict[str, Any]) -> tuple[Tier, int]:
    return Tier.ADMIN, int(spec["priority"])


def _baseline_rank(spec: dict[str, Any]) -> tuple[Tier, int]:
    return Tier.BASELINE, _BASELINE_PRIORITY


def _name_faults(value: dict[str, Any]) -> list[Fault]:
    """ANP-22: there is one in a cluster."""
    if value["metadata"].get("name") == _BASELINE_NAME:
        return []
    message = f"a BaselineAdminNetworkPolicy must be named `{_BASELINE_NAME}`: there is but one"
    fault = Fault(FaultType.INVALID, message, code="ANP-22")
    fault.key = "metadata"
    return [fault]


@dataclass(frozen=True, slots=True)
class _Wording:
    """What the two kinds write each in its own way (ANP-2)."""

    actions: Mapping[str, Action]
    by_name: Mapping[str, Schema]
    ranked: Mapping[str, Schema]

    def channels(self) -> Channels:
        peers = selecting(None, _NAMESPACES, networks=NETWORKS, **self.by_name)
        few_peers = selecting(channel(*self.by_name), _NAMESPACES, networks=NETWORKS)
        return Channels(
            experimental=self._api(one_of(**_NUMBERED, namedPort=Text()), peers),
            standard=self._api(one_of(channel(_NAMED_PORT), **_NUMBERED), few_peers),
        )

    def _api(self, port: Schema, egress_peer: Schema) -> Api:
        action = Text(options=tuple(self.actions), instead={"accept": "Allow"})
        spec = {
            **self.ranked,
            "subject": selecting(None, _NAMESPACES),
            "ingress": rules_of(action, "from", selecting(None, _NAMESPACES), "ports", port, _MOST),
            "egress": rules_of(action, "to", egress_peer, "ports", port, _MOST),
        }
        schema = Fields(spec, required=(*self.ranked, "subject"))
        return Api(_CODE, schema, self.actions, "ports", _NAMED_PORT, _port_faults, _port)


_BASELINE = _Wording(
    actions={"Allow": Action.ALLOW, "Deny": Action.DENY}, by_name={"nodes": SELECTOR}, ranked={}
)
_ADMIN = _Wording(
    actions={**_BASELINE.actions, "Pass": Action.PASS},
    by_name={**_BASELINE.by_name, "domainNames": DOMAINS},
    ranked={"priority": PRIORITY},
)

ADMIN_NETWORK_POLICY = tier_kind("v1alpha1", "AdminNetworkPolicy", _ADMIN.channels(), _admin_rank)
BASELINE_ADMIN_NETWORK_POLICY = tier_kind(
    "v1alpha1",
    "BaselineAdminNetworkPolicy",
    _BASELINE.channels(),
    _baseline_rank,
    _name_faults,
)
