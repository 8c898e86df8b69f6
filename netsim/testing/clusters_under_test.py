"""The manifests that a run of pytest is about: each set of them is read and compiled once."""

from __future__ import annotations

from pathlib import Path

import pytest

from netsim.analysis.program import Program, compile_snapshot
from netsim.manifests.load import load
from netsim.model.profiles import profile_named
from netsim.model.semantics import Semantics
from netsim.model.snapshot import Snapshot
from netsim.testing.answers import AnsweringProgram

_NONE_GIVEN = """\
no manifests are given: say where they are, in pytest.ini or below [tool.pytest.ini_options]
    netsim_manifests = manifests/\
"""


class Clusters:
    """What was read so far, by where it is. Paths are seen from the folder of the ini file."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._snapshots: dict[tuple[str, ...], Snapshot] = {}
        self._programs: dict[tuple[str, ...], AnsweringProgram] = {}

    def snapshot(self, manifests: tuple[str, ...] = ()) -> Snapshot:
        """The manifests as they are read; without any, those of the ini file.

        Raises NetsimError if they are at fault, UsageError if there are none.
        """
        paths = self.paths(manifests)
        if paths not in self._snapshots:
            self._snapshots[paths] = load(*paths, semantics=self._semantics())
        return self._snapshots[paths]

    def program(self, manifests: tuple[str, ...] = ()) -> Program:
        """The same, compiled."""
        paths = self.paths(manifests)
        if paths not in self._programs:
            snapshot = self.snapshot(manifests)
            tables = compile_snapshot(snapshot).tables
            found = self._programs[paths] = AnsweringProgram(snapshot)
            found.__dict__["tables"] = tables
        return self._programs[paths]

    def paths(self, manifests: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Where they are, for `netsim.load`."""
        given = manifests or tuple(self._config.getini("netsim_manifests"))
        if not given:
            raise pytest.UsageError(_NONE_GIVEN)
        ini = self._config.inipath
        folder = ini.parent if ini else self._config.rootpath
        return tuple(shown(folder / path, self._config) for path in given)

    def _semantics(self) -> Semantics:
        profile = self._config.getini("netsim_profile")
        semantics = profile_named(profile).semantics if profile else Semantics()
        for text in self._config.getini("netsim_set"):
            name, _, value = text.partition("=")
            semantics = semantics.with_texts({name: value})
        return semantics


_CLUSTERS = pytest.StashKey[Clusters]()


def shown(path: Path, config: pytest.Config) -> str:
    """A path as seen from where pytest was started, if it leads down from there."""
    start = config.invocation_params.dir
    return str(path.relative_to(start) if path.is_relative_to(start) else path)


def clusters_of(config: pytest.Config) -> Clusters:
    """Those of this run."""
    return config.stash.setdefault(_CLUSTERS, Clusters(config))
