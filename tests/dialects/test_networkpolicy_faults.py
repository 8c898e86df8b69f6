"""The fault table of NetworkPolicy: for each rule a manifest, and all that is wrong with it.

Each fault is `line:column path type code`, the place being that of the nearest written field.
"""

from __future__ import annotations

import pytest

from netsim.dialects.networkpolicy.decode import NETWORK_POLICY
from netsim.errors import Diagnostic, Severity
from netsim.model.semantics import Semantics
from netsim.schema.fault import diagnostics
from netsim.schema.kinds import first_faults
from netsim.source.documents import read_text

HEADER = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
"""


def _found(manifest: str, **options: str) -> list[Diagnostic]:
    semantics = Semantics().with_texts(options)
    reading = read_text(manifest)
    assert not reading.diagnostics
    (document,) = reading.documents
    found = first_faults(NETWORK_POLICY, document.value, document.duplicates, semantics)
    return diagnostics(found, document.origin)


def _texts(found: list[Diagnostic]) -> list[str]:
    return [
        f"{item.location.line}:{item.location.column} {item.path} {item.type} {item.code}"
        for item in found
        if item.location and item.severity is Severity.ERROR
    ]


# Everything but the spec. The manifests are whole.
OBJECTS: list[tuple[str, list[str]]] = [
    # DEC-3
    ("kind: NetworkPolicy", ["1:1 apiVersion Required DEC-3"]),
    ("apiVersion: networking.k8s.io/v1", ["1:1 kind Required DEC-3"]),
    (HEADER.replace("NetworkPolicy", "[x]"), ["2:1 kind Decode DEC-12"]),
    (HEADER.replace("/v1", "/v1/x"), ["1:1 apiVersion Decode DEC-3"]),
    ("[a]", ["1:1  Decode DEC-3"]),
    # DEC-10: the names of fields are case-sensitive, and status is gone
    (f"{HEADER}Spec: {{}}", ["4:1 Spec UnknownField DEC-10"]),
    (f"{HEADER}status: {{}}", ["4:1 status UnknownField DEC-10"]),
    # DEC-11
    (f"{HEADER}spec: {{}}\nspec: {{}}", ["5:1 spec DuplicateField DEC-11"]),
    (
        f"{HEADER}spec: 5\nspec: {{x: 1, x: 2}}",
        [
            "5:1 spec DuplicateField DEC-11",
            "5:14 x DuplicateField DEC-11",
            "5:14 spec.x UnknownField DEC-10",
        ],
    ),
    # VAL-2..4, and their types
    (HEADER.replace("name: web, ", ""), ["3:1 metadata.name Required VAL-2"]),
    (HEADER.replace("web", "Web"), ["3:12 metadata.name Invalid VAL-2"]),
    (HEADER.replace("web", "y"), ["3:12 metadata.name Decode DEC-12"]),
    (HEADER.replace("shop", "a.b"), ["3:23 metadata.namespace Invalid VAL-3"]),
    (HEADER.replace("shop", "shop, labels: {a: b, -: c}"), ["3:55 metadata.labels Invalid VAL-4"]),
    (HEADER.replace("shop", "shop, labels: {a: 1.10}"), ["3:49 metadata.labels Decode DEC-12"]),
    (HEADER.replace("{name: web, namespace: shop}", "[]"), ["3:1 metadata Decode DEC-12"]),
]

# What stands under `spec:`, flow style, in line 4 from column 7.
SPECS: list[tuple[str, list[str]]] = [
    # DEC-12, DEC-13
    ("[]", ["4:1 spec Decode DEC-12"]),
    ("{podSelector: web}", ["4:8 spec.podSelector Decode DEC-12"]),
    ("{ingress: {}}", ["4:8 spec.ingress Decode DEC-12"]),
    ("{ingress: [[]]}", ["4:18 spec.ingress[0] Decode DEC-12"]),
    ("{ingress: [{from: {}}]}", ["4:19 spec.ingress[0].from Decode DEC-12"]),
    ("{egress: [{to: [x]}]}", ["4:23 spec.egress[0].to[0] Decode DEC-12"]),
    ("{policyTypes: Ingress}", ["4:8 spec.policyTypes Decode DEC-12"]),
    ("{policyTypes: [{}]}", ["4:22 spec.policyTypes[0] Decode DEC-12"]),
    ("{ingress: [{ports: [{port: y}]}]}", ["4:28 spec.ingress[0].ports[0].port Decode DEC-13"]),
    ("{ingress: [{ports: [{port: 8.5}]}]}", ["4:28 spec.ingress[0].ports[0].port Decode DEC-13"]),
    ("{ingress: [{ports: [{endPort: '80'}]}]}", [
        "4:28 spec.ingress[0].ports[0].endPort Decode DEC-12"
    ]),
    ("{podSelector: {matchLabels: {a: b, c: 1}}}", ["4:42 spec.podSelector.matchLabels Decode DEC-12"]),
    ("{podSelector: {matchExpressions: [{key: a, operator: In, values: [1]}]}}", [
        "4:73 spec.podSelector.matchExpressions[0].values[0] Decode DEC-12"
    ]),
    ("{egress: [{to: [{ipBlock: {cidr: [], except: [1]}}]}]}", [
        "4:34 spec.egress[0].to[0].ipBlock.cidr Decode DEC-12",
        "4:53 spec.egress[0].to[0].ipBlock.except[0] Decode DEC-12",
    ]),
    # DEC-10
    ("{PodSelector: {}}", ["4:8 spec.PodSelector UnknownField DEC-10"]),
    ("{ingress: [{to: []}]}", ["4:19 spec.ingress[0].to UnknownField DEC-10"]),
    ("{egress: [{from: []}]}", ["4:18 spec.egress[0].from UnknownField DEC-10"]),
    ("{ingress: [{ports: [{protocols: x}]}]}", [
        "4:28 spec.ingress[0].ports[0].protocols UnknownField DEC-10"
    ]),
    # DEC-20: null elements
    ("{ingress: [{from: [~]}]}", ["4:26 spec.ingress[0].from[0] Required VAL-20"]),
    ("{ingress: [~], egress: [{to: ~, ports: [~]}]}", []),
    ("{policyTypes: [~]}", ["4:22 spec.policyTypes[0] NotSupported VAL-40"]),
    # VAL-10, VAL-11: the subject and both selectors of a peer
    ("{podSelector: {matchLabels: {a: b c}}}", ["4:36 spec.podSelector.matchLabels Invalid VAL-11"]),
    ("{ingress: [{from: [{podSelector: {matchExpressions: [{key: a, operator: in}]}}]}]}", [
        "4:69 spec.ingress[0].from[0].podSelector.matchExpressions[0].operator Invalid VAL-10"
    ]),
    ("{egress: [{to: [{namespaceSelector: {matchExpressions: [{key: a, operator: In}]}}]}]}", [
        "4:63 spec.egress[0].to[0].namespaceSelector.matchExpressions[0].values Required VAL-10"
    ]),
    # VAL-20..25
    ("{ingress: [{from: [{}]}]}", ["4:26 spec.ingress[0].from[0] Required VAL-20"]),
    ("{ingress: [{from: [{podSelector: ~, ipBlock: ~}]}]}", [
        "4:26 spec.ingress[0].from[0] Required VAL-20"
    ]),
    ("{ingress: [{from: [{podSelector: {}, ipBlock: {cidr: x}}]}]}", [
        "4:54 spec.ingress[0].from[0].ipBlock.cidr Invalid VAL-23",
        "4:26 spec.ingress[0].from[0] Forbidden VAL-21",
    ]),
    ("{egress: [{to: [{ipBlock: {}}]}]}", [
        "4:24 spec.egress[0].to[0].ipBlock.cidr Required VAL-22"
    ]),
    ("{egress: [{to: [{ipBlock: {cidr: '', except: [x]}}]}]}", [
        "4:34 spec.egress[0].to[0].ipBlock.cidr Required VAL-22"
    ]),
    ("{egress: [{to: [{ipBlock: {cidr: 10.0.0.0, except: [x]}}]}]}", [
        "4:34 spec.egress[0].to[0].ipBlock.cidr Invalid VAL-23"
    ]),
    ("{egress: [{to: [{ipBlock: {cidr: 10.0.0.1/8, except: [10.1.0.1/8]}}]}]}", [
        "4:34 spec.egress[0].to[0].ipBlock.cidr Invalid VAL-24",
        "4:61 spec.egress[0].to[0].ipBlock.except[0] Invalid VAL-24",
        "4:61 spec.egress[0].to[0].ipBlock.except[0] Invalid VAL-25",
    ]),
    ("{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [~, 10.0.0.0/8]}}]}]}", [
        "4:61 spec.egress[0].to[0].ipBlock.except[0] Invalid VAL-23",
        "4:64 spec.egress[0].to[0].ipBlock.except[1] Invalid VAL-25",
    ]),
    # VAL-30, VAL-31
    ("{ingress: [{ports: [{protocol: tcp}]}]}", [
        "4:28 spec.ingress[0].ports[0].protocol NotSupported VAL-30"
    ]),
    ("{ingress: [{ports: [{protocol: ''}]}]}", [
        "4:28 spec.ingress[0].ports[0].protocol NotSupported VAL-30"
    ]),
    ("{ingress: [{ports: [{port: 0}, {port: 65536}, {port: 65535}]}]}", [
        "4:28 spec.ingress[0].ports[0].port Invalid VAL-30",
        "4:39 spec.ingress[0].ports[1].port Invalid VAL-30",
    ]),
    ("{ingress: [{ports: [{port: '80'}]}]}", ["4:28 spec.ingress[0].ports[0].port Invalid VAL-31"]),
    ("{ingress: [{ports: [{port: ''}]}]}", [
        "4:28 spec.ingress[0].ports[0].port Invalid VAL-31",
        "4:28 spec.ingress[0].ports[0].port Invalid VAL-31",
    ]),
    ("{ingress: [{ports: [{endPort: 80}]}]}", ["4:28 spec.ingress[0].ports[0].endPort Invalid VAL-30"]),
    ("{ingress: [{ports: [{port: a, endPort: 0}]}]}", [
        "4:37 spec.ingress[0].ports[0].endPort Invalid VAL-30"
    ]),
    ("{ingress: [{ports: [{port: 80, endPort: 0}]}]}", [
        "4:38 spec.ingress[0].ports[0].endPort Invalid VAL-30",
        "4:38 spec.ingress[0].ports[0].endPort Invalid VAL-30",
    ]),
    ("{ingress: [{ports: [{port: 80, endPort: 80}]}]}", []),
    # VAL-40
    ("{policyTypes: [Ingress, Ingress]}", []),
    ("{policyTypes: [ingress, Egress]}", ["4:22 spec.policyTypes[0] NotSupported VAL-40"]),
    ("{policyTypes: [Ingress, Egress, x]}", ["4:8 spec.policyTypes Invalid VAL-40"]),
    # NP-9: dead rules are validated
    ("{policyTypes: [Ingress], egress: [{to: [{}]}]}", ["4:47 spec.egress[0].to[0] Required VAL-20"]),
]  # fmt: skip


@pytest.mark.parametrize(("manifest", "expected"), OBJECTS)
def test_objects(manifest: str, expected: list[str]) -> None:
    assert _texts(_found(manifest)) == expected


@pytest.mark.parametrize(("spec", "expected"), SPECS)
def test_specs(spec: str, expected: list[str]) -> None:
    assert _texts(_found(f"{HEADER}spec: {spec}\n")) == expected


def test_all_faults_of_a_stage_in_the_order_of_the_server() -> None:
    """VAL-1: metadata, podSelector, ingress (ports, then from), egress, policyTypes"""
    spec = """\
