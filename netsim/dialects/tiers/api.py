"""How an API writes the policies of a tier: what its definition knows, and in which words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from netsim.dialects.tiers.syntax import NamedPort, Ports
from netsim.model.tiers import Action
from netsim.schema.fault import Fault
from netsim.schema.leaves import Text, Whole
from netsim.schema.structural import (
    Fields,
    Items,
    Keys,
    Remembered,
    Schema,
    Unread,
    one_of,
)

GROUP = "policy.networking.k8s.io"

SIDES = (("ingress", "from"), ("egress", "to"))

# ANP-17: at least two labels, the first of which may be `*`; `_` as in names of services.
_DOMAIN = re.compile(
    r"(\*\.)?([a-zA-Z0-9_]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+"
    r"[a-zA-Z0-9_]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?"
)
_NO_DOMAIN = "must be a DNS name of two labels or more, or one after `*.`"
_NO_PEER = "to match nobody leave the rule out, to match every pod write `- namespaces: {}`"
_NO_PORTS = "to match every port leave the list out"

PRIORITY = Whole(0, 1000)
PORT = Whole(1, 65535)
SELECTOR = Fields(
    {
        "matchLabels": Keys(Text()),
        "matchExpressions": Items(
            Fields(
                {"key": Text(), "operator": Text(), "values": Items(Text())},
                required=("key", "operator"),
            )
        ),
    }
)
_PODS = Fields(
    {"namespaceSelector": SELECTOR, "podSelector": SELECTOR},
    required=("podSelector",),
)
NETWORKS = Items(Text(longest=43), least=1, most=25, distinct=True)
DOMAINS = Items(Text(pattern=_DOMAIN, complaint=_NO_DOMAIN), least=1, most=25, distinct=True)
STATUS = Fields(
    {
        "conditions": Items(
            Fields(
                {
                    "type": Text(),
                    "status": Text(),
                    "reason": Text(),
                    "message": Text(),
                    "observedGeneration": Text(),
                    "lastTransitionTime": Text(),
                }
            )
        )
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Api:
    """One API in one channel (ANP-28).

    `code` is the rule of its validation. `port_faults` are the CEL rules and the remarks for one
    entry of `ports_field`, and `port` is what a valid one says.
    """

    code: str
    spec: Schema
    actions: Mapping[str, Action]
    ports_field: str
    named_port: str
    port_faults: Callable[[dict[str, Any]], list[Fault]]
    port: Callable[[dict[str, Any]], Ports | NamedPort]


def selecting(
    unread: Mapping[str, Unread] | None = None, namespaces: Schema = SELECTOR, /, **more: Schema
) -> Fields:
    """A subject or a peer: one of `namespaces`, `pods` and `more`."""
    return one_of(unread, namespaces=namespaces, pods=_PODS, **more)


def rules_of(action: Text, peers: str, peer: Schema, ports: str, port: Schema, most: int) -> Schema:
    """The rules of one direction; `most` limits each of its lists."""
    rule = Fields(
        {
            "name": Text(longest=100),
            "action": action,
            peers: Items(peer, 1, most, if_empty=_NO_PEER),
            ports: Items(port, 1, most, if_empty=_NO_PORTS),
        },
        required=("action", peers),
    )
    return Items(Remembered(rule), most=most)


def channel(*fields: str) -> Mapping[str, Unread]:
    """Fields that are of the experimental channel alone (ANP-28)."""
    help = "it is of the experimental channel: --set cnp_channel=experimental"
    return dict.fromkeys(fields, ("ANP-28", help))
