"""What a person is told."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network

from verdicts import DB, OPEN, WEB, free, ingress, reason, verdict

from netsim.dialects.networkpolicy.syntax import (
    AddressPeer,
    PodPeer,
    PortEntry,
    PortRange,
    Rule,
)
from netsim.model.cluster import Protocol
from netsim.model.flow import Answer, Direction, Family, Flow, Part
from netsim.model.profiles import Profile
from netsim.model.semantics import Semantics
from netsim.model.verdict import Group, Verdict
from netsim.report.context import Context
from netsim.report.style import COLOURED, PLAIN, Style, in_full
from netsim.report.text import verdict_text

SHORT = Style(PLAIN, 3)


def told(what: Verdict, context: Context | None = None, style: Style = SHORT) -> str:
    return verdict_text(what, context or Context(), style)


def test_an_allow_names_what_matched_first_and_how_many_more() -> None:
    matched = [reason("allow", Part.MATCHED, 0, 1, 0), reason("allow", Part.MATCHED, 2)]
    assert told(verdict(ingress(*matched))) == (
        "allow shop/web -> data/postgres 5432/tcp\n"
        "\n"
        "  egress   allowed: no policy selects shop/web for egress\n"
        "  ingress  allowed by data/allow, ingress[0], from[1], ports[0]  (allow.yaml:6:1)\n"
        "    … and 1 more (-v shows all)\n"
    )
    assert "    and by data/allow, ingress[2], any peer, any port  (allow.yaml:4:1)\n" in told(
        verdict(ingress(*matched)), style=in_full(PLAIN)
    )


def test_a_deny_names_each_isolating_policy_and_what_failed() -> None:
    denied = ingress(
        reason("api-only", Part.ISOLATES),
        reason("api-only", Part.PEERS, 0),
        reason("api-only", Part.PORTS, 1),
        reason("default-deny", Part.ISOLATES),
    )
    assert told(verdict(denied)) == (
        "deny shop/web -> data/postgres 5432/tcp\n"
        "\n"
        "  egress   allowed: no policy selects shop/web for egress\n"
        "  ingress  denied: data/postgres is isolated, and no rule allows this\n"
        "    data/api-only isolates it  (api-only.yaml:3:1)\n"
        "      ingress[0]: no item of `from` matches shop/web  (api-only.yaml:4:1)\n"
        "      ingress[1]: the source matches, but no item of `ports` matches 5432/tcp  (api-only.yaml:4:1)\n"
        "    data/default-deny isolates it and has no ingress rule  (default-deny.yaml:3:1)\n"
    )


def test_long_lists_are_cut_and_counted() -> None:
    rules = [reason("p0", Part.PEERS, number) for number in range(6)]
    policies = [reason(f"p{number}", Part.ISOLATES) for number in range(1, 5)]
    denied = verdict(ingress(reason("p0", Part.ISOLATES), *rules, *policies))
    text = told(denied)
    assert "      … and 3 more (-v shows all)\n" in text
    assert "    … and 2 more (-v shows all)\n" in text
    assert "more" not in told(denied, style=in_full(PLAIN))


def test_groups_that_differ_are_counted() -> None:
    mixed = verdict(ingress(reason("deny", Part.ISOLATES)), free(Direction.INGRESS))
    assert mixed.mixed
    lines = told(mixed).splitlines()
    assert lines[0] == "mixed shop/web -> data/postgres 5432/tcp: 1 of 2 pairs allowed"
    assert "deny 1 pair: shop/web-0 -> data/postgres 5432/tcp" in lines
    assert "allow 1 pair: shop/web-1 -> data/postgres 5432/tcp" in lines


def test_many_groups_are_listed_by_cause() -> None:
    denied = [ingress(reason(f"p{number}", Part.ISOLATES)) for number in range(4)]
    assert told(verdict(*denied, free(Direction.INGRESS))).endswith(
        "\n"
        "deny  ingress: isolated, and no rule allows it\n"
        "  4 pairs: shop/web-0, shop/web-1, shop/web-2 and 1 more -> data/postgres 5432/tcp"
        "  (data/p0 and 3 more)\n"
        "allow  egress: no policy selects the pod in this direction;"
        " ingress: no policy selects the pod in this direction\n"
        "  1 pair: shop/web-4 -> data/postgres 5432/tcp\n"
        "  (-v shows what decided each of them)\n"
    )


def test_a_list_joins_only_what_makes_whole_products() -> None:
    sides = OPEN, ingress(reason("p", Part.ISOLATES))
    answer = Answer(Flow(WEB, DB, Protocol.TCP, 1), *sides)
    ends = [("a", "x", "1/tcp"), ("b", "x", "1/tcp"), ("a", "y", "1/tcp"), ("c", "y", "2/tcp")]
    groups = [
        Group(answer, (source,), (destination,), (port,)) for source, destination, port in ends
    ]
    text = told(Verdict("*", "*", "any/tcp", tuple(groups)))
    assert "  2 pairs: a, b -> x 1/tcp  (data/p)\n  1 pair: a -> y 1/tcp  (data/p)\n" in text
    assert "  1 pair: c -> y 2/tcp  (data/p)\n" in text


def test_what_decided_is_told_in_words() -> None:
    rule = Rule(
        (PodPeer(None), AddressPeer(IPv4Network("10.0.0.0/8"))),
        (PortEntry(Protocol.TCP, PortRange(80, 90)),),
    )
    matched = replace(reason("p", Part.MATCHED, 0, 1, 0), written=rule)
    assert "from[1] (ipBlock 10.0.0.0/8), ports[0] (80-90/tcp)  (" in told(
        verdict(ingress(matched))
    )
    isolates = reason("p", Part.ISOLATES)
    peers = replace(reason("p", Part.PEERS, 0), written=rule)
    ports = replace(reason("p", Part.PORTS, 0, None, 0), written=rule)
    text = told(verdict(ingress(isolates, peers, ports)))
    assert "no item of `from` matches shop/web: podSelector {}; ipBlock 10.0.0.0/8  (" in text
    assert "no item of `ports` matches 5432/tcp: 80-90/tcp  (" in text


def test_ranges_are_named_by_the_first() -> None:
    flow = Flow(IPv4Address("10.0.0.0"), DB, Protocol.TCP, 1)
    failed = ingress(reason("p", Part.ISOLATES), reason("p", Part.PEERS, 0))
    names = ("10.0.0.0/8", "172.16.0.0/12", "fd00::/8")
    group = Group(Answer(flow, OPEN, failed), names, ("data/postgres",), ("1/tcp",))
    text = told(Verdict("external", "data/postgres", "1/tcp", (group,)))
    assert "no item of `from` matches 10.0.0.0/8 and 2 more ranges  (" in text


def test_a_group_of_many_lists_some() -> None:
    names = tuple(f"shop/web-{number}" for number in range(9))
    answer = Answer(Flow(WEB, DB, Protocol.TCP, 1), OPEN, free(Direction.INGRESS), Family.IPV6)
    group = Group(answer, names, ("data/postgres",), ("1-2/tcp",), 9)
    text = told(Verdict("shop/deploy/web", "data/postgres", "1-2/tcp", (group,)))
    assert (
        "allow 9 pairs: shop/web-0, shop/web-1, shop/web-2 and 6 more -> data/postgres 1-2/tcp\n"
        "  over IPv6\n" in text
    )


def test_remarks() -> None:
    remarked = replace(
        verdict(free(Direction.INGRESS), assumptions=("assuming that no pod is in 10.0.0.0/8",)),
        notes=("asked as two pods",),
        incomplete=("NetworkPolicy data/x was left out",),
    )
    assert told(remarked).endswith(
        "\nnote: asked as two pods\n"
        "assuming that no pod is in 10.0.0.0/8\n"
        "incomplete: NetworkPolicy data/x was left out\n"
    )


CILIUM = Profile(
    name="cilium",
    describes="Cilium 1.20",
    options={"ipblock_matches_pods": "false", "sctp": "ignored"},
    caveats=("SCTP needs sctp.enabled",),
    unverified=frozenset({"sctp"}),
)


def test_deciding_options_and_profiles_that_differ() -> None:
    decided = verdict(free(Direction.INGRESS, ("ipblock_matches_pods",)))
    assert told(decided, Context(differing=((CILIUM, "deny"),))).endswith(
        "\ndecided by option: ipblock_matches_pods=true (IMP-1)\n"
        "the verdict differs under profile:\n"
        "  cilium: deny  (describes Cilium 1.20)\n"
    )
    assert told(decided).endswith("(IMP-1)\nno profile has another verdict\n")


def test_a_profile_may_differ_by_several_options_at_once() -> None:
    text = told(verdict(free(Direction.INGRESS)), Context(differing=((CILIUM, "deny"),) * 5))
    assert "option" not in text
    assert text.endswith("  cilium: deny  (describes Cilium 1.20)\n  … and 2 more (-v shows all)\n")


def test_a_port_name_is_told_with_its_number() -> None:
    named = replace(verdict(free(Direction.INGRESS)), port="pg/tcp")
    assert "\nallow 1 pair: shop/web -> data/postgres 5432/tcp\n" in told(named)


def test_the_profile_in_force_is_shown_with_what_it_claims() -> None:
    text = told(verdict(free(Direction.INGRESS)), Context(Semantics(), CILIUM))
    assert text.endswith(
        "\nprofile cilium describes Cilium 1.20\n"
        "  sets ipblock_matches_pods=false, sctp=ignored (unverified)\n"
        "  caveat: SCTP needs sctp.enabled\n"
    )


def test_names_cannot_act_on_a_terminal() -> None:
    evil = replace(verdict(ingress(reason("\x1b[2J", Part.MATCHED, 0))), source="\u202eweb")
    text = told(evil)
    assert "\x1b" not in text
    assert r"data/\x1b[2J" in text
    assert text.startswith(r"allow \u202eweb -> ")


def test_colours() -> None:
    text = told(verdict(ingress(reason("deny", Part.ISOLATES))), style=Style(COLOURED, 3))
    assert text.startswith("\x1b[31mdeny\x1b[0m ")
    assert "\x1b[32mallowed\x1b[0m" in text
