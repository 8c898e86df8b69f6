"""What the rules of a snapshot see of a pod: what they look at, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from netsim.compiler.looks import Looks
from netsim.labels.labels import Labels
from netsim.model.cluster import Address, ContainerPort

# Stands for every label value that no selector asks for.
_OTHER = "\0other"


class Seen:
    """What rules see of labels, ports and addresses; `counts` says if a port's name is one.

    Pods of one template share their labels, or ports: these are looked at once, and known by their
    id, which stays their own while the snapshot has them.
    """

    def __init__(self, looks: Looks, counts: Callable[[ContainerPort], bool]) -> None:
        self._looks, self._counts = looks, counts
        self._labels: dict[int, Hashable] = {}
        self._ports: dict[int, tuple[tuple[ContainerPort, ...], Hashable]] = {}

    def labels(self, labels: Labels) -> Hashable:
        """Equal for labels that no rule tells apart."""
        found = self._labels.get(id(labels))
        if found is None:
            keys, pairs = self._looks.keys, self._looks.pairs
            found = self._labels[id(labels)] = frozenset(
                [
                    (key, value if (key, value) in pairs else _OTHER)
                    for key, value in labels.items()
                    if key in keys
                ]
            )
        return found

    def ports(self, ports: tuple[ContainerPort, ...]) -> tuple[tuple[ContainerPort, ...], Hashable]:
        """Those that a rule may mean by their name; and what is equal for the same in any order."""
        found = self._ports.get(id(ports))
        if found is None:
            names = self._looks.port_names
            asked = tuple([port for port in ports if port.name in names and self._counts(port)])
            found = self._ports[id(ports)] = asked, frozenset(asked)
        return found

    def atoms(self, addresses: tuple[Address, ...]) -> Hashable:
        """The atoms of addresses, with their IP version."""
        cuts = self._looks.cuts
        return tuple([(item.version, cuts[item.version].atom(item)) for item in addresses])