spec:
  policyTypes: [x]
  egress: [{to: [{}]}]
  ingress: [{from: [{}], ports: [{port: 0}]}]
  podSelector: {matchLabels: {-: x}}
"""
    assert _texts(_found(HEADER.replace("web", "W") + spec)) == [
        "3:12 metadata.name Invalid VAL-2",
        "8:31 spec.podSelector.matchLabels Invalid VAL-11",
        "7:35 spec.ingress[0].ports[0].port Invalid VAL-30",
        "7:21 spec.ingress[0].from[0] Required VAL-20",
        "6:18 spec.egress[0].to[0] Required VAL-20",
        "5:17 spec.policyTypes[0] NotSupported VAL-40",
    ]


def test_lax_addresses_only_warn() -> None:
    """VAL-24, IMP-18"""
    spec = "spec: {egress: [{to: [{ipBlock: {cidr: 10.0.0.1/8}}]}]}"
    (found,) = _found(HEADER + spec, strict_ip="false")
    assert (found.severity, found.code) == (Severity.WARNING, "VAL-24")


@pytest.mark.parametrize(
    ("spec", "message", "help"),
    [
        (
            "{ingress: [{from: [{podSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]}",
            "may not specify both ipBlock and another peer",
            "write two items; the items of `from` and `to` are alternatives",
        ),
        (
            "{ingress: [{ports: [{port: '8080'}]}]}",
            "port name `8080` must have at least one letter",
            "take the quotes away: in quotes it is a port name",
        ),
        (
            "{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]}",
            "`10.0.0.0/8` must be a strict subset of `cidr` (10.0.0.0/8)",
            "`except` takes a smaller block out of `cidr`; it denies nothing elsewhere",
        ),
        (
            "{ingress: [{ports: [{protocol: tcp}]}]}",
            "`tcp` is not a protocol",
            "did you mean `TCP`?",
        ),
        (
            "{podSelector: {matchLabels: {on: 'yes', version: 1}}}",
            "the value of `version` must be a string, not the number `1`",
            "put it in quotes: without them YAML reads a number or a boolean",
        ),
    ],
)
def test_messages(spec: str, message: str, help: str) -> None:
    (found,) = _found(f"{HEADER}spec: {spec}")
    assert (found.message, found.help) == (message, help)
