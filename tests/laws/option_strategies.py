"""Hypothesis strategies for the options of SEMANTICS section 6 that a decision may hang on."""

from __future__ import annotations

from hypothesis import strategies as st

from netsim.model.semantics import Semantics
from netsim.testing.wide_clusters import options


def semantics() -> st.SearchStrategy[Semantics]:
    """The defaults half of the time, else any options together."""
    return st.one_of(st.just(Semantics()), options.map(lambda chosen: Semantics(**chosen)))
