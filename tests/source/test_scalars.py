"""DEC-5 to DEC-7: what a scalar means to Kubernetes."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netsim.source.content import RefusedError
from netsim.source.scalars import (
    MERGE,
    Resolver,
    key_text,
    plain_key,
    plain_value,
    tagged_key,
    tagged_value,
)

YAML = "tag:yaml.org,2002:"


@pytest.mark.parametrize(
    ("texts", "value"),
    [
        ("y Y yes Yes YES true True TRUE on On ON", True),
        ("n N no No NO false False FALSE off Off OFF", False),
        ("~ null Null NULL", None),
    ],
)
def test_dec_5_words(texts: str, value: object) -> None:
    assert [plain_value(text) for text in texts.split()] == [value] * len(texts.split())


def test_dec_5_nothing_is_null() -> None:
    assert plain_value("") is None


@pytest.mark.parametrize("text", ["yEs", "tRue", "nULL", "oN", "tRUE", "=", "<<", "a b", "_80"])
def test_dec_5_other_spellings_are_text(text: str) -> None:
    assert plain_value(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("80", 80),
        ("+80", 80),
        ("-3", -3),
        ("0777", 0o777),
        ("0o17", 15),
        ("0O17", 15),
        ("0x50", 80),
        ("0X1f", 31),
        ("0b1010000", 80),
        ("-0b1", -1),
        ("8_0", 80),
        ("80_", 80),
        ("1__0", 10),
        ("0x_50", 80),
        ("9223372036854775807", (1 << 63) - 1),
        ("18446744073709551615", (1 << 64) - 1),
        ("00", 0),
    ],
)
def test_dec_6_integers(text: str, value: int) -> None:
    assert plain_value(text) == value
    assert type(plain_value(text)) is int


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e3", 1000.0),
        ("8.0e1", 80.0),
        ("80.0", 80.0),
        ("080", 80.0),
        ("5.", 5.0),
        (".5", 0.5),
        ("1.e2", 100.0),
        ("+8.0e+1", 80.0),
        ("1_0.5", 10.5),
        (".9_6", 0.96),
        ("18446744073709551616", 18446744073709551616.0),
        ("-9223372036854775809", -9223372036854775809.0),
    ],
)
def test_dec_6_floats(text: str, value: float) -> None:
    assert plain_value(text) == value
    assert type(plain_value(text)) is float


@pytest.mark.parametrize(
    "text",
    ["1e400", "1:20", "1,000", "0o8", "0x", "0b2", "1.2.3", "+", ".", "..", "1e", "0-1", "._5",
     ".5_", "0b0b1", "2024-01-01", "1٣"],
)  # fmt: skip
def test_dec_6_texts_that_look_like_numbers(text: str) -> None:
    assert plain_value(text) == text


@pytest.mark.parametrize("text", [".inf", "-.Inf", "+.INF", ".nan", ".NaN"])
def test_dec_6_what_json_cannot_write_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        plain_value(text)


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("str", "1", "1"),
        ("int", "80", 80),
        ("float", "80", 80),
        ("bool", "yes", True),
        ("null", "~", None),
        ("timestamp", "2024-01-01", "2024-01-01"),
        ("binary", "aGVsbG8=", "hello"),
        ("unheard-of", "80", "80"),
    ],
)
def test_dec_7_tags(tag: str, text: str, value: object) -> None:
    assert tagged_value(YAML + tag, text) == value


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("int", "a"),
        ("int", "no"),
        ("int", "1.5"),
        ("bool", "1"),
        ("timestamp", "x"),
        ("binary", "a"),
    ],
)
def test_dec_7_a_text_that_is_not_of_its_tag_is_refused(tag: str, text: str) -> None:
    with pytest.raises(RefusedError):
        tagged_value(YAML + tag, text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("y", "true"),
        ("off", "false"),
        ("1.50", "1.5"),
        ("0x10", "16"),
        ("1e3", "1000"),
        ("1e5", "100000"),
        ("1e6", "1e+06"),
        ("1e21", "1e+21"),
        ("0.0001", "0.0001"),
        ("0.00001", "1e-05"),
        ("16777217.0", "1.6777216e+07"),
        ("3.4e39", ".inf"),
        (".nan", ".nan"),
        ("-.inf", "-.inf"),
        ("2024-01-01", "2024-01-01"),
        ("app", "app"),
    ],
)
def test_dec_5_key_texts(text: str, key: str) -> None:
    assert plain_key(text) == key


@pytest.mark.parametrize("value", [None, {}, [], 1 << 63])
def test_dec_5_what_cannot_be_a_key(value: object) -> None:
    with pytest.raises(RefusedError):
        key_text(value)


def test_dec_7_merge_keys() -> None:
    assert plain_key("<<") is MERGE
    assert tagged_key(YAML + "merge", "<<") is MERGE
    assert tagged_key(YAML + "str", "<<") is not MERGE


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_float_key_reads_back_as_the_same_float(number: float) -> None:
    text = key_text(number)
    assert struct.pack("<f", float(text)) == struct.pack("<f", number)


@given(st.text())
def test_every_text_is_a_value_or_refused(text: str) -> None:
    try:
        value = plain_value(text)
    except RefusedError:
        return
    assert not isinstance(value, float) or math.isfinite(value)


def test_a_resolver_keeps_short_texts_only() -> None:
    resolver = Resolver(str.upper)
    assert resolver["a"] == "A"
    assert resolver["b" * 100] == "B" * 100
    assert list(resolver) == ["a"]
