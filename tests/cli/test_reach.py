"""`netsim reach` as a person sees it.

What each format looks like stands in tests/golden/reach: `netsim reach -f fixtures/clusters/shop
-o csv > tests/golden/reach/shop.csv` writes it anew.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from netsim.cli.main import main
from netsim.report.reach_formats import FORMATS

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "reach"
CLUSTERS = ("shop", "boutique")

FAULTY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: faulty, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingres]}
"""

# What pods may send to a name, and to nothing else that is outside.
NAMES = """\
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: names}
spec:
  tier: Admin
  priority: 5
  subject: {namespaces: {}}
  egress:
  - {action: Accept, to: [{domainNames: [api.example.com]}], protocols: [{tcp: {destinationPort: {number: 443}}}]}
  - {action: Pass, to: [{namespaces: {}}]}
  - {action: Deny, to: [{networks: [0.0.0.0/0]}]}
"""

OTHER = """\
---
apiVersion: v1
kind: Pod
metadata: {name: x, namespace: other}
spec: {containers: [{name: c, image: i}]}
"""


@pytest.fixture
def reach(manifests: Path) -> list[str]:
    return ["reach", "-f", manifests.name]


def out(capsys: pytest.CaptureFixture[str], *args: str, status: int = 0) -> str:
    """What stdout has; stderr must have nothing."""
    assert main(list(args)) == status
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def csv(capsys: pytest.CaptureFixture[str], *args: str) -> list[str]:
    return out(capsys, *args, "-o", "csv").splitlines()[1:]


