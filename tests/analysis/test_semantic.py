"""What evaluating cluster policies finds: each kind where it is, and not where it isn't."""

from __future__ import annotations

import pytest
from builders import cluster, namespace, node, pod
from tier_builders import EVERYBODY, anp, answered, banp, cnp

from netsim import Snapshot
from netsim.analysis.finding import FindingKind
from netsim.analysis.semantic import findings
from netsim.model.profiles import profile_named

SHOP, DATA = (
    "{namespaces: {matchLabels: {team: shop}}}",
    "{namespaces: {matchLabels: {team: data}}}",
)
PODS = (
    namespace("shop", "{team: shop}"),
    namespace("data", "{team: data}"),
    pod("shop/web", "{app: web}", ip="10.0.1.1", ports="[{name: http, containerPort: 8080}]"),
    pod("shop/api", "{app: api}", ip="10.0.1.2"),
    pod("data/db", "{app: db}", ip="10.0.2.1"),
)
ISOLATED = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: isolated, namespace: data}
spec: {podSelector: {}, policyTypes: [Egress]}"""


def rule(action: str, peers: str, field: str = "from", ports: str = "") -> str:
    more = f", protocols: [{ports}]" if ports else ""
    return f"{{action: {action}, {field}: [{peers}]{more}}}"


def tcp(first: int, last: int = 0) -> str:
    numbers = f"range: {{start: {first}, end: {last}}}" if last else f"number: {first}"
    return f"{{tcp: {{destinationPort: {{{numbers}}}}}}}"


def found(snapshot: Snapshot, kind: FindingKind) -> list[tuple[str, str]]:
    """The policy and the field of each finding of a kind."""
    return [
        (each.places[0].policy.name, each.places[0].field.removeprefix("spec."))
        for each in findings(snapshot)
        if each.kind is kind
    ]


def shadowed(*policies: str, **options: object) -> list[tuple[str, str]]:
    return found(cluster(*PODS, *policies, **options), FindingKind.SHADOWED)


def test_a_policy_that_has_nothing_wrong() -> None:
    ingress = f"{rule('Accept', SHOP)}, {rule('Deny', EVERYBODY)}"
    assert findings(cluster(*PODS, cnp(ingress=ingress))) == ()
    assert findings(cluster(*PODS)) == ()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (rule("Deny", EVERYBODY), rule("Accept", SHOP)),
        (rule("Pass", EVERYBODY), rule("Accept", SHOP, ports=tcp(80))),
        (rule("Deny", SHOP, ports=tcp(1, 100)), rule("Deny", SHOP, ports=tcp(80))),
        (rule("Deny", f"{SHOP}, {DATA}"), rule("Accept", EVERYBODY)),
        # the only ones that declare it, and at this very number
        (
            rule("Deny", EVERYBODY, ports=tcp(8080)),
            rule("Accept", EVERYBODY, ports="{destinationNamedPort: http}"),
        ),
    ],
)
def test_what_earlier_rules_decide(earlier: str, later: str) -> None:
    assert shadowed(cnp(ingress=f"{earlier}, {later}")) == [("p", "ingress[1]")]
    assert shadowed(cnp("a", ingress=earlier, priority=1), cnp("b", ingress=later)) == [
        ("b", "ingress[0]")
    ]
    # by name alone
    assert shadowed(cnp("a", ingress=earlier), cnp("b", ingress=later)) == [("b", "ingress[0]")]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (rule("Deny", SHOP), rule("Accept", EVERYBODY)),
        (rule("Deny", EVERYBODY, ports=tcp(1, 65535)), rule("Accept", SHOP)),  # UDP, ICMP
        (rule("Deny", SHOP, ports=tcp(81, 100)), rule("Deny", SHOP, ports=tcp(80))),
        (
            rule("Deny", EVERYBODY, ports="{destinationNamedPort: http}"),
            rule("Accept", EVERYBODY, ports=tcp(8080)),
        ),
    ],
)
def test_what_earlier_rules_leave(earlier: str, later: str) -> None:
    assert shadowed(cnp(ingress=f"{earlier}, {later}")) == []


def test_the_subject_counts() -> None:
    deny, accept = rule("Deny", EVERYBODY), rule("Accept", EVERYBODY)
    narrow = cnp("a", subject=SHOP, ingress=deny, priority=1)
    assert shadowed(narrow, cnp("b", ingress=accept)) == []
    assert shadowed(narrow, cnp("b", subject=SHOP, ingress=accept)) == [("b", "ingress[0]")]
    other = cnp("c", subject=DATA, ingress=deny, priority=2)
    assert shadowed(narrow, other, cnp("d", ingress=accept)) == [("d", "ingress[0]")]


def test_a_tier_is_not_in_the_shadow_of_the_other() -> None:
    deny = rule("Deny", EVERYBODY)
    assert shadowed(cnp("a", ingress=deny), cnp("b", ingress=deny, tier="Baseline")) == []


def test_a_pod_that_is_alone_never_asks_itself() -> None:
    """NP-58: so that nothing is left for the second rule."""
    web = "{pods: {podSelector: {matchLabels: {app: web}}}}"
    others = "{pods: {podSelector: {matchLabels: {app: api}}}}"
    policy = cnp(
        subject=web, ingress=f"{rule('Deny', f'{others}, {DATA}')}, {rule('Accept', EVERYBODY)}"
    )
    assert shadowed(policy) == [("p", "ingress[1]")]
    assert shadowed(policy, self_traffic="policy") == []


def egress(*rules: tuple[str, str]) -> str:
    return ", ".join(rule(action, peers, "to") for action, peers in rules)


@pytest.mark.parametrize(
    ("earlier", "later", "is_shadowed"),
    [
        ("{networks: [0.0.0.0/0]}", EVERYBODY, True),
        ("{networks: [0.0.0.0/0]}", "{networks: [203.0.113.0/24]}", True),
        ("{networks: [0.0.0.0/1, 128.0.0.0/1]}", "{networks: [0.0.0.0/0]}", True),
        ("{networks: [0.0.0.0/1, 192.0.0.0/2]}", "{networks: [0.0.0.0/0]}", False),
        ("{networks: [0.0.0.0/1]}", "{networks: [0.0.0.0/0]}", False),
        ("{networks: [0.0.0.0/0]}", "{networks: ['::/0']}", False),
        ("{networks: [203.0.113.0/25, 203.0.113.128/25]}", "{networks: [203.0.113.0/24]}", True),
        ("{networks: [203.0.113.0/25]}", "{networks: [203.0.113.0/24]}", False),
        # nobody is left there but pods
        (EVERYBODY, "{networks: [10.0.1.1/32]}", True),
        (EVERYBODY, "{networks: [10.0.1.0/30]}", False),
        ("{networks: [192.168.0.1/32]}", "{nodes: {}}", True),
        ("{nodes: {}}", "{networks: [192.168.0.1/32]}", True),
        ("{networks: [192.168.0.2/32]}", "{nodes: {}}", False),
    ],
)
def test_networks_and_nodes(earlier: str, later: str, is_shadowed: bool) -> None:
    snapshot = cluster(
        *PODS, node("n1", "192.168.0.1"), cnp(egress=egress(("Accept", earlier), ("Deny", later)))
    )
    expected = [("p", "egress[1]")] if is_shadowed else []
    assert found(snapshot, FindingKind.SHADOWED) == expected


@pytest.mark.parametrize(
    ("earlier", "later", "is_shadowed"),
    [
        ("*.example.com", "www.example.com", True),
        ("www.example.com", "*.example.com", False),
        ("*.example.com", "example.com", False),
        ("*.example.com", "*.api.example.com", True),
    ],
)
def test_names(earlier: str, later: str, is_shadowed: bool) -> None:
    peers = (f"{{domainNames: ['{name}']}}" for name in (earlier, later))
    policy = cnp(egress=egress(*(("Accept", each) for each in peers)))
    assert shadowed(policy) == ([("p", "egress[1]")] if is_shadowed else [])


def test_labels_that_nobody_knows_leave_it_open() -> None:
    """WL-7: a rule that may decide isn't said never to."""
    job = """\
apiVersion: batch/v1
kind: Job
metadata: {name: j, namespace: shop}
spec: {template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}"""
    keyed = "{pods: {podSelector: {matchLabels: {controller-uid: x}}}}"
    other = "{pods: {podSelector: {matchExpressions: [{key: controller-uid, operator: Exists}]}}}"
    ingress = f"{rule('Deny', keyed)}, {rule('Accept', other)}"
    assert shadowed(job, cnp(ingress=ingress)) == []
    ingress = f"{rule('Deny', other)}, {rule('Accept', keyed)}"
    assert shadowed(job, cnp(ingress=ingress)) == [("p", "ingress[1]")]


