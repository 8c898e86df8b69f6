"""Everything that was read at one time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from netsim.errors import Diagnostic
from netsim.labels.labels import NO_LABELS
from netsim.model.cluster import NAME_LABEL, Namespace, Node, Pod, Workload, WorkloadRef
from netsim.model.inventory import Inventory
from netsim.model.semantics import Semantics
from netsim.source.origin import Origin


class Policy(Protocol):
    """What every dialect's policy object has. The rest is the dialect's own."""

    @property
    def kind(self) -> str: ...
    @property
    def namespace(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def origin(self) -> Origin: ...


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An object that `--keep-going` went on without, and whose verdicts could be wrong by it.

    `namespace` is empty where it isn't known: then every verdict is in question.
    """

    kind: str
    namespace: str
    name: str
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class Summary:
    """How many objects were read, by kind, and how many were passed over, by kind."""

    read: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    files: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A cluster and its policies: the value that every question is put to.

    `pods` are sorted by (namespace, name), `policies` by (kind, namespace, name); `namespaces`
    has every namespace that any object uses (NP-35). `unmodelled` are objects of other kinds
    that may run pods: answers about their namespaces say so (DEC-3). `inventory` is for edits; a
    copy that `dataclasses.replace` makes has none, as it would tell of another snapshot.
    """

    namespaces: Mapping[str, Namespace] = field(default_factory=dict)
    nodes: Mapping[str, Node] = field(default_factory=dict)
    workloads: Mapping[WorkloadRef, Workload] = field(default_factory=dict)
    pods: tuple[Pod, ...] = ()
    policies: tuple[Policy, ...] = ()
    semantics: Semantics = field(default_factory=Semantics)
    diagnostics: tuple[Diagnostic, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unmodelled: tuple[LeftOut, ...] = ()
    summary: Summary = field(default_factory=Summary)
    inventory: Inventory | None = field(default=None, init=False, compare=False, repr=False)

    def made_of(self, inventory: Inventory) -> Snapshot:
        """The same snapshot, with what it was made of."""
        made = replace(self)
        object.__setattr__(made, "inventory", inventory)
        return made

    def namespace(self, name: str) -> Namespace:
        """The namespace of that name; one that nobody declared has its name label alone (NP-35)."""
        known = self.namespaces.get(name)
        return known or Namespace(name, NO_LABELS | {NAME_LABEL: name}, False)
