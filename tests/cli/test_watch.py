"""`netsim watch`: a process that is told of edits by the files themselves, and each look by itself."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Condition, Thread
from typing import IO

import pytest

from netsim.cli.main import main
from netsim.cli.watch import Request, Watch
from netsim.report.context import Context

LONG = 120.0  # seconds: what is sure to happen has happened by then

OPEN = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: open, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{ports: [{port: 5432}]}]
"""
FAULTY = OPEN.replace("ingress: [", "policyTypes: [Ingres]\n  ingress: [")
OLD = OPEN.replace("networking.k8s.io/v1", "extensions/v1beta1")
STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"


def without_times(text: str) -> str:
    return re.sub(STAMP, "TIME", text)


class Output:
    """All that a stream gave so far, and where in it a reader is."""

    def __init__(self, stream: IO[str]) -> None:
        self._text, self._at, self._more = "", 0, Condition()
        self._thread = Thread(target=self._read, args=[stream], daemon=True)
        self._thread.start()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                with self._more:
                    self._text += line
                    self._more.notify_all()

    def end(self) -> str:
        """All that it gave, once its process has ended."""
        self._thread.join(LONG)
        return self._text

    def until(self, text: str) -> str:
        """What is next, up to and with this text."""
        with self._more:
            assert self._more.wait_for(lambda: text in self._text[self._at :], LONG), self._text
            start = self._at
            self._at = self._text.index(text, start) + len(text)
            return self._text[start : self._at]


class Watching:
    """A process that watches."""

    def __init__(self, *args: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "netsim", "watch", *args],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stdout
        assert self.process.stderr
        self.out, self.err = Output(self.process.stdout), Output(self.process.stderr)

    def end(self) -> None:
        """End it, if it runs."""
        self.process.kill()
        self.process.wait(LONG)
        self.out.end()
        self.err.end()


@pytest.fixture
def watching(folder: Path, manifests: Path) -> Iterator[Callable[..., Watching]]:
    """Starts processes, in a folder where policies/ has the policies; ended after the test."""
    (folder / "policies").mkdir()
    started: list[Watching] = []

    def start(*args: str) -> Watching:
        started.append(Watching(*args))
        return started[-1]

    yield start
    for each in started:
        each.end()


def test_edits_of_a_folder(folder: Path, watching: Callable[..., Watching]) -> None:
    policies = folder / "policies"
    (policies / "db.yaml").write_text(OPEN)
    run = watching("-f", "manifests.yaml", "-f", "policies")
    run.out.until("watching manifests.yaml, policies (2 pods, policies: 2); Ctrl-C ends it\n")

    (policies / "db.yaml").write_text(OPEN.replace("5432", "5433"))
    told = run.out.until(" 1 edit\n")
    assert "NetworkPolicy shop/open: ingress[0].ports changed  (policies/db.yaml:6:" in told
    assert "netsim can -f manifests.yaml -f policies 203.0.113.7 shop/db 5433" in told
    assert "- TCP 5432 " in told

    draft = policies / ".draft"
    draft.write_text(OPEN)
    draft.replace(policies / "db.yaml")
    assert "+ TCP 5432 " in run.out.until(" 1 edit\n")

    (policies / "new" / "deep").mkdir(parents=True)
    (policies / "new" / "deep" / "web.yaml").write_text(
        OPEN.replace("name: open", "name: web").replace("app: db", "app: web")
    )
    assert "NetworkPolicy shop/web added  (policies/new/deep/web.yaml:1:1)" in run.out.until(
        " 1 edit\n"
    )

    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(LONG) == 130
    assert run.err.end() == ""


def test_a_folder_that_vanishes_and_comes_back(
    folder: Path, watching: Callable[..., Watching]
) -> None:
    (folder / "policies" / "db.yaml").write_text(OPEN)
    run = watching("-f", "manifests.yaml", "-f", "policies")
    run.out.until("Ctrl-C ends it\n")
    (folder / "policies").rename(folder / "gone")
    run.err.until("policies: no such file or directory\n")
    run.err.until(" stays\n")
    (folder / "gone" / "db.yaml").write_text(OPEN.replace("5432", "80"))
    (folder / "gone").rename(folder / "policies")
    run.err.until(": good again\n")
    assert "NetworkPolicy shop/open: ingress[0].ports changed" in run.out.until(" 1 edit\n")


