"""One object with other labels, or another number of pods: as if its manifest had been changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netsim.errors import Diagnostic, FaultType, QueryError, Severity, query_error
from netsim.labels.labels import Labels
from netsim.manifests.object_texts import object_text
from netsim.manifests.ownership import without_pods
from netsim.manifests.pods import live_and_controllers
from netsim.manifests.workload_faults import most_numbered
from netsim.manifests.workloads import Controller, Standing
from netsim.model.cluster import NAME_LABEL, Namespace, WorkloadKind
from netsim.model.inventory import Contents, Key, Read
from netsim.schema.fault import diagnostics
from netsim.schema.labels import label_faults
from netsim.source.origin import Moved

_SCALED = (
    WorkloadKind.DEPLOYMENT.value,
    WorkloadKind.STATEFUL_SET.value,
    WorkloadKind.REPLICA_SET.value,
    WorkloadKind.REPLICATION_CONTROLLER.value,
)
_MOST_REPLICAS = 2**31 - 1


def relabelled(there: Contents, key: Key, changes: Mapping[str, str | None]) -> Read:
    """The object with these labels changed; in a workload's template where it is a workload.

    Raises QueryError if a label can't be, or has no effect.
    """
    read, text = there.objects[key], object_text(key)
    _hold_labels(text, changes)
    match read.built:
        case None:
            raise query_error(f"`{text}` has no labels that a policy asks for")
        case Namespace(name, labels):
            if changes.get(NAME_LABEL, name) != name:
                message = f"label `{NAME_LABEL}` of `{text}` is always its name"
                raise query_error(message, code="NP-34")
            built: object = replace(read.built, labels=_changed(labels, changes))
        case Controller() | Standing():
            controller = _with_effect(there, key)
            labels = _changed(controller.labels.template, changes)
            _hold_selector(text, controller, labels)
            built = controller.relabelled(labels)
        case _:
            built = replace(read.built, labels=_changed(read.built.labels, changes))
    return replace(read, built=built)


def scaled(there: Contents, key: Key, replicas: int, moved: Moved) -> Read:
    """The workload with so many replicas. Raises QueryError if it can't have them."""
    read, text = there.objects[key], object_text(key)
    if key[0].lower() not in _SCALED:
        help = f"kinds that are: {', '.join(_SCALED)}"
        raise query_error(f"`{text}` is of no kind that is scaled", help=help)
    if type(replicas) is not int or not 0 <= replicas <= _MOST_REPLICAS:
        message = (
            f"`{replicas}` is no number of replicas: a whole number from 0 to {_MOST_REPLICAS}"
        )
        raise query_error(message, code="WL-3")
    built = _with_effect(there, key).scaled(replicas)
    said = [item for item in read.said if item.path != "spec.replicas"]
    if built.numbers:
        found = [fault.inside("spec") for fault in most_numbered(replicas)]
        said += diagnostics(found, read.place(moved))
    return replace(read, built=built, said=tuple(said))


def _with_effect(there: Contents, key: Key) -> Controller:
    """The workload, if its template is what its pods come from (WL-8)."""
    text, built = object_text(key), there.objects[key].built
    if isinstance(built, Standing):
        help = "edit a snapshot that `netsim.load` gave, and change the copy"
        raise query_error(f"the template of `{text}` is not known", help=help)
    assert isinstance(built, Controller)
    live, controllers = live_and_controllers(there.objects.values())
    if not any(controller is built for controller in without_pods(controllers, live)):
        message = f"the template of `{text}` has no say: its pods, or its owner, are in the input"
        help = "label or delete these instead"
        raise query_error(message, help=help, code="WL-8")
    return built


def _changed(labels: Labels, changes: Mapping[str, str | None]) -> Labels:
    kept = {key: value for key, value in labels.items() if key not in changes}
    return Labels({**kept, **{key: value for key, value in changes.items() if value is not None}})


def _hold_labels(text: str, changes: Mapping[str, str | None]) -> None:
    for key, value in changes.items():
        if not isinstance(key, str) or not (value is None or isinstance(value, str)):
            message = f"label `{key}` of `{text}` can't be {value!r}"
            help = f'a label is a text, as in "{value}"; None takes it away'
            raise query_error(message, help=help, code="VAL-4")
    faults = label_faults(dict(changes), "labels", "VAL-4")
    if faults:
        raise QueryError(
            Diagnostic(Severity.ERROR, FaultType.QUERY, fault.code, f"`{text}`: {fault.message}")
            for fault in faults
        )


def _hold_selector(text: str, controller: Controller, labels: Labels) -> None:
    if controller.selector is not None:
        if controller.selector.matches(labels):
            return
        message = f"the selector `{controller.selector}` of `{text}` would not match"
    elif labels or controller.workload.ref.kind != WorkloadKind.REPLICATION_CONTROLLER.value:
        return
    else:
        message = f"the template of `{text}` must have a label: its selector is made of them"
    help = "a workload must find its own pods"
    raise query_error(message, help=help, code="WL-2")
