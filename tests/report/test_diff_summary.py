"""The last line of a difference."""

from __future__ import annotations

from builders import cluster, namespace, policy

import netsim
from netsim.report.context import Context
from netsim.report.diff_summary import summary_line
from netsim.report.diff_told import Told

OPEN = "{podSelector: {}, ingress: [{}]}"


def test_without_pods_there_is_nothing_to_compare() -> None:
    old, new = cluster(namespace("a")), cluster(namespace("a"), policy("a", OPEN))
    context = Context(old.semantics, None)
    told = Told(netsim.diff(old, new), "old", "new", (), False, True, (), context, (), ())
    assert summary_line(told) == (
        "nothing to compare: neither version has pods; 1 policy differs in text"
    )
