"""The clusters of fixtures/clusters: each of their questions has its answer, for the reason given."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

import netsim

CLUSTERS = Path(__file__).parent.parent / "fixtures" / "clusters"
SHEETS = sorted(CLUSTERS.glob("*/questions.csv"))
QUESTIONS = [
    (sheet.parent.name, row)
    for sheet in SHEETS
    for row in csv.DictReader(sheet.read_text(encoding="utf-8").splitlines())
]


@cache
def _snapshot(cluster: str) -> netsim.Snapshot:
    return netsim.load(CLUSTERS / cluster)


@pytest.mark.parametrize(
    ("cluster", "row"),
    QUESTIONS,
    ids=[f"{cluster}-{row['from']}-{row['to']}-{row['port']}" for cluster, row in QUESTIONS],
)
def test_question(cluster: str, row: dict[str, str]) -> None:
    port = int(row["port"]) if row["port"].isdigit() else row["port"]
    verdict = netsim.can(_snapshot(cluster), row["from"], row["to"], port, protocol=row["protocol"])
    assert verdict.word == row["expect"]
    assert row["decided_by"] in {
        f"{reason.namespace}/{reason.policy}" for reason in verdict.reasons
    }


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.parent.name)
def test_clusters_load_without_a_word(sheet: Path) -> None:
    assert not _snapshot(sheet.parent.name).diagnostics


def test_every_policy_of_the_shop_decides_a_question() -> None:
    asked = {row["decided_by"] for cluster, row in QUESTIONS if cluster == "shop"}
    policies = {f"{policy.namespace}/{policy.name}" for policy in _snapshot("shop").policies}
    # Three namespaces have the scrape policy, and one speaks for it; and the ingress half of
    # api-egress is named by the same question.
    spoken_for = {
        "storefront/allow-monitoring-scrape",
        "catalog/allow-monitoring-scrape",
        "shop/allow-api-to-postgres",
    }
    assert policies - asked == spoken_for
