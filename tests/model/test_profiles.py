"""Profiles as Appendix C.3 has them."""

from __future__ import annotations

from dataclasses import fields

import pytest

from netsim import QueryError, Semantics
from netsim.model.profiles import PROFILES, Profile, profile_named

NAMES = [
    "upstream", "calico", "cilium", "cilium-nodes", "cilium-pods", "cilium-1.15", "antrea",
    "ovn-kubernetes", "kube-network-policies", "kindnet", "aws-vpc-cni",
]  # fmt: skip


def test_their_names() -> None:
    assert [profile.name for profile in PROFILES] == NAMES


@pytest.mark.parametrize("profile", PROFILES, ids=NAMES)
def test_each_describes_a_version_and_sets_options_that_exist(profile: Profile) -> None:
    assert profile.describes
    assert profile.options.keys() <= {field.name for field in fields(Semantics)}
    assert profile.semantics.changed().items() <= profile.options.items()


@pytest.mark.parametrize("profile", PROFILES, ids=NAMES)
def test_none_is_called_conformant(profile: Profile) -> None:
    said = " ".join([profile.name, profile.describes, *profile.caveats])
    assert "conform" not in said.lower()


@pytest.mark.parametrize("profile", PROFILES, ids=NAMES)
def test_what_is_unverified_and_not_modelled_is_a_caveat(profile: Profile) -> None:
    for name in profile.unverified - profile.options.keys():
        assert any(name in caveat and "unverified" in caveat for caveat in profile.caveats)


def test_upstream_is_the_defaults() -> None:
    assert profile_named("upstream").semantics == Semantics()


def test_variants_keep_what_they_do_not_change() -> None:
    pods = profile_named("cilium-pods")
    assert pods.semantics.ipblock_matches_pods is True
    assert pods.semantics.ipblock_matches_nodes is False
    assert set(profile_named("cilium").caveats) <= set(pods.caveats)


def test_a_profile_goes_over_other_options() -> None:
    over = profile_named("aws-vpc-cni").over(Semantics(pod_cidrs=("10.0.0.0/8",)))  # type: ignore[arg-type]
    assert over.egress_to_own_node == "allow"
    assert over.pod_cidrs == Semantics(pod_cidrs=("10.0.0.0/8",)).pod_cidrs  # type: ignore[arg-type]


def test_a_misspelt_name_gets_the_nearest() -> None:
    with pytest.raises(QueryError) as caught:
        profile_named("cillium")
    assert "did you mean `cilium`" in caught.value.diagnostics[0].help


@pytest.mark.parametrize("name", ["kube-network-policies", "kindnet", "aws-vpc-cni"])
def test_who_hides_baseline_from_an_isolated_pod(name: str) -> None:
    """IMP-11"""
    profile = profile_named(name)
    assert profile.semantics.baseline_scope == "pod"
    assert not any("baseline_scope" in caveat for caveat in profile.caveats)
