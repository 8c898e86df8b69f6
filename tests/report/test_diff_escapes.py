"""What the writers of differences do to names that could do harm."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import pytest

import netsim
from netsim.report.diff_formats import DIFF, FORMATS
from netsim.report.diff_told import Told
from netsim.report.style import PLAIN

OLD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: i}]}
"""
POLICY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}}
"""
EVIL = "a\n::error::b`|<img src=x onerror=alert(1)>\"'@x\x1b[2J\u202e=1"


TAGS = {"section", "article", "p", "h4", "ul", "li", "ins", "del", "br", "code"}


def told_in(form: str) -> str:
    """A policy that closed something, in a file of that name and with everything named so."""
    old, new = netsim.loads(OLD), netsim.loads(OLD + POLICY, name=EVIL)
    difference = netsim.diff(old, new)
    assert difference.closed
    told = Told(difference, EVIL, EVIL, ("netsim", "can", "-f", EVIL))
    return "".join(DIFF[form](told, PLAIN))


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_acts_on_a_terminal(form: str) -> None:
    assert all(line.isprintable() for line in told_in(form).split("\n"))


def test_html_has_known_elements_alone() -> None:
    """It is well-formed besides, so that it can be put into anything."""
    text = told_in("html-fragment")
    section = ET.fromstring(text)
    assert {element.tag for element in section.iter()} <= TAGS
    assert {name for element in section.iter() for name in element.attrib} == {"class"}
    assert "<img src=x onerror=alert(1)>" in "".join(section.itertext())


def test_markdown_has_no_markup_of_names() -> None:
    text = told_in("markdown")
    outside_of_code = re.sub(r"```sh\n.*?\n```\n", "", text, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)<img", outside_of_code)
    assert text.count("```") == 2 * text.count("```sh")


def test_workflow_commands_are_those_of_netsim() -> None:
    lines = told_in("github").splitlines()
    (command,) = (line for line in lines if line.startswith("::"))
    assert command.startswith("::notice file=")
    properties, _, text = command.removeprefix("::notice ").partition("::")
    assert properties.count(",") == 3
    assert "%0A- " in text


def test_json_is_ascii() -> None:
    text = told_in("json")
    assert text.isascii()
    assert json.loads(text)["old"] == EVIL


# pydot 4.0 calls pyparsing 3.3 by its old names.
@pytest.mark.filterwarnings("ignore:'.*' deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:'.*' argument is deprecated:DeprecationWarning")
def test_pydot_reads_the_dot() -> None:
    import pydot

    (graph,) = pydot.graph_from_dot_data(told_in("dot")) or [pydot.Dot()]
    labels = {node.get_name(): node.get("label") for node in graph.get_nodes()}
    found = {
        (labels[str(edge.get_source())], labels[str(edge.get_destination())])
        for edge in graph.get_edges()
    }
    assert found == {('"shop/web"', '"shop/db"'), ('"outside 0.0.0.0/0"', '"shop/db"')}
    assert {edge.get("style") for edge in graph.get_edges()} == {"dashed"}
