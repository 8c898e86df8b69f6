"""Property-based tests of a cluster of one's own. Needs `pip install 'netsim-k8s[testing]'`.

Strategies for Hypothesis, over nothing: `snapshots()`, `network_policies()`, and the same
undirected.

    from hypothesis import given
    from netsim import testing

    @given(testing.snapshots())
    def test_that_everything_compiles(snapshot):
        assert netsim.compile_snapshot(snapshot).reach().pairs() >= 0

Names are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netsim.testing.snapshots import (
        network_policies,
        snapshots,
        undirected_network_policies,
        undirected_snapshots,
    )

# Public name -> the module that has it.
_HOMES = {
    "network_policies": "netsim.testing.snapshots",
    "snapshots": "netsim.testing.snapshots",
    "undirected_network_policies": "netsim.testing.snapshots",
    "undirected_snapshots": "netsim.testing.snapshots",
}

__all__ = [
    "network_policies",
    "snapshots",
    "undirected_network_policies",
    "undirected_snapshots",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'netsim.testing' has no attribute {name!r}")
    from importlib import import_module

    try:
        module = import_module(home)
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
