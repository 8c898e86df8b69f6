"""Text from the input can't act on a terminal."""

from __future__ import annotations

import pytest

from netsim.errors import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("shop/api", "shop/api"),
        ("größe 店", "größe 店"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\nb\tc\rd\x7f", r"a\nb\tc\rd\x7f"),
        ("\x9b31m", r"\x9b31m"),
        ("evil\u202egnp", r"evil\u202egnp"),
        ("\u2066x\u2069\u200b\u2028\ufeff", r"\u2066x\u2069\u200b\u2028\ufeff"),
        ("file-\udcff", r"file-\udcff"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_does_not_print_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown
