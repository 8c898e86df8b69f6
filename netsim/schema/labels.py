"""Label maps: what the API server demands of their keys and values."""

from __future__ import annotations

from netsim.errors import FaultType
from netsim.labels.labels import NO_LABELS, Labels
from netsim.schema.fault import Fault, quoted
from netsim.schema.names import label_value, qualified_name

# Keys and values without faults: most maps have no others, and to see that takes two calls.
_keys: set[str] = set()
_values: set[str | None] = set()
_MOST = 1 << 14


def label_faults(labels: dict[str, str | None] | None, field: str, code: str) -> list[Fault]:
    """What is wrong with the labels under `field`: every fault is the map's (VAL-4, VAL-11)."""
    if not labels or (_keys.issuperset(labels) and _values.issuperset(labels.values())):
        return []
    found = []
    for key, value in labels.items():
        texts = [f"label key {quoted(key)}: {complaint}" for complaint in qualified_name(key)]
        texts += [
            f"label value {quoted(value or '')}: {complaint}"
            for complaint in label_value(value or "")
        ]
        found += [_fault(text, field, code, key) for text in texts]
    if not found:
        _remember(labels)
    return found


def labels_from(labels: dict[str, str | None] | None) -> Labels:
    """The labels of a valid map; a null value is the empty one (SEL-12)."""
    if not labels:
        return NO_LABELS
    return Labels({key: value or "" for key, value in labels.items()})


def _remember(labels: dict[str, str | None]) -> None:
    if len(_keys) + len(_values) > _MOST:
        _keys.clear()
        _values.clear()
    _keys.update(labels)
    _values.update(labels.values())


def _fault(message: str, field: str, code: str, key: str) -> Fault:
    fault = Fault(FaultType.INVALID, message, path=(field,), code=code)
    fault.key = key
    return fault
