"""Whatever stands in a manifest is judged without a crash, and what is valid can be built."""

from __future__ import annotations

from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st
from judged import errors_of

from netsim.dialects.networkpolicy.decode import NETWORK_POLICY
from netsim.dialects.networkpolicy.syntax import NetworkPolicy
from netsim.model.semantics import Semantics
from netsim.schema.fault import diagnostics
from netsim.schema.kinds import first_faults
from netsim.source.origin import NOWHERE

SEMANTICS = Semantics()

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**65), 2**65)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4)
    | st.sampled_from(["web", "In", "Exists", "TCP", "Ingress", "10.0.0.0/8", "10.1.0.0/16", 80])
)
FIELDS = ["podSelector", "matchLabels", "ingress", "from", "ports", "port", "ipBlock", "name", "x"]
junk = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def _mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """`usual`, and one time in sixteen junk."""
    return st.integers(0, 15).flatmap(lambda roll: junk if roll == 15 else usual)


def _fields(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An object with some of these fields."""
    return _mostly(st.fixed_dictionaries({}, optional=fields))


def _items(item: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return _mostly(st.lists(item, max_size=3))


blocks = st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "::/0", "010.0.0.0/8"])
selectors = _fields(
    matchLabels=_mostly(
        st.dictionaries(st.sampled_from(["a", "b/c"]), st.sampled_from(["x", None]), max_size=2)
    ),
    matchExpressions=_items(
        _fields(
            key=_mostly(st.just("a")),
            operator=_mostly(st.sampled_from(["In", "NotIn"])),
            values=_items(st.just("a")),
        )
    ),
)
peers = _fields(
    podSelector=selectors,
    namespaceSelector=selectors,
    ipBlock=_fields(cidr=blocks, **{"except": _items(blocks)}),
)
ports = _fields(
    port=_mostly(st.sampled_from([80, 443.0, "http"])),
    endPort=_mostly(st.just(443)),
    protocol=_mostly(st.sampled_from(["TCP", "UDP"])),
)
specs = _fields(
    podSelector=selectors,
    ingress=_items(_fields(**{"from": _items(peers), "ports": _items(ports)})),
    egress=_items(_fields(to=_items(peers), ports=_items(ports))),
    policyTypes=_items(st.sampled_from(["Ingress", "Egress"])),
)
manifests = st.fixed_dictionaries(
    {
        "apiVersion": st.just("networking.k8s.io/v1"),
        "kind": st.just("NetworkPolicy"),
        "metadata": _mostly(st.just({"name": "web"})),
    },
    optional={"spec": specs},
)


@given(manifests | junk)
def test_anything_is_judged_and_the_valid_is_built(value: Any) -> None:
    found = first_faults(NETWORK_POLICY, value, (), SEMANTICS)
    for diagnostic in diagnostics(found, NOWHERE):
        note(str(diagnostic))
        assert diagnostic.code
        assert "\n" not in diagnostic.message + diagnostic.help
    if not errors_of(found):
        policy = NETWORK_POLICY.build(value, NOWHERE, SEMANTICS)
        assert isinstance(policy, NetworkPolicy)
        assert hash(policy) == hash(NETWORK_POLICY.build(value, NOWHERE, SEMANTICS))
