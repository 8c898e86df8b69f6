"""The clusters that laws are held on aren't trivial: policies govern, rules match, ports decide."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import netsim
from netsim import Cause, Flow, Protocol
from netsim.reference.decide import decide

sys.path.insert(0, str(Path(__file__).parent))

from manifest_strategies import PORTS, Manifest, clusters
from wide_strategies import wide_clusters

SAMPLE = settings(
    max_examples=120,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)
FLOWS_OF_EACH = 10


@pytest.mark.parametrize("strategy", [clusters(), wide_clusters()], ids=["small", "wide"])
def test_many_flows_are_decided_by_a_rule_or_by_its_absence(
    strategy: st.SearchStrategy[list[Manifest]],
) -> None:
    causes: Counter[Cause] = Counter()

    @seed(1)
    @SAMPLE
    @given(strategy, st.randoms(use_true_random=False))
    def sample(cluster: list[Manifest], random: Random) -> None:
        snapshot = netsim.loads("\n---\n".join(map(json.dumps, cluster)))
        pods = [pod for pod in snapshot.pods if not pod.finished]
        for _ in range(FLOWS_OF_EACH if len(pods) > 1 else 0):
            source, destination = random.sample(pods, 2)
            answer = decide(snapshot, Flow(source, destination, Protocol.TCP, random.choice(PORTS)))
            causes.update((answer.egress.cause, answer.ingress.cause))

    sample()
    total = sum(causes.values())
    assert causes[Cause.RULE] > 0.04 * total, causes
    assert causes[Cause.NO_RULE] > 0.04 * total, causes
    assert causes[Cause.NOT_ISOLATED] > 0.1 * total, causes
