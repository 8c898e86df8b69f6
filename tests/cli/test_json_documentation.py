"""docs/json.md names exactly the keys that are written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from netsim.cli.main import main

FIXTURES = Path(__file__).parents[2] / "fixtures"
DOCUMENT = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")

# Its keys are the user's or netsim's own names: `*` in the tables.
MAPS = {"semantics", "profile.options", "read", "atFault", "skipped", "set"}

ENDS, WAYS = ("added", "removed"), ("sends", "gets")

MANIFESTS = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
status: {podIP: 10.0.0.1, podIPs: [{ip: 10.0.0.1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec: {hostNetwork: true, containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 5432}]}]
  egress: [{to: [{podSelector: {}}], ports: [{port: 80}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: faulty, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingres]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: w, namespace: shop}
spec:
  selector: {matchLabels: {app: w}}
  template:
    metadata: {labels: {app: w}}
    spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: w, namespace: shop}
spec:
  podSelector: {matchExpressions: [{key: pod-template-hash, operator: NotIn, values: [x]}, {key: app, operator: In, values: [w]}]}
  policyTypes: [Ingress, Egress]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: r, namespace: shop}
spec: {template: {spec: {containers: [{name: c, image: i}]}}}
"""

# Policies of the whole cluster that are asked in both directions, and two that disagree.
CLUSTER_POLICIES = """\
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: first}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  ingress: [{action: Pass, from: [{namespaces: {}}]}]
  egress: [{action: Pass, to: [{namespaces: {}}]}]
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: second}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  ingress: [{action: Deny, from: [{namespaces: {}}]}]
  egress: [{action: Deny, to: [{namespaces: {}}], protocols: [{tcp: {destinationPort: {number: 5432}}}]}]
"""

# A DNS name that one may be asked for.
NAMES = """\
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: names}
spec:
  tier: Admin
  priority: 1
  subject: {namespaces: {}}
  egress: [{action: Accept, to: [{domainNames: [api.example.com]}]}]
"""

# Expectations that fail in every way, and one that hangs on a label that nobody knows.
SUITE = """\
apiVersion: netsim.dev/v1
kind: Suite
metadata: {name: s}
expect:
- deny: {from: external, to: shop/db}
- allow: {from: shop/web, to: shop/db, port: 5432}
- isolated: {pods: shop/web}
- isolated: {pods: shop/w}
- reach-at-most: {from: shop/db, hops: 2, within: shop/web}
"""

# Whether `web` may still send to `db` hangs on an address that nobody knows.
TO_A_BLOCK = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress, Egress]
  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
