"""Nothing walks over a large snapshot while its policies are compiled."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest
from builders import cluster, namespace, pod, policy

import netsim
from netsim.compiler import compile as compiler


@pytest.mark.parametrize("step", ["lower", "classes_of", "_tables"])
def test_without_the_collector(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = getattr(compiler, step)
    was_on = []

    def watched(*args: Any) -> Any:
        was_on.append(gc.isenabled())
        return real(*args)

    monkeypatch.setattr(compiler, step, watched)
    netsim.compile_snapshot(cluster(namespace("a"), pod("a/x"), policy("a", "{podSelector: {}}")))
    assert was_on == [False]
    assert gc.isenabled()
