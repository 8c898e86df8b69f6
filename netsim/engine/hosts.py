"""Nodes and the pods on them: what passes between them whatever policies say."""

from __future__ import annotations

from netsim.compiler.classes import EndpointClass
from netsim.compiler.sets import first_address
from netsim.compiler.tables import Tables
from netsim.model.cluster import Address
from netsim.sets.blocks import Places, either, places_of

_NOWHERE: Places = {}


class Hosts:
    """Which pods are on the node that a class is, by its name or by its address (NP-60).

    That nodes may reach every pod, where an option says so (IMP-9), stands in the relation.
    """

    def __init__(self, tables: Tables) -> None:
        self._semantics = tables.snapshot.semantics
        universe = tables.universe
        named: dict[str, list[tuple[int, int]]] = {}
        addressed: dict[Address, list[tuple[int, int]]] = {}
        self._universe, self._pods = universe, universe.pods
        for block in self._pods:
            for bit, item in enumerate(universe.block(block)):
                name, addresses = item.host
                if name:
                    named.setdefault(name, []).append((block, bit))
                for address in addresses:
                    addressed.setdefault(address, []).append((block, bit))
        self._named = {name: places_of(found) for name, found in named.items()}
        self._addressed = {address: places_of(found) for address, found in addressed.items()}
        self._hosts = [
            (number, item)
            for number, item in enumerate(universe.classes)
            if item.is_node or not self._addressed.keys().isdisjoint(item.addresses)
        ]

    def receiving(self, version: int) -> dict[int, Places]:
        """For sources by number: the places that they reach whatever the ingress there says."""
        found = ((number, self._open_to(item, version)) for number, item in self._hosts)
        return {number: places for number, places in found if places}

    def sending(self, version: int) -> dict[int, Places]:
        """For sources by number: the places that they reach whatever their own egress says."""
        if self._semantics.egress_to_own_node == "policy":  # IMP-8
            return {}
        found: dict[int, list[tuple[int, int]]] = {}
        for host, item in self._hosts:
            for number in self._universe.numbers(self._on(item, version)):
                found.setdefault(number, []).append(self._universe.place(host))
        return {number: places_of(hosts) for number, hosts in found.items()}

    def _open_to(self, item: EndpointClass, version: int) -> Places:
        local = self._semantics.node_local_ingress == "allow"  # IMP-19
        if not item.is_node or self._semantics.ingress_from_other_nodes == "policy":
            return self._on(item, version) if local else _NOWHERE
        if local:
            return _NOWHERE  # the relation has it
        own = self._on(item, version)
        others = ((block, bits & ~own.get(block, 0)) for block, bits in self._pods.items())
        return {block: bits for block, bits in others if bits}  # IMP-9

    def _on(self, item: EndpointClass, version: int) -> Places:
        """The pods on the node that a class is, or whose address it has."""
        address = first_address(item, version)
        found = self._addressed.get(address, _NOWHERE) if address else _NOWHERE
        if not item.is_node:
            return found
        return either(found, self._named.get(item.host[0], _NOWHERE))
