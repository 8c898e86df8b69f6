"""What a difference takes as given is said, also where nothing was opened or closed."""

from __future__ import annotations

from builders import cluster, namespace, pod, policy

import netsim

BLOCK = "{{podSelector: {{matchLabels: {{app: x}}}}, ingress: [{{from: [{{ipBlock: {{cidr: {0}}}}}]}}]}}"
PODS = (namespace("a"), pod("a/x", "{app: x}"), pod("a/z", "{app: z}"))


def assumptions(old: str, new: str, *pods: str) -> tuple[str, ...]:
    before, after = (cluster(*pods, policy("a", BLOCK.format(cidr))) for cidr in (old, new))
    return netsim.diff(before, after).assumptions


def test_a_block_that_changed_may_hold_pods_of_unknown_address() -> None:
    found = assumptions("10.0.0.0/8", "10.0.0.0/9", *PODS)
    assert found == (
        "assuming that no pod has an address in 10.0.0.0/8; set pod_cidrs to say otherwise",
        "assuming that no pod has an address in 10.0.0.0/9; set pod_cidrs to say otherwise",
    )


def test_nothing_is_assumed_of_addresses_that_are_known() -> None:
    known = (
        namespace("a"),
        pod("a/x", "{app: x}", ip="10.0.0.1"),
        pod("a/z", "{app: z}", ip="10.0.0.2"),
    )
    assert assumptions("10.0.0.0/8", "10.0.0.0/9", *known) == ()


def test_what_both_versions_assume_alike_is_not_said() -> None:
    assert assumptions("10.0.0.0/8", "10.0.0.0/8", *PODS) == ()
