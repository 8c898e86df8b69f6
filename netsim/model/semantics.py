"""The named choices for what Kubernetes leaves open (SEMANTICS section 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Literal, get_args, get_origin, get_type_hints

from netsim.errors import QueryError, query_error
from netsim.model.nearest import did_you_mean

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Semantics:
    """Options by name; the defaults are what the API documentation and the e2e suite imply.

    Each field cites its row of SEMANTICS section 6. Compare and copy freely: it is a value.
    """

    ipblock_matches_pods: bool = True  # IMP-1
    ipblock_matches_nodes: Literal[True, False, "except_wildcard"] = True  # IMP-15, cilium-nodes
    icmp: Literal["portless_rules", "allow", "deny"] = "portless_rules"  # IMP-3
    self_traffic: Literal["allow", "policy"] = "allow"  # IMP-4
    named_port_nonpod: Literal["no_match", "match_declared"] = "no_match"  # IMP-5
    named_port_containers: Literal["containers+sidecars", "containers", "all"] = (
        "containers+sidecars"  # IMP-5
    )
    host_network_pods: Literal["as_node", "as_pods"] = "as_node"  # IMP-7
    egress_to_own_node: Literal["policy", "allow"] = "policy"  # IMP-8
    ingress_from_other_nodes: Literal["policy", "allow"] = "policy"  # IMP-9
    baseline_scope: Literal["direction", "pod"] = "direction"  # IMP-11
    priority_ties: Literal["name+report", "error"] = "name+report"  # IMP-12
    endport: Literal["range", "first_port_only"] = "range"  # IMP-13
    sctp: Literal["enforced", "ignored"] = "enforced"  # IMP-14
    pod_cidrs: tuple[Network, ...] = ()  # IMP-16
    strict_ip: bool = True  # IMP-18
    node_local_ingress: Literal["allow", "policy"] = "allow"  # IMP-19
    duplicates: Literal["error", "last", "first"] = "error"  # IMP-23
    decoding: Literal["strict", "warn"] = "strict"  # IMP-24
    cnp_channel: Literal["experimental", "standard"] = "experimental"  # IMP-25

    def __post_init__(self) -> None:
        """Accept CIDR texts for `pod_cidrs`; refuse a value that an option doesn't have.

        Raises QueryError if a value is not one of the option's.
        """
        hints = _hints()
        for option in fields(self):
            value = getattr(self, option.name)
            if option.name == "pod_cidrs":
                networks = [value] if isinstance(value, str) else value
                object.__setattr__(self, "pod_cidrs", tuple(_network(item) for item in networks))
            elif value not in (choices := _choices(hints[option.name])) or (
                isinstance(value, int) and not isinstance(value, bool)
            ):
                raise _no_such_value(option.name, value, choices)

    def with_texts(self, texts: dict[str, str]) -> Semantics:
        """A copy with options given as on the command line: `{"ipblock_matches_pods": "false"}`.

        Raises QueryError if a name or a value is unknown, with the nearest one.
        """
        hints = _hints()
        values: dict[str, Any] = {}
        for name, text in texts.items():
            if name not in hints:
                raise _no_such_option(name, hints)
            values[name] = _value_of(name, text, hints[name])
        return replace(self, **values)

    def others(self, name: str) -> tuple[Semantics, ...]:
        """Copies with each other value of one option; none for `pod_cidrs`, which has no list."""
        if name == "pod_cidrs":
            return ()
        value = getattr(self, name)
        choices = _choices(_hints()[name])
        return tuple(replace(self, **{name: choice}) for choice in choices if choice != value)

    def changed(self) -> dict[str, str]:
        """The options that differ from their defaults, name to text, in the order of section 6."""
        plain = Semantics()
        return {
            option.name: value_text(getattr(self, option.name))
            for option in fields(self)
            if getattr(self, option.name) != getattr(plain, option.name)
        }


@cache
def _hints() -> dict[str, object]:
    return get_type_hints(Semantics)


def value_text(value: object) -> str:
    """An option's value as `--set` takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(str(item) for item in value) if isinstance(value, tuple) else str(value)


def _choices(hint: object) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) is Literal else (True, False)


def _value_of(name: str, text: str, hint: object) -> object:
    if name == "pod_cidrs":
        return tuple(item.strip() for item in text.split(",") if item.strip())
    for choice in _choices(hint):
        if value_text(choice) == text:
            return choice
    raise _no_such_value(name, text, _choices(hint))


def _no_such_option(name: str, names: Iterable[str]) -> QueryError:
    help = did_you_mean(name, names)
    return query_error(f"there is no option `{name}`", help=help, code="IMP-21")


def _no_such_value(name: str, value: object, choices: tuple[object, ...]) -> QueryError:
    return query_error(
        f"option `{name}` has no value `{value_text(value)}`",
        help=f"values: {', '.join(map(value_text, choices))}",
        code="IMP-21",
    )


def _network(item: object) -> Network:
    if isinstance(item, IPv4Network | IPv6Network):
        return item
    try:
        return ip_network(str(item))
    except ValueError as error:
        raise query_error(
            f"option `pod_cidrs` needs CIDRs, not `{item}`: {error}",
            help="for example pod_cidrs=10.0.0.0/8,fd00::/48",
            code="IMP-16",
        ) from None