def ambiguous(*policies: str) -> list[tuple[str, str]]:
    snapshot = cluster(*PODS, *policies)
    for finding in findings(snapshot):
        if finding.kind is FindingKind.AMBIGUOUS:
            assert finding.witness
            ends = str(finding.witness.source), str(finding.witness.destination)
            answer = answered(snapshot, *ends, f"{finding.witness.port}/tcp")
            assert answer.ingress.ambiguous or answer.egress.ambiguous
    return found(snapshot, FindingKind.AMBIGUOUS)


def test_policies_that_disagree() -> None:
    deny, accept = rule("Deny", SHOP), rule("Accept", EVERYBODY, ports=tcp(80))
    other = rule("Deny", DATA)
    first = cnp("a", ingress=f"{other}, {deny}")
    assert ambiguous(first, cnp("b", ingress=accept)) == [("a", "ingress[0]")]
    assert ambiguous(first, cnp("b", ingress=accept, priority=11)) == []
    assert ambiguous(first, cnp("b", ingress=accept, tier="Baseline")) == []
    assert ambiguous(first, cnp("b", ingress=deny)) == []
    # decided before it gets to them
    before = cnp("0-first", ingress=rule("Pass", EVERYBODY), priority=1)
    assert ambiguous(before, first, cnp("b", ingress=accept)) == []
    # of two APIs
    assert ambiguous(
        first,
        anp(
            "b",
            ingress=accept.replace("Accept", "Allow").replace(
                f", protocols: [{tcp(80)}]", ", ports: [{portNumber: {port: 80}}]"
            ),
        ),
    ) == [("a", "ingress[0]")]


