"""Selectors to bit sets, over the label sets of one namespace."""

from __future__ import annotations

from collections.abc import Iterable

from netsim.labels.labels import Labels
from netsim.labels.selector import Operator, Requirement, Selector


class LabelIndex:
    """An inverted index: which of some objects have a key, and which a value under it.

    Bit i of every set stands for the i-th object. Equal selectors are evaluated once.
    """

    def __init__(self, objects: Iterable[Labels], keys: frozenset[str]) -> None:
        """Index `objects` by `keys`, those that any selector asks for."""
        values: dict[tuple[str, str], int] = {}
        self._keys: dict[str, int] = {}
        self._known: dict[Selector, int] = {}
        bit = 1
        for labels in objects:
            for pair in labels.items():
                if pair[0] in keys:
                    values[pair] = values.get(pair, 0) | bit
            bit <<= 1
        self._values = values
        for (key, _), having in values.items():
            self._keys[key] = self._keys.get(key, 0) | having
        self.everything = bit - 1

    @property
    def pairs(self) -> Iterable[tuple[str, str]]:
        """The (key, value) pairs that some object has."""
        return self._values.keys()

    def select(self, selector: Selector) -> int:
        """The objects that `selector` matches (SEL-1..7)."""
        found = self._known.get(selector)
        if found is None:
            found = self.everything
            for requirement in selector.requirements:
                found &= self._meeting(requirement)
            self._known[selector] = found
        return found

    def _meeting(self, requirement: Requirement) -> int:
        match requirement.operator:
            case Operator.IN:
                return self._listed(requirement)
            case Operator.NOT_IN:
                return self.everything & ~self._listed(requirement)
            case Operator.EXISTS:
                return self._keys.get(requirement.key, 0)
            case Operator.DOES_NOT_EXIST:
                return self.everything & ~self._keys.get(requirement.key, 0)

    def _listed(self, requirement: Requirement) -> int:
        found = 0
        for value in requirement.values:
            found |= self._values.get((requirement.key, value), 0)
        return found
