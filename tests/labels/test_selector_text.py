"""Selectors in the syntax of `kubectl -l`."""

from __future__ import annotations

import pytest

from netsim import QueryError
from netsim.labels.labels import Labels
from netsim.labels.text import parse_labels, parse_selector


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        (" ", ""),
        ("app=web", "app=web"),
        ("app==web", "app=web"),
        (" app = web ", "app=web"),
        ("app!=web", "app!=web"),
        ("app", "app"),
        ("!app", "!app"),
        ("! app", "!app"),
        ("tier in (b, a,b)", "tier in (a,b)"),
        ("tier in(a)", "tier=a"),
        ("tier notin (a,b)", "tier notin (a,b)"),
        ("tier in (a)", "tier=a"),
        ("tier in ()", "tier="),
        ("tier in (a,)", "tier in (,a)"),
        ("app=", "app="),
        ("b=2,a=1", "a=1,b=2"),
        ("a=1,a=1", "a=1"),
        ("a=1,a=2", "a=1,a=2"),
        ("app=web,tier in (a,b),!legacy", "app=web,!legacy,tier in (a,b)"),
        ("app.kubernetes.io/name=web", "app.kubernetes.io/name=web"),
        ("in", "in"),
        ("in in (in)", "in=in"),
        ("App_1=V_1.x-2", "App_1=V_1.x-2"),
    ],
)
def test_it_reads(text: str, canonical: str) -> None:
    selector = parse_selector(text)
    assert str(selector) == canonical
    assert parse_selector(str(selector)) == selector


@pytest.mark.parametrize(
    "text",
    ["app=web,", ",", "=web", "app=we b", "app>1", "app in a", "app in (a", "a/b/c=d", "-a=b", "a=-b",
     "app in (a b)", "!app=web", "app=(a)", "app in (a),)", "a=b=c", "é=1", "a={b}"],
)  # fmt: skip
def test_it_refuses(text: str) -> None:
    with pytest.raises(QueryError, match="is not a selector"):
        parse_selector(text)


def test_labels() -> None:
    assert parse_labels("app=web,tier=") == Labels(app="web", tier="")
    assert parse_labels("") == Labels()


@pytest.mark.parametrize("text", ["app", "!app", "app!=web", "app in (a,b)", "app=a,app=b"])
def test_what_is_no_list_of_labels(text: str) -> None:
    with pytest.raises(QueryError, match="is not labels"):
        parse_labels(text)
