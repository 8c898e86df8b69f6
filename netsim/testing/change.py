"""A change of a cluster, as an invariant sees it: before, the edits, after, and the difference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from netsim.analysis.program import Program
from netsim.changes.between import boxes_between, has_pairs
from netsim.changes.boxes import Box, Part
from netsim.changes.difference import Difference
from netsim.changes.ends import Ends
from netsim.changes.slicing import Field
from netsim.errors import QueryError, query_error
from netsim.manifests.edit import edit
from netsim.model.cluster import Node, Pod
from netsim.model.directory import Directory, Named
from netsim.model.flow import Domain
from netsim.model.nearest import did_you_mean
from netsim.model.snapshot import Snapshot
from netsim.sets.addresses import span
from netsim.sets.intervals import Interval
from netsim.testing.edit_values import Edit

_SHOWN = 3
_WORD = re.compile(r"[a-z][-a-z0-9]*")


@dataclass(frozen=True)
class Change:
    """What some edits make of a cluster.

    `before` and `after` are programs: ask them with `allows`, `verdict` and `reach`. `difference`
    is all that is other between them. Without edits both are the same.
    """

    before: Program
    edits: tuple[Edit, ...]
    after: Program
    difference: Difference

    def opened(self, to: str = "") -> Iterator[Part]:
        """What may newly pass to what a text means, between endpoints that were there before."""
        return self._to(to, (box.opened for box in self._boxes(to)))

    def closed(self, to: str = "") -> Iterator[Part]:
        """What may no longer pass to what a text means, between endpoints that are still there."""
        return self._to(to, (box.closed for box in self._boxes(to)))

    def brought(self, to: str = "") -> Iterator[Part]:
        """What endpoints that came may send to what a text means."""
        return self._to(to, (each.part for come in self.difference.added for each in come.sends))

    def received(self, to: str) -> Iterator[Part]:
        """What may be sent to endpoints that came, where the text means them."""
        return self._to(to, (each.part for come in self.difference.added for each in come.gets))

    def taken(self, to: str = "") -> Iterator[Part]:
        """What endpoints that went might send to what a text means."""
        return self._to(to, (each.part for gone in self.difference.removed for each in gone.sends))

    def told(self, part: Part) -> str:
        """A part in words: `shop/deployment/web -> shop/statefulset/db TCP 5432`."""
        names = self.difference.names
        return f"{_few(names(part.sources))} -> {_few(names(part.destinations))} {part.traffic}"

    def ends(self, text: str) -> Ends:
        """Whom a text means, before or after: endpoints by their numbers, and addresses.

        It is an endpoint text, or the name of a namespace for all pods in it. Raises QueryError
        if it means nothing before.
        """
        if text not in self._ends:
            pairing = self.difference.pairing
            one, other = named(self.before.snapshot, text), self._named_after(text)
            units = pairing.old.of(_members(one)) | pairing.new.of(_members(other))
            self._ends[text] = Ends(units, Ends.outside(_ranges(one)).addresses)
        return self._ends[text]

    def _named_after(self, text: str) -> Named:
        before, after = self.before.snapshot, self.after.snapshot
        if after.pods is before.pods and (after.namespaces, after.nodes) == (
            before.namespaces,
            before.nodes,
        ):
            after = before  # whose names are known already
        try:
            return named(after, text)
        except QueryError:
            return Named()  # whoever was meant is gone

    def _boxes(self, to: str) -> Sequence[Box]:
        """What is other; where only some receivers are asked about, no more is compared than that."""
        if "boxes" in self.difference.__dict__ or not to:
            return self.difference.boxes
        if to not in self._compared:
            ends, pairing = self.ends(to), self.difference.pairing
            self._compared[to] = (
                self.difference.boxes
                if ends.addresses
                else boxes_between(
                    pairing,
                    pairing.old,
                    pairing.new,
                    self.difference.edits,
                    Field(pairing.everyone, ends.units),
                )
            )
        return self._compared[to]

    @cached_property
    def _ends(self) -> dict[str, Ends]:
        return {}

    @cached_property
    def _compared(self) -> dict[str, Sequence[Box]]:
        return {}

    def _to(self, text: str, parts: Iterator[Part]) -> Iterator[Part]:
        found = (part for part in parts if part)
        if not text:
            return found
        ends = self.ends(text)
        cut = (Part(part.sources, part.destinations & ends, part.traffic) for part in found)
        return (part for part in cut if part and has_pairs(self.difference.pairing, part))

    @cached_property
    def namespaces_added(self) -> frozenset[str]:
        """The namespaces that were not there before."""
        return frozenset(self.after.snapshot.namespaces) - frozenset(
            self.before.snapshot.namespaces
        )


def edited(snapshot: Snapshot, edits: tuple[Edit, ...]) -> Snapshot:
    """A snapshot with edits made. Raises QueryError or InputError where one can't be."""
    editor = edit(snapshot)
    for each in edits:
        editor = each.made(editor)
    return editor.done()


def change_of(before: Program, edits: tuple[Edit, ...]) -> Change:
    """What edits make of a cluster. Raises QueryError or InputError where one can't be made."""
    return Change(before, edits, *before.update(edited(before.snapshot, edits)))


def named(snapshot: Snapshot, text: str) -> Named:
    """Who an endpoint text means, or all pods of the namespace of that name.

    Raises QueryError if that is nobody.
    """
    if text in snapshot.namespaces:
        return _directory(snapshot).find(f"{text}/*")
    if _WORD.fullmatch(text) and text != "external":
        _hold_name(snapshot, text)
    return _directory(snapshot).find(text)


def _hold_name(snapshot: Snapshot, text: str) -> None:
    names = {pod.name for pod in snapshot.pods} | {ref.name for ref in snapshot.workloads}
    if text not in names:
        help = did_you_mean(text, {*snapshot.namespaces, *names})
        raise query_error(f"there is no namespace, workload or pod `{text}`", help=help)


class _Same:
    """A snapshot, known by being the very same one."""

    __slots__ = ("snapshot",)

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def __hash__(self) -> int:
        return id(self.snapshot)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.snapshot is other.snapshot


def _directory(snapshot: Snapshot) -> Directory:
    return _kept(_Same(snapshot))


@lru_cache(maxsize=4)
def _kept(same: _Same) -> Directory:
    return Directory(same.snapshot)


def _members(named: Named) -> list[Pod | Node]:
    return [each for each in named.members if isinstance(each, Pod | Node)]


def _ranges(named: Named) -> dict[int, list[Interval]]:
    found: dict[int, list[Interval]] = {}
    for network in named.ranges:
        found.setdefault(network.version, []).append(span(network))
    for each in named.members:
        if isinstance(each, Domain):
            raise query_error(
                f"`{each}` is a DNS name: name pods, nodes or addresses", code="ANP-17"
            )
        if not isinstance(each, Pod | Node):
            found.setdefault(each.version, []).append((int(each), int(each)))
    return found


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
