"""`netsim can` as a person sees it: what stands on stdout, and what on stderr."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from netsim.cli.main import main


def out(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """What stdout has; stderr must have nothing."""
    main(list(args))
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def test_an_allow(ask: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert out(capsys, *ask, "shop/web", "shop/db", "5432") == (
        "allow shop/web -> shop/db 5432/tcp\n"
        "\n"
        "  egress   allowed: no policy selects shop/web for egress\n"
        "  ingress  allowed by shop/db, ingress[0], from[0] (podSelector app=web), ports[0] (5432/tcp)  (manifests.yaml:20:21)\n"
    )


def test_a_deny(ask: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert out(capsys, *ask, "shop/db", "shop/db", "5433").startswith("allow ")
    assert out(capsys, *ask, "shop/web", "shop/db", "5433") == (
        "deny shop/web -> shop/db 5433/tcp\n"
        "\n"
        "  egress   allowed: no policy selects shop/web for egress\n"
        "  ingress  denied: shop/db is isolated, and no rule allows this\n"
        "    shop/db isolates it  (manifests.yaml:19:3)\n"
        "      ingress[0]: the source matches, but no item of `ports` matches 5433/tcp: 5432/tcp  (manifests.yaml:20:72)\n"
    )


def test_a_mixed_answer(ask: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, *ask, "shop/web", "shop/db", "5432-5433")
    assert text.startswith("mixed shop/web -> shop/db 5432-5433/tcp: allowed in part\n")
    assert "deny 1 pair: shop/web -> shop/db 5433/tcp\n" in text
    assert "allow 1 pair: shop/web -> shop/db 5432/tcp\n" in text


def test_names_are_those_of_the_namespace_given(
    ask: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert out(capsys, *ask, "-n", "shop", "web", "db", "5432").startswith("allow web -> db ")


def test_the_protocol_may_stand_apart(ask: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    text = out(capsys, *ask, "shop/web", "shop/db", "5432", "--protocol", "udp")
    assert text.startswith("deny shop/web -> shop/db 5432/udp\n")
    assert out(capsys, *ask, "shop/web", "shop/db", "icmp").startswith("deny ")


def test_diagnostics_go_to_stderr(
    ask: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifests.write_text(
        manifests.read_text().replace("{name: web, namespace: shop,", "{name: web,")
    )
    assert main([*ask, "default/web", "shop/db", "5432"]) == 1
    captured = capsys.readouterr()
    assert captured.out.startswith("deny ")
    assert captured.err.startswith("manifests.yaml:3:1: note: ")


def test_many_diagnostics_are_counted(
    ask: list[str], manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifests.write_text("---\nkind: Pod\napiVersion: v1\nspec: {x: 1}\n" * 100)
    assert main([*ask, "a", "b", "1"]) == 2
    *shown, last = capsys.readouterr().err.splitlines()
    assert len([line for line in shown if line.startswith("manifests.yaml:")]) == 20
    assert last.startswith("… and ")
    assert "netsim validate" in last


def test_without_manifests_it_says_how_to_give_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["can", "shop/web", "shop/db", "5432"]) == 2
    assert capsys.readouterr().err == (
        "error: give manifests with -f PATH, or -f - for stdin: "
        "`kubectl get ns,pods,netpol -A -o json | netsim can -f - …`\n"
    )


def test_manifests_from_variables_and_configuration(
    manifests: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (manifests.parent / "netsim.toml").write_text('filename = "manifests.yaml"\nnamespace = "shop"')
    assert out(capsys, "can", "web", "db", "5432").startswith("allow ")
    monkeypatch.setenv("NETSIM_FILENAME", "nowhere.yaml")
    assert main(["can", "web", "db", "5432"]) == 2


def test_manifests_from_stdin(
    manifests: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(manifests.read_bytes())))
    assert "(<stdin>:20:21)" in out(capsys, "can", "-f", "-", "shop/web", "shop/db", "5432")


def test_a_profile_is_told_with_every_answer(
    ask: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = out(capsys, *ask, "shop/web", "shop/db", "5432", "--profile", "cilium")
    assert "\nprofile cilium describes Cilium 1.20, " in text
    assert "\n  caveat: " in text


@pytest.mark.parametrize(
    ("settings", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": ""}, False),
    ],
)
def test_colour(
    settings: dict[str, str],
    coloured: bool,
    ask: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    text = out(capsys, *ask, "shop/web", "shop/db", "5432")
    assert ("\x1b[" in text) == coloured


@pytest.mark.parametrize(("term", "coloured"), [("xterm", True), ("dumb", False)])
def test_colour_on_a_terminal(
    term: str,
    coloured: bool,
    ask: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert out(capsys, *ask, "shop/web", "shop/db", "5432").startswith("\x1b[") == coloured


def test_json_has_no_colour(
    ask: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    value = json.loads(out(capsys, *ask, "shop/web", "shop/db", "5432", "-o", "json"))
    assert value["allowed"] is True


def test_file_names_cannot_act_on_a_terminal(
    manifests: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = manifests.rename("a\x1b[2J\u202e.yaml")
    assert r"(a\x1b[2J\u202e.yaml:20:21)" in out(
        capsys, "can", "-f", str(evil), "shop/web", "shop/db", "5432"
    )
    assert main(["can", "-f", "b\x1b[2J", "x", "y", "1"]) == 2
    assert r"b\x1b[2J: " in capsys.readouterr().err


CLUSTER_POLICIES = """\
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: names-only}
spec:
  tier: Admin
  priority: 7
  subject: {namespaces: {}}
  egress:
  - action: Accept
    to: [{domainNames: ['*.example.com']}]
  - action: Deny
    to: [{networks: [203.0.113.0/24]}]
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: pass}
spec:
  tier: Admin
  priority: 8
  subject: {namespaces: {}}
  ingress:
  - action: Pass
    from: [{namespaces: {}}]
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: stop}
spec:
  tier: Admin
  priority: 8
  subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}}
  ingress:
  - action: Deny
    from: [{namespaces: {}}]
    protocols: [{destinationNamedPort: pg}, {tcp: {destinationPort: {number: 5433}}}]
