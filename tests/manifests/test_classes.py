"""What kind of thing a document is: read, refused, counted, or no object (DEC-3, NP-75)."""

from __future__ import annotations

from pathlib import Path

import pytest
from manifest_texts import errors, read, remarks

from netsim import InputError, load
from netsim.errors import Severity
from netsim.manifests.other_kinds import distance


def _object(api_version: str, kind: str, spec: str = "{}") -> str:
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: x, namespace: a}}\nspec: {spec}\n"


DOUBT = "every verdict could be wrong"
FOREIGN = [
    ("cilium.io/v2", "CiliumNetworkPolicy"),
    ("cilium.io/v2alpha1", "CiliumCIDRGroup"),
    ("projectcalico.org/v3", "NetworkPolicy"),
    ("crd.projectcalico.org/v1", "GlobalNetworkPolicy"),
    ("crd.antrea.io/v1beta1", "ClusterNetworkPolicy"),
    ("k8s.ovn.org/v1", "EgressFirewall"),
    ("policy.networking.k8s.io/v1beta1", "ClusterNetworkPolicy"),
    ("policy.networking.k8s.io/v2", "AdminNetworkPolcy"),
    ("networking.k8s.aws/v1alpha1", "ClusterNetworkPolicy"),
    ("security.istio.io/v1", "AuthorizationPolicy"),
    ("networking.gke.io/v1alpha1", "FQDNNetworkPolicy"),
    ("networking.k8s.io/v1", "networkpolicies"),
]


@pytest.mark.parametrize(("api_version", "kind"), FOREIGN)
def test_policies_of_other_products_are_refused(api_version: str, kind: str) -> None:
    assert errors(_object(api_version, kind)) == [
        f"2:1: kind: NotModelled: `{kind}` of `{api_version}` is not modelled: {DOUBT}"
    ]


TIERS = "policy.networking.k8s.io"
# A kind that is almost right -> the kind and apiVersion that were meant.
MISSPELT = [
    ("networking.k8s.io/v1", "NetworkPolcy", "NetworkPolicy", "networking.k8s.io/v1"),
    ("networking.k8s.io/v1", "NetwrokPolicy", "NetworkPolicy", "networking.k8s.io/v1"),
    ("networking.k8s.io/v1", "networkpolicy", "NetworkPolicy", "networking.k8s.io/v1"),
    ("example.com/v1", "NetworkPolice", "NetworkPolicy", "networking.k8s.io/v1"),
    ("apps/v1", "Deploymnt", "Deployment", "apps/v1"),
    ("app/v1", "deployment", "Deployment", "apps/v1"),
    ("apps/v1", "StatefullSet", "StatefulSet", "apps/v1"),
    ("batch/v1", "Cronjob", "CronJob", "batch/v1"),
    ("v1", "Pods", "Pod", "v1"),
    ("v1", "Namspace", "Namespace", "v1"),
    (f"{TIERS}/v1alpha2", "ClusterNetworkPolcy", "ClusterNetworkPolicy", f"{TIERS}/v1alpha2"),
    (f"{TIERS}/v1alpha2", "AdminNetworkPolices", "AdminNetworkPolicy", f"{TIERS}/v1alpha1"),
    (
        f"{TIERS}/v1alpha1",
        "baselineadminnetworkpolicy",
        "BaselineAdminNetworkPolicy",
        f"{TIERS}/v1alpha1",
    ),
    ("example.com/v1", "AdminNetworkPolcy", "AdminNetworkPolicy", f"{TIERS}/v1alpha1"),
]


@pytest.mark.parametrize(("api_version", "kind", "meant", "right"), MISSPELT)
def test_misspelt_kinds(api_version: str, kind: str, meant: str, right: str) -> None:
    with pytest.raises(InputError) as caught:
        read(_object(api_version, kind))
    (said,) = caught.value.diagnostics
    assert (str(said.location), said.path) == ("<text>:2:1", "kind")
    assert said.message == f"there is no kind `{kind}` in `{api_version}`"
    assert said.help == f"did you mean `{meant}` of `{right}`?"


