"""How edits, ends, traffic and causes of a difference are put into words."""

from __future__ import annotations

import pytest

import netsim
from netsim.changes.blame import Cause
from netsim.changes.difference import Difference
from netsim.changes.ends import Ends
from netsim.errors import Location
from netsim.report.diff_cause import cause_note
from netsim.report.diff_edits import action, edit_text, places
from netsim.report.diff_names import Names, outside_text, traffic_text
from netsim.sets.addresses import span
from netsim.sets.traffic import TrafficSet

CLUSTER = """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    team: red
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels:
        app: web
        tier: front
    spec:
      containers: [{name: c, image: i, ports: [{containerPort: 80}]}]
---
apiVersion: v1
kind: Pod
metadata:
  name: db
  namespace: shop
  labels:
    app: db
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Node
metadata: {name: n1}
status: {addresses: [{type: InternalIP, address: 192.0.2.1}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 5432}]
  - ports: [{port: 9090}]
"""


def difference(old: str, new: str) -> Difference:
    return netsim.diff(netsim.loads(old, name="old"), netsim.loads(new, name="new"))


def line(text: str, place: Location) -> str:
    """The line at a place, from there on."""
    return text.splitlines()[place.line - 1][place.column - 1 :]


@pytest.mark.parametrize(
    ("old", "new", "text", "did", "before", "after"),
    [
        ("team: red", "team: blue", "namespace shop: label team=red is now team=blue", "changed", "team: red", "team: blue"),
        ("    team: red\n", "    team: red\n    env: prod\n", "namespace shop: label env=prod added", "added", "labels:", "env: prod"),
        ("        tier: front\n", "", "shop/deployment/web: label tier=front removed", "removed", "tier: front", "labels:"),
        ("    app: db\n", "    app: sql\n", "shop/db: label app=db is now app=sql", "changed", "app: db", "app: sql"),
        ("containerPort: 80", "containerPort: 81", "shop/deployment/web: ports changed", "changed", "containers: [{name: c, image: i, ports: [{containerPort: 80}]}]", "containers: [{name: c, image: i, ports: [{containerPort: 81}]}]"),
        ("192.0.2.1", "192.0.2.2", "node/n1: addresses changed", "changed", "addresses: [{type: InternalIP, address: 192.0.2.1}]}", "addresses: [{type: InternalIP, address: 192.0.2.2}]}"),
        ("{port: 5432}", "{port: 5433}", "NetworkPolicy shop/db: ingress[0].ports changed", "changed", "ports: [{port: 5432}]", "ports: [{port: 5433}]"),
        ("{app: web}}}]", "{app: wob}}}]", "NetworkPolicy shop/db: ingress[0].from changed", "changed", "from: [{podSelector: {matchLabels: {app: web}}}]", "from: [{podSelector: {matchLabels: {app: wob}}}]"),
        ("  - ports: [{port: 9090}]\n", "", "NetworkPolicy shop/db: ingress changed", "changed", "ingress:", "ingress:"),
        ("[Ingress]", "[Ingress, Egress]", "NetworkPolicy shop/db: policyTypes changed", "changed", "policyTypes: [Ingress]", "policyTypes: [Ingress, Egress]"),
        ("{app: db}}", "{app: dbs}}", "NetworkPolicy shop/db: podSelector changed", "changed", "podSelector: {matchLabels: {app: db}}", "podSelector: {matchLabels: {app: dbs}}"),
        ("{port: 9090}", "{port: 9091}]\n  egress: [{}", "NetworkPolicy shop/db changed", "changed", "spec:", "spec:"),
    ],
)  # fmt: skip
def test_edit(old: str, new: str, text: str, did: str, before: str, after: str) -> None:
    assert CLUSTER.count(old) == 1
    edited = CLUSTER.replace(old, new)
    (edit,) = difference(CLUSTER, edited).edits
    found = places(edit)
    assert (edit_text(edit), action(edit)) == (text, did)
    assert found.old
    assert found.new
    assert (line(CLUSTER, found.old), line(edited, found.new)) == (before, after)


