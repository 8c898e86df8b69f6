"""Clusters with some of their policies changed: dropped, loosened, tightened, or with a rule more."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from random import Random

from benchmarks.clusters import Files
from benchmarks.parts import Manifest, labelled, port_entry

PEERS = {"ingress": "from", "egress": "to"}
WAYS = ("drop", "loosen", "tighten", "add")


def with_changes(files: Files, count: int, random: Random) -> Files:
    """The files in which some of so many changed policies are."""
    chosen = random.sample([*policies_of(files)], count)
    changed = {(path, at): changed_policy(files[path][at], random) for path, at in sorted(chosen)}
    return {
        path: [
            each
            for at, old in enumerate(files[path])
            if (each := changed.get((path, at), old)) is not None
        ]
        for path in dict.fromkeys(path for path, _ in changed)
    }


def policies_of(files: Files) -> Iterator[tuple[str, int]]:
    """Where each policy is: the path of its file, and its place there."""
    for path, manifests in files.items():
        for at, manifest in enumerate(manifests):
            if manifest["kind"] == "NetworkPolicy":
                yield path, at


def changed_policy(old: Manifest, random: Random) -> Manifest | None:
    """A policy with one change of those that people make; None if it is dropped."""
    way = random.choice(WAYS)
    direction = next((each for each in PEERS if each in old["spec"]), None)
    if way == "drop" or direction is None:
        return None
    new = deepcopy(old)
    rules = new["spec"][direction]
    if way == "loosen":
        random.choice(rules).pop("ports", None)
    elif way == "tighten":
        random.choice(rules)["ports"] = [port_entry("TCP", 8443)]
    else:
        peers = [{"namespaceSelector": labelled(env="prod")}]
        rules.append({PEERS[direction]: peers, "ports": [port_entry("TCP", 8080, 8090)]})
    return new
