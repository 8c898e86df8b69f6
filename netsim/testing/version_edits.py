"""What leads from one version of a cluster to another, as edits of single objects."""

from __future__ import annotations

from collections.abc import Iterator

from netsim.errors import NetsimError, query_error
from netsim.manifests.edit import edit
from netsim.manifests.object_texts import object_text
from netsim.model.inventory import Inventory, Key, Read
from netsim.model.snapshot import Snapshot
from netsim.testing.documents import manifest_of
from netsim.testing.edit_values import Apply, Delete, Edit
from netsim.testing.yaml_text import yaml_text


def edits_to(old: Snapshot, new: Snapshot) -> tuple[Edit, ...]:
    """The objects that are added or other in the new version, each applied; then those deleted.

    What Kubernetes deletes with another object has no edit of its own. Raises QueryError for an
    object whose manifest isn't known, as of a snapshot that was put together by hand, or that
    says something else, as where the snapshot was edited.
    """
    before, after = old.inventory or Inventory(), new.inventory or Inventory()
    edits: list[Edit] = []
    for key, read in _objects(after):
        known = before.find(key)
        if known is None or known.built != read.built:
            edits.append(_applied(key, read, after, "change" if known else "add"))
    editor = edit(old)
    for each in edits:
        editor = each.made(editor)
    for key, _ in _objects(before):
        if after.find(key) is None:
            deletion = Delete(object_text(key))
            try:
                editor = deletion.made(editor)
            except NetsimError:  # it went with its owner, or with its namespace
                continue
            edits.append(deletion)
    _hold_manifests(edits, editor.done(), after)
    return tuple(edits)


def _hold_manifests(edits: list[Edit], made: Snapshot, after: Inventory) -> None:
    """Raises QueryError if an object is other in the new version than by its manifest."""
    found = made.inventory or Inventory()
    for key, read in _objects(after) if edits else ():
        known = found.find(key)
        if known is None or known.built != read.built:
            help = "compare what netsim.load gave, or check the edits themselves"
            message = f"`{object_text(key)}` was edited: its manifest says something else"
            raise query_error(message, help=help)


def _objects(inventory: Inventory) -> Iterator[tuple[Key, Read]]:
    found = (
        (key, read) for each in inventory.contents.values() for key, read in each.objects.items()
    )
    return iter(sorted(found, key=lambda each: each[0]))


def _applied(key: Key, read: Read, of: Inventory, verb: str) -> Apply:
    manifest = manifest_of(read.origin)
    if manifest is None:
        help = "compare snapshots that netsim.load gave"
        raise query_error(f"the manifest of `{object_text(key)}` is not known", help=help)
    place = read.place(of.moved).locate()
    return Apply(yaml_text(manifest), f"{verb} {object_text(key)}  ({place})")
