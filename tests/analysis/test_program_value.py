"""The compiled program as a value, and the edges of its questions."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from builders import cluster, namespace, node, pod, policy, workload

import netsim
from netsim import LimitError, Program, QueryError
from netsim.analysis import many
from netsim.engine import vectors

WEB_FROM_API = """
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 80}, {port: http}]}]
"""
MANIFESTS = (
    namespace("a", "{team: red}"),
    node("n1", "192.168.0.1"),
    pod("a/web", "{app: web}", ip="10.0.0.1", ports="[{name: http, containerPort: 8080}]"),
    pod("a/api", "{app: api}", ip="10.0.0.2"),
    workload("a/many", "{app: api}", spec="replicas: 3"),
    policy("a", WEB_FROM_API),
)


@pytest.fixture(scope="module")
def program() -> Program:
    return netsim.compile_snapshot(cluster(*MANIFESTS))


def test_nothing_can_be_assigned(program: Program) -> None:
    with pytest.raises(FrozenInstanceError):
        program.snapshot = program.snapshot  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        program.anything = 1  # type: ignore[attr-defined]


def answers(program: Program) -> list[Any]:
    """What tells programs apart, as plain values."""
    flows = [("a/api", "a/web", port) for port in (80, 81, 8080, "http")] + [("a/web", "a/api", 80)]
    verdicts = [str(program.verdict(*flow)) for flow in flows]
    return [
        program.content_hash,
        program.reach().checksum(),
        program.allows_many(flows),
        verdicts,
    ]


IN_ANOTHER_PROCESS = """
import json, pickle, sys
sys.path[:0] = sys.argv[1:]
from test_program_value import answers
print(json.dumps(answers(pickle.loads(sys.stdin.buffer.read()))))
"""


@pytest.mark.parametrize("seed", ["0", "1"])
def test_a_copy_in_another_process_answers_the_same(program: Program, seed: str) -> None:
    here = Path(__file__).parent
    there = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, str(here), str(here.parent)],
        input=pickle.dumps(program),
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
    )
    assert json.loads(there.stdout) == answers(program)


def content_hash(*manifests: str, **options: object) -> str:
    return netsim.compile_snapshot(cluster(*manifests, **options)).content_hash


def test_the_hash_is_of_the_content_alone() -> None:
    known = content_hash(*MANIFESTS)
    assert content_hash(*reversed(MANIFESTS)) == known
    assert content_hash(*(f"# a remark\n{text}" for text in MANIFESTS)) == known
    assert len(known) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("app: api", "app: other"),
        ("port: 80}", "port: 81}"),
        ("team: red", "team: blue"),
        ("replicas: 3", "replicas: 4"),
        ("10.0.0.2", "10.0.0.3"),
        ("192.168.0.1", "192.168.0.2"),
        ("{port: 80}, {port: http}", "{port: http}, {port: 80}"),
        ("{port: 80}, ", "{port: 80}, {port: 80}, "),
    ],
)
def test_the_hash_is_of_all_content(old: str, new: str) -> None:
    changed = [text.replace(old, new) for text in MANIFESTS]
    assert changed != list(MANIFESTS)
    assert content_hash(*changed) != content_hash(*MANIFESTS)


def test_the_hash_is_of_the_options_too() -> None:
    assert content_hash(*MANIFESTS, sctp="ignored") != content_hash(*MANIFESTS)


def test_what_a_port_equals_is_no_port(program: Program) -> None:
    assert program.allows("a/api", "a/many", 1)
    with pytest.raises(QueryError):
        program.allows("a/api", "a/many", True)
    assert program.allows_many([("a/api", "a/many", 1)]) == [True]
    with pytest.raises(QueryError):
        program.allows_many([("a/api", "a/many", 1), ("a/api", "a/many", True)])


def test_columns_are_broadcast(program: Program) -> None:
    web, api, many = program.ids(["a/web", "a/api", "a/many"])
    found = program.allows_ids([[api], [web], [many]], web, [80, 81, 8080, 65535])
    assert found.tolist() == [
        [True, False, True, False],
        [True, True, True, True],  # itself
        [True, False, True, False],
    ]
    assert program.allows_ids([], [], []).shape == (0,)
    assert program.allows_ids(api, web, "http").shape == ()
    assert not program.allows_ids(api, web, None, "icmp")


def test_port_names_and_ranges_of_columns(program: Program) -> None:
    web, api = program.ids(["a/web", "a/api"])
    assert program.allows_ids([api, api], web, "http").tolist() == [True, True]
    assert program.allows_ids([api, web], web, "80-81").tolist() == [False, True]
    with pytest.raises(QueryError, match="no port named"):
        program.allows_ids([web, api], [api, web], "http")


def test_columns_that_are_none(program: Program) -> None:
    (web,) = program.ids(["a/web"])
    with pytest.raises(IndexError):
        program.allows_ids([web], [10_000], [80])
    with pytest.raises(IndexError):
        program.allows_ids([-1], [web], [80])
    for wrong in ([0.5], ["a/web"], [True]):
        with pytest.raises(TypeError):
            program.allows_ids(wrong, [web], [80])
    for port in (0, 65536, -1):
        with pytest.raises(QueryError):
            program.allows_ids([web, web], [web, web], [80, port])
    with pytest.raises(ValueError, match="broadcast"):
        program.allows_ids([web, web], [web, web, web], 80)


def test_ids_of_what_is_unknown(program: Program) -> None:
    with pytest.raises(QueryError, match="no pod or workload `nobody`"):
        program.ids(["a/web", "a/nobody"])


def test_the_first_that_cannot_be_answered_is_to_blame(program: Program) -> None:
    program.ids([])
    flows = [("a/web", "a/api", 80), ("a/web", "a/first", 80), ("a/second", "a/web", 80)]
    with pytest.raises(QueryError, match="`first`"):
        program.allows_many(flows)
    with pytest.raises(QueryError, match="`second`"):
        program.allows_many(flows[::-1])


def test_without_room_for_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_MOST_ENTRIES", 0)
    program = netsim.compile_snapshot(cluster(*MANIFESTS))
    web, api = program.ids(["a/web", "a/api"])
    assert program.allows_ids([api, api], web, [80, 81]).tolist() == [True, False]
    flows = [("a/api", "a/web", 80), ("a/api", "a/web", 81)]
    assert program.allows_many(flows) == [True, False]


def test_more_flows_than_one_question_may_ask() -> None:
    pods = [
        pod(f"a/p{number}", ip=f"10.0.{number // 250}.{number % 250 + 1}") for number in range(330)
    ]
    blocks = ", ".join(
        f"{{ipBlock: {{cidr: 10.0.{number // 250}.{number % 250 + 1}/32}}}}"
        for number in range(330)
    )
    spec = f"{{podSelector: {{}}, policyTypes: [Ingress, Egress], ingress: [{{from: [{blocks}]}}]}}"
    program = netsim.compile_snapshot(cluster(*pods, policy("a", spec)))
    for ask in (program.verdict, program.allows):
        with pytest.raises(LimitError):
            ask("*", "*", 80)
    every, *_ = program.ids(["*"])
    with pytest.raises(LimitError):
        program.allows_ids(every, every, [80])


def test_many_numbers_agree_with_names(program: Program) -> None:
    texts = ["a/web", "a/api", "a/many", "node/n1", "external", "new:a/{app=api}", "10.0.0.1"]
    ids = program.ids(texts)
    grid = program.allows_ids(ids[:, np.newaxis], ids, 80)
    for at, source in enumerate(texts):
        for to, destination in enumerate(texts):
            if {source, destination} != {"external"}:
                assert grid[at, to] == program.allows(source, destination, 80)


def test_pods_of_a_daemon_set_are_on_the_node_that_is_asked_about() -> None:
    """WL-13, by name and by number alike."""
    snapshot = cluster(
        node("n1", "192.168.0.1"),
        workload("a/agent", "{app: agent}", kind="DaemonSet"),
        policy("a", "{podSelector: {}, policyTypes: [Ingress, Egress]}"),
        egress_to_own_node="allow",
    )
    program = netsim.compile_snapshot(snapshot)
    flows = [("node/n1", "a/agent", 80), ("a/agent", "node/n1", 80), ("a/agent", "a/agent", 80)]
    expected = [netsim.can(snapshot, *flow).allowed for flow in flows]
    assert expected == [True, True, False]
    assert [program.allows(*flow) for flow in flows] == expected
    program.ids([])  # ready for vectors
    assert program.allows_many(flows) == expected


def test_traffic_of_several_is_what_all_may_send() -> None:
    spec = "{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 80}]}]}"
    others = (pod(f"a/{name}", f"{{app: {name}}}") for name in ("other", "zone"))
    snapshot = cluster(*MANIFESTS[:4], *others, policy("a", spec))
    reachability = netsim.compile_snapshot(snapshot).reach()
    texts = {name: str(reachability.traffic("a/api", name)) for name in ("a/web", "a/other")}
    assert texts == {"a/web": "TCP 80", "a/other": "all"}
    for name in ("other", "zone"):
        assert str(reachability.traffic("a/api", f"a/{{app in (web,{name})}}")) == "TCP 80"


def test_flows_are_decided_some_at_once(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other, outside = program.ids(["a/api", "a/web", "external"])
    ends = [one, one, outside, other, one], [other, other, other, one, other]
    ports = [80, 81, 80, 80, 8080]
    expected = program.allows_ids(*ends, ports).tolist()
    assert expected == [True, False, False, True, True]
    monkeypatch.setattr(many, "_AT_ONCE", 2)
    assert program.allows_ids(*ends, ports).tolist() == expected


def test_a_checksum_is_of_ports_however_they_are_cut() -> None:
    def checksum(ports: str) -> str:
        spec = f"{{podSelector: {{}}, ingress: [{{ports: [{ports}]}}]}}"
        return (
            netsim.compile_snapshot(cluster(*MANIFESTS[:4], policy("a", spec))).reach().checksum()
        )

    whole = checksum("{port: 80, endPort: 82}")
    assert checksum("{port: 80}, {port: 81}, {port: 82}") == whole
    assert checksum("{port: 80, endPort: 81}, {port: 81, endPort: 82}") == whole
    assert checksum("{port: 80}, {port: 82}") != whole
    assert checksum("") != checksum("{protocol: TCP}, {protocol: UDP}, {protocol: SCTP}")  # ICMP
