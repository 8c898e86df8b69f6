"""What the API server refuses in workloads: selectors, templates, counts (WL-2..WL-5)."""

from __future__ import annotations

import pytest
from manifest_texts import errors

TEMPLATE = "template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c}]}}"
GROUPS = {"ReplicationController": "v1", "Job": "batch/v1", "CronJob": "batch/v1"}
NO_MATCH = "the selector of the workload does not match the labels of its template"
NO_SELECTOR = "must be given: the labels that all pods of the template have"
ONE_CONTAINER = "must have at least one container"
SELECTED = ("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet")


def _errors(kind: str, spec: str) -> list[str]:
    group = GROUPS.get(kind, "apps/v1")
    return errors(f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: w}}\nspec: {{{spec}}}\n")


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "StatefulSet"])
def test_a_selector_must_be_given(kind: str) -> None:
    """WL-2: and none at all finds no pod either."""
    assert _errors(kind, TEMPLATE) == [
        f"4:1: spec.selector: Required: {NO_SELECTOR}",
        f"4:30: spec.template.metadata.labels: Invalid: {NO_MATCH}",
    ]


def test_a_daemon_set_without_a_selector_finds_none_of_its_pods() -> None:
    assert _errors("DaemonSet", TEMPLATE) == [
        f"4:30: spec.template.metadata.labels: Invalid: {NO_MATCH}"
    ]


@pytest.mark.parametrize("kind", SELECTED)
def test_a_selector_must_not_be_empty(kind: str) -> None:
    assert _errors(kind, f"selector: {{}}, {TEMPLATE}") == [
        "4:8: spec.selector: Invalid: must not be empty"
    ]


@pytest.mark.parametrize("kind", SELECTED)
def test_a_selector_must_match_the_template(kind: str) -> None:
    """WL-2"""
    assert _errors(kind, f"selector: {{matchLabels: {{app: x}}}}, {TEMPLATE}") == [
        f"4:65: spec.template.metadata.labels: Invalid: {NO_MATCH}"
    ]
    assert _errors(kind, f"selector: {{matchLabels: {{app: w}}}}, {TEMPLATE}") == []


def test_the_faults_of_a_selector_are_its_own() -> None:
    """VAL-10: most controllers complain of the selector as a whole besides."""
    selector = "selector: {matchExpressions: [{key: app, operator: In}]}"
    inside = (
        "4:38: spec.selector.matchExpressions[0].values: Required: "
        "must be given: operator `In` compares with values"
    )
    whole = "4:8: spec.selector: Invalid: is no valid selector"
    assert _errors("Deployment", f"{selector}, {TEMPLATE}") == [whole, inside]
    assert _errors("DaemonSet", f"{selector}, {TEMPLATE}") == [inside]


# The spec of a ReplicationController, and what is said of it.
REPLICATION_CONTROLLERS = [
    (TEMPLATE, []),  # the labels of the template are taken
    (f"selector: {{app: w}}, {TEMPLATE}", []),
    (
        f"selector: {{app: x}}, {TEMPLATE}",
        [f"4:50: spec.template.metadata.labels: Invalid: {NO_MATCH}"],
    ),
    (
        "template: {spec: {containers: [{name: c}]}}",
        ["4:1: spec.selector: Required: must be given, or the template must have labels"],
    ),
    (
        f"selector: {{matchLabels: {{app: w}}}}, {TEMPLATE}",
        ["4:19: spec.selector: Decode: the value of `matchLabels` must be a string, not an object"],
    ),
]


@pytest.mark.parametrize(("spec", "expected"), REPLICATION_CONTROLLERS)
def test_replication_controllers(spec: str, expected: list[str]) -> None:
    assert _errors("ReplicationController", spec) == expected


# The spec of a Job, and what is said of it.
JOBS = [
    (TEMPLATE, []),
    (f"manualSelector: true, selector: {{matchLabels: {{app: w}}}}, {TEMPLATE}", []),
    (
        f"manualSelector: true, {TEMPLATE}",
        [
            "4:1: spec.selector: Required: must be given where `manualSelector` is true",
            f"4:52: spec.template.metadata.labels: Invalid: {NO_MATCH}",
        ],
    ),
    (
        f"selector: {{matchLabels: {{app: x}}}}, {TEMPLATE}",
        [f"4:65: spec.template.metadata.labels: Invalid: {NO_MATCH}"],
    ),
    (
        f"completionMode: Indexed, {TEMPLATE}",
        ["4:1: spec.completions: Required: must be given for an Indexed Job"],
    ),
    (
        f"completionMode: indexed, {TEMPLATE}",
        [
            (
                "4:8: spec.completionMode: NotSupported: "
                "`indexed` is no completion mode: NonIndexed or Indexed"
            )
        ],
    ),
    (
        f"completions: -1, parallelism: -2, {TEMPLATE}",
        [
            "4:8: spec.completions: Invalid: must not be negative, as `-1` is",
            "4:25: spec.parallelism: Invalid: must not be negative, as `-2` is",
        ],
    ),
]