def test_polling(folder: Path, watching: Callable[..., Watching]) -> None:
    (folder / "policies" / "db.yaml").write_text(OPEN)
    run = watching("--poll", "-f", "manifests.yaml", "-f", "policies")
    run.out.until("Ctrl-C ends it\n")
    (folder / "policies" / "db.yaml").write_text(OPEN.replace("5432", "80"))
    assert "NetworkPolicy shop/open: ingress[0].ports changed" in run.out.until(" 1 edit\n")


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        ([], "give manifests with -f PATH"),
        (["-f", "-"], "standard input can't be watched"),
        (["-f", "nowhere"], "nowhere: no such file or directory"),
        (["-f", "faulty.yaml"], "faulty.yaml:6:17: spec.policyTypes[0]: "),
        (["-f", "manifests.yaml", "shop"], "unexpected extra argument"),
        (["-f", "manifests.yaml", "--level", "class"], "--level"),
        (["-f", "manifests.yaml", "--profile", "wrong"], "wrong"),
    ],
)
def test_2(
    args: list[str], complaint: str, manifests: Path, folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    (folder / "faulty.yaml").write_text(FAULTY)
    assert main(["watch", *args]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert complaint in captured.err
    assert "internal" not in captured.err


class Looks:
    """A watch without the waiting: writes, then looks."""

    def __init__(self, file: Path, capsys: pytest.CaptureFixture[str], **given: bool | str) -> None:
        request = {
            "filename": (),
            "set_": (),
            "profile": None,
            "keep_going": False,
            "level": "workload",
            "pairs": False,
            "no_blame": False,
            "poll": False,
        }
        self._file, self._capsys = file, capsys
        paths = ("manifests.yaml", file.name)
        self._watch = Watch(Request(**{**request, **given}), paths, Context())  # type: ignore[arg-type]
        self.start = self._said()

    def __call__(self, text: str) -> tuple[str, str]:
        """What is said on both streams of this text."""
        self._file.write_text(text)
        self._watch.look()
        return self._said()

    def _said(self) -> tuple[str, str]:
        out, err = self._capsys.readouterr()
        return without_times(out), without_times(err)


@pytest.fixture
def file(manifests: Path, folder: Path) -> Path:
    """A file beside the manifests, with a policy that opens shop/db."""
    path = folder / "a.yaml"
    path.write_text(OPEN)
    return path


@pytest.fixture
def looks(file: Path, capsys: pytest.CaptureFixture[str]) -> Looks:
    return Looks(file, capsys)


def test_what_a_reader_sees(looks: Looks) -> None:
    assert looks.start == (
        "TIME  watching manifests.yaml, a.yaml (2 pods, policies: 2); Ctrl-C ends it\n",
        "",
    )
    out, err = looks(OPEN.replace("5432", "80"))
    assert err == ""
    assert out.startswith(
        "TIME  changed since TIME\n"
        "NetworkPolicy shop/open: ingress[0].ports changed  (a.yaml:6:14 -> a.yaml:6:14)\n"
    )
    assert out.endswith("; 1 edit\n\n")


def test_nothing_is_said_of_what_is_read_alike(looks: Looks) -> None:
    assert looks(OPEN) == ("", "")
    assert looks("# a comment\n" + OPEN) == ("", "")
    out, _ = looks("\n\n" + OPEN.replace("5432", "80"))
    assert "(a.yaml:7:14 -> a.yaml:8:14)" in out


def test_other_text_that_changes_nothing(looks: Looks) -> None:
    out, _ = looks(OPEN.replace("name: open", "name: other"))
    assert out.endswith("no change in reachability; 2 policies differ in text\n\n")


def test_a_faulty_file_keeps_the_last_state_and_is_told_once(looks: Looks) -> None:
    out, err = looks(FAULTY)
    assert out == ""
    assert err.startswith("a.yaml:6:17: spec.policyTypes[0]: ")
    assert err.endswith("warning: TIME: faulty, so the state of TIME stays\n")
    assert looks(FAULTY) == ("", "")
    assert looks("\n" + FAULTY) == ("", "")
    out, err = looks(FAULTY + "  nonsense: 1\n")
    assert "nonsense" in err
    assert "Ingres" not in err
    out, err = looks(OPEN.replace("5432", "80"))
    assert err == "warning: TIME: good again\n"
    assert "- TCP 5432 " in out
    _, err = looks(FAULTY)
    assert "Ingres" in err
    assert looks(OPEN.replace("5432", "80")) == ("", "warning: TIME: good again\n")


@pytest.mark.parametrize("end", ["networking", "ingr", "ports: [{port"])
def test_a_half_written_file(end: str, looks: Looks) -> None:
    out, err = looks(OPEN[: OPEN.index(end) + len(end)])
    assert out == ""
    assert err.endswith(" stays\n")
    assert looks(OPEN) == ("", "warning: TIME: good again\n")


def test_a_file_that_is_gone(looks: Looks, file: Path) -> None:
    file.unlink()
    looks._watch.look()
    assert looks._said()[1].startswith("a.yaml: no such file or directory\n")
    assert looks(OPEN) == ("", "warning: TIME: good again\n")


def test_warnings_are_told_once(looks: Looks) -> None:
    odd = OPEN + "status: {}\n---\napiVersion: v1\nkind: Unheard\nmetadata: {name: x}\n"
    _, err = looks(odd)
    assert err
    assert looks(odd.replace("5432", "80"))[1] == ""


def test_keep_going(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    looks = Looks(file, capsys, keep_going=True)
    out, err = looks(FAULTY)
    assert "NetworkPolicy shop/open removed" in out
    assert "netsim can -f manifests.yaml -f a.yaml --keep-going " in out
    assert "incomplete: NetworkPolicy `shop/open` was left out" in err


def test_no_blame_and_pairs(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = Looks(file, capsys, no_blame=True)(OPEN.replace("5432", "80"))
    assert "+ TCP 80 " in out
    assert "NetworkPolicy" not in out
    out, _ = Looks(file, capsys, pairs=True)(OPEN)
    assert "outside 0.0.0.0/0 -> shop/db  + TCP 5432  - TCP 80  (was TCP 80, is TCP 5432)\n" in out