"""


def documented(kind: str) -> set[str]:
    section = re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)
    (table,) = (text for text in section if text.startswith(f"{kind}\n"))
    keys = set(re.findall(r"^\| `([^`]+)` \|", table, flags=re.MULTILINE))
    same = {key.replace("].egress", "].ingress") for key in keys}
    return keys | same


def keys(value: object, path: str = "") -> Iterator[str]:
    match value:
        case dict():
            for name, inner in value.items():
                key = "*" if path in MAPS else name
                place = f"{path}.{key}" if path else key
                yield place
                yield from keys(inner, place)
        case list():
            for inner in value:
                if not isinstance(inner, dict):
                    yield f"{path}[]"
                yield from keys(inner, f"{path}[]")


@pytest.fixture(autouse=True)
def many_kinds(folder: Path) -> None:
    (folder / "manifests.yaml").write_text(MANIFESTS)


def written(capsys: pytest.CaptureFixture[str], *args: str) -> set[str]:
    main(list(args))
    return set(keys(json.loads(capsys.readouterr().out)))


def test_verdict(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ("can", "-f", "manifests.yaml", "--keep-going", "-o", "json")
    under = ("--profile", "calico", "--set", "icmp=deny", "--set", "ipblock_matches_pods=false")
    found = written(capsys, *ask, "shop/web", "shop/db", "5432", *under)
    found |= written(capsys, *ask, "shop/db", "shop/web", "any")
    found |= written(capsys, *ask, "shop/db", "shop/web", "icmp")
    found |= written(capsys, *ask, "10.1.1.1", "shop/db", "5432")
    found |= written(capsys, *ask, "shop/agent", "shop/db", "5432")
    (folder / "cluster.yaml").write_text(CLUSTER_POLICIES)
    found |= written(capsys, *ask, "-f", "cluster.yaml", "shop/web", "shop/db", "5432")
    told = documented("Verdict")
    same = [key.partition(".reasons[]") for key in told if ".reasons[]." in key]
    listed = {
        f"{side}.{place}{key}"
        for side, _, key in same
        for place in ("steps[].reasons[]", "ambiguous[]")
    }
    assert found - told - listed == set()
    assert told - found == set()
    assert {f"groups[].ingress.{key}.rule" for key in ("steps[].reasons[]", "ambiguous[]")} <= found


def test_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "flows.jsonl").write_text("{}\n")
    found = written(
        capsys,
        "can",
        "-f",
        "manifests.yaml",
        "--keep-going",
        "--flows",
        "flows.jsonl",
        "-o",
        "jsonl",
    )
    assert found == documented("Error")


@pytest.mark.parametrize(
    ("kind", "args"),
    [("Reachability", ()), ("ReachabilitySummary", ("--summary",))],
)
def test_reachability(
    kind: str,
    args: tuple[str, ...],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("netsim.analysis.inside.LONG", 2)
    (folder / "names.yaml").write_text(NAMES)
    files = ("-f", "manifests.yaml", "-f", "names.yaml")
    ask = ("reach", *files, "--keep-going", "--unsure", "-o", "json", *args)
    found = written(capsys, *ask, "--profile", "calico", "--set", "icmp=deny")
    profile = {key for key in documented("Verdict") if key.startswith("profile.")}
    assert found - documented(kind) - profile == set()
    assert documented(kind) - found == set()


def test_sending(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "names.yaml").write_text(NAMES)
    files = ("-f", "manifests.yaml", "-f", "names.yaml")
    main(["reach", *files, "--keep-going", "--unsure", "-o", "jsonl"])
    lines = capsys.readouterr().out.splitlines()
    assert {key for line in lines for key in keys(json.loads(line))} == documented("Sending")


@pytest.mark.parametrize(("kind", "args"), [("Difference", ()), ("Relation", ("--relation",))])
def test_difference(
    kind: str, args: tuple[str, ...], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "manifests.yaml").read_text().replace("name: agent", "name: agents")
    (folder / "other.yaml").write_text(f"{text}---\n{TO_A_BLOCK}---\n{NAMES}")
    ask = ("diff", "--keep-going", "-o", "json", *args, "--profile", "calico", "--set", "icmp=deny")
    shop = [str(FIXTURES / "clusters" / "shop"), str(FIXTURES / "changes" / "shop")]
    pairs = () if args else ("--pairs",)
    found = set[str]()
    for old, new in (("manifests.yaml", "other.yaml"), shop):
        found |= written(capsys, *ask, *pairs, old, new)
        found |= written(capsys, *ask, *pairs, new, old)
    known = {key for key in documented("Verdict") if key.startswith("profile.")}
    same = documented("Difference")
    rectangle = {key.removeprefix("effects[].opened[].") for key in same if ".opened[]." in key}
    known |= {key.replace(".opened", ".closed") for key in same if key.startswith("effects")}
    known |= {f"{end}[].{way}[].{key}" for end in ENDS for way in WAYS for key in rectangle}
    known |= {f"{end}{way}" for end in ENDS for way in ("[].name", "[].sends", "[].gets")}
    known |= {f"pairs[].{key}" for key in documented("PairChange")}
    witness = {key.removeprefix("witness.") for key in rectangle if key.startswith("witness.")}
    known |= {f"{only}.{key}" for only in ("onlyNew", "onlyOld") for key in witness}
    assert found - documented(kind) - known == set()
    assert documented(kind) - found == set()


def test_pair_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (folder / "manifests.yaml").read_text()
    (folder / "other.yaml").write_text(text.replace("port: 5432", "port: 5433"))
    main(["diff", "--keep-going", "-o", "jsonl", "manifests.yaml", "other.yaml"])
    lines = capsys.readouterr().out.splitlines()
    assert {key for line in lines for key in keys(json.loads(line))} == documented("PairChange")


def test_validation(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "tiers.yaml").write_text(CLUSTER_POLICIES)
    ask = ("validate", "-f", "manifests.yaml", "-f", "tiers.yaml", "--semantic", "-o", "json")
    assert written(capsys, *ask) == documented("Validation")


def test_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "suite.yaml").write_text(SUITE)
    ask = (
        "check",
        "suite.yaml",
        "-f",
        "manifests.yaml",
        "--keep-going",
        "--coverage",
        "-o",
        "json",
    )
    found = written(capsys, *ask, "--profile", "calico", "--set", "icmp=deny")
    breach = "suites[].outcomes[].breaches[]"
    verdict = documented("Verdict")
    known = {key for key in verdict if key.startswith("profile.")}
    known |= {f"{breach}.verdict.{key}" for key in verdict}
    assert found - documented("Check") - known == set()
    assert documented("Check") - found == set()
    assert {f"{breach}.verdict.{key}" for key in ("verdict", "groups", "incomplete")} <= found


def test_invariants(capsys: pytest.CaptureFixture[str]) -> None:
    ask = ("fuzz", "-f", "manifests.yaml", "--keep-going", "-o", "json", "--time", "0.5")
    under = ("--profile", "calico", "--set", "icmp=deny")
    asked = (
        "--invariant",
        "new-pod-cannot-reach",
        "--invariant",
        "new-namespace-cannot-reach=shop/web",
    )
    found = written(capsys, *ask, *asked, *under)
    profile = {key for key in documented("Verdict") if key.startswith("profile.")}
    assert found - documented("Invariants") - profile == set()
    assert documented("Invariants") - found == set()


def test_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    flags = ("-f", "x", "-n", "y", "--profile", "cilium", "--set", "icmp=deny")
    assert written(capsys, "config", "-o", "json", *flags) == documented("Configuration")
