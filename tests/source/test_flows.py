"""Questions in a stream: both forms, and what a bad line does."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from netsim.errors import InputError
from netsim.source.flows import FlowLine, parse_flows, read_flows

NO_INPUT = BytesIO()


def flows(text: str | bytes) -> list[FlowLine]:
    return list(parse_flows(BytesIO(text.encode() if isinstance(text, str) else text), "flows"))


def faults(text: str | bytes) -> list[tuple[int, str]]:
    return [(flow.number, flow.fault) for flow in flows(text) if flow.fault]


def test_json_lines_keep_the_askers_own_keys() -> None:
    (flow,) = flows('\n{"from": "a/x", "to": "a/y", "port": 80, "expect": "allow"}\n\n')
    assert (flow.number, flow.source, flow.destination) == (2, "a/x", "a/y")
    assert (flow.port, flow.protocol, flow.fault) == (80, None, "")
    assert flow.keys["expect"] == "allow"


def test_csv_reads_by_header_in_any_order() -> None:
    text = '\ufeffto,from, port,protocol,why\r\na/y,a/x,http,UDP,"b, c"\r\na/y,a/x\r\n'
    first, second = flows(text)
    assert (first.source, first.destination, first.port, first.protocol) == (
        "a/x",
        "a/y",
        "http",
        "UDP",
    )
    assert first.keys["why"] == "b, c"
    assert (second.port, second.protocol) == (None, None)
    assert second.number == 3


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"{", "not JSON: expecting property name enclosed in double quotes at column 2"),
        (b"[1]", "not a JSON object"),
        (b'{"to": "a/y"}', "`from` is missing"),
        (b'{"form": "a/x", "to": "a/y"}', "`from` is missing; is it `form`?"),
        (b'{"from": "a/x", "to": ""}', "`to` must be the text of an endpoint, not ``"),
        (b'{"from": 7, "to": "a/y"}', "`from` must be the text of an endpoint, not `7`"),
        (
            b'{"from": "a/x", "to": "a/y", "port": true}',
            "`port` must be a number or a name, not `True`",
        ),
        (
            b'{"from": "a/x", "to": "a/y", "port": 8.5}',
            "`port` must be a number or a name, not `8.5`",
        ),
        (
            b'{"from": "a/x", "to": "a/y", "protocol": 6}',
            "`protocol` must be a name such as TCP, not `6`",
        ),
        (b'{"from": "a/x", "from": "a/y", "to": "a/y"}', "the key `from` is written twice"),
        (b'{"from": "a/x", "to": "a/y", "x": NaN}', "`NaN` is not JSON"),
        (b'{"from": "a/x", "to": "a/y", "x": 1e999}', "`1e999` is not JSON"),
        (b'{"from": "a/\xff", "to": "a/y"}', "not UTF-8"),
    ],
)
def test_a_bad_json_line_is_named_and_the_rest_goes_on(line: bytes, fault: str) -> None:
    good = b'{"from": "a/x", "to": "a/y", "port": 80}\n'
    assert faults(good + line + b"\n" + good) == [(2, fault)]
    assert len(flows(good + line + b"\n" + good)) == 3


def test_nesting_too_deep_is_a_fault_of_its_line() -> None:
    deep = '{"from": "a/x", "to": "a/y", "x": ' + "[" * 200_000
    assert faults('{"from": "a", "to": "b"}\n' + deep) == [(2, "nested too deep")]


def test_a_bad_csv_line_is_named_and_the_rest_goes_on() -> None:
    text = 'from,to,port\na,b,80\na,b,80,x\n"a,b,80\na,,80\nc,d,80\n'
    found = faults(text)
    assert [number for number, _ in found] == [3, 4, 5]
    assert found[0][1] == "4 cells for 3 columns"
    assert found[1][1].startswith("not CSV: ")
    assert found[2][1] == "`to` is missing"
    assert flows(text)[-1].source == "c"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b,80\n", "the first line is no JSON object, and no header with `from` and `to`"),
        ('[{"from": "a"}]', "the first line is no JSON object, and no header with `from` and `to`"),
        ("from,port\n", "the first line is no JSON object, and no header with `to`"),
        ("from,to,port,to\n", "the header has two columns `to`"),
    ],
)
def test_without_a_header_nothing_can_be_read(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        flows(text)
    assert caught.value.diagnostics[0].message == message
    assert str(caught.value.diagnostics[0].location) == "flows:1:1"


def test_an_empty_stream_asks_nothing() -> None:
    assert flows("") == flows("\n \n") == []


def test_a_line_is_a_question_as_soon_as_it_is_there() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b'{"from": "a", "to": "b"}\n'

    flow = next(parse_flows(endless(), "flows"))
    assert flow.source == "a"


def test_files_and_standard_input(tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text("from,to\na,b\n")
    assert [flow.source for flow in read_flows(str(path), NO_INPUT)] == ["a"]
    assert [flow.source for flow in read_flows("-", BytesIO(b"from,to\nc,d\n"))] == ["c"]


def test_standard_input_may_be_closed() -> None:
    with pytest.raises(InputError, match="standard input is closed"):
        list(read_flows("-", None))


@pytest.mark.parametrize(
    ("name", "reason"), [("none", "no such file"), (".", "is a directory"), ("a\0b", "null")]
)
def test_a_file_that_cannot_be_opened(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=reason):
        list(read_flows(str(tmp_path / name), NO_INPUT))
