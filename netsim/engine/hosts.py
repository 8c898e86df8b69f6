"""Nodes and the pods on them: what passes between them whatever policies say."""

from __future__ import annotations

from netsim.compiler.classes import EndpointClass
from netsim.compiler.sets import first_address
from netsim.compiler.tables import Tables
from netsim.model.cluster import Address, Pod
from netsim.sets.blocks import Places, both, either, places_of

_NOWHERE: Places = {}


class Hosts:
    """Which pods are on the node that a class is, by its name or by its address (NP-60)."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._semantics = tables.snapshot.semantics
        universe = tables.universe
        named: dict[str, list[tuple[int, int]]] = {}
        addressed: dict[Address, list[tuple[int, int]]] = {}
        pods = []
        self._hosts = []
        for number, item in enumerate(universe.classes):
            place = universe.place(number)
            if _is_host(item):
                self._hosts.append(number)
            if item.is_node:
                continue
            pods.append(place)
            name, addresses = item.host
            if name:
                named.setdefault(name, []).append(place)
            for address in addresses:
                addressed.setdefault(address, []).append(place)
        self._pods = places_of(pods)
        self._named = {name: places_of(found) for name, found in named.items()}
        self._addressed = {address: places_of(found) for address, found in addressed.items()}

    def open_to(self, source: int, version: int) -> tuple[Places, Places]:
        """The places that a source reaches whatever their ingress says, and whatever its egress."""
        item = self._tables.universe.classes[source]
        receiving = self._receiving(item, version) if _is_host(item) else _NOWHERE
        if item.is_node or self._semantics.egress_to_own_node == "policy":
            return receiving, _NOWHERE
        here = self._tables.universe.place(source)  # IMP-8
        hosts = (
            host
            for host in self._hosts
            if both(places_of([here]), self._on(self._tables.universe.classes[host], version))
        )
        return receiving, places_of(map(self._tables.universe.place, hosts))

    def _receiving(self, item: EndpointClass, version: int) -> Places:
        own = self._on(item, version)
        local = self._semantics.node_local_ingress == "allow"  # IMP-19
        if not item.is_node or self._semantics.ingress_from_other_nodes == "policy":
            return own if local else _NOWHERE
        if local:
            return self._pods
        others = ((block, bits & ~own.get(block, 0)) for block, bits in self._pods.items())
        return {block: bits for block, bits in others if bits}  # IMP-9

    def _on(self, item: EndpointClass, version: int) -> Places:
        """The pods on the node that a class is, or whose address it has."""
        address = first_address(item, version)
        found = self._addressed.get(address, _NOWHERE) if address else _NOWHERE
        if not item.is_node:
            return found
        return either(found, self._named.get(item.host[0], _NOWHERE))


def _is_host(item: EndpointClass) -> bool:
    """Whether it has the address of a node: it is one, or a pod on its network."""
    pod = item.representative
    return item.is_node or (isinstance(pod, Pod) and pod.host_network)
