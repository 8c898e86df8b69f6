"""What a snapshot was made of, object by object: an edit changes this and makes the rest again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from netsim.errors import Diagnostic
from netsim.model.cluster import Address, Pod
from netsim.source.origin import FileOrigin, Moved, Origin

# kind, namespace (empty for cluster-scoped kinds), name
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """One object of a kind that netsim reads: what its ObjectKind made of it, what was said of it.

    `origin` may be of an earlier version, which had its file under another name: see `place`.
    """

    built: Any
    origin: Origin
    said: tuple[Diagnostic, ...] = ()

    def place(self, moved: Moved) -> Origin:
        """The origin in a version that has `moved` files of an earlier one."""
        origin = self.origin
        if isinstance(origin, FileOrigin) and (file := moved.get(origin.chunk)):
            return replace(origin, chunk=replace(origin.chunk, file=file))
        return origin


@dataclass(frozen=True, slots=True)
class Contents:
    """The objects of one namespace, and the pods that they come to.

    `alone` are the pods as this namespace has them; `pods` are the same with what the cluster
    knows of their hosts. `indexed`: they hang on whether a policy asks for a Job's index (WL-5).
    """

    objects: Mapping[Key, Read] = field(default_factory=dict)
    alone: tuple[Pod, ...] = ()
    pods: tuple[Pod, ...] = ()
    indexed: bool = False


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that went into a snapshot, by namespace; cluster-scoped objects are under the empty name.

    `besides` is what was said of objects that were left out or aren't modelled, `notes` what was
    said of namespaces that nobody declares, `shared` of addresses that several pods have, `mixed` of
    policies of two APIs. `index_matters` is None while nobody had to know. `moved` are texts of files
    that an earlier version had under other names.
    """

    contents: Mapping[str, Contents] = field(default_factory=dict)
    besides: Mapping[Key, tuple[Diagnostic, ...]] = field(default_factory=dict)
    hosts: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    notes: Mapping[str, Diagnostic] = field(default_factory=dict)
    shared: tuple[Diagnostic, ...] = ()
    mixed: tuple[Diagnostic, ...] = ()
    index_matters: bool | None = None
    moved: Moved = field(default_factory=dict)

    def of(self, namespace: str) -> Contents:
        """What is in a namespace; nothing, where it has no object."""
        return self.contents.get(namespace) or NO_CONTENTS

    def find(self, key: Key) -> Read | None:
        """The object of that key."""
        there = self.contents.get(key[1])
        return there.objects.get(key) if there else None


NO_CONTENTS = Contents()