def test_policies_that_came_and_went() -> None:
    gone, came = difference(CLUSTER, CLUSTER.replace("  name: db\n  namespace: shop\nspec:\n  pod", "  name: x\n  namespace: shop\nspec:\n  pod")).edits  # fmt: skip
    assert [edit_text(gone), edit_text(came)] == [
        "NetworkPolicy shop/db removed",
        "NetworkPolicy shop/x added",
    ]
    assert [action(gone), action(came)] == ["removed", "added"]
    assert [places(gone).new, places(came).old] == [None, None]


def test_a_namespace_that_was_not_declared_stands_nowhere() -> None:
    before = CLUSTER.partition("---\n")[2]
    (edit,) = difference(before, CLUSTER).edits
    assert places(edit).old is None
    assert str(places(edit).new) == "new:6:5"


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        ({4: ["0.0.0.0/0"], 6: ["::/0"]}, "external"),
        ({4: ["0.0.0.0/0"]}, "outside 0.0.0.0/0"),
        ({4: ["10.0.0.0/8", "192.168.0.0/16"]}, "outside 10.0.0.0/8, 192.168.0.0/16"),
        ({4: ["0.0.0.0/1", "192.0.0.0/2"]}, "outside 0.0.0.0/0 except 128.0.0.0/2"),
        ({4: ["10.0.0.0/8"], 6: ["::/0"]}, "outside 10.0.0.0/8, ::/0"),
    ],
)
def test_outside(blocks: dict[int, list[str]], text: str) -> None:
    from ipaddress import ip_network

    intervals = {at: [span(ip_network(each)) for each in some] for at, some in blocks.items()}
    assert outside_text(Ends.outside(intervals)) == text


@pytest.mark.parametrize(
    ("ports", "portless", "text"),
    [
        ([("tcp", (80, 80))], [], "TCP 80"),
        ([("tcp", (1, 65535))], [], "TCP"),
        ([("tcp", (1, 65535)), ("udp", (1, 65535)), ("sctp", (1, 65535))], ["icmp"], "all"),
        (
            [("tcp", (1, 79)), ("tcp", (81, 65535)), ("udp", (1, 65535)), ("sctp", (1, 65535))],
            ["icmp"],
            "all but TCP 80",
        ),
    ],
)
def test_traffic(ports: list[tuple[str, tuple[int, int]]], portless: list[str], text: str) -> None:
    words = ["icmp", "sctp", "tcp", "udp"]
    assert traffic_text(TrafficSet.of(ports, portless, words)) == text


def test_whole_namespaces() -> None:
    """`web` is one endpoint of two: a source needn't be among its own destinations if it is alone."""
    pods = "".join(
        f"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {space}}}\n"
        "spec: {containers: [{name: c, image: i}]}\n"
        for space, name in (("a", "one"), ("a", "two"), ("a", "three"), ("b", "one"))
    )
    deny = (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
        "metadata: {name: deny, namespace: NS}\nspec: {podSelector: {}}\n"
    )
    found = difference(pods, pods + deny.replace("NS", "a"))
    names = Names(found.pairing, found.pairing.in_both)
    told = {(*names.sources(each), "->", *names.destinations(each)) for each in found.closed}
    assert told == {("*", "->", "a/*"), ("outside 0.0.0.0/0", "->", "a/*")}


def test_how_sure_a_cause_is() -> None:
    (edit,) = difference(CLUSTER, CLUSTER.replace("{port: 5432}", "{port: 5433}")).edits
    notes = [
        cause_note(Cause((edit,))),
        cause_note(Cause((edit,), (edit,), several=True)),
        cause_note(Cause((edit, edit), several=True)),
        cause_note(Cause((edit, edit), narrowed=False)),
    ]
    assert [note[:20] for note in notes] == [
        "",
        "one of several cause",
        "one of several cause",
        "cause not narrowed: ",
    ]
    assert [note.endswith(":") for note in notes] == [False, True, False, False]
