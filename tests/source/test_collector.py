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


def test_what_is_made_meanwhile_is_old_afterwards() -> None:
    gc.unfreeze()  # a command run earlier in this process may have frozen what there was
    with collector_off():
        made = [[index] for index in range(20_000)]
    young = {id(each) for age in (0, 1) for each in gc.get_objects(generation=age)}
    assert not young & {id(each) for each in made}


def test_what_the_caller_froze_stays_frozen() -> None:
    frozen: list[object] = [[]]
    gc.freeze()
    try:
        count = gc.get_freeze_count()
        with collector_off():
            frozen.append([])
        assert gc.get_freeze_count() == count
    finally:
        gc.unfreeze()
