"""The syntax of names (VAL-2..5, VAL-31): whole texts, ASCII only."""

from __future__ import annotations

import pytest

from netsim.schema.names import (
    dns_label,
    dns_subdomain,
    generated,
    label_value,
    port_name,
    qualified_name,
)

LONG_PREFIX = f"{'a' * 249}.com"  # 253 characters


@pytest.mark.parametrize(
    "text", ["web", "a", "1", "web.v2", "0.0", "a--b", "a" * 253, f"{'a' * 70}.b"]
)
def test_a_subdomain_has_parts_of_any_length(text: str) -> None:
    assert not dns_subdomain(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "Web",
        "web-",
        "-web",
        "a..b",
        ".a",
        "a.",
        "a.-b",
        "a_b",
        "a b",
        "web\n",
        "a/b",
        "café",
        "٣",
        "web\u00a0",
        "a" * 254,
    ],
)
def test_what_is_no_subdomain_has_one_complaint(text: str) -> None:
    assert len(dns_subdomain(text)) == 1


@pytest.mark.parametrize(
    ("text", "fine"),
    [("1a", True), ("a" * 63, True), ("a" * 64, False), ("a.b", False), ("", False), ("a-", False)],
)
def test_a_label_has_no_dots(text: str, fine: bool) -> None:
    assert (not dns_label(text)) is fine


@pytest.mark.parametrize(
    ("key", "complaints"),
    [
        ("app", 0),
        ("A_b.C-d", 0),
        ("example.com/App", 0),
        (f"{LONG_PREFIX}/a", 0),
        ("a" * 63, 0),
        ("a" * 64, 1),
        ("", 1),
        ("a/b/c", 1),
        ("/a", 1),
        ("a/", 1),
        ("/", 2),
        ("Example.com/a", 1),
        (f"a{LONG_PREFIX}/a", 1),
        ("-a", 1),
        ("a.", 1),
        ("a b", 1),
        ("a\n", 1),
        ("ключ", 1),
        ("-/-", 2),
    ],
)
def test_a_key_has_at_most_one_prefix(key: str, complaints: int) -> None:
    assert len(qualified_name(key)) == complaints


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ("", True),
        ("v", True),
        ("V_1.0-x", True),
        ("v" * 63, True),
        ("v" * 64, False),
        ("-v", False),
        ("v.", False),
        ("web\n", False),
        ("a/b", False),
        ("é", False),
    ],
)
def test_a_label_value_may_be_empty(value: str, fine: bool) -> None:
    assert (not label_value(value)) is fine


@pytest.mark.parametrize(
    ("name", "complaints"),
    [
        ("http", 0),
        ("8080-web", 0),
        ("a" * 15, 0),
        ("a" * 16, 1),
        ("80", 1),
        ("", 2),
        ("HTTP", 2),
        ("a_b", 1),
        ("a--b", 1),
        ("-a", 1),
        ("a-", 1),
        ("-", 2),
        ("--", 3),
        ("http\n", 1),
        ("\uff18\uff10", 2),
    ],
)
def test_a_port_name_breaks_each_clause_by_itself(name: str, complaints: int) -> None:
    """VAL-31"""
    assert len(port_name(name)) == complaints


@pytest.mark.parametrize(
    ("base", "fine"), [("web-", True), ("web", True), ("-", False), ("-a", False), ("Web-", False)]
)
def test_a_generate_name_may_end_in_a_hyphen(base: str, fine: bool) -> None:
    """DEC-23"""
    assert (not generated(dns_subdomain)(base)) is fine
