"""The pytest plugin: suites as tests, and the cluster under test as a fixture.

    [pytest]
    netsim_manifests = manifests/

Each expectation of a file `*.netsim.yaml` is a test. Tests of one's own ask for `netsim_program`
or `netsim_snapshot`; `@pytest.mark.netsim("other/")` gives them other manifests. Where an
assertion about the program fails, the report has the verdict and its reasons.

Nothing but pytest is imported before a suite or a fixture is met.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from netsim.analysis.program import Program
    from netsim.model.snapshot import Snapshot
    from netsim.testing.clusters_under_test import Clusters
    from netsim.testing.suite_items import SuiteFile

_SUFFIXES = (".netsim.yaml", ".netsim.yml")
_MARKER = "netsim(*manifests): give `netsim_program` and `netsim_snapshot` these manifests"

_NO_KEYWORDS = '@pytest.mark.netsim is given paths, as in @pytest.mark.netsim("other/")'


def pytest_addoption(parser: pytest.Parser) -> None:
    """The settings of an ini file."""
    parser.addini("netsim_manifests", "Manifests of the cluster under test.", "args", default=[])
    parser.addini("netsim_set", "Options of the semantics, NAME=VALUE.", "args", default=[])
    parser.addini("netsim_profile", "Answer as one product does, such as cilium.", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, for --strict-markers."""
    config.addinivalue_line("markers", _MARKER)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> SuiteFile | None:
    """Take in a suite, whose expectations are tests."""
    if file_path.name.startswith(".") or not file_path.name.endswith(_SUFFIXES):
        return None
    from netsim.testing.suite_items import SuiteFile

    return SuiteFile.from_parent(parent, path=file_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test with the marker the manifests that it names."""
    marker = metafunc.definition.get_closest_marker("netsim")
    if marker and "_netsim_paths" in metafunc.fixturenames:
        paths = tuple(map(str, marker.args))
        hidden = getattr(pytest, "HIDDEN_PARAM", ",".join(paths))
        metafunc.parametrize("_netsim_paths", [paths], ids=[hidden], indirect=True, scope="session")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose marker says what it can't: it would run with other manifests."""
    marker = item.get_closest_marker("netsim")
    if marker and marker.kwargs:
        words = ", ".join(f"`{name}=`" for name in marker.kwargs)
        pytest.fail(f"{_NO_KEYWORDS}, and takes no {words}", pytrace=False)


@pytest.fixture(scope="session")
def _netsim_paths(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Where the manifests are; none for those of the ini file."""
    given: tuple[str, ...] = getattr(request, "param", ())
    return given


@pytest.fixture(scope="session")
def netsim_snapshot(request: pytest.FixtureRequest, _netsim_paths: tuple[str, ...]) -> Snapshot:
    """The manifests of the ini option `netsim_manifests`, or of the marker, as `netsim.load` reads them."""
    return _clusters(request.config).snapshot(_netsim_paths)


@pytest.fixture(scope="session")
def netsim_program(request: pytest.FixtureRequest, _netsim_paths: tuple[str, ...]) -> Program:
    """The same, compiled. A failing test says what it answered last, and why."""
    return _clusters(request.config).program(_netsim_paths)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failing test what the program under test answered last."""
    report = yield
    if "netsim_program" in getattr(item, "fixturenames", ()):
        from netsim.testing.answers import add_last_answer

        add_last_answer(item, report)
    return report


def _clusters(config: pytest.Config) -> Clusters:
    from netsim.testing.clusters_under_test import clusters_of

    return clusters_of(config)
