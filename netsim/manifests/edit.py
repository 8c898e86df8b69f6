"""A snapshot with something changed: objects applied, deleted, relabelled, scaled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from os import PathLike

from netsim.errors import hold_type, query_error
from netsim.manifests.assemble import assemble
from netsim.manifests.changed_objects import relabelled, scaled
from netsim.manifests.dependents import with_dependents
from netsim.manifests.intake import Intake, taken
from netsim.manifests.judge import Outcome, judge
from netsim.manifests.object_texts import find_key, object_text
from netsim.manifests.parts import inventory_of
from netsim.model.inventory import Contents, Inventory, Key, Read
from netsim.model.snapshot import Snapshot
from netsim.source.collector import collector_off
from netsim.source.documents import Document, Reading, take_paths, take_text


def edit(snapshot: Snapshot) -> Editor:
    """Begin a what-if: a new snapshot from this one, which stays as it is.

    >>> import netsim
    >>> before = netsim.load("fixtures/clusters/shop")
    >>> after = (
    ...     netsim.edit(before)
    ...     .delete("monitoring/networkpolicy/allow-same-namespace")
    ...     .label("shop/deploy/frontend", tier="web")
    ...     .scale("shop/deploy/frontend", 3)
    ...     .apply("{apiVersion: v1, kind: Namespace, metadata: {name: new}}")
    ...     .done()
    ... )
    >>> netsim.can(before, "shop/api", "monitoring/grafana", 3000).allowed
    False
    >>> netsim.can(after, "new:new/{app=x}", "monitoring/grafana", 3000).allowed
    True

    A snapshot that was put together by hand, or by `dataclasses.replace`, can be edited too, but
    for the labels and replicas of its workloads: nobody has their templates.
    """
    hold_type(snapshot, Snapshot, "netsim.load(…)")
    if snapshot.inventory is None:
        snapshot = snapshot.made_of(inventory_of(snapshot))
    return Editor(snapshot)


class Editor:
    """A snapshot and its edits so far. Every edit gives a new editor; this one can be used again.

    Objects are named `[namespace/]kind/name`, with kubectl's short names: `shop/netpol/deny`,
    `ns/shop`, `clusternetworkpolicy/deny`. An edit sees what those before it did, and costs what it changes: a policy next to
    nothing, a pod or a workload what its namespace holds.
    """

    __slots__ = ("_snapshot",)

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def done(self) -> Snapshot:
        """The new snapshot: equal to a load of the manifests as edited.

        What wasn't edited, and what no edit has a say in, is the very same object (`is`) in both.
        """
        return self._snapshot

    def apply(self, text: str | bytes, *, name: str = "<text>") -> Editor:
        """Add the objects of a text, YAML or JSON, in the place of those of the same names.

        Live pods stay as they are, whatever is applied to their workload: where they are in the
        input, its template has no say (WL-8). `name` stands for the file in messages.

        Raises InputError as `netsim.loads` does.
        """
        with collector_off():
            return self._with_all(take_text(text, self._judge(), name))

    def apply_files(self, *paths: str | PathLike[str]) -> Editor:
        """The same for files, folders, globs and, for `-`, standard input."""
        with collector_off():
            return self._with_all(take_paths(paths, self._judge()))

    def delete(self, object: str) -> Editor:
        """Delete an object, and what Kubernetes deletes with it: what it owns or contains.

        One that was left out can be deleted too. Raises QueryError if there is no such object.
        """
        deleted = with_dependents(self._inventory, find_key(self._snapshot, object))
        return Editor(assemble(self._snapshot, Intake(self._snapshot.semantics), deleted))

    def label(
        self,
        object: str,
        labels: Mapping[str, str | None] | None = None,
        /,
        **more: str | None,
    ) -> Editor:
        """Set labels, and take away those of value None; in the template of a workload (WL-2).

        Raises QueryError if there is no such object, if a label is none or a workload's selector
        wouldn't match, and if it would change nothing, as live pods don't come from a template.
        """
        changes = {**(labels or {}), **more}
        return self._with_one(object, lambda there, key: relabelled(there, key, changes))

    def scale(self, object: str, replicas: int) -> Editor:
        """Give a workload so many replicas.

        Raises QueryError if there is no such object, if it is of a kind that isn't scaled, and if
        it would change nothing, as with live pods.
        """
        moved = self._inventory.moved
        return self._with_one(object, lambda there, key: scaled(there, key, replicas, moved))

    @property
    def _inventory(self) -> Inventory:
        return self._snapshot.inventory or Inventory()

    def _judge(self) -> Callable[[Document], Outcome]:
        return partial(judge, semantics=self._snapshot.semantics)

    def _with_all(self, reading: Reading[Outcome]) -> Editor:
        before = self._snapshot
        intake = taken(reading, before.semantics, keep_going=False, standing=before.policies)
        return Editor(assemble(before, intake))

    def _with_one(self, object: str, changed: Callable[[Contents, Key], Read]) -> Editor:
        """The object `changed`; what was left out under its name stays so."""
        before, key = self._snapshot, find_key(self._snapshot, object)
        read = self._inventory.find(key)
        if read is None:
            help = "apply its manifest first"
            raise query_error(
                f"the manifest of `{object_text(key)}` is not in the input", help=help
            )
        now = changed(self._inventory.of(key[1]), key)
        if now == read:
            return self
        intake = Intake(before.semantics, {key: now})
        if said := self._inventory.besides.get(key):
            intake.besides[key] = said
            intake.left_out = [
                item for item in before.left_out if (item.kind, item.namespace, item.name) == key
            ]
        return Editor(assemble(before, intake))
