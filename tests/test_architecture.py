"""The floors and walls of the design, held by walking the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "netsim"

# An import goes strictly down, or sideways inside one package.
FLOORS = {
    "errors": 0,
    "sets": 1,
    "source": 1,
    "labels": 2,
    "model": 3,
    "schema": 4,
    "dialects": 5,
    "manifests": 6,
    "reference": 6,
    "compiler": 7,
    "engine": 8,
    "changes": 9,
    "analysis": 10,
    "suites": 11,
    "report": 12,
    "": 13,
    "testing": 13,
    "cli": 14,
    "__main__": 15,
}
# Who may import what comes from outside, where not everyone may.
ONLY = {
    "yaml": ("source",),
    "tomllib": ("source",),
    "csv": ("source",),
    "networkx": ("analysis.graph",),
    "click": ("cli",),
    "watchdog": ("source.watching",),
    "subprocess": ("source.commands",),
    "hypothesis": ("testing",),
    "argparse": (),
}
# Functions, attributes of sys and methods that only these use: who prints, reads argv, exits, opens.
USES = {
    "print": ("cli",),
    "sys.argv": ("cli",),
    "sys.exit": (),
    "._exit": ("cli.main",),
    "sys.stdin": ("cli", "source"),
    "sys.stdout": ("cli",),
    "sys.stderr": ("cli",),
    "exit": (),
    "input": (),
    "open": ("source",),
    # The null device, when a pipe has closed; and a file to add to.
    ".open": ("source", "cli.main", "cli.output_file"),
    "json.load": ("source",),
    "json.loads": ("source",),
    ".read_text": ("source",),
    ".read_bytes": ("source",),
}
ORACLE_WALL = ("sets", "labels.index", "model.rules", "compiler", "engine")
ENGINE_WALL = ("reference", "manifests")

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """`model.flow` for netsim/model/flow.py, the empty text for netsim/__init__.py."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> Iterator[str]:
    """Every imported module and name, dotted, wherever in the file the import stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def inner(path: Path) -> list[str]:
    """What it imports from netsim, without the package's own name."""
    found = (name for name in imports(path) if name.split(".")[0] == "netsim")
    # The version is a constant of the package: it stands on no floor.
    return [name.removeprefix("netsim.") for name in found if name != "netsim.__version__"]


def floor(module: str) -> int:
    return FLOORS[module.split(".")[0]]


def within(module: str, homes: tuple[str, ...]) -> bool:
    return any(module == home or module.startswith(home + ".") for home in homes)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_down(path: Path) -> None:
    module = name_of(path)
    for name in inner(path):
        sideways = name.split(".")[0] == module.split(".")[0]
        assert sideways or floor(name) < floor(module), f"{module} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_some_packages_are_for_some_only(path: Path) -> None:
    module = name_of(path)
    for name in imports(path):
        homes = ONLY.get(name.split(".")[0])
        assert homes is None or within(module, homes), f"{module} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_source_opens_and_only_cli_speaks(path: Path) -> None:
    module = name_of(path)
    for node in ast.walk(ast.parse(path.read_text())):
        homes = USES.get(use := used(node))
        assert homes is None or within(module, homes), f"{module} uses {use}"


def used(node: ast.AST) -> str:
    match node:
        case ast.Attribute(value=ast.Name(id="sys" | "json" as owner), attr=name):
            return f"{owner}.{name}"
        case ast.Call(func=ast.Name(id=name)):
            return name
        case ast.Call(func=ast.Attribute(attr=name)):
            return f".{name}"
    return ""


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_walls(path: Path) -> None:
    module = name_of(path)
    parts = module.split(".")
    if parts[0] == "reference" or (parts[0] == "dialects" and parts[-1] == "reference"):
        for name in inner(path):
            assert not within(name, ORACLE_WALL), f"{module} imports {name}"
            assert "lower" not in name.split("."), f"{module} imports {name}"
    if parts[0] in ("compiler", "engine"):
        assert not [name for name in inner(path) if within(name, ENGINE_WALL)]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_one_dialect_never_imports_another(path: Path) -> None:
    """`tiers` is no API of its own: it is what the cluster policies of all APIs share."""
    parts = name_of(path).split(".")
    if parts[0] != "dialects" or len(parts) < 3:
        return
    dialects = {folder.name for folder in (PACKAGE / "dialects").iterdir() if folder.is_dir()}
    for name in inner(path):
        others = dialects - {parts[1], "tiers"}
        assert not within(name, tuple(f"dialects.{other}" for other in others)), name


def test_no_circle_inside_a_package() -> None:
    """Imports at the top of modules make no circle, so any module can be the first imported."""
    above: dict[str, set[str]] = {name_of(path): set(_top(path)) for path in MODULES}
    while free := {name for name, wanted in above.items() if not wanted & above.keys()}:
        above = {name: wanted for name, wanted in above.items() if name not in free}
    assert not above


def _top(path: Path) -> Iterator[str]:
    """The modules of netsim that are imported before anything runs."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("netsim."):
            yield str(node.module).removeprefix("netsim.")
