"""Files that change end a wait, whatever becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread, active_count

import pytest

from netsim.source import watching
from netsim.source.watching import Watcher

LONG = 60.0  # seconds: what is sure to happen has happened by then


def ends(watcher: Watcher, within: float = LONG) -> bool:
    """Whether a wait ends. One that doesn't goes on in its thread."""
    thread = Thread(target=watcher.wait, daemon=True)
    thread.start()
    thread.join(within)
    return not thread.is_alive()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """manifests/ in the working folder, with two files; elsewhere/ beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(watching, "_GLANCE", 0.1)
    (tmp_path / "elsewhere").mkdir()
    folder = tmp_path / "manifests"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.yaml").write_text("a")
    (folder / "sub" / "b.yaml").write_text("b")
    return folder


@pytest.fixture(params=[False, True], ids=["events", "polling"])
def watcher(folder: Path, request: pytest.FixtureRequest) -> Iterator[Watcher]:
    with Watcher(("manifests",), polling=request.param) as watcher:
        yield watcher


def replaced(folder: Path) -> None:
    draft = folder / ".draft"
    draft.write_text("new")
    draft.replace(folder / "a.yaml")


CHANGES: dict[str, Callable[[Path], object]] = {
    "written": lambda folder: (folder / "a.yaml").write_text("other text"),
    "written below": lambda folder: (folder / "sub" / "b.yaml").write_text("other text"),
    "replaced": replaced,
    "deleted": lambda folder: (folder / "a.yaml").unlink(),
    "renamed": lambda folder: (folder / "a.yaml").rename(folder / "c.yaml"),
    "moved away": lambda folder: (folder / "a.yaml").rename("elsewhere/a.yaml"),
    "new": lambda folder: (folder / "c.yaml").write_text("c"),
    "new folder": lambda folder: (folder / "deep" / "er").mkdir(parents=True),
    "folder renamed": lambda folder: folder.rename("gone"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_ends_the_wait(change: str, watcher: Watcher, folder: Path) -> None:
    CHANGES[change](folder)
    assert ends(watcher)


def test_every_change_after_a_wait_ends_the_next(watcher: Watcher, folder: Path) -> None:
    for number in range(3):
        (folder / f"{number}.yaml").write_text("x")
        assert ends(watcher)


def test_what_is_in_a_new_folder_is_watched(watcher: Watcher, folder: Path) -> None:
    (folder / "new" / "deep").mkdir(parents=True)
    assert ends(watcher)
    (folder / "new" / "deep" / "c.yaml").write_text("c")
    assert ends(watcher)


def test_a_folder_that_vanishes_and_comes_back(watcher: Watcher, folder: Path) -> None:
    folder.rename("gone")
    assert ends(watcher)
    folder.mkdir()
    assert ends(watcher)
    (folder / "a.yaml").write_text("back")
    assert ends(watcher)


def test_a_folder_above_vanishes_and_comes_back(folder: Path) -> None:
    with Watcher(("manifests/sub",)) as watcher:
        folder.rename("gone")
        assert ends(watcher)
        Path("gone").rename(folder)
        assert ends(watcher)
        (folder / "sub" / "b.yaml").write_text("back")
        assert ends(watcher)


def test_reading_is_no_change(folder: Path) -> None:
    with Watcher(("manifests",)) as watcher:
        for _ in range(3):
            assert (folder / "a.yaml").read_text() == "a"
        assert not ends(watcher, within=0.5)
        (folder / "a.yaml").write_text("other text")  # so that its thread comes to an end


@pytest.mark.parametrize("link", ["manifests/linked", "linked"])
def test_links_to_folders(link: str, folder: Path) -> None:
    Path("elsewhere/c.yaml").write_text("c")
    Path(link).symlink_to(folder.with_name("elsewhere"), target_is_directory=True)
    with Watcher((link.split("/")[0],)) as watcher:
        Path("elsewhere/c.yaml").write_text("other text")
        assert ends(watcher)
        Path("elsewhere/d.yaml").write_text("d")
        assert ends(watcher)


@pytest.mark.parametrize("link", ["manifests/c.yaml", "c.yaml"])
def test_links_to_files(link: str, folder: Path) -> None:
    target = folder.with_name("elsewhere") / "c.yaml"
    target.write_text("c")
    Path(link).symlink_to(target)
    with Watcher(("manifests", "c.yaml")) as watcher:
        target.write_text("other text")
        assert ends(watcher)


def test_a_link_that_leads_elsewhere_now(folder: Path) -> None:
    Path("now").symlink_to("manifests", target_is_directory=True)
    with Watcher(("now",)) as watcher:
        Path("next").symlink_to("elsewhere", target_is_directory=True)
        Path("next").replace("now")
        assert ends(watcher)
        Path("elsewhere/c.yaml").write_text("c")
        assert ends(watcher)


@pytest.mark.parametrize("path", ["manifests/a.yaml", "manifests/*.yaml", "m*/a.yaml", "**/a.*"])
def test_files_and_patterns(path: str, folder: Path) -> None:
    with Watcher((path,)) as watcher:
        replaced(folder)
        assert ends(watcher)
        (folder / "a.yaml").unlink()
        assert ends(watcher)
        (folder / "a.yaml").write_text("back")
        assert ends(watcher)


def test_what_is_missing_may_come(folder: Path) -> None:
    with Watcher(("later/c.yaml",)) as watcher:
        Path("later").mkdir()
        Path("later/c.yaml").write_text("c")
        assert ends(watcher)


@pytest.mark.parametrize(
    ("path", "folders"),
    [
        ("manifests", {"manifests": True}),
        ("manifests/a.yaml", {"manifests": False}),
        ("manifests/*.yaml", {"manifests": False}),
        ("manifests/*/b.yaml", {"manifests": True}),
        ("*.yaml", {".": False}),
        ("*/a.yaml", {".": True}),
        ("missing/a.yaml", {}),
    ],
)
def test_no_more_is_watched_than_need_be(path: str, folders: dict[str, bool], folder: Path) -> None:
    assert watching._folders((path,)) == {
        Path(name).resolve(): deep for name, deep in folders.items()
    }


def test_a_burst_is_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) <= 5:
            (folder / "a.yaml").write_text("x" * len(naps))
            assert waiting._changed.wait(LONG)

    monkeypatch.setattr(watching, "sleep", nap)
    monkeypatch.setattr(watching, "_PATIENCE", LONG)
    with Watcher(("manifests",)) as waiting:
        (folder / "a.yaml").write_text("first")
        assert ends(waiting)
    assert len(naps) > 5


def test_a_burst_without_end_is_not_waited_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nap(_: float) -> None:
        (folder / "a.yaml").write_text("x")
        assert waiting._changed.wait(LONG)

    monkeypatch.setattr(watching, "sleep", nap)
    monkeypatch.setattr(watching, "_PATIENCE", 0.2)
    with Watcher(("manifests",)) as waiting:
        (folder / "a.yaml").write_text("first")
        assert ends(waiting)


def test_too_much_to_watch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of the system gets out, and no thread stays."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    before = active_count()
    monkeypatch.setattr("watchdog.observers.api.BaseObserver.schedule", refuse)
    with pytest.raises(OSError, match="limit reached"), Watcher(("manifests",)):
        pass
    assert active_count() == before


def test_watchdog_does_not_speak_for_itself(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It warns of folders that it meets twice, which is no fault, and on stderr."""
    for number in range(20):
        with Watcher(("manifests",)) as watcher:
            (folder / str(number) / "deep" / "er").mkdir(parents=True)
            assert ends(watcher)
    assert capfd.readouterr() == ("", "")
