"""The collector is off while reading, and afterwards what it was."""

from __future__ import annotations

import gc

import pytest

from netsim.source.collector import collector_off


def test_off_inside_and_on_again() -> None:
    assert gc.isenabled()
    with collector_off():
        assert not gc.isenabled()
        with collector_off():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_on_again_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), collector_off():
        _ = 1 / 0
    assert gc.isenabled()


def test_a_caller_who_had_it_off_keeps_it_off() -> None:
    gc.disable()
    try:
        with collector_off():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
