"""A dialect without a reference can't be registered."""

from __future__ import annotations

from typing import Any

import pytest

from netsim.dialects.base import Dialect
from netsim.dialects.networkpolicy.decode import NETWORK_POLICY
from netsim.dialects.registry import DIALECTS, kinds_of


def test_every_dialect_has_a_reference_and_kinds() -> None:
    for dialect in DIALECTS:
        assert callable(dialect.reference)
        assert dialect.kinds


def test_a_dialect_without_a_reference_is_none() -> None:
    missing: Any = None
    with pytest.raises(TypeError, match="no reference"):
        Dialect("new", kinds=(), reference=missing)


def test_kinds_are_found_by_version_and_name() -> None:
    found = kinds_of(DIALECTS)
    assert found["networking.k8s.io/v1", "NetworkPolicy"] is NETWORK_POLICY


def test_two_dialects_may_not_read_one_kind() -> None:
    with pytest.raises(ValueError, match="two dialects read"):
        kinds_of([*DIALECTS, DIALECTS[0]])