"""


class TestPoliciesOfTheCluster:
    @pytest.fixture
    def ask(self, ask: list[str], folder: Path) -> list[str]:
        (folder / "cluster.yaml").write_text(CLUSTER_POLICIES)
        return [*ask, "-f", "cluster.yaml"]

    def test_the_walk(self, ask: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert out(capsys, *ask, "shop/web", "shop/db", "5433") == (
            "deny shop/web -> shop/db 5433/tcp\n"
            "\n"
            "  egress   allowed: [Admin] 7 names-only: no match → [NetworkPolicy] not isolated → by default: ALLOW\n"
            "  ingress  denied: [Admin] 8 pass: PASS (ingress[0]) → [NetworkPolicy] isolated by shop/db, no rule matches: DENY\n"
            "    passed on by pass, ingress[0], from[0] (namespaces {}), any port  (cluster.yaml:23:12)\n"
            "    shop/db isolates it  (manifests.yaml:19:3)\n"
            "      ingress[0]: the source matches, but no item of `ports` matches 5433/tcp: 5432/tcp  (manifests.yaml:20:72)\n"
            "\n"
            "ambiguous: pass ingress[0] and stop ingress[0] have the same priority and disagree  (cluster.yaml:23:12, cluster.yaml:34:12)\n"
        )

    def test_the_whole_traffic_of_a_pair(
        self, ask: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = out(capsys, *ask, "shop/web", "shop/db", "any", "-v")
        walk = "[Admin] 8 pass: PASS (ingress[0]) → [NetworkPolicy]"
        assert f"allowed: {walk} shop/db ingress[0]: ALLOW\n" in text
        assert f"denied: {walk} isolated by shop/db, no rule matches: DENY\n" in text

    @pytest.mark.parametrize(
        ("destination", "word", "note"),
        [
            ("api.example.com", "allow", False),
            ("API.Example.COM.@203.0.113.7", "allow", False),
            ("api.example.org@203.0.113.7", "deny", False),
            ("203.0.113.7", "deny", True),
        ],
    )
    def test_a_dns_name(
        self,
        destination: str,
        word: str,
        note: bool,
        ask: list[str],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        text = out(capsys, *ask, "shop/web", destination, "443")
        assert text.startswith(f"{word} shop/web -> {destination} 443/tcp\n")
        said = "domainNames match only questions that name a domain"
        assert (f"\nnote: `names-only` egress[0] was passed over: {said}\n" in text) is note

    def test_rows(self, ask: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "flows.csv").write_text(
            "from,to,port\nshop/web,api.example.com,443\napi.example.com,shop/web,443\n"
        )
        assert main([*ask, "--flows", "flows.csv"]) == 2
        first, second = capsys.readouterr().out.splitlines()
        walk = "egress: [Admin] 7 names-only: ALLOW (egress[0]); ingress: no policy can govern this end"
        assert first == f"allow\tshop/web\tapi.example.com\t443/tcp\t{walk}"
        assert second.split("\t")[4].startswith("line 3: `api.example.com`: a name is where ")

    def test_where_the_terminal_has_no_arrows(self, ask: list[str], tmp_path: Path) -> None:
        command = [sys.executable, "-m", "netsim", *ask, "shop/web", "shop/db", "5433"]
        environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
        found = subprocess.run(command, capture_output=True, env=environment, text=True)
        assert found.returncode == 1
        assert "[Admin] 8 pass: PASS (ingress[0]) \\u2192 [NetworkPolicy]" in found.stdout