@pytest.mark.parametrize("cluster", CLUSTERS)
@pytest.mark.parametrize("form", FORMATS)
def test_golden(cluster: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(ROOT / "fixtures" / "clusters" / cluster)
    assert main(["reach", "-f", folder, "-o", form]) == 0
    assert capsys.readouterr().out == (GOLDEN / f"{cluster}.{form}").read_text(encoding="utf-8")


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_golden_summary(cluster: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(ROOT / "fixtures" / "clusters" / cluster)
    assert main(["reach", "-f", folder, "--summary"]) == 0
    assert capsys.readouterr().out == (GOLDEN / f"{cluster}.summary").read_text(encoding="utf-8")


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_golden_unsure(cluster: str, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(ROOT / "fixtures" / "clusters" / cluster)
    assert out(capsys, "reach", "-f", folder, "--unsure") == (
        GOLDEN / f"{cluster}.unsure"
    ).read_text(encoding="utf-8")


def test_3_is_about_the_pairs_of_the_listing(
    reach: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A policy that was left out matters where it may govern an end of some pair."""
    manifests.write_text(manifests.read_text() + OTHER + FAULTY.replace("shop", "other"))
    ask = [*reach, "--keep-going", "-o", "csv"]
    assert main(ask) == 3
    assert main([*ask, "--from", "shop/*", "--to", "shop/*"]) == 0
    assert main([*ask, "--from", "shop/db"]) == 3
    assert main([*ask, "-n", "shop", "--from", "external"]) == 0
    assert main([*ask, "-n", "other", "--from", "shop/db"]) == 3
    assert main([*ask, "-n", "shop", "--from", "shop/db", "--to", "db"]) == 0


def test_the_bytes_are_the_same_in_every_process() -> None:
    command = [sys.executable, "-m", "netsim", "reach", "-f", "fixtures/clusters/shop", "-o"]
    for form in ("json", "text"):
        answers = {
            subprocess.run(
                [*command, form],
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": seed},
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("0", "1", "2")
        }
        assert len(answers) == 1


def test_from(reach: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert csv(capsys, *reach, "--from", "shop/web") == [
        "shop/web,shop/db,TCP 5432,false",
        "shop/web,0.0.0.0/0,all,false",
    ]


def test_to(reach: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert csv(capsys, *reach, "--to", "shop/db") == ["shop/web,shop/db,TCP 5432,false"]
    assert csv(capsys, *reach, "-n", "shop", "--to", "web", "--from", "db") == [
        "shop/db,shop/web,all,false"
    ]


def test_outside(reach: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert csv(capsys, *reach, "--from", "203.0.113.0/24") == ["203.0.113.0/24,shop/web,all,false"]
    assert csv(capsys, *reach, "--from", "shop/db", "--to", "203.0.113.7") == [
        "shop/db,203.0.113.7/32,all,false"
    ]


def test_port(reach: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    pods = ("--from", "shop/*", "--to", "shop/*")
    assert csv(capsys, *reach, *pods, "--port", "5000-6000") == [
        "shop/db,shop/web,TCP 5000-6000,false",
        "shop/web,shop/db,TCP 5432,false",
    ]
    assert csv(capsys, *reach, *pods, "--port", "http") == ["shop/db,shop/web,TCP 8080,false"]
    assert csv(capsys, *reach, *pods, "--port", "icmp") == ["shop/db,shop/web,ICMP,false"]


def test_namespace(reach: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifests.write_text(
        manifests.read_text()
        + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n"
        + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: other}\n"
        + "spec: {containers: [{name: c, image: i}]}\n"
    )
    pods = ("--from", "*", "--to", "*", "-o", "csv")
    assert main([*reach, "-n", "other", *pods]) == 0
    # With -n, `*` is all pods there
    assert capsys.readouterr().out == "from,to,traffic,assumed\n"
    found = csv(capsys, *reach, "-n", "other", "--from", "x")
    assert found[0] == "other/x,shop/web,all,false"


QUEUE = """\
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: queue, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: queue}}
  template:
    metadata: {labels: {app: queue}}
    spec: {containers: [{name: c, image: i}]}
"""


@pytest.mark.parametrize(
    ("level", "senders"),
    [
        ("workload", ["shop/statefulset/queue"]),
        ("pod", ["shop/queue-0", "shop/queue-1", "shop/queue-2"]),
        ("class", ["shop/queue-0 and 2 more"]),
    ],
)
def test_level(
    level: str,
    senders: list[str],
    reach: list[str],
    manifests: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    manifests.write_text(manifests.read_text() + QUEUE)
    found = csv(capsys, *reach, "--level", level, "--from", "shop/queue", "--to", "external")
    assert found == [f"{sender},0.0.0.0/0,all,false" for sender in senders]
    summary = json.loads(out(capsys, *reach, "--level", level, "--summary", "-o", "json"))
    assert {each["endpoint"] for each in summary["mostExposed"]} >= {*senders}
    # Everyone to everyone, but to the database only the web.
    assert summary["pairs"] == {"allowed": 5 * 4 - 3, "possible": 5 * 4, "assumed": 0}


def test_a_namespace_of_the_settings_is_told(
    reach: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NETSIM_NAMESPACE", "shop")
    assert main(reach) == 0
    assert (
        "only pairs with an end in namespace `shop` (NETSIM_NAMESPACE)" in capsys.readouterr().err
    )


def test_a_name_that_rules_mention_is_an_end_of_its_own(
    reach: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert csv(capsys, *reach, "--to", "api.example.com") == [
        "shop/db,api.example.com,all,false",
        "shop/web,api.example.com,all,false",
    ]
    manifests.write_text(manifests.read_text() + NAMES)
    asked = (*reach, "--set", "pod_cidrs=10.0.0.0/8", "--from", "shop/web")
    assert csv(capsys, *asked, "--to", "api.example.com") == [
        "shop/web,api.example.com,TCP 443,false"
    ]
    assert csv(capsys, *asked, "--to", "api.example.com", "--port", "80") == []
    assert csv(capsys, *asked, "--to", "external") == ["shop/web,api.example.com,TCP 443,false"]
    # Who isn't mentioned is what every other name is.
    assert csv(capsys, *asked, "--to", "example.org") == []
    said = out(capsys, *asked)
    assert "  TCP 443   outside api.example.com\n" in said
    [source] = json.loads(out(capsys, *asked, "-o", "json"))["sources"]
    assert [each["names"] for each in source["to"] if each["names"]] == [["api.example.com"]]
    assert "api.example.com" in out(capsys, *asked, "-o", "dot")
    assert "api.example.com" in out(capsys, *asked, "-o", "graphml")


def test_names_are_no_pods_in_numbers(
    reach: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = (*reach, "--set", "pod_cidrs=10.0.0.0/8", "--summary", "-o", "json")
    counted = json.loads(out(capsys, *asked))
    manifests.write_text(manifests.read_text() + NAMES)
    with_names = json.loads(out(capsys, *asked))
    assert with_names["pairs"] == counted["pairs"]
    assert with_names["mostExposed"] == counted["mostExposed"]


def test_who_may_be_a_node_is_not_called_a_pod(
    reach: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "  shop/db  from 1 pod\n" in out(capsys, *reach, "--summary")
    manifests.write_text(
        f"{manifests.read_text()}---\napiVersion: v1\nkind: Node\nmetadata: {{name: n1}}\n"
    )
    said = out(capsys, *reach, "--summary")
    assert "  shop/web  from 2 endpoints and the outside\n" in said
    assert "  shop/db  from 1 endpoint\n" in said


@pytest.mark.parametrize(
    "args",
    [
        ["--from", "shop/wbe"],
        ["--from", "new:shop/{app=x}"],
        ["--to", "svc:shop/x"],
        ["--to", "api.example.com@203.0.113.7"],
        ["--from", "api.example.com"],
        ["--port", "99999"],
        ["--port", "nothing-of-it"],
        ["-n", "shp"],
        ["--level", "node"],
        ["-o", "xml"],
        ["--summary", "-o", "csv"],
        ["--output-file", "nowhere/reach.txt"],
        ["--output-file", "/dev/null"],
        ["--output-file", "."],
        ["--output-file", ""],
        ["--output-file", "-"],
    ],
)
def test_2(args: list[str], reach: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*reach, *args]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err
    assert "internal" not in captured.err


def test_2_manifests_without_f(manifests: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reach", manifests.name]) == 2
    assert capsys.readouterr().err == (
        "error: got unexpected extra argument (manifests.yaml)\n"
        "  help: manifests are given with -f PATH; see `netsim reach --help`\n"
    )


def test_3_something_was_left_out(
    reach: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifests.write_text(manifests.read_text() + FAULTY)
    assert main(reach) == 2
    assert main([*reach, "--keep-going", "-o", "json"]) == 3
    captured = capsys.readouterr()
    assert json.loads(captured.out)["incomplete"] == [
        "NetworkPolicy `shop/faulty` was left out (manifests.yaml:25:39)"
    ]
    assert "incomplete: NetworkPolicy" in captured.err


def test_what_hangs_on_an_assumption_is_marked(
    reach: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """NP-43: `web` may send the same by its label, `x` only if it has an address in the block."""
    text = manifests.read_text().replace("from: [", "from: [{ipBlock: {cidr: 10.0.0.0/8}}, ")
    manifests.write_text(text)
    assert "otherwise" not in out(capsys, *reach, "--unsure")
    manifests.write_text(
        text
        + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: x, namespace: shop}\n"
        + "spec: {containers: [{name: c, image: i}]}\n"
    )
    assumed = "assuming that no pod has an address in 10.0.0.0/8; set pod_cidrs to say otherwise\n"
    assert main(reach) == 0
    captured = capsys.readouterr()
    assert "otherwise" not in captured.out
    assert captured.err == (
        "warning: more pairs may talk if an assumption is wrong: --unsure lists them\n"
    )
    answer = out(capsys, *reach, "--from", "x", "--unsure")
    assert "  nothing*  shop/db\n" in answer
    assert answer.endswith(f"\n* may be otherwise:\n  {assumed}")
    assert "otherwise" not in out(capsys, *reach, "--from", "x", "--port", "80", "--to", "db")
    assert "otherwise" not in out(capsys, *reach, "--from", "web")
    assert "otherwise" not in out(capsys, *reach, "--set", "pod_cidrs=172.16.0.0/16")
    assert main([*reach, "--summary", "--unsure"]) == 0
    captured = capsys.readouterr()
    assert "1 pair hangs on an assumption\n" in captured.out
    assert captured.err == f"warning: {assumed}"
    assert main([*reach, "-o", "json", "--unsure"]) == 0
    captured = capsys.readouterr()
    assert captured.err == f"warning: {assumed}"
    assert json.loads(captured.out)["assumptions"] == [assumed.rstrip()]
    unsure = {each["from"]: each["unsure"] for each in json.loads(captured.out)["sources"]}
    assert unsure == {"shop/db": [], "shop/web": [], "shop/x": ["shop/db"], None: []}


def test_progress_is_for_a_terminal_and_for_what_takes_long(
    reach: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("netsim.cli.progress._PATIENCE", 0.0)
    out(capsys, *reach, "-o", "csv")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    main([*reach, "-o", "csv"])
    assert "\r\x1b[K1 parts\r\x1b[K2 parts" in capsys.readouterr().err


def test_a_profile_says_what_it_describes(
    reach: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*reach, "--profile", "cilium", "-o", "json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["profile"]["name"] == "cilium"
    assert "profile cilium describes Cilium" in captured.err


def test_nothing_to_list(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n")
    for form in FORMATS:
        assert main(["reach", "-f", "empty.yaml", "-o", form]) == 0
    assert main(["reach", "-f", "empty.yaml", "--summary"]) == 0
    assert "internal" not in capsys.readouterr().err
    for form in ("text", "wide"):
        said = out(capsys, "reach", "-f", "empty.yaml", "-o", form)
        assert said == "nothing: there are no pods\n"


@pytest.mark.parametrize("form", ["text", "wide"])
def test_nothing_may_pass(form: str, reach: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--from", "shop/web", "--to", "shop/db", "--port", "22", "-o", form)
    assert out(capsys, *reach, *asked) == "nothing may pass\n"


def test_a_file_is_written_whole_or_not_at_all(
    reach: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    file = folder / "reach.csv"
    expected = out(capsys, *reach, "-o", "csv")
    assert out(capsys, *reach, "-o", "csv", "--output-file", file.name) == ""
    assert file.read_text() == expected
    before = sorted(folder.iterdir())
    monkeypatch.setattr("netsim.report.reach_tables.each_pair", _failing)
    assert main([*reach, "-o", "csv", "--output-file", file.name]) == 2
    assert file.read_text() == expected
    assert sorted(folder.iterdir()) == before


def _failing(_: object) -> object:
    yield "a", "b", "c"
    raise OSError(28, "No space left on device")


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="files that are open have no names here")
def test_a_pipe_is_no_file(reach: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """`/dev/stdout` is one where the output is piped on: its name leads nowhere."""
    reading, writing = os.pipe()
    try:
        assert main([*reach, "--output-file", f"/dev/fd/{writing}"]) == 2
        assert "is no file that can be replaced" in capsys.readouterr().err
    finally:
        os.close(reading)
        os.close(writing)


def test_a_file_keeps_its_permissions_and_a_link_stays(
    reach: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, link = folder / "reach.txt", folder / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    out(capsys, *reach, "--output-file", "link")
    assert link.is_symlink()
    assert file.read_text().startswith("shop/db\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_networkx_reads_the_graphml(cluster: str) -> None:
    import networkx

    graph = networkx.read_graphml(GOLDEN / f"{cluster}.graphml")
    labels = networkx.get_node_attributes(graph, "label")
    traffic = networkx.get_edge_attributes(graph, "traffic")
    found = {(labels[source], labels[end], text) for (source, end), text in traffic.items()}
    lines = (GOLDEN / f"{cluster}.csv").read_text().splitlines()[1:]
    inside = [
        line for line in lines if line.count("/deployment/") + line.count("/statefulset/") == 2
    ]
    expected = {tuple(line.rpartition(",")[0].replace('"', "").split(",", 2)) for line in inside}
    assert {
        edge for edge in found if not any(end.startswith("outside") for end in edge)
    } == expected


# pydot 4.0 calls pyparsing 3.3 by its old names.
@pytest.mark.filterwarnings("ignore:'.*' deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:'.*' argument is deprecated:DeprecationWarning")
@pytest.mark.parametrize("cluster", CLUSTERS)
def test_pydot_reads_of_the_dot_what_networkx_reads_of_the_graphml(cluster: str) -> None:
    import networkx
    import pydot

    graphml = networkx.read_graphml(GOLDEN / f"{cluster}.graphml")
    (dot,) = pydot.graph_from_dot_data((GOLDEN / f"{cluster}.dot").read_text()) or [pydot.Dot()]
    by_namespace: dict[str, pydot.Graph] = {
        unquoted(part.get("label")): part for part in dot.get_subgraphs()
    }
    by_namespace[""] = dot
    labels = {
        node.get_name(): (namespace, unquoted(node.get("label")))
        for namespace, part in by_namespace.items()
        for node in part.get_nodes()
        if node.get_name() != "node"  # how nodes look
    }
    edges = [
        (edge.get_source(), edge.get_destination(), unquoted(edge.get("label")))
        for edge in dot.get_edges()
    ]
    assert labels == {
        name: (values.get("namespace", ""), values["label"])
        for name, values in graphml.nodes.items()
    }
    assert sorted(edges) == sorted(graphml.edges(data="traffic"))
    assert edges


def unquoted(text: object) -> str:
    """A quoted text of DOT as what it stands for."""
    found = json.loads(str(text))
    assert isinstance(found, str)
    return found


def test_141_the_reader_goes() -> None:
    command = f'"{sys.executable}" -m netsim reach -f fixtures/clusters/shop -o csv | head -0'
    finished = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], cwd=ROOT, capture_output=True
    )
    assert finished.stderr == b""
