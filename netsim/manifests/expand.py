"""Controllers to the pods that stand for theirs (WL-3..WL-5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from netsim.labels.labels import Labels
from netsim.manifests.workload_faults import MOST_NUMBERED
from netsim.manifests.workloads import JOB_INDEX_LABEL, Controller
from netsim.model.cluster import Pod

POD_NAME_LABEL = "statefulset.kubernetes.io/pod-name"
POD_INDEX_LABEL = "apps.kubernetes.io/pod-index"


def pods_of(controller: Controller, label_keys: frozenset[str]) -> Iterable[Pod]:
    """The pods of one workload: none, one for all, or one for each number.

    `label_keys` are the keys that selectors of this snapshot use: the pods of an Indexed Job
    are told apart only where it matters (WL-5).
    """
    if controller.workload.replicas == 0:
        return []
    pod = controller.pod
    if not controller.numbers:
        return [pod]
    if not controller.indexed:
        return _numbered(controller, (POD_NAME_LABEL, POD_INDEX_LABEL))
    if JOB_INDEX_LABEL in label_keys:
        return _numbered(controller, (JOB_INDEX_LABEL,))
    return [replace(pod, labels=pod.labels.with_unknown([JOB_INDEX_LABEL]))]


def _numbered(controller: Controller, keys: tuple[str, ...]) -> list[Pod]:
    """One pod a number, with its number (and name) under `keys`, and one for those beyond."""
    pod, numbers = controller.pod, controller.numbers
    found = []
    for number in numbers[:MOST_NUMBERED]:
        name = f"{pod.name}-{number}"
        labels = Labels({**pod.labels, **{key: _text(key, name, number) for key in keys}})
        found.append(replace(pod, name=name, labels=labels, replicas=1))
    if others := numbers[MOST_NUMBERED:]:
        labels = pod.labels.with_unknown(keys)
        name = f"{pod.name}-{others[0]}"
        found.append(replace(pod, name=name, labels=labels, replicas=len(others)))
    return found


def _text(key: str, name: str, number: int) -> str:
    return name if key == POD_NAME_LABEL else str(number)