@pytest.mark.parametrize(
    ("api_version", "kind", "right"),
    [
        ("networking.k8s.io/v2", "NetworkPolicy", "networking.k8s.io/v1"),
        ("network.k8s.io/v1", "NetworkPolicy", "networking.k8s.io/v1"),
        ("example.com/v1", "NetworkPolicy", "networking.k8s.io/v1"),
        ("apps/v1beta2", "Deployment", "apps/v1"),
        ("v1", "Deployment", "apps/v1"),
        ("batch/v1beta1", "CronJob", "batch/v1"),
        ("apps/v1", "Pod", "v1"),
        (f"{TIERS}/v1alpha1", "ClusterNetworkPolicy", f"{TIERS}/v1alpha2"),
        (f"{TIERS}/v1alpha2", "AdminNetworkPolicy", f"{TIERS}/v1alpha1"),
        (f"{TIERS}/v1alpha2", "BaselineAdminNetworkPolicy", f"{TIERS}/v1alpha1"),
        (f"{TIERS}/v1alpha2", "NetworkPolicy", "networking.k8s.io/v1"),
        ("networking.k8s.io/v1", "ClusterNetworkPolicy", f"{TIERS}/v1alpha2"),
    ],
)
def test_known_kinds_where_they_are_not(api_version: str, kind: str, right: str) -> None:
    with pytest.raises(InputError) as caught:
        read(_object(api_version, kind))
    (said,) = caught.value.diagnostics
    assert (str(said.location), said.path) == ("<text>:1:1", "apiVersion")
    assert said.message == f"there is no `{kind}` in `{api_version}`"
    assert said.help == f"did you mean `{right}`?"


@pytest.mark.parametrize(
    ("kind", "right"), [("NetworkPolicy", "networking.k8s.io/v1"), ("Deployment", "apps/v1")]
)
def test_a_version_that_was_removed(kind: str, right: str) -> None:
    """NP-75"""
    with pytest.raises(InputError) as caught:
        read(_object("extensions/v1beta1", kind))
    (said,) = caught.value.diagnostics
    assert said.message == "`extensions/v1beta1` was removed in Kubernetes 1.16"
    assert said.help == f"write `apiVersion: {right}`: the fields are the same"
    assert said.code == "NP-75"


COUNTED = [
    ("networking.k8s.io/v1", "Ingress"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
    ("rbac.authorization.k8s.io/v1", "Role"),  # two letters from Node
    ("stable.example.com/v1", "CronTab"),  # two from CronJob
    ("kubeflow.org/v1", "TFJob"),  # two from Job
    ("serving.knative.dev/v1", "Service"),
    ("batch.volcano.sh/v1alpha1", "Job"),
    ("cilium.io/v2", "CiliumNode"),
    ("projectcalico.org/v3", "IPPool"),
    ("projectcalico.org/v3", "StagedNetworkPolicy"),  # only tried out
    ("crd.antrea.io/v1beta1", "ExternalIPPool"),
    ("k8s.ovn.org/v1", "EgressIP"),
]


@pytest.mark.parametrize(("api_version", "kind"), COUNTED)
def test_other_kinds_are_counted(api_version: str, kind: str) -> None:
    snapshot = read(_object(api_version, kind))
    assert snapshot.summary.skipped == {kind: 1}
    assert not snapshot.diagnostics
    assert not snapshot.unmodelled


TEMPLATE = "{template: {spec: {containers: [{name: c}]}}}"


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("argoproj.io/v1alpha1", "Rollout"),
        ("apps.openshift.io/v1", "DeploymentConfig"),
        ("serving.knative.dev/v1", "Service"),
        ("apps.kruise.io/v1beta1", "StatefulSet"),
    ],
)
def test_other_kinds_with_a_pod_template_are_a_warning(api_version: str, kind: str) -> None:
    text = _object(api_version, kind, TEMPLATE)
    assert remarks(text, Severity.WARNING) == [
        f"2:1: kind: NotModelled: `{kind}` may run pods that netsim does not model"
    ]
    (item,) = read(text).unmodelled
    assert (item.kind, item.namespace, item.name) == (kind, "a", "x")


