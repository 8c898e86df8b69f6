"""Property-based tests of a cluster of one's own. Needs `pip install 'netsim-k8s[testing]'`.

Invariants, which must hold whatever is edited: ready-made ones, as `no_external_to("prod")`, and
those that one writes with `@invariant`. A test checks one against a cluster, and fails with the
fewest edits that break it:

    import netsim
    from netsim import testing

    def test_prod_is_closed():
        testing.no_external_to("prod").check(netsim.load("manifests/"))

Strategies for Hypothesis, over a given cluster: `flows(program)`, `endpoints(snapshot)` and
`edits(snapshot)`; over nothing, the same that netsim is tested with: `snapshots()`,
`network_policies()`, and both undirected, of anything valid; with policies of the whole cluster
`tiered_snapshots()`, `cluster_network_policies()` and those of the older API.

    from hypothesis import assume, given

    PROGRAM = netsim.compile_snapshot(netsim.load("manifests/"))

    @given(testing.flows(PROGRAM, destination="shop/db"))
    def test_only_the_api_reaches_the_database(flow):
        assume(not flow[0].startswith("shop/"))
        assert not PROGRAM.allows(*flow)

Names are loaded when first used, so that this package can be imported without Hypothesis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netsim.testing.change import Change
    from netsim.testing.counterexample import Counterexample
    from netsim.testing.edit_strategies import edits
    from netsim.testing.edit_values import Apply, Delete, Edit, EditKind, Label, Scale
    from netsim.testing.flow_strategies import endpoints, flows
    from netsim.testing.invariants import Invariant, invariant
    from netsim.testing.ready import (
        defence_in_depth,
        isolated_tenant,
        needs_label,
        new_namespace_cannot_reach,
        new_pod_cannot_reach,
        no_external_to,
        nothing_closes,
        nothing_opens,
    )
    from netsim.testing.snapshot_strategies import (
        admin_network_policies,
        baseline_admin_network_policies,
        cluster_network_policies,
        network_policies,
        snapshots,
        tiered_snapshots,
        undirected_network_policies,
        undirected_snapshots,
    )

# Public name -> the module of this package that has it.
_HOMES = {
    "Apply": "edit_values",
    "Change": "change",
    "Counterexample": "counterexample",
    "Delete": "edit_values",
    "Edit": "edit_values",
    "EditKind": "edit_values",
    "Invariant": "invariants",
    "Label": "edit_values",
    "Scale": "edit_values",
    "admin_network_policies": "snapshot_strategies",
    "baseline_admin_network_policies": "snapshot_strategies",
    "cluster_network_policies": "snapshot_strategies",
    "defence_in_depth": "ready",
    "edits": "edit_strategies",
    "endpoints": "flow_strategies",
    "flows": "flow_strategies",
    "invariant": "invariants",
    "isolated_tenant": "ready",
    "needs_label": "ready",
    "network_policies": "snapshot_strategies",
    "new_namespace_cannot_reach": "ready",
    "new_pod_cannot_reach": "ready",
    "no_external_to": "ready",
    "nothing_closes": "ready",
    "nothing_opens": "ready",
    "snapshots": "snapshot_strategies",
    "tiered_snapshots": "snapshot_strategies",
    "undirected_network_policies": "snapshot_strategies",
    "undirected_snapshots": "snapshot_strategies",
}

__all__ = [
    "Apply",
    "Change",
    "Counterexample",
    "Delete",
    "Edit",
    "EditKind",
    "Invariant",
    "Label",
    "Scale",
    "admin_network_policies",
    "baseline_admin_network_policies",
    "cluster_network_policies",
    "defence_in_depth",
    "edits",
    "endpoints",
    "flows",
    "invariant",
    "isolated_tenant",
    "needs_label",
    "network_policies",
    "new_namespace_cannot_reach",
    "new_pod_cannot_reach",
    "no_external_to",
    "nothing_closes",
    "nothing_opens",
    "snapshots",
    "tiered_snapshots",
    "undirected_network_policies",
    "undirected_snapshots",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'netsim.testing' has no attribute {name!r}")
    from importlib import import_module

    try:
        module = import_module(f"netsim.testing.{home}")
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        message = f"netsim.testing.{name} needs Hypothesis: pip install 'netsim-k8s[testing]'"
        raise ModuleNotFoundError(message, name="hypothesis") from None
    value = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
