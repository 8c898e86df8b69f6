"""The texts that name an object: `shop/networkpolicy/deny`, `namespace/shop` (DESIGN's grammar)."""

from __future__ import annotations

from collections.abc import Iterable

from netsim.errors import QueryError, query_error
from netsim.manifests.classify import KINDS
from netsim.manifests.cluster import NAMESPACE
from netsim.model.directory import SHORT_NAMES
from netsim.model.inventory import Inventory, Key
from netsim.model.nearest import did_you_mean, one_of
from netsim.model.snapshot import Snapshot

_SHORT_NAMES = SHORT_NAMES | {
    "ns": "namespace",
    "netpol": "networkpolicy",
    "cnp": "clusternetworkpolicy",
    "anp": "adminnetworkpolicy",
    "banp": "baselineadminnetworkpolicy",
}
_READ = {kind.kind.lower(): kind for kind in KINDS.values()}
_FEW = 3
_FORM = "write [namespace/]kind/name, as in `shop/networkpolicy/deny`"


def object_text(key: Key) -> str:
    """How the object is written."""
    kind, namespace, name = key
    return "/".join(filter(None, (namespace, kind.lower(), name)))


def find_key(snapshot: Snapshot, text: str) -> Key:
    """The object that `text` names; without a namespace, the only one of that kind and name.

    A namespace that nobody declares has a key too. Raises QueryError with the nearest names.
    """
    parts = text.split("/") if isinstance(text, str) else []
    if len(parts) not in (2, 3) or not all(parts):
        raise query_error(f"`{text}` names no object", help=_FORM)
    *places, word, name = parts
    namespace = places[0] if places else ""
    inventory = snapshot.inventory or Inventory()
    known = {*_READ, *(kind.lower() for kind, _, _ in inventory.besides)}
    kind = _singular(word.lower(), known)
    if kind not in known:
        raise _no_kind(snapshot, inventory, parts, known)
    if namespace and kind in _READ and not _READ[kind].namespaced:
        message = f"objects of kind {_READ[kind].kind} have no namespace"
        raise query_error(message, help=f"write `{kind}/{name}`")
    if kind == NAMESPACE.kind.lower() and name in snapshot.namespaces:
        return NAMESPACE.kind, "", name
    found = _called(inventory, kind, namespace, name)
    if len(found) == 1:
        return found[0]
    if found:
        help = f"write {one_of(sorted(map(object_text, found)))}"
        raise query_error(f"`{text}` names {len(found)} objects", help=help)
    if namespace and namespace not in snapshot.namespaces:
        help = did_you_mean(namespace, snapshot.namespaces)
        raise query_error(f"there is no namespace `{namespace}`", help=help)
    raise _nothing(snapshot, inventory, kind, namespace, name)


def _no_kind(
    snapshot: Snapshot, inventory: Inventory, parts: list[str], known: set[str]
) -> QueryError:
    *_, word, name = parts
    if len(parts) == 2 and word in snapshot.namespaces:
        here = [object_text(key) for key in _keys(inventory) if key[1:] == (word, name)]
        message = f"`{word}/{name}` does not say of which kind the object is"
        return query_error(message, help=f"did you mean {one_of(here)}?" if here else _FORM)
    message = f"netsim reads no objects of kind `{word}`"
    return query_error(message, help=did_you_mean(word.lower(), {*known, *_SHORT_NAMES}))


def _singular(word: str, known: Iterable[str]) -> str:
    ends = word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ies") + "y"
    singular = next((end for end in ends if end in known or end in _SHORT_NAMES), word)
    return _SHORT_NAMES.get(singular, singular)


def _keys(inventory: Inventory) -> Iterable[Key]:
    for contents in inventory.contents.values():
        yield from contents.objects
    yield from inventory.besides


def _called(inventory: Inventory, kind: str, namespace: str, name: str) -> list[Key]:
    """The objects of this name; one that was left out may be of a namespace that nobody knows."""
    if kind in _READ:
        places = [namespace] if namespace else inventory.contents
        keys = ((_READ[kind].kind, place, name) for place in places)
        found = [key for key in keys if inventory.find(key)]
        if found:
            return found
    return [
        key
        for key in inventory.besides
        if (key[0].lower(), key[2]) == (kind, name) and (not namespace or key[1] in ("", namespace))
    ]


def _nothing(
    snapshot: Snapshot, inventory: Inventory, kind: str, namespace: str, name: str
) -> QueryError:
    orphans = [
        f"{pod.namespace}/pod/{pod.name}"
        for pod in snapshot.pods
        if pod.workload and (pod.workload.kind, pod.workload.name) == (kind, name)
        if namespace in ("", pod.namespace)
    ]
    if orphans:
        message = f"the input has pods of {kind} `{name}`, but not its manifest"
        return query_error(message, help=f"name its pods, as `{orphans[0]}`, or add the manifest")
    keys = list(_keys(inventory))
    namesakes = sorted(
        object_text(key)
        for key in keys
        if key[2] == name and (key[1] == namespace or key[0].lower() == kind)
    )
    if namesakes:
        help = f"did you mean {one_of(namesakes[:_FEW])}?"
    elif kind == NAMESPACE.kind.lower():
        help = did_you_mean(name, snapshot.namespaces, "namespace/")
    else:
        same = {
            object_text(key) for key in keys if key[0].lower() == kind and namespace in ("", key[1])
        }
        near = f"{namespace}/{kind}/{name}" if namespace else f"{kind}/{name}"
        help = did_you_mean(near, same)
    place = f" in namespace `{namespace}`" if namespace else ""
    return query_error(f"there is no {kind} `{name}`{place}", help=help)
