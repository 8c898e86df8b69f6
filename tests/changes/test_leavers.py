"""Which pod that went a new one of its workload takes the place of."""

from __future__ import annotations

from random import Random

from netsim.changes.leavers import Leavers
from netsim.labels.labels import Labels
from netsim.model.cluster import ContainerPort, Pod


def draw(random: Random, name: str) -> Pod:
    ports = (ContainerPort("http", random.choice((80, 81))),)
    return Pod("a", name, Labels({"hash": random.choice("xyz")}), ports=ports)


def most_like(pod: Pod, others: list[Pod]) -> Pod | None:
    """What `take` finds, by looking at all."""
    alike = [at for at in others if at.labels == pod.labels]
    same = [at for at in alike if at.ports == pod.ports]
    return next(iter([*same, *alike, *others]), None)


def test_each_is_taken_once_and_the_most_like_first() -> None:
    for seed in range(200):
        random = Random(seed)
        left = [draw(random, f"old-{at}") for at in range(random.randrange(9))]
        leavers = Leavers(left)
        for at in range(random.randrange(12)):
            pod = draw(random, f"new-{at}")
            expected = most_like(pod, left)
            assert leavers.take(pod) is expected
            left = [each for each in left if each is not expected]
            assert list(leavers) == left


class Counted(Labels):
    """Labels that count how often any are compared."""

    compared = 0
    __hash__ = Labels.__hash__

    def __eq__(self, other: object) -> bool:
        Counted.compared += 1
        return dict.__eq__(self, other)


def test_a_rollout_of_many_compares_no_two_that_differ() -> None:
    leavers = Leavers(Pod("a", f"old-{at}", Counted({"hash": "x"})) for at in range(500))
    Counted.compared = 0
    assert all(leavers.take(Pod("a", f"new-{at}", Counted({"hash": "y"}))) for at in range(500))
    assert Counted.compared == 0
