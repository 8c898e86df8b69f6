"""The fault tables of the cluster policies: for each rule a manifest, and all that is wrong with it.

Each fault is `line:column path type code`, the place being that of the nearest written field.
"""

from __future__ import annotations

import pytest

from netsim.dialects.adminnetworkpolicy.decode import (
    ADMIN_NETWORK_POLICY,
    BASELINE_ADMIN_NETWORK_POLICY,
)
from netsim.dialects.clusternetworkpolicy.decode import CLUSTER_NETWORK_POLICY
from netsim.dialects.tiers.syntax import TierPolicy
from netsim.errors import Diagnostic, Severity
from netsim.model.semantics import Semantics
from netsim.schema.fault import diagnostics
from netsim.schema.kinds import ObjectKind, first_faults
from netsim.source.documents import read_text

CNP, ANP, BANP = CLUSTER_NETWORK_POLICY, ADMIN_NETWORK_POLICY, BASELINE_ADMIN_NETWORK_POLICY
Kind = ObjectKind[TierPolicy]


def _found(kind: Kind, text: str, **options: str) -> list[Diagnostic]:
    semantics = Semantics().with_texts(options)
    reading = read_text(text)
    assert not reading.diagnostics
    (document,) = reading.documents
    found = first_faults(kind, document.value, document.duplicates, semantics)
    return diagnostics(found, document.origin)


def _texts(found: list[Diagnostic], severity: Severity = Severity.ERROR) -> list[str]:
    return [
        f"{item.location.line}:{item.location.column} {item.path} {item.type} {item.code}"
        for item in found
        if item.location and item.severity is severity
    ]


def _header(kind: Kind) -> str:
    name = "default" if kind is BANP else "p"
    return f"apiVersion: {kind.api_version}\nkind: {kind.kind}\nmetadata: {{name: {name}}}\n"


