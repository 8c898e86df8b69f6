"""The pairs of versions of fixtures/diffs: reading them, and what must come out, pair by pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

import netsim
from netsim import Semantics, Snapshot

DIFFS = Path(__file__).parent.parent / "fixtures" / "diffs"
FOLDERS = sorted(path.parent for path in DIFFS.glob("*/expected.yaml"))

Entry = dict[str, Any]
# Source, destination, traffic, and what is to blame.
Pair = tuple[str, str, str, "Blame"]


@dataclass(frozen=True)
class Blame:
    """Edits as `edit_text` calls them: to blame together, each as good alone, or others besides."""

    edits: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    several: bool = False


@dataclass(frozen=True)
class Case:
    """One folder."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def expected(self) -> Entry:
        text = (self.folder / "expected.yaml").read_text(encoding="utf-8")
        found = yaml.load(text, Loader=yaml.CSafeLoader)
        assert isinstance(found, dict)
        return found

    @cached_property
    def old(self) -> Snapshot:
        return self._version("old")

    @cached_property
    def new(self) -> Snapshot:
        return self._version("new")

    def arguments(self) -> list[str]:
        """The versions as `netsim diff` takes them."""
        common = self.folder / "common"
        settings = Semantics(**self.expected.get("options", {})).changed()
        return [
            *(["-f", str(common)] if common.exists() else []),
            *(word for name, text in settings.items() for word in ("--set", f"{name}={text}")),
            str(self.folder / "old"),
            str(self.folder / "new"),
        ]

    def pairs(self, part: str) -> Counter[Pair]:
        """What is expected to be `opened` or `closed`."""
        entries = self.expected.get(part, ())
        return Counter(
            (source, destination, entry["traffic"], blame_of(entry))
            for entry in entries
            for source, destination in self.each(entry["from"], entry["to"])
        )

    def comings(self, part: str) -> dict[str, tuple[Counter[Pair], Counter[Pair]]]:
        """What endpoints that were `added` or `removed` are expected to send and to get."""
        return {
            name: (
                self._of_one(((name,), each["to"], each["traffic"]) for each in brings["sends"]),
                self._of_one(((each["from"]), (name,), each["traffic"]) for each in brings["gets"]),
            )
            for name, brings in self.expected.get(part, {}).items()
        }

    def each(
        self, sources: Iterable[str], destinations: Iterable[str]
    ) -> Iterator[tuple[str, str]]:
        """Each with each; an endpoint with itself only if it stands for several."""
        for source in sources:
            for destination in destinations:
                if source != destination or self._replicas[source] != 1:
                    yield source, destination

    def _of_one(self, listed: Iterable[tuple[Iterable[str], Iterable[str], str]]) -> Counter[Pair]:
        return Counter(
            (source, destination, traffic, Blame())
            for sources, destinations, traffic in listed
            for source, destination in self.each(sources, destinations)
        )

    @cached_property
    def _replicas(self) -> Counter[str]:
        """How many pods each name stands for, in the version where it is fewer."""
        counts = []
        for version in (self.old, self.new):
            found: Counter[str] = Counter()
            for pod in version.pods:
                for name in {str(pod), str(pod.workload or pod)}:
                    found[name] += 2 if pod.replicas is None else pod.replicas
            counts.append(found)
        one, other = counts
        return Counter({name: min(one[name] or 9, other[name] or 9) for name in one | other})

    def _version(self, part: str) -> Snapshot:
        paths = [self.folder / "common", self.folder / part]
        semantics = Semantics(**self.expected.get("options", {}))
        return netsim.load(*(path for path in paths if path.exists()), semantics=semantics)


def blame_of(entry: Entry) -> Blame:
    """The cause of an entry; without `several` it is so where another is named."""
    alone = tuple(entry.get("or", ()))
    return Blame(tuple(entry["cause"]), alone, entry.get("several", bool(alone)))