def test_three_that_disagree_are_three_pairs() -> None:
    policies = [
        cnp(name, ingress=rule(action, SHOP))
        for name, action in (("a", "Deny"), ("b", "Accept"), ("c", "Pass"))
    ]
    assert [name for name, _ in ambiguous(*policies)] == ["a", "a", "b"]


def test_baseline_disagrees_where_it_is_asked() -> None:
    deny = rule("Deny", EVERYBODY, "to")
    pair = [
        cnp("a", tier="Baseline", subject=DATA, egress=deny),
        cnp("b", tier="Baseline", subject=DATA, egress=deny.replace("Deny", "Accept")),
    ]
    assert ambiguous(*pair) == [("a", "egress[0]")]
    assert ambiguous(*pair, ISOLATED) == []


def denies(*policies: str) -> list[tuple[str, str]]:
    return found(cluster(*PODS, *policies), FindingKind.DENIES_PODS)


def test_a_deny_of_all_addresses_denies_pods() -> None:
    """ANP-15"""
    wide = ("Deny", "{networks: [0.0.0.0/0]}")
    assert denies(cnp(egress=egress(wide))) == [("p", "egress[0]")]
    assert denies(banp(egress=egress(wide))) == [("default", "egress[0]")]
    assert denies(cnp(egress=egress(("Pass", EVERYBODY), wide))) == []
    assert denies(cnp(egress=egress(("Accept", SHOP), wide))) == [("p", "egress[1]")]
    assert (
        denies(cnp("a", priority=1, egress=egress(("Pass", EVERYBODY))), cnp(egress=egress(wide)))
        == []
    )
    # who says pods means them
    assert denies(cnp(egress=egress(("Deny", f"{wide[1]}, {EVERYBODY}")))) == []
    assert denies(cnp(egress=egress(("Deny", f"{wide[1]}, {SHOP}")))) == [("p", "egress[0]")]
    # IPv6, which no pod has
    assert denies(cnp(egress=egress(("Deny", "{networks: ['::/0']}")))) == []
    assert denies(cnp(egress=egress(("Accept", wide[1])))) == []


