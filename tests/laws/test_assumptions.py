"""What hangs on an assumption is marked, pair by pair and port by port; and little else is.

The reference turns each assumption that it meets, alone and with others. A mark says that
something may be turned: it looks at each place where nobody knows by itself, so that it may also
speak of turns that can't all come together.
"""

from __future__ import annotations

import json
import sys
from itertools import product
from pathlib import Path

from hypothesis import assume, event, given
from hypothesis import strategies as st

import netsim
from netsim import Semantics, Snapshot
from netsim.engine.reach import Reachability
from netsim.model.flow import Flow
from netsim.reference.decide import decide

sys.path.insert(0, str(Path(__file__).parent))

from depth import examples
from manifest_strategies import Manifest, clusters
from option_strategies import semantics
from test_engine import QUESTIONS, another, class_numbers
from wide_strategies import wide_clusters

# Mostly without addresses, so that there is something to be in doubt about.
DOUBTFUL = st.one_of(clusters("46b-----"), wide_clusters())
WITHOUT_NAMESPACES = "is not in the input: only its name label is known"


def read(cluster: list[Manifest], options: Semantics) -> Snapshot:
    return netsim.loads("\n---\n".join(map(json.dumps, cluster)), semantics=options)


@examples(250)
@given(cluster=DOUBTFUL, options=semantics(), data=st.data())
def test_what_the_reference_says_hangs_on_an_assumption_is_marked(
    cluster: list[Manifest], options: Semantics, data: st.DataObject
) -> None:
    snapshot = read(cluster, options)
    reachability = netsim.compile_snapshot(snapshot).reach()
    ends = class_numbers(reachability)
    assume(ends)  # all may have finished
    pairs = data.draw(st.lists(st.sampled_from(list(product(ends, ends))), min_size=1, max_size=4))
    for (source, i), (destination, j) in pairs:
        if source == destination:
            destination = another(destination)
        hanging = reachability.hanging(i, j)
        for protocol, port in QUESTIONS:
            answer = decide(snapshot, Flow(source, destination, protocol, port))
            marked = (protocol.value.lower(), port) in hanging
            if answer.assumptions:
                event("hangs on an assumption")
                assert marked, f"{source} -> {destination} {protocol} {port}: {answer.assumptions}"
            elif marked:
                spoken = any(WITHOUT_NAMESPACES in note for note in answer.notes)
                event("may hang on a namespace" if spoken else "marked, and the reference names none")
