"""Verdicts as data and as rows."""

from __future__ import annotations

import json

from verdicts import free, ingress, reason, verdict

from netsim.model.flow import Direction, Part
from netsim.model.verdict import Verdict
from netsim.report.context import Context
from netsim.report.rows import error_line, error_row, verdict_line, verdict_row
from netsim.report.verdict_json import verdict_json

DENIED = verdict(ingress(reason("p", Part.ISOLATES), reason("p", Part.PEERS, 0)))


def no_context(verdict: Verdict) -> Context:
    return Context()


def test_json() -> None:
    value = json.loads(verdict_json(DENIED, Context()))
    assert (value["apiVersion"], value["kind"]) == ("netsim.dev/v1", "Verdict")
    assert (value["verdict"], value["allowed"], value["some"]) == ("deny", False, False)
    (group,) = value["groups"]
    assert group["ingress"]["cause"] == "no_rule"
    assert group["ingress"]["reasons"][1] == {
        "kind": "NetworkPolicy",
        "namespace": "data",
        "policy": "p",
        "part": "peers",
        "rule": 0,
        "peer": None,
        "port": None,
        "peers": [],
        "ports": [],
        "file": "p.yaml",
        "line": 4,
        "column": 1,
    }


def test_options_have_their_value_and_rule() -> None:
    decided = verdict(free(Direction.INGRESS, ("icmp", "sctp")))
    assert json.loads(verdict_json(decided, Context()))["options"] == [
        {"name": "icmp", "value": "portless_rules", "rule": "IMP-3"},
        {"name": "sctp", "value": "enforced", "rule": "IMP-14"},
    ]


def test_rows_have_five_cells_and_no_stray_tabs() -> None:
    row = verdict_row(DENIED, no_context, {})
    assert row.startswith("deny\tshop/web\tdata/postgres\t5432/tcp\tingress: ")
    assert row.count("\n") == 1
    error = error_row(7, {"from": "a\tb", "to": None, "port": 80}, "no\tsuch\nthing")
    assert error == "error\ta\\tb\t\t80/tcp\tline 7: no\\tsuch\\nthing\n"
    assert error_row(7, {"port": 53, "protocol": "UDP"}, "x").split("\t")[3] == "53/udp"


def test_lines_keep_the_askers_keys() -> None:
    line = verdict_line(DENIED, no_context, {"from": "x", "expect": "deny", "id": 7})
    assert line.count("\n") == 1
    value = json.loads(line)
    assert (value["expect"], value["id"], value["from"]) == ("deny", 7, "shop/web")
    assert json.loads(error_line(3, {"id": 7, "to": 5}, "`to` is missing")) == {
        "id": 7,
        "to": 5,
        "apiVersion": "netsim.dev/v1",
        "kind": "Error",
        "verdict": "error",
        "line": 3,
        "message": "`to` is missing",
    }
