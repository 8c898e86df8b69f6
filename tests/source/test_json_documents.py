"""JSON documents: DEC-4, DEC-11."""

from __future__ import annotations

import pytest

from netsim.source.documents import read_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 80.0, -1.5e3, true, null, "y"]}', {"a": [1, 80.0, -1500.0, True, None, "y"]}),
        (' \n\t{"a":\t1}\n\n', {"a": 1}),
        ('\ufeff{"a": "\\/\\u00e9"}', {"a": "/é"}),
        ('{"a": "\x7f"}', {"a": "\x7f"}),
        # What isn't JSON is YAML, and means what YAML means by it.
        ("{a: y}", {"a": True}),
        ('{"a": 1,}', {"a": 1}),
        ('{"a": NaN, "b": Infinity, "c": 1e999}', {"a": "NaN", "b": "Infinity", "c": "1e999"}),
        ('{"a": 010}', {"a": 8}),
        ('{"a": "x\ty"}', {"a": "x\ty"}),
        ('{"a": 1} # c', {"a": 1}),
    ],
)
def test_values(text: str, value: object) -> None:
    reading = read_text(text)
    assert [document.value for document in reading.documents] == [value]
    assert reading.diagnostics == ()


def test_yaml_escapes_are_refused_where_json_takes_them() -> None:
    assert read_text('{"a": "\\/"}').diagnostics == ()
    assert len(read_text('{"a": "\\/",}').diagnostics) == 1


def test_json_documents_in_a_stream() -> None:
    reading = read_text('{"a": 1}\n---\n{"b": 2}\n')
    assert [document.value for document in reading.documents] == [{"a": 1}, {"b": 2}]


def test_dec_2_only_the_first_of_several_values_is_read() -> None:
    reading = read_text('{"a": 1}\n{"b": 2}\n', "f")
    assert [document.value for document in reading.documents] == [{"a": 1}]
    assert [str(each.location) for each in reading.diagnostics] == ["f:2:1"]
