"""netsim: can A talk to B on port X in this Kubernetes cluster?

    import netsim
    snapshot = netsim.load("manifests/")
    verdict = netsim.can(snapshot, "shop/frontend", "shop/api", 8080)
    print(verdict.allowed, verdict)

Names are loaded when first used, so that importing netsim costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netsim.errors import Diagnostic, InputError, LimitError, Location, NetsimError, QueryError
    from netsim.manifests.load import load, loads
    from netsim.model.semantics import Semantics
    from netsim.model.snapshot import Snapshot

# Public name -> the module that has it.
_HOMES = {
    "Diagnostic": "netsim.errors",
    "InputError": "netsim.errors",
    "LimitError": "netsim.errors",
    "Location": "netsim.errors",
    "NetsimError": "netsim.errors",
    "QueryError": "netsim.errors",
    "Semantics": "netsim.model.semantics",
    "Snapshot": "netsim.model.snapshot",
    "load": "netsim.manifests.load",
    "loads": "netsim.manifests.load",
}

__all__ = [
    "Diagnostic",
    "InputError",
    "LimitError",
    "Location",
    "NetsimError",
    "QueryError",
    "Semantics",
    "Snapshot",
    "load",
    "loads",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'netsim' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
