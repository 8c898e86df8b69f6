"""ClusterNetworkPolicy manifests (v1alpha2): their schema, and the policies they become."""

from __future__ import annotations

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

_CODE = "ANP-30"
_MOST = 25

_TIERS = {"Admin": Tier.ADMIN, "Baseline": Tier.BASELINE}
_ACTIONS = {"Accept": Action.ALLOW, "Deny": Action.DENY, "Pass": Action.PASS}
_PROTOCOLS = {"tcp": Protocol.TCP, "udp": Protocol.UDP, "sctp": Protocol.SCTP}

_RANGE = Fields({"start": PORT, "end": PORT}, required=("start", "end"))
_OF_PROTOCOL = Fields({"destinationPort": one_of(number=PORT, range=_RANGE)}, least=1)
_PORT = one_of(**dict.fromkeys(_PROTOCOLS, _OF_PROTOCOL), destinationNamedPort=Text())
_ACTION = Text(options=tuple(_ACTIONS), instead={"allow": "Accept"})
_BY_NAME = {"nodes": SELECTOR, "domainNames": DOMAINS}


def _spec(egress_peer: Schema) -> Schema:
    return Fields(
        {
            "tier": Text(options=tuple(_TIERS)),
            "priority": PRIORITY,
            "subject": selecting(),
            "ingress": rules_of(_ACTION, "from", selecting(), "protocols", _PORT, _MOST),
            "egress": rules_of(_ACTION, "to", egress_peer, "protocols", _PORT, _MOST),
        },
        required=("tier", "priority", "subject"),
    )


def _port_faults(entry: dict[str, Any]) -> list[Fault]:
    """Equality is refused, unlike in `endPort` (ANP-30)."""
    for protocol in _PROTOCOLS:
        ports = ((entry.get(protocol) or {}).get("destinationPort") or {}).get("range")
        if ports and not ports["start"] < ports["end"]:
            message = (
                f"`start` ({int(ports['start'])}) must be less than `end` ({int(ports['end'])})"
            )
            help = "for one port write `number`"
            path = (protocol, "destinationPort", "range")
            return [Fault(FaultType.INVALID, message, help, path, _CODE)]
    return []


def _port(entry: dict[str, Any]) -> Ports | NamedPort:
    for field, protocol in _PROTOCOLS.items():
        if of_protocol := entry.get(field):
            port = of_protocol["destinationPort"]
            if ports := port.get("range"):
                return Ports(protocol, int(ports["start"]), int(ports["end"]))
            return Ports(protocol, int(port["number"]), int(port["number"]))
    return NamedPort(entry["destinationNamedPort"])


def _rank(spec: dict[str, Any]) -> tuple[Tier, int]:
    return _TIERS[spec["tier"]], int(spec["priority"])


def _api(egress_peer: Schema) -> Api:
    named_port = "destinationNamedPort"
    return Api(_CODE, _spec(egress_peer), _ACTIONS, "protocols", named_port, _port_faults, _port)


CLUSTER_NETWORK_POLICY = tier_kind(
    "v1alpha2",
    "ClusterNetworkPolicy",
    Channels(
        experimental=_api(selecting(networks=NETWORKS, **_BY_NAME)),
        standard=_api(selecting(channel(*_BY_NAME), networks=NETWORKS)),
    ),
    _rank,
)
