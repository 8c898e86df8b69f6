"""What one may do to a cluster, as values: each is made by `netsim.edit`, and says what it does.

edit = Label("shop/deploy/api", {"tier": "web", "role": None})
str(edit)                      # label shop/deploy/api tier=web,role-
edit.options                   # ("--label", "shop/deploy/api", "tier=web,role-")
edit.made(netsim.edit(snapshot)).done()
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from netsim.manifests.edit import Editor

# The name that faults of an applied text are told under.
APPLIED = "<edit>"
# The namespace, in a scope, of what has none: the policies of the whole cluster.
WHOLE_CLUSTER = ""


class EditKind(Enum):
    """What an edit is to those who make it. The value is its name on the command line."""

    POD_ADDED = "pod-added"  # a pod without labels
    WORKLOAD_ADDED = "workload-added"  # with some of the labels of pods beside it
    SCALED = "scaled"
    RELABELLED = "relabelled"  # a pod, or the template of a workload
    NAMESPACE_ADDED = "namespace-added"  # with a pod in it
    NAMESPACE_RELABELLED = "namespace-relabelled"
    POLICY_ADDED = "policy-added"
    POLICY_REMOVED = "policy-removed"
    POLICY_LOOSENED = "policy-loosened"
    POLICY_TIGHTENED = "policy-tightened"
    POLICY_MOVED = "policy-moved"  # to another tier or priority


@dataclass(frozen=True, slots=True)
class Scope:
    """Which edits are to be thought of: of these kinds, and to what is in these namespaces.

    `namespaces` is None for all of them, those that don't exist yet included.
    """

    kinds: frozenset[EditKind] = frozenset(EditKind)
    namespaces: frozenset[str] | None = None

    def of(self, kinds: Iterable[EditKind]) -> Scope:
        """Those of these kinds alone."""
        return Scope(self.kinds & frozenset(kinds), self.namespaces)

    def within(self, namespaces: Iterable[str]) -> Scope:
        """Those in these namespaces alone."""
        inside = frozenset(namespaces)
        return Scope(self.kinds, inside if self.namespaces is None else inside & self.namespaces)

    def has(self, namespace: str) -> bool:
        """Whether edits in a namespace are among them."""
        return self.namespaces is None or namespace in self.namespaces


@dataclass(frozen=True, slots=True)
class Apply:
    """The objects of a text added, or put in place of those of the same names."""

    manifest: str
    said: str = field(default="apply a manifest", compare=False)

    def made(self, editor: Editor) -> Editor:
        """The editor after it. Raises InputError if the text is at fault."""
        return editor.apply(self.manifest, name=APPLIED)

    def __str__(self) -> str:
        return self.said

    @property
    def options(self) -> tuple[str, ...]:
        """As an option of `netsim what-if`, which reads the text from stdin."""
        return "--apply", "-"


@dataclass(frozen=True, slots=True)
class Delete:
    """An object deleted, with what it owns: `shop/networkpolicy/deny`."""

    object: str

    def made(self, editor: Editor) -> Editor:
        """The editor after it. Raises QueryError if there is no such object."""
        return editor.delete(self.object)

    def __str__(self) -> str:
        return f"delete {self.object}"

    @property
    def options(self) -> tuple[str, ...]:
        """As an option of `netsim what-if`."""
        return "--delete", self.object


@dataclass(frozen=True, slots=True)
class Label:
    """Labels of a pod, a namespace or the template of a workload set; None takes one away."""

    object: str
    labels: Mapping[str, str | None]

    def __post_init__(self) -> None:
        changes = sorted(self.labels.items())
        object.__setattr__(self, "labels", _Changes(changes))

    def made(self, editor: Editor) -> Editor:
        """The editor after it. Raises QueryError if the object can't have them."""
        return editor.label(self.object, self.labels)

    def __str__(self) -> str:
        return f"label {self.object} {self.text}"

    @property
    def options(self) -> tuple[str, ...]:
        """As an option of `netsim what-if`."""
        return "--label", self.object, self.text

    @property
    def text(self) -> str:
        """The changes as that option takes them: `tier=web,role-`."""
        each = self.labels.items()
        return ",".join(f"{key}-" if value is None else f"{key}={value}" for key, value in each)


@dataclass(frozen=True, slots=True)
class Scale:
    """A workload given so many replicas."""

    object: str
    replicas: int

    def made(self, editor: Editor) -> Editor:
        """The editor after it. Raises QueryError if the object can't have them."""
        return editor.scale(self.object, self.replicas)

    def __str__(self) -> str:
        return f"scale {self.object} to {self.replicas}"

    @property
    def options(self) -> tuple[str, ...]:
        """As an option of `netsim what-if`."""
        return "--scale", self.object, str(self.replicas)


Edit = Apply | Delete | Label | Scale


class _Changes(dict[str, str | None]):
    """Changes of labels, hashable: nobody writes to them."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))
