"""SEL-1..SEL-15: what a selector matches, asked of a policy's peers."""

from __future__ import annotations

import pytest
from builders import allowed, cluster, pod, policy

PODS = {
    "a/none": "{}",
    "a/prod": "{env: prod, tier: web}",
    "a/dev": "{env: dev}",
    "a/empty": "{env: ''}",
    "a/prefixed": "{example.com/env: prod}",
    "a/upper": "{env: Prod, Env: dev}",
}
SUBJECT = pod("a/web", "{subject: x}")


def selected(selector: str) -> set[str]:
    """The names of the pods that `selector` matches."""
    spec = f"{{podSelector: {{matchLabels: {{subject: x}}}}, ingress: [{{from: [{{podSelector: {selector}}}]}}]}}"
    snapshot = cluster(
        SUBJECT, *(pod(name, labels) for name, labels in PODS.items()), policy("a", spec)
    )
    return {name[2:] for name in PODS if allowed(snapshot, name, "a/web")}


ALL = {name[2:] for name in PODS}


def expression(key: str, operator: str, values: str = "") -> str:
    listed = f", values: {values}" if values else ""
    return f"{{matchExpressions: [{{key: {key}, operator: {operator}{listed}}}]}}"


@pytest.mark.parametrize(
    ("rule", "selector", "expected"),
    [
        ("SEL-1", "{}", ALL),
        ("SEL-2", "{matchLabels: {env: prod, tier: web}}", {"prod"}),
        ("SEL-2", "{matchLabels: {env: dev, tier: web}}", set()),
        ("SEL-2", "{matchLabels: {env: prod}, matchExpressions: [{key: tier, operator: Exists}]}", {"prod"}),
        ("SEL-3", "{matchLabels: {env: prod}}", {"prod"}),
        ("SEL-4", expression("env", "In", "[prod, dev]"), {"prod", "dev"}),
        ("SEL-5", expression("env", "NotIn", "[prod]"), ALL - {"prod"}),
        ("SEL-6", expression("env", "Exists"), {"prod", "dev", "empty", "upper"}),
        ("SEL-7", expression("env", "DoesNotExist"), {"none", "prefixed"}),
        ("SEL-8", "{matchExpressions: [{key: env, operator: Exists}, {key: env, operator: DoesNotExist}]}", set()),
        ("SEL-9", "{matchLabels: {env: prod}, matchExpressions: [{key: env, operator: NotIn, values: [prod]}]}", set()),
        ("SEL-9", "{matchExpressions: [{key: env, operator: In, values: [prod, dev]}, {key: env, operator: NotIn, values: [dev]}]}", {"prod"}),
        ("SEL-10", "{matchLabels: {env: ''}}", {"empty"}),
        ("SEL-10", expression("env", "In", "['']"), {"empty"}),
        ("SEL-10", expression("env", "NotIn", "['']"), ALL - {"empty"}),
        ("SEL-11", "{matchLabels: {env: Prod}}", {"upper"}),
        ("SEL-11", "{matchLabels: {Env: dev}}", {"upper"}),
        ("SEL-11", expression("env", "In", "[dev, dev]"), {"dev"}),
        ("SEL-12", "{matchLabels: {env: null}}", {"empty"}),
        ("SEL-13", "{matchLabels: {example.com/env: prod}}", {"prefixed"}),
    ],
)  # fmt: skip
def test_selectors(rule: str, selector: str, expected: set[str]) -> None:
    assert selected(selector) == expected, rule