def hidden(*policies: str, **options: object) -> list[tuple[str, str]]:
    return found(cluster(*PODS, *policies, **options), FindingKind.HIDDEN)


def test_baseline_that_is_never_asked() -> None:
    """ANP-9, IMP-11"""
    out, into = egress(("Deny", SHOP)), rule("Deny", SHOP)
    of_data = cnp(tier="Baseline", subject=DATA, egress=out, ingress=into)
    assert hidden(of_data) == []
    assert hidden(of_data, ISOLATED) == [("p", "egress")]
    assert hidden(of_data, ISOLATED, baseline_scope="pod") == [("p", "ingress"), ("p", "egress")]
    assert hidden(cnp(tier="Baseline", egress=out, ingress=into), ISOLATED) == []
    assert hidden(cnp(subject=DATA, egress=out, ingress=into), ISOLATED) == []


def test_it_says_in_which_direction_its_subjects_are_isolated() -> None:
    """With IMP-11 either is enough."""
    inward = ISOLATED.replace("isolated,", "inward,").replace("Egress", "Ingress")
    both_in_shop = inward.replace("namespace: data", "namespace: shop").replace(
        "[Ingress]", "[Ingress, Egress]"
    )
    everyone = cnp(tier="Baseline", ingress=rule("Deny", EVERYBODY))
    of_data = cnp(tier="Baseline", ingress=rule("Deny", SHOP), subject=DATA)

    def said(*policies: str) -> list[tuple[str, str]]:
        told = findings(cluster(*PODS, *policies, baseline_scope="pod"))
        hidden = (each for each in told if each.kind is FindingKind.HIDDEN)
        return [(each.code, each.message.partition("its subjects ")[2]) for each in hidden]

    enough = "with baseline_scope=pod that is enough"
    assert said(of_data, ISOLATED) == [("IMP-11", f"for egress: {enough}")]
    assert said(of_data, inward) == [("ANP-9", "for ingress, and have the last word")]
    assert said(everyone, ISOLATED, both_in_shop) == [
        ("IMP-11", f"for ingress or egress: {enough}")
    ]


def nobody(*policies: str) -> list[tuple[str, str]]:
    return found(cluster(*PODS, *policies), FindingKind.NOBODY)


def test_nobody() -> None:
    none = "{namespaces: {matchLabels: {team: x}}}"
    assert nobody(cnp(subject=none, ingress=rule("Deny", none))) == [("p", "subject")]
    assert nobody(cnp(ingress=rule("Deny", none))) == [("p", "ingress[0].from")]
    assert nobody(cnp(ingress=rule("Deny", f"{none}, {SHOP}"))) == []
    assert nobody(cnp(egress=egress(("Deny", "{nodes: {}}")))) == [("p", "egress[0].to")]
    web = "{destinationNamedPort: web}"
    assert nobody(cnp(ingress=rule("Deny", SHOP, ports=web))) == [("p", "ingress[0].protocols")]


@pytest.mark.parametrize(
    ("profile", "policy", "expected"),
    [
        ("ovn-kubernetes", anp(priority=100, ingress=rule("Deny", SHOP)), True),
        ("ovn-kubernetes", anp(priority=99, ingress=rule("Deny", SHOP)), False),
        ("ovn-kubernetes", banp(ingress=rule("Deny", SHOP)), False),
        ("calico", anp(priority=100, ingress=rule("Deny", SHOP)), False),
    ],
)
def test_priorities_of_a_product(profile: str, policy: str, expected: bool) -> None:
    kinds = [each.kind for each in findings(cluster(*PODS, policy), profile_named(profile))]
    assert kinds == [FindingKind.PRIORITY] * expected
