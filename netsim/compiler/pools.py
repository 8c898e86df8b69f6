"""Blocks of addresses and the pools that pods get theirs from, where a pod's is not known (NP-43).

An endpoint that gets its address from elsewhere, as a node, has no pools.
"""

from __future__ import annotations

from collections.abc import Sequence

from netsim.model.rules import AddressSet, Network


def surely_holds(block: AddressSet, pools: Sequence[Network]) -> bool:
    """Whether an address that is not known is in the block wherever it is."""
    if block.cidr.prefixlen == 0 and not block.excepts:
        return True
    return bool(pools) and holds_all(block, pools)


def may_hold(block: AddressSet, pools: Sequence[Network]) -> bool:
    """Whether an address that is not known may be in the block."""
    return not pools or not holds_none(block, pools)


def holds_all(block: AddressSet, pools: Sequence[Network]) -> bool:
    """Whether every address of every pool is in the block."""
    return all(
        _within(pool, block.cidr) and not any(_meet(pool, hole) for hole in block.excepts)
        for pool in pools
    )


def holds_none(block: AddressSet, pools: Sequence[Network]) -> bool:
    """Whether no address of any pool is in the block."""
    return all(
        not _meet(pool, block.cidr) or any(_within(pool, hole) for hole in block.excepts)
        for pool in pools
    )


def _within(inner: Network, outer: Network) -> bool:
    return (
        inner.version == outer.version
        and inner.prefixlen >= outer.prefixlen
        and inner.network_address in outer
    )


def _meet(one: Network, other: Network) -> bool:
    return _within(one, other) or _within(other, one)
