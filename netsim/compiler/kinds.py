"""Kinds: endpoint classes that no far-reaching peers tell apart.

Most peers lie in a few namespaces: these are listed class by class. What reaches far is a set of
kinds instead, of which there are few: a rule for "everyone whose namespace has team=web" costs
the same in a cluster of ten namespaces and of ten thousand.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from netsim.compiler.atoms import AddressCuts
from netsim.compiler.classes import EndpointClass, Universe
from netsim.labels.labels import Labels
from netsim.labels.selector import Selector
from netsim.model.rules import AddressSet, PodSet
from netsim.model.snapshot import Snapshot


@dataclass(slots=True, eq=False, repr=False)
class Kinds:
    """The kind of each class, by number, and a class of each kind. Sets of kinds are bit sets."""

    of_class: tuple[int, ...]
    representatives: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.representatives)

    @property
    def everything(self) -> int:
        """The set of all kinds."""
        return (1 << len(self)) - 1

    def of(self, classes: Iterable[int]) -> int:
        """The kinds of these classes."""
        found = 0
        for kind in {self.of_class[number] for number in classes}:
            found |= 1 << kind
        return found


def kinds_of(
    universe: Universe,
    snapshot: Snapshot,
    pods: Iterable[PodSet],
    blocks: Iterable[AddressSet],
    port_names: frozenset[str],
) -> Kinds:
    """The coarsest kinds that need no second look: classes that these peers see alike are of one.

    `port_names` are those that a far-reaching rule may ask the destination for.
    """
    sight = _Sight(snapshot, list(pods), list(blocks), port_names)
    numbers: dict[Hashable, int] = {}
    representatives: list[int] = []
    found: list[int] = []
    for at, item in enumerate(universe.classes):
        key = sight.of(item)
        kind = numbers.setdefault(key, len(numbers))
        if kind == len(representatives):
            representatives.append(at)
        found.append(kind)
    return Kinds(tuple(found), tuple(representatives))


class _Sight:
    """A class as far-reaching peers see it."""

    def __init__(
        self,
        snapshot: Snapshot,
        pods: Sequence[PodSet],
        blocks: Sequence[AddressSet],
        port_names: frozenset[str],
    ) -> None:
        self._snapshot = snapshot
        self._port_names = port_names
        wide: list[tuple[Selector, Selector]] = []
        named: dict[str, set[Selector]] = {}
        for each in pods:
            if isinstance(each.namespaces, str):
                named.setdefault(each.namespaces, set()).add(each.pods)
            else:
                wide.append((each.namespaces, each.pods))
        self._of_namespace = _Asked({namespaces for namespaces, _ in wide})
        self._of_pod = _Asked({selector for _, selector in wide})
        self._inside = {name: _Asked(selectors) for name, selectors in named.items()}
        self._cuts = {version: AddressCuts.of(blocks, version) for version in (4, 6)}
        self._namespaces: dict[str, Hashable] = {}

    def of(self, item: EndpointClass) -> Hashable:
        ports = [
            (port.name, port.number, port.protocol)
            for port in item.ports
            if port.name in self._port_names
        ]
        return self._pod(item), tuple(ports), self._atoms(item)

    def _pod(self, item: EndpointClass) -> Hashable:
        if item.is_node:
            return ()
        labels, inside = item.representative.labels, self._inside.get(item.namespace)
        own = inside.seen(labels) if inside else ()
        return self._namespace(item.namespace), self._of_pod.seen(labels), own

    def _namespace(self, name: str) -> Hashable:
        found = self._namespaces.get(name)
        if found is None:
            own = name if name in self._inside else ""
            labels = self._of_namespace.seen(self._snapshot.namespace(name).labels)
            found = self._namespaces[name] = own, labels
        return found

    def _atoms(self, item: EndpointClass) -> Hashable:
        if not item.addresses:
            return item.has_own_address
        return tuple(
            (address.version, self._cuts[address.version].atom(address))
            for address in item.addresses
        )


class _Asked:
    """What some selectors ask of labels."""

    def __init__(self, selectors: set[Selector]) -> None:
        requirements = [item for selector in selectors for item in selector.requirements]
        self._keys = sorted({item.key for item in requirements})
        self._pairs = {(item.key, value) for item in requirements for value in item.values}

    def seen(self, labels: Labels) -> Hashable:
        """Equal for labels that no selector tells apart."""
        asked = [(key, labels.get(key)) for key in self._keys]
        return tuple([pair[1] if pair in self._pairs else pair[1] is not None for pair in asked])