# The header of a document, and what is said of it.
HEADERS = [
    ("kind: Pod", "1:1: apiVersion: Required: must be given"),
    ("apiVersion: v1", "1:1: kind: Required: must be given"),
    ("apiVersion: v1\nkind: ''", "2:1: kind: Required: must be given"),
    ("apiVersion: v1\nkind: null", "2:1: kind: Required: must be given"),
    ("a: b", "1:1: kind: Required: must be given, and so must `apiVersion`"),
    ("apiVersion: v1\nkind: [Pod]", "2:1: kind: Decode: must be a string, not a list"),
    ("apiVersion: 1\nkind: 2", "1:1: apiVersion: Decode: must be a string, not the number `1`"),
    ("apiVersion: networking.k8s.io/\nkind: Pod", "1:1: apiVersion: Required: must be given"),
    (
        "apiVersion: a/b/c\nkind: Pod",
        "1:1: apiVersion: Decode: `a/b/c` must be `version` or `group/version`",
    ),
    (
        "apiVersion: v1\nKind: Pod\nmetadata: {name: p}",
        "2:1: Kind: UnknownField: unknown field `Kind`",
    ),
    (
        "apiVersion: v1\nKind: List\nitems: [{apiVersion: v1, kind: Pod}]",
        "2:1: Kind: UnknownField: unknown field `Kind`",
    ),
    (f"apiVersion: {TIERS}/v1alpha2\nkind: ~", "2:1: : Decode: `kind` must be given"),
    (f"apiVersion: {TIERS}/v1alpha1\nmetadata: {{}}", "1:1: : Decode: `kind` must be given"),
    ("apiVersion:\nkind: AdminNetworkPolicy", "1:1: : Decode: `apiVersion` must be given"),
    (
        "apiVersion: 1\nkind: ClusterNetworkPolicy",
        "1:1: : Decode: `apiVersion` must be a string, not the number `1`",
    ),
    ("ApiVersion: v1\nkind: Widget", "1:1: ApiVersion: UnknownField: unknown field `ApiVersion`"),
    ("just text", "1:1: : Decode: must be an object with `apiVersion` and `kind`"),
    ("- a", "1:1: : Decode: must be an object with `apiVersion` and `kind`"),
]


@pytest.mark.parametrize(("text", "expected"), HEADERS)
def test_headers(text: str, expected: str) -> None:
    assert errors(text) == [expected]


NO_OBJECTS = ["resources: [a.yaml]", "on: push\njobs: {}", "- a\n- b", "spec: {a: b}", "text"]


@pytest.mark.parametrize("text", NO_OBJECTS)
def test_what_is_no_object_is_passed_over_in_a_folder(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    (tmp_path / "b.yaml").write_text("{apiVersion: v1, kind: Namespace, metadata: {name: a}}")
    snapshot = load(tmp_path)
    assert snapshot.summary.skipped == {"not a Kubernetes object": 1}
    (said,) = snapshot.diagnostics
    assert said.severity is Severity.NOTE
    assert str(said) == f"{tmp_path}/a.yaml:1:1: not a Kubernetes object: passed over"


@pytest.mark.parametrize("text", NO_OBJECTS)
def test_what_is_no_object_is_an_error_in_a_file_that_was_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    with pytest.raises(InputError):
        load(path)


@pytest.mark.parametrize("field", ["podSelector", "policyTypes", "ingress", "egress"])
@pytest.mark.parametrize(
    "header", ["", "kind: NetworkPolicy\n", "apiVersion: networking.k8s.io/v1\n"]
)
def test_a_policy_without_its_header_is_an_error_anywhere(
    tmp_path: Path, field: str, header: str
) -> None:
    (tmp_path / "a.yaml").write_text(f"{header}metadata: {{name: x}}\nspec: {{{field}: }}")
    with pytest.raises(InputError):
        load(tmp_path)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1), ("abc", "acb", 2), ("abc", "xyz", 3)],
)
def test_edit_distance(one: str, other: str, expected: int) -> None:
    assert distance(one, other) == distance(other, one) == expected
