"""A small cluster in a folder of its own, and nothing of the user's settings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TWO_PODS = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder of the test, empty."""
    for name in ("FILENAME", "PROFILE", "SET", "NAMESPACE", "DEBUG"):
        monkeypatch.delenv(f"NETSIM_{name}", raising=False)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", ["netsim"])  # its name, in usage lines
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def manifests(folder: Path) -> Path:
    """A file with shop/web, shop/db and the policy shop/db: web may open 5432."""
    path = folder / "manifests.yaml"
    path.write_text(TWO_PODS)
    return path


@pytest.fixture
def ask(manifests: Path) -> list[str]:
    """The beginning of a command line that asks about them."""
    return ["can", "-f", manifests.name]