@pytest.mark.parametrize(("spec", "expected"), JOBS)
def test_jobs(spec: str, expected: list[str]) -> None:
    """WL-5"""
    assert _errors("Job", spec) == expected


@pytest.mark.parametrize("kind", ["Deployment", "ReplicaSet", "StatefulSet"])
def test_replicas_are_not_negative(kind: str) -> None:
    spec = f"replicas: -1, selector: {{matchLabels: {{app: w}}}}, {TEMPLATE}"
    assert _errors(kind, spec) == ["4:8: spec.replicas: Invalid: must not be negative, as `-1` is"]


def test_ordinals_do_not_begin_below_zero() -> None:
    """WL-4"""
    spec = f"ordinals: {{start: -1}}, selector: {{matchLabels: {{app: w}}}}, {TEMPLATE}"
    assert _errors("StatefulSet", spec) == [
        "4:19: spec.ordinals.start: Invalid: must not be negative, as `-1` is"
    ]


# Faults inside a template: the same as in a Pod, and where they stand.
TEMPLATES = [
    ("{}", f"4:33: spec.template.spec.containers: Required: {ONE_CONTAINER}"),
    (
        "{containers: [{name: c, ports: [{containerPort: 70000}]}]}",
        (
            "4:72: spec.template.spec.containers[0].ports[0].containerPort: Invalid: "
            "`70000` is not between 1 and 65535"
        ),
    ),
    (
        "{contianers: []}",
        "4:40: spec.template.spec.contianers: UnknownField: unknown field `contianers`",
    ),
    (
        "{hostNetwork: 1, containers: [{name: c}]}",
        "4:40: spec.template.spec.hostNetwork: Decode: must be true or false, not the number `1`",
    ),
]


@pytest.mark.parametrize(("spec", "expected"), TEMPLATES)
def test_templates(spec: str, expected: str) -> None:
    """VAL-6"""
    found = _errors("Job", f"template: {{metadata: {{}}, spec: {spec}}}")
    assert found == [expected]


def test_a_template_takes_no_host_ports_for_granted() -> None:
    """VAL-6: what would collide is refused when the pods are made, not now."""
    ports = "ports: [{containerPort: 8}]"
    spec = f"hostNetwork: true, containers: [{{name: c, {ports}}}, {{name: d, {ports}}}]"
    assert _errors("Job", f"template: {{spec: {{{spec}}}}}") == []


def test_the_labels_and_annotations_of_a_template() -> None:
    """VAL-4"""
    metadata = "metadata: {labels: {app: a b}, annotations: {a b: x}}"
    found = _errors("Job", f"template: {{{metadata}, spec: {{containers: [{{name: c}}]}}}}")
    assert [line.rpartition("Invalid")[0] for line in found] == [
        "4:39: spec.template.metadata.labels: ",
        "4:64: spec.template.metadata.annotations: ",
    ]


def test_the_template_of_a_cron_job_is_in_its_job() -> None:
    """WL-6"""
    assert _errors("CronJob", f"jobTemplate: {{spec: {{parallelism: -2, {TEMPLATE}}}}}") == [
        "4:29: spec.jobTemplate.spec.parallelism: Invalid: must not be negative, as `-2` is"
    ]
    assert _errors("CronJob", "jobTemplate: {spec: {template: {spec: {hostPID: 1}}}}") == [
        f"4:40: spec.jobTemplate.spec.template.spec.containers: Required: {ONE_CONTAINER}"
    ]


@pytest.mark.parametrize(("kind", "field"), [("DaemonSet", "replicas"), ("Deployment", "ordinals")])
def test_each_kind_has_its_own_fields(kind: str, field: str) -> None:
    """DEC-10"""
    spec = f"{field}: 1, selector: {{matchLabels: {{app: w}}}}, {TEMPLATE}"
    assert _errors(kind, spec) == [f"4:8: spec.{field}: UnknownField: unknown field `{field}`"]
