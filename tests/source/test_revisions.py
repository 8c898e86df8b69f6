"""The files of a git revision: found and read as those of folders are, and called as git calls them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from git_repositories import commit, git, start_repository

from netsim.errors import InputError, QueryError, Severity
from netsim.source.documents import Document, Reading, read_paths, take_revision
from netsim.source.revisions import Range, base_of, range_of

pytestmark = pytest.mark.needs_program("git")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return start_repository(tmp_path, monkeypatch)


def write(path: str, text: str = "") -> None:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes((text or f"from: {path}\n").encode())


def read(revision: str, *paths: str) -> Reading[Document]:
    return take_revision(revision, paths, lambda document: document)


def origins(reading: Reading[Document]) -> list[str]:
    return [document.origin.locate().file for document in reading.documents]


def lines(reading: Reading[Document]) -> list[str]:
    return [str(each).partition("\n")[0] for each in reading.diagnostics]


def refusal(revision: str, *paths: str) -> str:
    with pytest.raises(InputError) as caught:
        read(revision, *paths)
    assert all(item.help for item in caught.value.diagnostics)
    return str(caught.value).partition("\n")[0]


FILES = (
    "m/b.yaml",
    "m/a/z.yml",
    "m/a/b/c.json",
    "m/a.yaml",
    "m/z.YAML",
    "m/.hidden.yaml",
    "m/.git-hooks/x.yaml",
    "m/README.md",
    "m/é ü\t\n\\\"'.yaml",
    "m/-f.yaml",
    "m/[x].yaml",
    "other/x.yaml",
)


def written() -> None:
    for path in FILES:
        write(path, '{"from": 1}' if path.endswith("json") else "")


@pytest.mark.parametrize("paths", [["m"], ["."], ["m/", "m/b.yaml"], ["m/z.YAML", "m"]])
def test_files_are_those_of_the_folder_in_its_order(repository: Path, paths: list[str]) -> None:
    written()
    commit()
    there, here = read("HEAD", *paths), read_paths(paths)
    assert [name.removeprefix("HEAD:") for name in origins(there)] == [
        os.path.normpath(name) for name in origins(here)
    ]
    assert [document.value for document in there.documents] == [
        document.value for document in here.documents
    ]
    assert [document.named for document in there.documents] == [
        document.named for document in here.documents
    ]
    assert there.files == here.files
    assert len(there.diagnostics) == len(here.diagnostics)


def test_a_revision_is_read_and_not_the_folder(repository: Path) -> None:
    write("m/a.yaml", "version: 1\n")
    first = commit()
    git("tag", "-a", "v1", "-m", "a tag")
    write("m/a.yaml", "version: 2\n")
    write("m/b.yaml")
    commit()
    Path("m/a.yaml").unlink()
    for revision in ("HEAD~1", "v1", first, "HEAD^{/more}~1"):
        reading = read(revision, "m")
        assert [document.value for document in reading.documents] == [{"version": 1}]
        assert origins(reading) == [f"{revision}:m/a.yaml"]
    assert origins(read("main", "m")) == ["main:m/a.yaml", "main:m/b.yaml"]


def test_paths_count_from_the_current_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written()
    commit()
    monkeypatch.chdir("m/a")
    assert origins(read("HEAD", ".")) == ["HEAD:m/a/b/c.json", "HEAD:m/a/z.yml"]
    assert origins(read("HEAD", "b", "../b.yaml")) == ["HEAD:m/a/b/c.json", "HEAD:m/b.yaml"]
    assert origins(read("HEAD", str(repository / "other"))) == ["HEAD:other/x.yaml"]
    assert origins(read("HEAD", str(repository / "m" / "a"))) == origins(read("HEAD", "."))


def test_paths_that_lead_nowhere(repository: Path, tmp_path: Path) -> None:
    write("m/a.yaml")
    write("empty/README")
    commit()
    write("m/new.yaml")
    paths = ("m/new.yaml", "m/a.yaml/x", "m/*.yaml", "-x", "empty", "..", str(tmp_path), "/\0", "-")
    reading = read("main", *paths)
    assert lines(reading) == [
        "main:m/new.yaml: no such file or folder in `main`",
        "main:m/a.yaml/x: no such file or folder in `main`",
        "main:m/*.yaml: no such file or folder in `main`",
        "main:-x: no such file or folder in `main`",
        "main:empty: no .yaml, .yml, .json file in this folder",
        "..: not in the repository",
        f"{tmp_path}: not in the repository",
        "main:/\0: no such file or folder in `main`",
        "-: standard input has no revisions",
    ]
    assert reading.unparsed == reading.diagnostics
    assert "of what is new or gone, give the folder around it" in reading.diagnostics[0].help


def test_symbolic_links_are_followed_inside_of_the_repository(repository: Path) -> None:
    write("real/a.yaml")
    write("real/b.txt", "from: b\n")
    Path("m").mkdir()
    for name, target in {
        "m/again": "../real",
        "m/b.yaml": "again/b.txt",
        "m/folder": "../real/../real",
        "m/gone.yaml": "nothing",
        "m/gone": "nothing",
        "m/loop.yaml": "loop.yaml",
        "m/out": "/etc",
        "m/out.yaml": "../../x.yaml",
    }.items():
        Path(name).symlink_to(target)
    commit()
    reading = read("HEAD", "m")
    assert origins(reading) == ["HEAD:m/again/a.yaml", "HEAD:m/b.yaml"]
    assert lines(reading) == [
        "HEAD:m/out: a symbolic link leads out of the repository: it is not read",
        "HEAD:m/folder: already met as `HEAD:m/again`: it is read once",
        "HEAD:m/gone.yaml: no such file or folder in `HEAD`",
        "HEAD:m/loop.yaml: too many levels of symbolic links",
        "HEAD:m/out.yaml: a symbolic link leads out of the repository",
    ]
    assert len(reading.unparsed) == 3
    assert origins(read("HEAD", "m/again/a.yaml")) == ["HEAD:m/again/a.yaml"]


def test_a_submodule_is_told_of(repository: Path) -> None:
    write("m/a.yaml")
    head = commit()
    git("update-index", "--add", "--cacheinfo", f"160000,{head},m/sub")
    git("commit", "-q", "-m", "a submodule")
    words = f"HEAD:m/sub: a submodule, at {head[:12]}: what is in it is not read"
    (warning,) = read("HEAD", "m").diagnostics
    assert str(warning).partition("\n")[0] == words
    assert warning.severity is Severity.WARNING
    (error,) = read("HEAD", "m/sub").unparsed
    assert str(error).partition("\n")[0] == words
    (inside,) = read("HEAD", "m/sub/x").unparsed
    assert "inside of the submodule `m/sub`, which is not read" in str(inside)


def test_bytes_are_those_of_the_repository(repository: Path) -> None:
    """Line ends, a mark and names stay as they were put in, whatever a checkout makes of them."""
    write(".gitattributes", "*.yaml -text\n")
    write("m/crlf.yaml", "a: 1\r\n---\r\nb: [\r\n")
    write("m/mark.yaml", "\ufeffa: é\n")
    odd = os.fsdecode(b"m/\xff.yaml")
    write(odd, "c: 1\n")
    commit()
    git("config", "core.autocrlf", "true")
    reading = read("HEAD", "m")
    assert [document.value for document in reading.documents] == [{"a": 1}, {"a": "é"}, {"c": 1}]
    assert origins(reading)[-1] == "HEAD:m/\\xff.yaml"
    assert lines(reading)[0].startswith("HEAD:m/crlf.yaml:4:1: ")


def test_a_repository_of_other_ids(tmp_path: Path, repository: Path) -> None:
    git("init", "-q", "--object-format=sha256", "-b", "main", "sub")
    os.chdir("sub")
    write("m/a.yaml")
    commit()
    assert origins(read("main", "m")) == ["main:m/a.yaml"]


def test_a_repository_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("m/a.yaml")
    commit()
    git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    assert origins(read("main", "m")) == ["main:m/a.yaml"]
    monkeypatch.chdir(tmp_path)
    assert refusal("main", "m") == "this folder is in no git repository"
    monkeypatch.setenv("GIT_DIR", "bare.git")
    assert origins(read("main", "m")) == ["main:m/a.yaml"]


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert refusal("main", "m") == "there is no program `git` here"
    Path("git").write_text("no program")
    assert refusal("main", "m") == "git can't be run: Permission denied"


@pytest.mark.parametrize("revision", ["nope", "", "-x", "--all", "main~9", "a\0b", "main:m/a.yaml"])
def test_no_revision(repository: Path, revision: str) -> None:
    write("m/a.yaml")
    commit()
    assert refusal(revision, "m") == f"`{revision}` is no revision of this repository"


def test_no_commit_yet(repository: Path) -> None:
    assert refusal("HEAD", ".") == "`HEAD` is no revision of this repository"


def test_an_object_that_is_gone(repository: Path) -> None:
    write("m/a.yaml")
    commit()
    file = git("rev-parse", "HEAD:m/a.yaml")
    Path(".git", "objects", file[:2], file[2:]).unlink()
    assert refusal("HEAD", "m") == f"git has no object `{file}`"


def test_nothing_is_written_and_no_hook_is_run(repository: Path) -> None:
    write("m/a.yaml")
    commit()
    for hook in ("post-index-change", "reference-transaction", "post-checkout"):
        write(f".git/hooks/{hook}", "#!/bin/sh\ntouch ran\n")
        Path(f".git/hooks/{hook}").chmod(0o755)

    def state() -> dict[str, int]:
        return {str(path): path.lstat().st_mtime_ns for path in repository.rglob("*")}

    before = state()
    read("HEAD", "m")
    base_of("HEAD", "main")
    assert state() == before


def test_where_revisions_branched_off(repository: Path) -> None:
    base = commit()
    git("checkout", "-q", "-b", "topic")
    commit("on the topic")
    git("checkout", "-q", "main")
    commit("on main")
    found = base_of("main", "topic")
    assert len(found) < len(base)
    assert base.startswith(found)
    git("checkout", "-q", "--orphan", "alone")
    commit("of its own")
    with pytest.raises(InputError, match="`main` and `alone` have no common ancestor here"):
        base_of("main", "alone")
    with pytest.raises(InputError, match="`nope` is no revision"):
        base_of("main", "nope")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("main", Range("main", None)),
        ("main..HEAD", Range("main", "HEAD")),
        ("main..", Range("main", "HEAD")),
        ("..topic", Range("HEAD", "topic")),
        ("main...topic", Range("main", "topic", from_base=True)),
        ("main...", Range("main", "HEAD", from_base=True)),
        ("...topic", Range("HEAD", "topic", from_base=True)),
        ("v1.2..v1.3", Range("v1.2", "v1.3")),
        ("HEAD@{2 days ago}..HEAD~1", Range("HEAD@{2 days ago}", "HEAD~1")),
        ("origin/a.b", Range("origin/a.b", None)),
    ],
)
def test_ranges(text: str, meant: Range) -> None:
    assert range_of(text) == meant


@pytest.mark.parametrize(
    "text", ["", "..", "...", "a..b..c", "a....b", "a...b...c", " a..b", "a.. "]
)
def test_no_ranges(text: str) -> None:
    with pytest.raises(QueryError, match="is no range of revisions"):
        range_of(text)
