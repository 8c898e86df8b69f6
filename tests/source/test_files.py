"""Which files are read, in which order, and what is said of the others."""

from __future__ import annotations

import io
import os
import socket
from pathlib import Path

import pytest

from netsim.errors import Severity
from netsim.source.documents import Document, Reading, read_paths


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, text: str = "") -> None:
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text or f"from: {path}\n", encoding="utf-8")


def origins(reading: Reading[Document]) -> list[object]:
    """The file that each document says it is from."""
    return [
        document.value["from"] for document in reading.documents if isinstance(document.value, dict)
    ]


def lines(reading: Reading[Document]) -> list[str]:
    return [str(each).partition("\n")[0] for each in reading.diagnostics]


def test_a_folder_is_read_to_the_bottom_by_name(folder: Path) -> None:
    for path in ("b.yaml", "a/z.yml", "a/b/c.json", "c/x.yaml", "a.yaml", "z.YAML", "README.md"):
        write(f"m/{path}", "" if not path.endswith("json") else f'{{"from": "m/{path}"}}')
    write("m/.git/x.yaml")
    write("m/.hidden.yaml")
    reading = read_paths(["m"])
    assert origins(reading) == ["m/a/b/c.json", "m/a/z.yml", "m/a.yaml", "m/b.yaml", "m/c/x.yaml"]
    assert reading.files == 5
    assert lines(reading) == []


def test_paths_come_in_the_order_given(folder: Path) -> None:
    write("b.yaml")
    write("a.yaml")
    assert origins(read_paths(["b.yaml", Path("a.yaml")])) == ["b.yaml", "a.yaml"]


def test_a_pattern(folder: Path) -> None:
    for path in ("m/b.yaml", "m/a.yaml", "m/n/c.yaml", "m/.d.yaml"):
        write(path)
    assert origins(read_paths(["m/*.yaml"])) == ["m/a.yaml", "m/b.yaml"]
    assert origins(read_paths([str(folder / "m" / "?.yaml")])) == ["m/a.yaml", "m/b.yaml"]
    assert origins(read_paths(["**/c.yaml"])) == ["m/n/c.yaml"]


def test_a_name_that_looks_like_a_pattern(folder: Path) -> None:
    write("a[1].yaml")
    assert origins(read_paths(["a[1].yaml"])) == ["a[1].yaml"]


def test_dec_3_a_file_that_is_named_is_read_whatever_its_name(folder: Path) -> None:
    write("m/x.txt")
    write("m/y.yaml")
    named = {
        str(document.value["from"]): document.named
        for document in read_paths(["m", "m/x.txt"]).documents
        if isinstance(document.value, dict)
    }
    assert named == {"m/y.yaml": False, "m/x.txt": True}


def test_dec_3_a_file_met_in_a_folder_and_named_is_named(folder: Path) -> None:
    write("m/a.yaml")
    reading = read_paths(["m", "m/a.yaml"])
    assert [document.named for document in reading.documents] == [True]
    assert lines(reading) == ["m/a.yaml: already met as `m/a.yaml`: it is read once"]


def test_stdin(folder: Path) -> None:
    write("a.yaml")
    reading = read_paths(["-", "a.yaml", "-"], stdin=io.BytesIO(b"from: stdin\n---\n[\n"))
    assert origins(reading) == ["stdin", "a.yaml"]
    assert lines(reading) == [
        "<stdin>:4:1: a value is missing before this",
        "-: already met as `-`: it is read once",
    ]


def test_a_closed_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert lines(read_paths(["-"])) == ["<stdin>: standard input is closed"]


def test_what_is_not_there(folder: Path) -> None:
    write("m/README.md")
    write("empty.yaml", "# nothing\n")
    reading = read_paths(["nowhere.yaml", "no*.yaml", "m", "empty.yaml", "a\0b"])
    assert (
        lines(reading)
        == [
            "nowhere.yaml: no such file or directory",
            "no*.yaml: no file matches this pattern",
            "m: no .yaml, .yml, .json file in this folder",
            "a\0b: this can't be the name of a file",
            "empty.yaml: nothing but blanks and comments in here",
        ]
        or len(lines(reading)) == 5
    )
    assert len(reading.unparsed) == 4


def test_links_in_circles(folder: Path) -> None:
    write("m/a.yaml")
    Path("m/loop").symlink_to("..", target_is_directory=True)
    Path("m/self").symlink_to("self")
    Path("m/dead.yaml").symlink_to("nowhere.yaml")
    Path("m/again.yaml").symlink_to("a.yaml")
    reading = read_paths(["m"])
    assert origins(reading) == ["m/a.yaml"]
    assert sorted(lines(reading)) == [
        "m/again.yaml: already met as `m/a.yaml`: it is read once",
        "m/dead.yaml: no such file or directory",
        "m/loop/m: already met as `m`: it is read once",
        "m/self: too many levels of symbolic links",
    ]


def test_what_is_no_file(folder: Path) -> None:
    os.mkfifo("pipe.yaml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.yaml")
        reading = read_paths(["pipe.yaml", "socket.yaml", "/dev/zero"])
    assert lines(reading) == [
        "pipe.yaml: a pipe isn't a file",
        "socket.yaml: a socket isn't a file",
        "/dev/zero: a device isn't a file",
    ]
    assert len(reading.unparsed) == 3


def test_a_pipe_that_the_shell_made_is_read() -> None:
    readable, writable = os.pipe()
    os.write(writable, b"from: pipe\n")
    os.close(writable)
    try:
        assert origins(read_paths([f"/dev/fd/{readable}"])) == ["pipe"]
    finally:
        os.close(readable)


def test_a_folder_with_the_name_of_a_file(folder: Path) -> None:
    write("m/x.yaml/y.yaml")
    assert origins(read_paths(["m"])) == ["m/x.yaml/y.yaml"]


def test_a_file_that_cannot_be_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    write("a.yaml")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    reading = read_paths(["a.yaml"])
    assert lines(reading) == ["a.yaml: permission denied"]
    assert reading.unparsed == reading.diagnostics
    assert reading.diagnostics[0].severity is Severity.ERROR


def test_a_name_that_is_not_utf_8(folder: Path) -> None:
    name = os.fsdecode(b"\xff.yaml")
    write(name, "a: [\n")
    assert lines(read_paths(["."])) == ["./\\xff.yaml:2:1: a value is missing before this"]


def test_dec_24_one_message_a_folder(folder: Path) -> None:
    for path in ("chart/a.yaml", "chart/b.yaml", "other/c.yaml"):
        write(path, "a: {{ .x }}\n---\nb: {{ .y }}\n")
    write("patches/p.yaml", "- {op: remove, path: /a}\n")
    reading = read_paths(["."])
    assert lines(reading) == [
        "./chart/a.yaml:1:4: a Helm or Go template, not a manifest (and 1 more in `chart`)",
        "./other/c.yaml:1:4: a Helm or Go template, not a manifest",
        "./patches/p.yaml:1:1: a kustomize patch, not a manifest",
    ]
    assert reading.unparsed == reading.diagnostics
