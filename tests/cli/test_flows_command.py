"""`netsim can --flows`: many questions, in both forms."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from netsim.cli.main import main

GOOD = {"from": "shop/web", "to": "shop/db", "port": 5432}
BOTH = (
    "egress: no policy selects the pod in this direction; "
    "ingress: a rule allows it (shop/db ingress[0])"
)


def asked(folder: Path, *lines: object) -> str:
    """A file of questions; what is no text becomes JSON."""
    path = folder / "flows"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("".join(f"{text}\n" for text in texts))
    return path.name


def test_rows(ask: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flows = asked(
        folder,
        GOOD,
        {**GOOD, "port": 1},
        {**GOOD, "port": "5432-5433"},
        {**GOOD, "protocol": "udp"},
    )
    assert main([*ask, "--flows", flows]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"allow\tshop/web\tshop/db\t5432/tcp\t{BOTH}",
        "deny\tshop/web\tshop/db\t1/tcp\tingress: isolated, and no rule allows it (shop/db)",
        "mixed\tshop/web\tshop/db\t5432-5433/tcp\tingress: isolated, and no rule allows it (shop/db)",
        "deny\tshop/web\tshop/db\t5432/udp\tingress: isolated, and no rule allows it (shop/db)",
    ]


def test_csv(ask: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flows = asked(folder, "to,from,port,why", "shop/db,shop/web,5432,x", "shop/db,shop/web,icmp")
    assert main([*ask, "--flows", flows]) == 0
    words = [line.split("\t")[:4] for line in capsys.readouterr().out.splitlines()]
    assert words == [
        ["allow", "shop/web", "shop/db", "5432/tcp"],
        ["deny", "shop/web", "shop/db", "icmp"],
    ]


def test_a_bad_line_is_a_row_and_the_rest_goes_on(
    ask: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flows = asked(
        folder, GOOD, "{", {**GOOD, "to": "shop/wep"}, {**GOOD, "port": "none"}, {"to": "x"}, GOOD
    )
    assert main([*ask, "--flows", flows]) == 2
    captured = capsys.readouterr()
    rows = [line.split("\t") for line in captured.out.splitlines()]
    assert [row[0] for row in rows] == ["allow", "error", "error", "error", "error", "allow"]
    assert [row[4].split(":")[0] for row in rows[1:5]] == ["line 2", "line 3", "line 4", "line 5"]
    assert rows[2][1:4] == ["shop/web", "shop/wep", "5432/tcp"]
    assert "did you mean `shop/web`?" in rows[2][4]
    assert captured.err == "warning: 4 of 6 questions could not be answered\n"


def test_whole_verdicts_keep_the_askers_keys(
    ask: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flows = asked(folder, {**GOOD, "expect": "allow", "id": [1]}, "", {"id": 2})
    assert main([*ask, "--flows", flows, "-o", "jsonl"]) == 2
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["kind"], first["expect"], first["id"]) == ("Verdict", "allow", [1])
    assert (second["kind"], second["line"], second["id"]) == ("Error", 3, 2)


def test_whole_verdicts_can_be_asked_again(
    ask: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*ask, "--flows", asked(folder, GOOD), "-o", "jsonl"])
    once = capsys.readouterr().out
    main([*ask, "--flows", asked(folder, once.strip()), "-o", "jsonl"])
    assert json.loads(capsys.readouterr().out) == json.loads(once)


@pytest.mark.parametrize(("port", "status"), [(5432, 0), (1, 1), ("5432-5433", 1)])
def test_fail_on_deny(port: int | str, status: int, ask: list[str], folder: Path) -> None:
    flows = asked(folder, {**GOOD, "port": port})
    assert main([*ask, "--flows", flows]) == 0
    assert main([*ask, "--flows", flows, "--fail-on", "deny"]) == status


def test_no_question_is_remarked(
    ask: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ask, "--flows", asked(folder)]) == 0
    assert capsys.readouterr().err == "warning: no question in flows\n"


def test_from_stdin(
    ask: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = b"from,to,port\nshop/web,shop/db,5432\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(questions)))
    assert main([*ask, "--flows", "-"]) == 0
    assert capsys.readouterr().out.startswith("allow\t")
