"""Whatever stands in a manifest is judged without a crash, and what is valid can be built."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from judged import errors_of

from netsim.dialects.adminnetworkpolicy.decode import (
    ADMIN_NETWORK_POLICY,
    BASELINE_ADMIN_NETWORK_POLICY,
)
from netsim.dialects.clusternetworkpolicy.decode import CLUSTER_NETWORK_POLICY
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.model.semantics import Semantics
from netsim.schema.fault import diagnostics
from netsim.schema.kinds import ObjectKind, first_faults
from netsim.source.origin import NOWHERE

OPTIONS = [
    Semantics(cnp_channel=channel, decoding=decoding)
    for channel in ("experimental", "standard")
    for decoding in ("strict", "warn")
]

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**65), 2**65)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
    | st.sampled_from(["Admin", "Deny", "TCP", "In", "10.0.0.0/8", "a.b", 80])
)
NAMES = ["namespaces", "pods", "matchLabels", "from", "tcp", "portNumber", "range", "name", "x"]
junk = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def _mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """`usual`, and one time in thirty-two junk."""
    return st.integers(0, 31).flatmap(lambda roll: junk if roll == 31 else usual)


def _fields(required: dict[str, Any], **optional: Any) -> st.SearchStrategy[Any]:
    return _mostly(st.fixed_dictionaries(required, optional=optional))


def _items(item: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _mostly(st.lists(item, min_size=1, max_size=2))


def _one(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with one of these fields."""
    return _mostly(
        st.one_of([st.fixed_dictionaries({name: value}) for name, value in fields.items()])
    )


selectors = _fields(
    {},
    matchLabels=st.dictionaries(
        st.sampled_from(["a", "b/c", "-"]), st.sampled_from(["x", None]), max_size=2
    ),
    matchExpressions=_items(
        _fields(
            {"key": st.just("a"), "operator": st.sampled_from(["In", "in"])},
            values=_items(st.just("a")),
        )
    ),
)
pods = _fields({"podSelector": selectors}, namespaceSelector=selectors)
subjects = _one(namespaces=selectors, pods=pods)
egress_peers = _one(
    namespaces=selectors,
    pods=pods,
    nodes=selectors,
    networks=_items(st.sampled_from(["10.0.0.0/8", "10.0.0.1/8", "::/0", "x"])),
    domainNames=_items(st.sampled_from(["a.b", "*.c.d.", "e"])),
)
numbers = st.sampled_from([1, 80, 443.0, 0])
of_protocol = _one(
    destinationPort=_one(number=numbers, range=_fields({"start": numbers, "end": numbers}))
)
protocols = _items(_one(tcp=of_protocol, sctp=of_protocol, destinationNamedPort=st.just("web")))
ports = _items(
    _one(
        portNumber=_fields({"port": numbers}, protocol=st.sampled_from(["UDP", None])),
        portRange=_fields({"start": numbers, "end": numbers}),
        namedPort=st.just("web"),
    )
)


def _rules(actions: list[str], field: str, entries: st.SearchStrategy[Any]) -> dict[str, Any]:
    action = _mostly(st.sampled_from(actions))
    return {
        "ingress": _items(
            _fields(
                {"action": action, "from": _items(subjects)}, **{field: entries, "name": scalars}
            )
        ),
        "egress": _items(
            _fields({"action": action, "to": _items(egress_peers)}, **{field: entries})
        ),
    }


SPECS = {
    CLUSTER_NETWORK_POLICY: _fields(
        {
            "tier": st.sampled_from(["Admin", "Baseline"]),
            "priority": st.sampled_from([0, 1e3]),
            "subject": subjects,
        },
        **_rules(["Accept", "Deny", "Pass"], "protocols", protocols),
    ),
    ADMIN_NETWORK_POLICY: _fields(
        {"priority": st.sampled_from([0, 1001]), "subject": subjects},
        **_rules(["Allow", "Deny", "Pass"], "ports", ports),
    ),
    BASELINE_ADMIN_NETWORK_POLICY: _fields(
        {"subject": subjects}, **_rules(["Allow", "Deny"], "ports", ports)
    ),
}


@pytest.mark.parametrize("kind", SPECS, ids=lambda kind: kind.kind)
@given(st.data(), st.sampled_from(OPTIONS))
def test_anything_is_judged_and_the_valid_is_built(
    kind: ObjectKind[TierPolicy], data: st.DataObject, semantics: Semantics
) -> None:
    manifests = st.fixed_dictionaries(
        {
            "apiVersion": st.just(kind.api_version),
            "kind": st.just(kind.kind),
            "metadata": _mostly(st.just({"name": "default"})),
        },
        optional={"spec": SPECS[kind], "status": junk},
    )
    value: Any = data.draw(manifests | junk)
    found = first_faults(kind, value, (), semantics)
    for diagnostic in diagnostics(found, NOWHERE):
        note(str(diagnostic))
        assert diagnostic.code
        assert "\n" not in diagnostic.message + diagnostic.help
    if not errors_of(found):
        policy = kind.build(value, NOWHERE, semantics)
        assert isinstance(policy, TierPolicy)
        assert hash(policy) == hash(kind.build(value, NOWHERE, semantics))
