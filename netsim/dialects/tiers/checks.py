"""What is to be said of a cluster policy whose fields are of the right types.

The CEL rules of its definition, and what the API server lets pass though it can't mean what it
says: that warns (ANP-33).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netsim.dialects.tiers.api import SIDES, Api
from netsim.errors import FaultType
from netsim.model.tiers import Action
from netsim.schema.addresses import is_cidr_faults
from netsim.schema.fault import Fault, quoted
from netsim.schema.remembered import judged_once
from netsim.schema.selectors import selector_faults

Value = dict[str, Any]

_WITHOUT_PORT_NAMES = ("networks", "nodes", "domainNames")
_NOBODY = "the policy applies to nobody"
_NOTHING = "this peer matches nothing"
_ALL = "the rule denies everything"


def spec_faults(spec: Value, api: Api) -> list[Fault]:
    """All of it, in the order of the fields."""
    found = [fault.inside("subject") for fault in _selected(spec["subject"], _NOBODY)]
    for field, peers in SIDES:
        for index, rule in enumerate(spec.get(field) or ()):
            inner = _rule_faults(rule, peers, api)
            found += [fault.inside(field, index) for fault in inner]
    return found


@judged_once
def _rule_faults(rule: Value, peers: str, api: Api) -> list[Fault]:
    found = list(_named_port_faults(rule, peers, api))
    action = api.actions[rule["action"]]
    for index, peer in enumerate(rule[peers]):
        found += [fault.inside(peers, index) for fault in _peer_faults(peer, action, api)]
    for index, entry in enumerate(rule.get(api.ports_field) or ()):
        found += [fault.inside(api.ports_field, index) for fault in api.port_faults(entry)]
    return found


def _named_port_faults(rule: Value, peers: str, api: Api) -> Iterator[Fault]:
    named = any(entry.get(api.named_port) is not None for entry in rule.get(api.ports_field) or ())
    for field in _WITHOUT_PORT_NAMES:
        if named and any(peer.get(field) is not None for peer in rule[peers]):
            message = f"`{api.named_port}` can't be with `{field}`: only pods have names for ports"
            help = "make two rules of it"
            yield Fault(FaultType.INVALID, message, help, code=api.code)
            return


def _peer_faults(peer: Value, action: Action, api: Api) -> list[Fault]:
    """ANP-26 says what becomes of a rule that has an unusable peer."""
    consequence = _NOTHING if action is Action.ALLOW else _ALL
    found = _selected(peer, consequence)
    if (nodes := peer.get("nodes")) is not None:
        found += [fault.inside("nodes") for fault in _selector_remarks(nodes, consequence)]
    for index, text in enumerate(peer.get("networks") or ()):
        found += [fault.inside("networks", index) for fault in is_cidr_faults(text, api.code)]
    if action is not Action.ALLOW and peer.get("domainNames"):
        message = "domain names are for rules that allow: not every product has them in others"
        fault = Fault(FaultType.INVALID, message, path=("domainNames",), code="ANP-17")
        found.append(fault.as_warning())
    return found


def _selected(selecting: Value, consequence: str) -> list[Fault]:
    """The remarks on the selectors of pods, in a subject or a peer."""
    found: list[Fault] = []
    if (namespaces := selecting.get("namespaces")) is not None:
        inner = _selector_remarks(namespaces, consequence)
        found += [fault.inside("namespaces") for fault in inner]
    if pods := selecting.get("pods"):
        for field in ("namespaceSelector", "podSelector"):
            inner = _selector_remarks(pods.get(field) or {}, consequence)
            found += [fault.inside("pods", field) for fault in inner]
    return found


def _selector_remarks(selector: Value, consequence: str) -> list[Fault]:
    """ANP-33: the API server looks at the shape of a selector alone."""
    found: list[Fault] = []
    for key, value in (selector.get("matchLabels") or {}).items():
        if value is None:
            message = f"label {quoted(key)} with a null value is dropped, and demands nothing"
            help = "write `''` for the empty value"
            path = ("matchLabels", key)
            found.append(Fault(FaultType.INVALID, message, help, path, "ANP-33").as_warning())
    for fault in selector_faults(without_nulls(selector)):
        fault.message = f"{fault.message}; the API server takes it, and {consequence}"
        fault.code = "ANP-33"
        found.append(fault.as_warning())
    return found


def without_nulls(selector: Value) -> Value:
    """The selector as the API server keeps it: null labels demand nothing, unlike elsewhere."""
    labels = selector.get("matchLabels")
    if not labels or None not in labels.values():
        return selector
    kept = {key: value for key, value in labels.items() if value is not None}
    return {**selector, "matchLabels": kept}
