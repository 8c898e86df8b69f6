"""What is wrong with a suite, where, and what to do about it; and what else a folder may hold."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

import netsim
from netsim.errors import InputError
from netsim.model.flow import Direction
from netsim.suites.reading import load_suites, suites_of
from netsim.suites.suite import Allow, Deny, Ends, Isolated, Only, Ports, ReachAtMost

HEAD = "apiVersion: netsim.dev/v1\nkind: Suite\nmetadata: {name: s}\nexpect:\n"
ALLOW = "- allow: {from: a/b, to: c/d, port: 80}\n"
ENDPOINT = (
    "an endpoint is shop/api, shop/deploy/api, 'shop/{app=web}', 'ns{env=prod}/*', '*', node/n1,"
    " external, 203.0.113.7, 10.0.0.0/8, api.example.com or 'new:shop/{app=web}'"
)
ONE_OF = (
    "write one of allow, deny, only, isolated, reach-at-most; each expectation is a list item of"
    " its own"
)
QUOTES = "put it in quotes: without them YAML reads a number or a boolean"

# Items of `expect`, from line 5 on -> what is said of the suite, and the help.
FAULTS = [
    ("- alow: {from: a}", "5:3: expect[0].alow: unknown field `alow`", "did you mean `allow`?"),
    (
        "- deny: {form: a/b, to: c/d}",
        "5:10: expect[0].deny.form: unknown field `form`",
        "did you mean `from`?",
    ),
    (
        "- isolated: {pods: a/b, some: true}",
        "5:25: expect[0].isolated.some: unknown field `some`",
        "known here: allow-empty, direction, except, pods, why",
    ),
    (
        "- only: {from: a/b, to: c/d, to: e/f}",
        "5:30: to: `to` is written twice in one mapping",
        "keep one of them: without strict decoding the last one would win",
    ),
    (
        "- deny: {from: 1, to: c/d}",
        "5:10: expect[0].deny.from: must be a string, not the number `1`",
        QUOTES,
    ),
    (
        "- deny: {from: [a/b, yes], to: c/d}",
        "5:22: expect[0].deny.from[1]: must be a string, not the boolean `true`",
        QUOTES,
    ),
    (
        "- deny: {from: {a: b}, to: c/d}",
        "5:10: expect[0].deny.from: must be a string, not an object",
        "",
    ),
    (
        "- allow: {from: a/b, to: c/d, port: 80, some: 'yes'}",
        "5:41: expect[0].allow.some: must be true or false, not the string `yes`",
        "",
    ),
    (
        "- allow: {from: a/b, to: c/d, port: 8.5}",
        "5:31: expect[0].allow.port: must be a port number or a port name, not the number `8.5`",
        "",
    ),
    (
        "- deny: a/b -> c/d",
        "5:3: expect[0].deny: must be an object, not the string `a/b -> c/d`",
        "",
    ),
    ("- deny", "5:3: expect[0]: must be an object, not the string `deny`", ""),
    (
        "- allow: {from: a/b, to: c/d}",
        "5:3: expect[0].allow.port: must be given",
        "for all traffic write `any`",
    ),
    ("- deny: {from: a/b}", "5:3: expect[0].deny.to: must be given", ""),
    *(
        (
            f"- {word}: {{from: a/b, to: c/d, port: {port}}}",
            f"5:{26 + len(word)}: expect[0].{word}.port: must be given",
            "for all traffic write `any`",
        )
        for word in ("allow", "deny", "only")
        for port in ("''", "[]")
    ),
    ("- deny: {from: [], to: c/d}", "5:10: expect[0].deny.from: must be given", ""),
    ("- only: {from: a/b, to: ''}", "5:21: expect[0].only.to: must be given", ""),
    ("- isolated: {}", "5:3: expect[0].isolated.pods: must be given", ""),
    ("- isolated:", "5:3: expect[0].isolated.pods: must be given", ""),
    (
        "- reach-at-most: {from: a/b, within: c/d}",
        "5:3: expect[0].reach-at-most.hops: must be given",
        "",
    ),
    (
        "- reach-at-most: {from: a/b, hops: 0, within: c/d}",
        "5:30: expect[0].reach-at-most.hops: must be 1 or more",
        "",
    ),
    *(
        (
            f"- reach-at-most: {{from: a/b, hops: {hops}, within: c/d}}",
            "5:30: expect[0].reach-at-most.hops: must be 2147483647 or less",
            "",
        )
        for hops in (2**31, 99999999999, 10**30)
    ),
    (
        "- reach-at-most: {from: a/b, hops: 1.5, within: c/d}",
        "5:30: expect[0].reach-at-most.hops: must be a whole number, not the number `1.5`",
        "",
    ),
    (
        "- deny: {from: a/b/c/d, to: c/d}",
        "5:10: expect[0].deny.from: `a/b/c/d` is not an endpoint",
        ENDPOINT,
    ),
    (
        "- deny: {from: a/b, to: [c/d, '{x']}",
        "5:31: expect[0].deny.to[1]: `{x` is not an endpoint",
        ENDPOINT,
    ),
    (
        "- deny: {from: a/b, to: [c/d, null]}",
        "5:31: expect[0].deny.to[1]: must be given",
        "",
    ),
    (
        "- deny: {from: a/b, to: c/d, except-to: 10.0.0.0/33}",
        "5:30: expect[0].deny.except-to: `10.0.0.0/33` is neither an address nor a CIDR",
        "for example 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32",
    ),
    (
        "- allow: {from: a/b, to: c/d, port: 70000}",
        "5:31: expect[0].allow.port: `70000` is not a port",
        "ports are 1 to 65535",
    ),
    (
        "- allow: {from: a/b, to: c/d, port: [80, 80/tpc]}",
        "5:42: expect[0].allow.port[1]: there is no protocol `tpc`",
        "protocols: TCP, UDP, SCTP, ICMP",
    ),
    (
        "- isolated: {pods: a/b, direction: in}",
        "5:25: expect[0].isolated.direction: `in` is no direction",
        "write ingress, egress or both",
    ),
    ("- {}", "5:3: expect[0]: must have one expectation", ONE_OF),
    ("-", "5:1: expect[0]: must have one expectation", ONE_OF),
    (
        "- {allow: {from: a/b, to: c/d, port: 80}, deny: {from: a/b, to: c/d}}",
        "5:3: expect[0]: must have one expectation, not 2",
        ONE_OF,
    ),
]

# Whole documents.
DOCUMENTS = [
    (
        "apiVersion: netsim.dev/v1\nkind: Suite\nexpect: []\n",
        ["1:1: metadata.name: must be given", "3:1: expect: must be given"],
    ),
    (HEAD.replace("expect:", "expects:") + ALLOW, ["4:1: expects: unknown field `expects`"]),
    (HEAD.replace("v1", "v2") + ALLOW, ["1:1: apiVersion: there is no Suite in `netsim.dev/v2`"]),
    (HEAD.replace("Suite", "Suit") + ALLOW, ["2:1: kind: `Suit` is no Suite"]),
    ("kind: Suite\n" + ALLOW.replace("- allow", "allow"), ["1:1: apiVersion: must be given"]),
    (HEAD.replace("kind", "Kind") + ALLOW, ["2:1: Kind: unknown field `Kind`"]),
    ("- a\n- b\n", ["1:1: must be an object with `apiVersion` and `kind`"]),
]
BEGINNING = "a suite begins with `apiVersion: netsim.dev/v1` and `kind: Suite`"
# Beginnings of a document with an `expect` -> what is said of it in a folder, and the help.
MISSPELT = [
    ("apiVersion: netsim.dev/v1\nkind: Siute", "2:1: kind: `Siute` is no Suite", "did you mean `Suite`?"),
    ("apiVersion: netsim.dev/v1\nkind: suite", "2:1: kind: `suite` is no Suite", "did you mean `Suite`?"),
    ("apiVersion: netsim.dev/v1\nkind: Suites", "2:1: kind: `Suites` is no Suite", "did you mean `Suite`?"),
    ("apiVersion: netsim.dev/v1\nkind: Tests", "2:1: kind: `Tests` is no Suite", "write `kind: Suite` here, and give manifests with -f"),
    ("apiVersion: netsm.dev/v1\nkind: Suite", "1:1: apiVersion: there is no Suite in `netsm.dev/v1`", "did you mean `netsim.dev/v1`?"),
    ("apiVersion: netsim/v1\nkind: Suite", "1:1: apiVersion: there is no Suite in `netsim/v1`", "did you mean `netsim.dev/v1`?"),
    ("apiVersion: netsim.dev\nkind: Suite", "1:1: apiVersion: there is no Suite in `netsim.dev`", "did you mean `netsim.dev/v1`?"),
    ("apiVersion: netsim.dev/V1\nkind: Suite", "1:1: apiVersion: there is no Suite in `netsim.dev/V1`", "did you mean `netsim.dev/v1`?"),
    ("apiversion: netsim.dev/v1\nkind: Suite", "1:1: apiversion: unknown field `apiversion`", "did you mean `apiVersion`?"),
    ("kind: Suite", "1:1: apiVersion: must be given", BEGINNING),
    ("apiVersion: netsim.dev/v1", "1:1: kind: must be given", BEGINNING),
    ("metadata: {name: s}", "1:1: kind: must be given, and so must `apiVersion`", BEGINNING),
]  # fmt: skip
JSON_GUIDE = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
# What a folder may hold besides.
OTHERS = [
    *(
        f"apiVersion: netsim.dev/v1\nkind: {kind}"
        for kind in re.findall(r"`kind` \| string \| `(\w+)`", JSON_GUIDE)
    ),
    "apiVersion: tests.example.com/v1\nkind: Suite\nexpect: [{allow: x}]",
    "apiVersion: v1\nkind: Suite",
    "kind: Suite\ntests: []",
    "kind: Test\nexpect: [{allow: x}]",
    "expect: [{status: 200}]",
    "expect: {allow: x}",
]


def said_of(text: str) -> list[tuple[str, str]]:
    """What is said of it, without the name of the file, and each help."""
    with pytest.raises(InputError) as caught:
        suites_of(text, "suite.yaml")
    found = caught.value.diagnostics
    return [(str(each).partition("\n")[0].removeprefix("suite.yaml:"), each.help) for each in found]


@pytest.mark.parametrize(("item", "said", "help"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_fault(item: str, said: str, help: str) -> None:
    assert said_of(f"{HEAD}{item}\n") == [(said, help)]


@pytest.mark.parametrize(("text", "said"), DOCUMENTS, ids=[said[0] for _, said in DOCUMENTS])
def test_faults_of_a_document(text: str, said: list[str]) -> None:
    assert [each for each, _ in said_of(text)] == said


def test_all_faults_of_all_documents_are_found() -> None:
    text = HEAD + "- isolated: {}\n- isolated: {}\n---\n" + HEAD + "- alow: {}\n"
    assert [said.split(": ")[0] for said, _ in said_of(text)] == ["5:3", "6:3", "12:3"]


def test_what_is_written_is_meant() -> None:
    [suite] = suites_of(
        "apiVersion: netsim.dev/v1\nkind: Suite\nmetadata: {name: s, namespace: x}\nexpect:\n"
        "- allow: {from: a, to: [b, c], port: [80, dns/udp], except-from: d, except-to: [e, f]}\n"
        "- deny: {from: a, to: b, port: any, some: true, why: because, allow-empty: true}\n"
        "- only: {from: a, to: b, port: any/udp}\n"
        "- isolated: {pods: a, except: b}\n"
        "- isolated: {pods: a, direction: ingress}\n"
        "- reach-at-most: {from: a, hops: 2, within: [b, external]}\n"
    )
    allow, deny, only, both, ingress, far = (each.claim for each in suite.expectations)
    assert (suite.name, suite.namespace) == ("s", "x")
    assert isinstance(allow, Allow)
    assert allow.sources == Ends(("a",), ("d",))
    assert allow.destinations == Ends(("b", "c"), ("e", "f"))
    assert [str(port) for port in allow.ports.asked] == ["80/tcp", "dns/udp"]
    assert isinstance(deny, Deny)
    assert (deny.some, deny.ports) == (True, Ports())
    assert suite.expectations[1].why == "because"
    assert suite.expectations[1].allow_empty
    assert isinstance(only, Only)
    assert [str(port) for port in only.ports.asked] == ["any/udp"]
    assert isinstance(both, Isolated)
    assert both.directions == (Direction.EGRESS, Direction.INGRESS)
    assert isinstance(ingress, Isolated)
    assert ingress.directions == (Direction.INGRESS,)
    assert isinstance(far, ReachAtMost)
    assert (far.hops, far.within.texts) == (2, ("b", "external"))
    assert [each.location.line for each in suite.expectations] == [5, 6, 7, 8, 9, 10]


def test_a_folder_may_hold_other_things(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HEAD + ALLOW)
    (tmp_path / "b.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n")
    (tmp_path / "c.yaml").write_text("any: thing\n")
    [suite] = netsim.load_suites(tmp_path)
    assert suite.name == "s"
    (tmp_path / "d.yaml").write_text(HEAD.replace("v1", "v0") + ALLOW)
    with pytest.raises(InputError, match=r"there is no Suite in `netsim\.dev/v0`"):
        netsim.load_suites(tmp_path)


@pytest.mark.parametrize(("head", "said", "help"), MISSPELT, ids=[said for _, said, _ in MISSPELT])
def test_a_misspelt_suite_isnt_passed_over(head: str, said: str, help: str, tmp_path: Path) -> None:
    rest = "expect:\n" + ALLOW if "metadata" in head else "metadata: {name: s}\nexpect:\n" + ALLOW
    (tmp_path / "suite.yaml").write_text(f"{head}\n{rest}")
    (tmp_path / "good.yaml").write_text(HEAD + ALLOW)
    with pytest.raises(InputError) as caught:
        netsim.load_suites(tmp_path)
    [found] = caught.value.diagnostics
    assert str(found).startswith(f"{tmp_path / 'suite.yaml'}:{said}")
    assert found.help == help


def test_both_words_may_be_misspelt(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("apiVersion: netsm.dev/v1\nkind: Siute\n")
    with pytest.raises(InputError) as caught:
        netsim.load_suites(tmp_path)
    assert [found.path for found in caught.value.diagnostics] == ["apiVersion", "kind"]


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_somebody_elses_is_passed_over(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"{text}\n")
    (tmp_path / "good.yaml").write_text(HEAD + ALLOW)
    assert len(netsim.load_suites(tmp_path)) == 1


def test_suites_come_in_their_order(tmp_path: Path) -> None:
    for name in "ba":
        (tmp_path / f"{name}.yaml").write_text(HEAD.replace("name: s", f"name: {name}") + ALLOW)
    stdin = io.BytesIO((HEAD + ALLOW).encode())
    found = load_suites(tmp_path / "b.yaml", tmp_path, "-", stdin=stdin)
    assert [suite.name for suite in found] == ["b", "a", "s"]
    assert str(found[-1].expectations[0].location) == "<stdin>:5:3"


def test_no_suite(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n")
    with pytest.raises(InputError, match="there is no suite in"):
        netsim.load_suites(tmp_path)
    with pytest.raises(InputError, match="`Pod` is no Suite"):
        netsim.load_suites(tmp_path / "b.yaml")
    with pytest.raises(InputError):
        netsim.load_suites(tmp_path / "nothing.yaml")
