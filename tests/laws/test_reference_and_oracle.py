"""The reference agrees with an oracle that was written apart from it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import netsim

sys.path.insert(0, str(Path(__file__).parent))

import plain_oracle
from manifest_strategies import clusters, questions


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_reference_agrees_with_the_oracle(data: st.DataObject) -> None:
    cluster = data.draw(clusters())
    source, destination, protocol, port = data.draw(questions(cluster))
    text = "\n---\n".join(json.dumps(manifest) for manifest in cluster)
    snapshot = netsim.loads(text)
    expected = plain_oracle.allowed(cluster, source, destination, protocol, port)
    verdict = netsim.can(snapshot, source, destination, port, protocol=protocol)
    event(verdict.word)
    assert verdict.allowed == expected, str(verdict)
