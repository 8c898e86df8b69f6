"""What differences cost: of one changed policy in a warm process, and as whole processes.

python -m benchmarks.bench_diff update [SIZE [EDITS]]   one policy, in a program that is there
python -m benchmarks.bench_diff file [SIZE [ROUNDS]]    netsim diff, where one file is other
python -m benchmarks.bench_diff many [SIZE [ROUNDS]]    netsim diff, where 3 % of all policies are
"""

from __future__ import annotations

import json
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import netsim
from benchmarks.bench_reach import ROUNDS
from benchmarks.changes import changed_policy, policies_of, with_changes
from benchmarks.clusters import SIZES, Files, cluster, write_files
from benchmarks.parts import Manifest
from benchmarks.processes import LOOP, Run, bare_parse, best_of, loop_seconds, run
from netsim.manifests.edit import Editor

EDITS = 300
MANY = 0.03
# As the command line ends: without a last walk over all that was made.
LOAD = """
import atexit, gc, sys, netsim
atexit.register(gc.freeze)
print(len(netsim.load(sys.argv[1]).pods))
"""
SHUT = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: shut, namespace: {namespace}}}
spec: {{podSelector: {{}}, policyTypes: [Ingress, Egress]}}
"""
Measure = dict[str, Any]


def measured_update(size: str, edits: int = EDITS) -> Measure:
    """Update a program by one changed policy, again and again from the same first version.

    Each time is from the edited snapshot: to all that is other, and to that with its cause. The
    program has answered one difference before, of a namespace that was shut, which hangs on the
    rules of everyone: `first_seconds` is what that cost, with the indexes that it leaves. What
    no edit asked about yet, as the names of a namespace, is still found on the way.
    """
    files = cluster(SIZES[size])
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), files)
        program = netsim.compile_snapshot(netsim.load(folder))
    random = Random(1)
    places = [*policies_of(files)]
    path, at = places[0]
    namespace = files[path][at]["metadata"]["namespace"]
    shut = netsim.edit(program.snapshot).apply(SHUT.format(namespace=namespace))
    start = time.process_time()
    _, difference = program.update(shut)
    difference.opened, difference.closed  # noqa: B018 - found when asked for
    first = time.process_time() - start
    exact, caused = [], []
    for _ in range(edits):
        path, at = random.choice(places)
        old = files[path][at]
        after = _applied(netsim.edit(program.snapshot), old, changed_policy(old, random)).done()
        start = time.process_time()
        _, difference = program.update(after)
        difference.boxes  # noqa: B018
        found = time.process_time()
        difference.opened, difference.closed  # noqa: B018
        exact.append(found - start)
        caused.append(time.process_time() - start)
    return {
        "benchmark": "update",
        "size": size,
        "edits": edits,
        "first_seconds": round(first, 3),
        **_milliseconds("exact", exact),
        **_milliseconds("caused", caused),
        "loop_turns": LOOP,
        "loop_seconds": round(loop_seconds(), 3),
        "python": platform.python_version(),
    }


def _applied(editor: Editor, old: Manifest, new: Manifest | None) -> Editor:
    if new is not None:
        return editor.apply(json.dumps(new))
    metadata = old["metadata"]
    return editor.delete(f"{metadata['namespace']}/networkpolicy/{metadata['name']}")


def _milliseconds(name: str, seconds: Sequence[float]) -> Measure:
    ordered = sorted(seconds)
    return {
        f"{name}_p{share}": round(ordered[len(ordered) * share // 100] * 1e3, 2)
        for share in (50, 90, 99)
    }


def measured_file(size: str, rounds: int = ROUNDS) -> Measure:
    """`netsim diff` of two folders that differ in one file, beside a process that loads one."""

    def measure(old: Path, new: Path) -> Measure:
        pairs = [(_diff(old, new), _load(old)) for _ in range(rounds)]
        seconds = best_of([compared for compared, _ in pairs]).seconds
        load_seconds = best_of([loaded for _, loaded in pairs]).seconds
        return {
            "diff_seconds": round(seconds, 3),
            "load_seconds": round(load_seconds, 3),
            "load_ratio": round(seconds / load_seconds, 3),
        }

    return {"benchmark": "diff-file", "rounds": rounds, **_versions(size, _one, measure)}


def measured_many(size: str, rounds: int = ROUNDS) -> Measure:
    """`netsim diff` where many policies are others, beside a bare parse of both versions."""

    def measure(old: Path, new: Path) -> Measure:
        each = [
            (_diff(old, new), _diff(old, new, "--no-blame"), bare_parse(old.parent))
            for _ in range(rounds)
        ]
        caused, exact, parsed = (best_of(runs).seconds for runs in zip(*each, strict=True))
        return {
            "exact_seconds": round(exact, 3),
            "caused_seconds": round(caused, 3),
            "parse_seconds": round(parsed, 3),
            "exact_ratio": round(exact / parsed, 3),
            "caused_ratio": round(caused / parsed, 3),
        }

    return {"benchmark": "diff-many", "rounds": rounds, **_versions(size, _some, measure)}


def _one(_: int) -> int:
    return 1


def _some(policies: int) -> int:
    return max(1, round(policies * MANY))


def _versions(
    size: str, count: Callable[[int], int], measure: Callable[[Path, Path], Measure]
) -> Measure:
    """The measure of a cluster and of one with so many changed policies."""
    files: Files = cluster(SIZES[size])
    changed = count(sum(1 for _ in policies_of(files)))
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder, "old"), Path(folder, "new")
        write_files(old, files)
        shutil.copytree(old, new)
        write_files(new, with_changes(files, changed, Random(1)))
        found = measure(old, new)
    return {"size": size, "changed": changed, **found, "python": platform.python_version()}


def _diff(old: Path, new: Path, *options: str) -> Run:
    return run([sys.executable, "-m", "netsim", "diff", str(old), str(new), *options])


def _load(folder: Path) -> Run:
    return run([sys.executable, "-c", LOAD, str(folder)])


MEASURED: dict[str, tuple[Callable[[str, int], Measure], str, int]] = {
    "update": (measured_update, "real", EDITS),
    "file": (measured_file, "real", ROUNDS),
    "many": (measured_many, "thousand", ROUNDS),
}


def main(args: list[str]) -> None:
    for name in args[:1] or MEASURED:
        measured, size, times = MEASURED[name]
        size = args[1] if len(args) > 1 else size
        print(json.dumps(measured(size, int(args[2]) if len(args) > 2 else times)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