# Everything but the spec, of a ClusterNetworkPolicy. `SPEC` stands for a valid one.
SPEC = "spec: {tier: Admin, priority: 0, subject: {namespaces: {}}}"
OBJECTS: list[tuple[str, list[str]]] = [
    (f"{_header(CNP)}{SPEC}", []),
    # DEC-3: without a kind the server knows no field
    (f"kind: {CNP.kind}\n{SPEC}", ["1:1  Decode DEC-3"]),
    (f"apiVersion: {CNP.api_version}\n{SPEC}", ["1:1  Decode DEC-3"]),
    (f"{_header(CNP).replace(CNP.kind, '[x]')}{SPEC}", ["2:1  Decode DEC-12"]),
    # ANP-30: metadata is decoded, all else is held against the schema
    (f"{_header(CNP).replace('{name: p}', '[]')}{SPEC}", ["3:1  Decode DEC-12"]),
    (f"{_header(CNP).replace('p}', '5}')}{SPEC}", ["3:12 metadata.name Decode DEC-12"]),
    (
        f"{_header(CNP).replace('p}', 'p, labels: {a: 1}}')}{SPEC}",
        ["3:30 metadata.labels Decode DEC-12"],
    ),
    (f"{_header(CNP).replace('name: p', '')}{SPEC}", ["3:1 metadata.name Required VAL-2"]),
    (f"{_header(CNP).replace('p}', 'P}')}{SPEC}", ["3:12 metadata.name Invalid VAL-2"]),
    # a missing name keeps the CEL rules from being asked
    (
        f"{_header(CNP).replace('name: p', '')}{SPEC[:-1]}, egress: [{{action: Deny, to: [{{networks: [x]}}]}}]}}",
        ["3:1 metadata.name Required VAL-2"],
    ),
    (_header(CNP), ["1:1 spec Required ANP-30"]),
    (f"{_header(CNP)}spec:", ["4:1 spec Required ANP-30"]),
    (f"{_header(CNP)}spec: []", ["4:1 spec TypeInvalid ANP-30"]),
    # ANP-32: pruning finds the unknown fields, whatever the types are
    (f"{_header(CNP)}{SPEC}\nSpec: {{}}", ["5:1 Spec UnknownField DEC-10"]),
    (f"{_header(CNP)}{SPEC}\nstatus: {{conditions: 5}}", []),
    (f"{_header(CNP)}{SPEC}\nstatus: {{x: 1}}", ["5:10 status.x UnknownField DEC-10"]),
    (f"{_header(CNP)}spec: [{{tier: x}}]", ["4:9 spec[0].tier UnknownField DEC-10"]),
    (
        f"{_header(CNP)}spec: {{tier: {{a: b}}, x: {{y: 1}}, x: 2}}",
        [
            "4:33 x DuplicateField DEC-11",
            "4:15 spec.tier.a UnknownField DEC-10",
            "4:33 spec.x UnknownField DEC-10",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), OBJECTS, ids=range(len(OBJECTS)))
def test_faults_outside_the_spec(text: str, expected: list[str]) -> None:
    assert _texts(_found(CNP, text)) == expected


def test_a_namespace_is_dropped_with_a_warning() -> None:
    """VAL-3"""
    found = _found(CNP, _header(CNP).replace("p}", "p, namespace: a}") + SPEC)
    assert _texts(found) == []
    assert _texts(found, Severity.WARNING) == ["3:21 metadata.namespace Invalid VAL-3"]


# What stands in the spec beside a valid rank and subject: in line 5, from column 3. Faults without
# a code are of that of the kind.
_RULE = "action: Accept, from: [{namespaces: {}}]"
RULES: list[tuple[str, list[str]]] = [
    ("ingress: ~", []),
    ("ingress: []", []),
    # null is a missing field, but no element
    ("ingress: [~]", ["5:13 spec.ingress[0] TypeInvalid"]),
    ("ingress: {}", ["5:3 spec.ingress TypeInvalid"]),
    ("ingress: {a: 1}", ["5:13 spec.ingress.a UnknownField DEC-10"]),
    ("ingress: [{a: 1}]", ["5:14 spec.ingress[0].a UnknownField DEC-10"]),
    ("ingress: [[{a: 1}]]", ["5:15 spec.ingress[0][0].a UnknownField DEC-10"]),
    ("ingress: [[]]", ["5:13 spec.ingress[0] TypeInvalid"]),
    (
        "ingress: [{}]",
        ["5:13 spec.ingress[0].action Required", "5:13 spec.ingress[0].from Required"],
    ),
    ("ingress: [{action: ~, from: [{namespaces: {}}]}]", ["5:14 spec.ingress[0].action Required"]),
    (
        "ingress: [{action: '', from: [{namespaces: {}}]}]",
        ["5:14 spec.ingress[0].action NotSupported"],
    ),
    (
        "ingress: [{action: deny, from: [{namespaces: {}}]}]",
        ["5:14 spec.ingress[0].action NotSupported"],
    ),
    (
        "ingress: [{action: 5, from: [{namespaces: {}}]}]",
        ["5:14 spec.ingress[0].action TypeInvalid", "5:14 spec.ingress[0].action NotSupported"],
    ),
    ("ingress: [{action: Accept, from: ~}]", ["5:30 spec.ingress[0].from Required"]),
    ("ingress: [{action: Accept, from: []}]", ["5:30 spec.ingress[0].from Invalid"]),
    ("ingress: [{action: Accept, from: [~]}]", ["5:37 spec.ingress[0].from[0] TypeInvalid"]),
    ("ingress: [{action: Accept, from: [{}]}]", ["5:37 spec.ingress[0].from[0] Invalid"]),
    (
        "ingress: [{action: Accept, from: [{namespaces: ~}]}]",
        ["5:37 spec.ingress[0].from[0] Invalid"],
    ),
    (
        "ingress: [{action: Accept, from: [{networks: [10.0.0.0/8]}]}]",
        ["5:38 spec.ingress[0].from[0].networks UnknownField DEC-10"],
    ),
    # too many fields hide what is wrong inside
    (
        "ingress: [{action: Accept, from: [{namespaces: 5, pods: {}}]}]",
        ["5:37 spec.ingress[0].from[0] TooMany"],
    ),
    (
        "ingress: [{action: Accept, from: [{pods: {}}]}]",
        ["5:38 spec.ingress[0].from[0].pods.podSelector Required"],
    ),
    # without a namespaceSelector: every namespace (ANP-4)
    ("ingress: [{action: Accept, from: [{pods: {podSelector: {}}}]}]", []),
    (f"ingress: [{{{_RULE}, name: 5}}]", ["5:56 spec.ingress[0].name TypeInvalid"]),
    (f"ingress: [{{{_RULE}, name: {'é' * 100}}}]", []),
    (f"ingress: [{{{_RULE}, name: {'a' * 101}}}]", ["5:56 spec.ingress[0].name TooLong"]),
    # the shape of selectors, with the key in the path
    (
        "ingress: [{action: Accept, from: [{namespaces: {matchLabels: {a: 1}}}]}]",
        ["5:65 spec.ingress[0].from[0].namespaces.matchLabels.a TypeInvalid"],
    ),
    (
        "ingress: [{action: Accept, from: [{namespaces: {matchExpressions: [{}]}}]}]",
        [
            "5:70 spec.ingress[0].from[0].namespaces.matchExpressions[0].key Required",
            "5:70 spec.ingress[0].from[0].namespaces.matchExpressions[0].operator Required",
        ],
    ),
    (
        "ingress: [{action: Accept, from: [{namespaces: {matchLabels: [{a: b}]}}]}]",
        ["5:66 spec.ingress[0].from[0].namespaces.matchLabels[0].a UnknownField DEC-10"],
    ),
    # networks
    (
        "egress: [{action: Accept, to: [{networks: []}]}]",
        ["5:35 spec.egress[0].to[0].networks Invalid"],
    ),
    (
        "egress: [{action: Accept, to: [{networks: [~]}]}]",
        ["5:46 spec.egress[0].to[0].networks[0] TypeInvalid"],
    ),
    ("egress: [{action: Accept, to: [{networks: [10.0.0.1/8]}]}]", []),
    (
        "egress: [{action: Accept, to: [{networks: [10.0.0.0]}]}]",
        ["5:46 spec.egress[0].to[0].networks[0] Invalid"],
    ),
    (
        "egress: [{action: Accept, to: [{networks: [010.0.0.0/8]}]}]",
        ["5:46 spec.egress[0].to[0].networks[0] Invalid"],
    ),
    (
        "egress: [{action: Accept, to: [{networks: ['::ffff:1.2.3.4/128']}]}]",
        ["5:46 spec.egress[0].to[0].networks[0] Invalid"],
    ),
    (
        "egress: [{action: Accept, to: [{networks: ['fe80::1%eth0/64']}]}]",
        ["5:46 spec.egress[0].to[0].networks[0] Invalid"],
    ),
    (
        f"egress: [{{action: Accept, to: [{{networks: ['{'0' * 44}']}}]}}]",
        ["5:46 spec.egress[0].to[0].networks[0] TooLong"],
    ),
    (
        "egress: [{action: Accept, to: [{networks: [x, 10.0.0.0/8, 10.0.0.0/8]}]}]",
        [
            "5:61 spec.egress[0].to[0].networks[2] Duplicate",
            "5:46 spec.egress[0].to[0].networks[0] Invalid",
        ],
    ),
    # twice the same is seen even where too many fields hide all else
    (
        "egress: [{action: Accept, to: [{networks: ['::/0', '::/0'], namespaces: 1}]}]",
        ["5:34 spec.egress[0].to[0] TooMany", "5:54 spec.egress[0].to[0].networks[1] Duplicate"],
    ),
    # a blocking fault anywhere keeps the CEL rules from being asked
    (
        "ingress: [{}], egress: [{action: Accept, to: [{networks: [x]}]}]",
        ["5:13 spec.ingress[0].action Required", "5:13 spec.ingress[0].from Required"],
    ),
    (
        "ingress: [{action: Accept, from: []}], egress: [{action: Accept, to: [{networks: [x]}]}]",
        ["5:30 spec.ingress[0].from Invalid", "5:85 spec.egress[0].to[0].networks[0] Invalid"],
    ),
]


def _in_spec(kind: Kind, rules: str) -> str:
    """The places are those of a ClusterNetworkPolicy in all kinds: a blank makes up for a letter."""
    if kind is not CNP:
        rules = rules.replace("action: Accept,", "action: Allow ,")
    return (
        f"{_header(kind)}spec: {{\n  {rules},\n  {RANKS[kind.kind]}subject: {{namespaces: {{}}}}}}"
    )


RANKS = {CNP.kind: "tier: Admin, priority: 1, ", ANP.kind: "priority: 1, ", BANP.kind: ""}


@pytest.mark.parametrize("kind", [CNP, ANP, BANP], ids=lambda kind: kind.kind)
@pytest.mark.parametrize(("rules", "expected"), RULES, ids=range(len(RULES)))
def test_faults_that_all_kinds_share(kind: Kind, rules: str, expected: list[str]) -> None:
    """ANP-30, ANP-31"""
    code = "ANP-30" if kind is CNP else "ANP-31"
    coded = [item if item.endswith("DEC-10") else f"{item} {code}" for item in expected]
    assert _texts(_found(kind, _in_spec(kind, rules))) == coded


# A whole spec of a ClusterNetworkPolicy, in line 4 from column 7.
RANKED: list[tuple[str, list[str]]] = [
    (
        "{}",
        [
            "4:1 spec.tier Required",
            "4:1 spec.priority Required",
            "4:1 spec.subject Required",
        ],
    ),
    ("{tier: ~, priority: 1, subject: {namespaces: {}}}", ["4:8 spec.tier Required"]),
    ("{tier: admin, priority: 1, subject: {namespaces: {}}}", ["4:8 spec.tier NotSupported"]),
    (
        "{tier: [Admin], priority: 1, subject: {namespaces: {}}}",
        ["4:8 spec.tier TypeInvalid", "4:8 spec.tier NotSupported"],
    ),
    ("{tier: Admin, priority: '5', subject: {namespaces: {}}}", ["4:21 spec.priority TypeInvalid"]),
    (
        "{tier: Admin, priority: true, subject: {namespaces: {}}}",
        ["4:21 spec.priority TypeInvalid"],
    ),
    ("{tier: Admin, priority: 5.5, subject: {namespaces: {}}}", ["4:21 spec.priority TypeInvalid"]),
    # a fraction is held against the bounds all the same
    (
        "{tier: Admin, priority: -1.5, subject: {namespaces: {}}}",
        ["4:21 spec.priority TypeInvalid", "4:21 spec.priority Invalid"],
    ),
    ("{tier: Admin, priority: 5.0, subject: {namespaces: {}}}", []),
    ("{tier: Admin, priority: 1e2, subject: {namespaces: {}}}", []),
    ("{tier: Admin, priority: 1000, subject: {namespaces: {}}}", []),
    ("{tier: Admin, priority: 1001, subject: {namespaces: {}}}", ["4:21 spec.priority Invalid"]),
    ("{tier: Admin, priority: -1, subject: {namespaces: {}}}", ["4:21 spec.priority Invalid"]),
    (
        "{tier: Admin, priority: 99999999999, subject: {namespaces: {}}}",
        ["4:21 spec.priority Invalid"],
    ),
    ("{tier: Admin, priority: 1, subject: ~}", ["4:34 spec.subject Required"]),
    ("{tier: Admin, priority: 1, subject: []}", ["4:34 spec.subject TypeInvalid"]),
    ("{tier: Admin, priority: 1, subject: {}}", ["4:34 spec.subject Invalid"]),
    ("{tier: Admin, priority: 1, subject: {pods: ~}}", ["4:34 spec.subject Invalid"]),
    (
        "{tier: Admin, priority: 1, subject: {namespaces: {}, pods: {podSelector: {}}}}",
        ["4:34 spec.subject TooMany"],
    ),
]


@pytest.mark.parametrize(("spec", "expected"), RANKED, ids=range(len(RANKED)))
def test_faults_of_the_rank_and_the_subject(spec: str, expected: list[str]) -> None:
    """ANP-30"""
    found = _found(CNP, f"{_header(CNP)}spec: {spec}")
    assert _texts(found) == [f"{item} ANP-30" for item in expected]


# What stands in `protocols: [...]` of an ingress rule, in line 5 from column 68.
PROTOCOLS: list[tuple[str, list[str]]] = [
    ("", ["5:56 protocols Invalid"]),
    ("~", ["5:68 protocols[0] TypeInvalid"]),
    ("{}", ["5:68 protocols[0] Invalid"]),
    ("{tcp: ~}", ["5:68 protocols[0] Invalid"]),
    ("{tcp: {}}", ["5:69 protocols[0].tcp Invalid"]),
    ("{tcp: {destinationPort: {}}}", ["5:75 protocols[0].tcp.destinationPort Invalid"]),
    ("{tcp: {port: 80}}", ["5:75 protocols[0].tcp.port UnknownField DEC-10"]),
    ("{Tcp: {}}", ["5:69 protocols[0].Tcp UnknownField DEC-10"]),
    (
        "{tcp: {destinationPort: {number: 80}}, udp: {destinationPort: {number: 0}}}",
        ["5:68 protocols[0] TooMany"],
    ),
    (
        "{sctp: {destinationPort: {number: 80, range: {}}}}",
        ["5:76 protocols[0].sctp.destinationPort TooMany"],
    ),
    (
        "{tcp: {destinationPort: {number: 0}}}",
        ["5:93 protocols[0].tcp.destinationPort.number Invalid"],
    ),
    (
        "{tcp: {destinationPort: {number: 65536}}}",
        ["5:93 protocols[0].tcp.destinationPort.number Invalid"],
    ),
    (
        "{tcp: {destinationPort: {number: web}}}",
        ["5:93 protocols[0].tcp.destinationPort.number TypeInvalid"],
    ),
    (
        "{tcp: {destinationPort: {range: {start: 9}}}}",
        ["5:93 protocols[0].tcp.destinationPort.range.end Required"],
    ),
    # the CEL rule is asked whatever the bounds say; equality is refused, unlike in endPort
    ("{tcp: {destinationPort: {range: {start: 8, end: 9}}}}", []),
    (
        "{tcp: {destinationPort: {range: {start: 9, end: 9}}}}",
        ["5:93 protocols[0].tcp.destinationPort.range Invalid"],
    ),
    (
        "{tcp: {destinationPort: {range: {start: 9, end: 0}}}}",
        [
            "5:111 protocols[0].tcp.destinationPort.range.end Invalid",
            "5:93 protocols[0].tcp.destinationPort.range Invalid",
        ],
    ),
    # names of ports are any text
    ("{destinationNamedPort: ''}, {destinationNamedPort: A B}", []),
]


@pytest.mark.parametrize(("entries", "expected"), PROTOCOLS, ids=range(len(PROTOCOLS)))
def test_faults_of_protocols(entries: str, expected: list[str]) -> None:
    """ANP-30"""
    found = _found(CNP, _in_spec(CNP, f"ingress: [{{{_RULE}, protocols: [{entries}]}}]"))
    assert _texts(found) == _inside("spec.ingress[0].", expected, "ANP-30")


# The same for `ports: [...]` of an AdminNetworkPolicy.
PORTS: list[tuple[str, list[str]]] = [
    ("", ["5:56 ports Invalid"]),
    ("{}", ["5:64 ports[0] Invalid"]),
    ("{portNumber: {}}", ["5:65 ports[0].portNumber.port Required"]),
    ("{portNumber: {port: 0}}", ["5:78 ports[0].portNumber.port Invalid"]),
    ("{portNumber: {protocol: ~, port: 5}}", []),
    ("{portNumber: {protocol: tcp, port: 5}}", ["5:78 ports[0].portNumber.protocol NotSupported"]),
    ("{namedPort: web, portNumber: {port: 1}}", ["5:64 ports[0] TooMany"]),
    ("{portRange: {start: 5}}", ["5:65 ports[0].portRange.end Required"]),
    ("{portRange: {start: 5, end: 5}}", []),
    ("{portRange: {start: 9, end: 5}}", []),
    ("{port: 80}", ["5:65 ports[0].port UnknownField DEC-10"]),
    ("{namedPort: ''}", []),
]


@pytest.mark.parametrize("kind", [ANP, BANP], ids=lambda kind: kind.kind)
@pytest.mark.parametrize(("entries", "expected"), PORTS, ids=range(len(PORTS)))
def test_faults_of_ports(kind: Kind, entries: str, expected: list[str]) -> None:
    """ANP-31"""
    found = _found(kind, _in_spec(kind, f"ingress: [{{{_RULE}, ports: [{entries}]}}]"))
    assert _texts(found) == _inside("spec.ingress[0].", expected, "ANP-31")


def _inside(path: str, expected: list[str], code: str) -> list[str]:
    """The same from further out, with the code of the kind where there is none."""
    found = []
    for item in expected:
        place, rest = item.split(" ", 1)
        found.append(f"{place} {path}{rest}" + ("" if rest.endswith("DEC-10") else f" {code}"))
    return found


# How many may be in each list.
LIMITS = [
    (CNP, "ingress", 25, "{action: Deny, from: [{namespaces: {}}]}"),
    (ANP, "ingress", 100, "{action: Deny, from: [{namespaces: {}}]}"),
    (BANP, "egress", 100, "{action: Deny, to: [{namespaces: {}}]}"),
    (CNP, "ingress[0].from", 25, "{namespaces: {}}"),
    (ANP, "ingress[0].from", 100, "{namespaces: {}}"),
    (CNP, "egress[0].to", 25, "{namespaces: {}}"),
    (BANP, "egress[0].to", 100, "{namespaces: {}}"),
    (CNP, "ingress[0].protocols", 25, "{destinationNamedPort: x}"),
    (ANP, "ingress[0].ports", 100, "{namedPort: x}"),
    (CNP, "egress[0].to[0].networks", 25, "10.{}.0.0/16"),
    (ANP, "egress[0].to[0].networks", 25, "10.{}.0.0/16"),
    (CNP, "egress[0].to[0].domainNames", 25, "x{}.example.com"),
    (ANP, "egress[0].to[0].domainNames", 25, "x{}.example.com"),
]


@pytest.mark.parametrize(("kind", "path", "most", "item"), LIMITS)
def test_the_most_that_a_list_may_have(kind: Kind, path: str, most: int, item: str) -> None:
    """ANP-2"""

    def found(count: int) -> list[str]:
        items = ", ".join(item.replace("{}.", f"{number}.") for number in range(count))
        said = _found(kind, _in_spec(kind, _around(path, items, kind)))
        return [f"{each.path} {each.type}" for each in said if each.severity is Severity.ERROR]

    assert found(most) == []
    assert found(most + 1) == [f"spec.{path} TooMany"]


def _around(path: str, items: str, kind: Kind) -> str:
    rules, _, rest = path.partition("[0].")
    peers = "from" if rules == "ingress" else "to"
    other = "{namespaces: {}}"
    match rest.split("[0].") if rest else []:
        case []:
            return f"{rules}: [{items}]"
        case [field] if field == peers:
            return f"{rules}: [{{action: Accept, {field}: [{items}]}}]"
        case [field]:
            return f"{rules}: [{{action: Accept, {peers}: [{other}], {field}: [{items}]}}]"
        case _:
            field = path.rpartition(".")[2]
            return f"{rules}: [{{action: Accept, {peers}: [{{{field}: [{items}]}}]}}]"


DOMAINS = [
    ("example.com", True),
    ("Example.COM.", True),
    ("*.example.com", True),
    ("_dmarc.a-b.example", True),
    ("*", False),
    ("*.com", False),
    ("com", False),
    ("a.*.example.com", False),
    ("a..b", False),
    ("-a.b", False),
    ("a-.b", False),
    (".a.b", False),
    ("a.b..", False),
    ("a.b\\n", False),
    ("", False),
]


@pytest.mark.parametrize(("name", "valid"), DOMAINS)
def test_domain_names(name: str, valid: bool) -> None:
    """ANP-17"""
    text = f'egress: [{{action: Accept, to: [{{domainNames: ["{name}"]}}]}}]'
    expected = [] if valid else ["5:49 spec.egress[0].to[0].domainNames[0] Invalid ANP-30"]
    assert _texts(_found(CNP, _in_spec(CNP, text))) == expected


NAMED_PORTS = {
    CNP.kind: "protocols: [{destinationNamedPort: x}]",
    ANP.kind: "ports: [{namedPort: x}]",
}


@pytest.mark.parametrize("kind", [CNP, ANP], ids=lambda kind: kind.kind)
@pytest.mark.parametrize("peer", ["networks: [::/0]", "nodes: {}", "domainNames: [a.b]"])
def test_named_ports_are_for_pods_alone(kind: Kind, peer: str) -> None:
    """ANP-30: the fault is the rule's."""
    peer = peer.replace("::/0", "'::/0'")
    ports = NAMED_PORTS[kind.kind]
    text = f"egress: [{{action: Accept, to: [{{namespaces: {{}}}}, {{{peer}}}], {ports}}}]"
    code = "ANP-30" if kind is CNP else "ANP-31"
    assert _texts(_found(kind, _in_spec(kind, text))) == [f"5:12 spec.egress[0] Invalid {code}"]
    apart = text.replace(f", {{{peer}}}", "")
    assert _texts(_found(kind, _in_spec(kind, apart))) == []


@pytest.mark.parametrize("metadata", ["{name: p}", "{generateName: default}"])
def test_a_baseline_policy_of_v1alpha1_is_named_default(metadata: str) -> None:
    """ANP-22: at the root, and a CEL rule like the others."""
    text = _in_spec(BANP, "ingress: []").replace("{name: default}", metadata)
    found = _found(BANP, text)
    assert [f"{item.path} {item.type} {item.code}" for item in found] == [" Invalid ANP-22"]
    assert _texts(_found(BANP, text.replace("ingress: []", "ingress: [~]"))) == [
        "5:13 spec.ingress[0] TypeInvalid ANP-31"
    ]


BASELINE = [
    (
        "ingress: [{action: Pass, from: [{namespaces: {}}]}]",
        "ingress[0].action NotSupported ANP-31",
    ),
    (
        "egress: [{action: Allow, to: [{domainNames: [a.b]}]}]",
        "egress[0].to[0].domainNames UnknownField DEC-10",
    ),
    ("priority: 5", "priority UnknownField DEC-10"),
    ("tier: Baseline", "tier UnknownField DEC-10"),
]


@pytest.mark.parametrize(("text", "expected"), BASELINE)
def test_what_a_baseline_policy_of_v1alpha1_has_not(text: str, expected: str) -> None:
    """ANP-31"""
    found = _found(BANP, _in_spec(BANP, text))
    assert [f"{item.path} {item.type} {item.code}" for item in found] == [f"spec.{expected}"]


def test_without_strict_decoding_an_unknown_peer_is_an_empty_one() -> None:
    """ANP-31: what is pruned doesn't count, and neither does what would be right with it."""
    text = _in_spec(BANP, "egress: [{action: Allow, to: [{domainNames: [a.b]}]}]")
    found = _found(BANP, text, decoding="warn")
    assert [f"{item.severity.value} {item.path} {item.type}" for item in found] == [
        "warning spec.egress[0].to[0].domainNames UnknownField",
        "error spec.egress[0].to[0] Invalid",
    ]


DRAFTS = ["sameLabels: [a]", "notSameLabels: [a]", "namespaceSelector: {}"]


@pytest.mark.parametrize("field", DRAFTS)
def test_drafts_of_the_api_are_refused(field: str) -> None:
    """ANP-34"""
    text = f"ingress: [{{action: Accept, from: [{{namespaces: {{{field}}}}}]}}]"
    (found,) = _found(ANP, _in_spec(ANP, text))
    assert (found.type, found.code) == ("UnknownField", "ANP-34")
    assert "a draft" in found.help


CHANNEL = [
    (CNP, "egress: [{action: Accept, to: [{nodes: {}}]}]", "egress[0].to[0].nodes"),
    (CNP, "egress: [{action: Accept, to: [{domainNames: [a.b]}]}]", "egress[0].to[0].domainNames"),
    (ANP, "egress: [{action: Accept, to: [{nodes: {}}]}]", "egress[0].to[0].nodes"),
    (ANP, "egress: [{action: Accept, to: [{domainNames: [a.b]}]}]", "egress[0].to[0].domainNames"),
    (BANP, "egress: [{action: Accept, to: [{nodes: {}}]}]", "egress[0].to[0].nodes"),
    (ANP, f"ingress: [{{{_RULE}, ports: [{{namedPort: x}}]}}]", "ingress[0].ports[0].namedPort"),
    (BANP, f"ingress: [{{{_RULE}, ports: [{{namedPort: x}}]}}]", "ingress[0].ports[0].namedPort"),
]


@pytest.mark.parametrize(("kind", "text", "path"), CHANNEL)
def test_fields_of_the_experimental_channel(kind: Kind, text: str, path: str) -> None:
    """ANP-28, IMP-25"""
    assert _found(kind, _in_spec(kind, text)) == []
    (found,) = _found(kind, _in_spec(kind, text), cnp_channel="standard")
    assert f"{found.path} {found.type} {found.code}" == f"spec.{path} UnknownField ANP-28"
    assert "cnp_channel=experimental" in found.help


def test_named_ports_of_v1alpha2_are_in_both_channels() -> None:
    """ANP-28"""
    text = f"ingress: [{{{_RULE}, protocols: [{{destinationNamedPort: x}}]}}]"
    assert _found(CNP, _in_spec(CNP, text), cnp_channel="standard") == []


# What the API server takes, and what it comes to: line 5, from column 3.
REMARKS = [
    (
        "egress: [{action: Accept, to: [{namespaces: {matchLabels: {a: ~}}}]}]",
        ["5:62 spec.egress[0].to[0].namespaces.matchLabels.a Invalid ANP-33"],
        "demands nothing",
    ),
    (
        "egress: [{action: Accept, to: [{namespaces: {matchLabels: {-: b}}}]}]",
        ["5:62 spec.egress[0].to[0].namespaces.matchLabels Invalid ANP-33"],
        "this peer matches nothing",
    ),
    (
        "egress: [{action: Deny, to: [{nodes: {matchLabels: {a: b c}}}]}]",
        ["5:55 spec.egress[0].to[0].nodes.matchLabels Invalid ANP-33"],
        "the rule denies everything",
    ),
    (
        "ingress: [{action: Pass, from: [{pods: {podSelector: {matchExpressions: [{key: a, operator: in}]}}}]}]",
        ["5:85 spec.ingress[0].from[0].pods.podSelector.matchExpressions[0].operator Invalid ANP-33"],
        "the rule denies everything",
    ),
    (
        "ingress: [{action: Accept, from: [{pods: {podSelector: {}, namespaceSelector: {matchExpressions: [{key: a, operator: In}]}}}]}]",
        ["5:101 spec.ingress[0].from[0].pods.namespaceSelector.matchExpressions[0].values Required ANP-33"],
        "this peer matches nothing",
    ),
    (
        "egress: [{action: Accept, to: [{networks: [10.0.0.1/8]}]}]",
        ["5:46 spec.egress[0].to[0].networks[0] Invalid ANP-30"],
        "it means `10.0.0.0/8`",
    ),
    (
        "egress: [{action: Deny, to: [{domainNames: [a.b]}]}]",
        ["5:33 spec.egress[0].to[0].domainNames Invalid ANP-17"],
        "for rules that allow",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "places", "consequence"), REMARKS, ids=range(len(REMARKS)))
def test_remarks_say_what_follows(text: str, places: list[str], consequence: str) -> None:
    """ANP-33, ANP-26"""
    found = _found(CNP, _in_spec(CNP, text))
    assert _texts(found) == []
    assert _texts(found, Severity.WARNING) == places
    assert all(consequence in item.message for item in found)


@pytest.mark.parametrize("field", ["namespaces", "pods"])
def test_a_subject_that_cannot_be_selected(field: str) -> None:
    """ANP-33"""
    selector = "{matchLabels: {a: b c}}"
    subject = selector if field == "namespaces" else f"{{podSelector: {selector}}}"
    text = f"{_header(CNP)}spec: {{tier: Admin, priority: 1, subject: {{{field}: {subject}}}}}"
    (found,) = _found(CNP, text)
    assert (found.severity, found.code) == (Severity.WARNING, "ANP-33")
    assert "the policy applies to nobody" in found.message


def test_a_reversed_range_of_v1alpha1_warns() -> None:
    """ANP-31"""
    text = f"ingress: [{{{_RULE}, ports: [{{portRange: {{start: 9, end: 5}}}}]}}]"
    found = _found(ANP, _in_spec(ANP, text))
    places = ["5:65 spec.ingress[0].ports[0].portRange Invalid ANP-31"]
    assert _texts(found, Severity.WARNING) == places


HELPS = [
    (CNP, "ingress: [{action: Allow, from: [{namespaces: {}}]}]", "did you mean `Accept`?"),
    (ANP, "ingress: [{action: Accept , from: [{namespaces: {}}]}]", "did you mean `Allow`?"),
    (CNP, "ingress: [{action: deny, from: [{namespaces: {}}]}]", "did you mean `Deny`?"),
    (CNP, "ingress: [{action: Drop, from: [{namespaces: {}}]}]", "options: Accept, Deny, Pass"),
    (CNP, "ingress: {action: Deny}", "write a list: each item on a line of its own, after `- `"),
    (CNP, "egress: [{action: Deny, to: [{networks: [10.0.0.5]}]}]", "for one address write `10.0.0.5/32`"),
    (CNP, "ingress: [{action: Deny, from: [{namespaceSelector: {}}]}]", "did you mean `namespaces`?"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "help"), HELPS)
def test_helps(kind: Kind, text: str, help: str) -> None:
    (found,) = _found(kind, _in_spec(kind, text))
    assert found.help == help
