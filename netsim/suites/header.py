"""What tells a suite, and whether a document that isn't one is meant for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netsim.errors import FaultType
from netsim.manifests.other_kinds import distance, group_of
from netsim.schema.fault import Fault, quoted
from netsim.schema.kinds import api_version_and_kind, header_faults
from netsim.suites.shape import API_VERSION, CLAIMS, KIND

BEGINNING = f"a suite begins with `apiVersion: {API_VERSION}` and `kind: {KIND}`"
# So many characters of a word may be others.
_FARTHEST = 2
# What the group of a suite may be taken for, too: the command itself.
_GROUPS = (group_of(API_VERSION), "netsim")


def is_suite(value: object) -> bool:
    """Whether a document is a suite, whatever is wrong with the rest of it."""
    return type(value) is dict and (value.get("apiVersion"), value.get("kind")) == (
        API_VERSION,
        KIND,
    )


def is_meant_for_a_suite(value: object) -> bool:
    """Whether it is a suite but for a few characters of its header, or for one half of it.

    Neither is what netsim writes itself, nor a `Suite` of somebody else.
    """
    if type(value) is not dict:
        return False
    version, kind = value.get("apiVersion"), value.get("kind")
    expects = type(value.get("expect")) is list
    if version is None:
        return expects and (_is_near_kind(kind) or (kind is None and _has_claims(value["expect"])))
    if type(version) is not str or not _is_near_version(version):
        return False
    return kind is None or expects or _is_near_kind(kind)


def faults_of_header(value: object) -> Iterable[Fault]:
    """What is wrong with the header of a document that should be a suite, and isn't.

    Nothing, where it is one but for the case of `apiVersion:` and `kind:`.
    """
    found = header_faults(value)
    for fault in found:
        if fault.type is FaultType.REQUIRED:
            fault.help = BEGINNING
    return found or _other_kind(value)


def _other_kind(value: object) -> Iterator[Fault]:
    assert isinstance(value, dict)
    version, kind = api_version_and_kind(value)
    is_near = _is_near_kind(kind)
    if is_near and version != API_VERSION:
        message, help = f"there is no {KIND} in {quoted(version)}", f"did you mean `{API_VERSION}`?"
        yield Fault(FaultType.NOT_SUPPORTED, message, help, ("apiVersion",), "SUITE")
    if kind != KIND:
        help = f"write `kind: {KIND}` here, and give manifests with -f"
        help = f"did you mean `{KIND}`?" if is_near else help
        message = f"{quoted(kind)} is no {KIND}"
        yield Fault(FaultType.NOT_SUPPORTED, message, help, ("kind",), "SUITE")


def _is_near_version(version: str) -> bool:
    group = group_of(version).lower() or version.lower()
    return any(distance(group, each) <= _FARTHEST for each in _GROUPS)


def _is_near_kind(kind: object) -> bool:
    return type(kind) is str and distance(kind.lower(), KIND.lower()) <= _FARTHEST


def _has_claims(items: list[object]) -> bool:
    return any(type(item) is dict and not CLAIMS.keys().isdisjoint(item) for item in items)
