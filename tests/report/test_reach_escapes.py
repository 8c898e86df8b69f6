"""What the writers of listings do to names that could do harm."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from netsim.report.reach_graphs import quoted, xml_text
from netsim.report.reach_tables import csv_cell, markdown_cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("shop/api", "shop/api"),
        ("=1+1", "'=1+1"),
        ("+x", "'+x"),
        ("-x", "'-x"),
        ("@x", "'@x"),
        ('a"b', '"a""b"'),
        ("TCP 80,443", '"TCP 80,443"'),
        ("a\nb\t\r\x1b[2J", r"a\nb\t\r\x1b[2J"),
        ("\u202ex", r"\u202ex"),
    ],
)
def test_csv(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


def test_markdown() -> None:
    assert markdown_cell("a|b<c>`d`*e*\n") == r"a\|b\<c\>\`d\`\*e\*\\n"


def test_dot() -> None:
    assert quoted('a"b\\n\x1b') == r'"a\"b\\n\\x1b"'


@pytest.mark.parametrize("text", ["a<b>&c", "]]>", "\x00\x0b\ufffe\uffff\ud800", "\u202e\n"])
def test_xml(text: str) -> None:
    element = ET.fromstring(f"<x>{xml_text(text)}</x>")
    assert element.text
    assert element.text.isprintable()
    assert len(element) == 0
