"""LabelSelectors: their shape, what the API server demands of them, what they become."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from netsim.errors import FaultType
from netsim.labels.selector import EVERYTHING, Operator, Requirement, Selector, exactly
from netsim.schema.fault import Fault, quoted
from netsim.schema.labels import label_faults
from netsim.schema.names import label_value, qualified_name
from netsim.schema.shape import STRING, list_of, map_of, struct

LABEL_SELECTOR = struct(
    matchLabels=map_of(STRING),
    matchExpressions=list_of(struct(key=STRING, operator=STRING, values=list_of(STRING))),
)

_OPERATORS = {operator.value: operator for operator in Operator}
_WITH_VALUES = (Operator.IN.value, Operator.NOT_IN.value)

# One expression, hashable: key, operator, values.
_Expression = tuple[str | None, str | None, tuple[str | None, ...]]


def selector_faults(selector: dict[str, Any]) -> list[Fault]:
    """What is wrong with a selector of the right shape (VAL-10, VAL-11), paths from it inwards."""
    found = label_faults(selector.get("matchLabels"), "matchLabels", "VAL-11")
    for index, expression in enumerate(selector.get("matchExpressions") or ()):
        for fault in _expression_faults(expression or {}):
            found.append(fault.inside("matchExpressions", index))
    return found


def selector_of(selector: dict[str, Any] | None) -> Selector:
    """The selector of a valid value; null and missing parts demand nothing (NP-15, NP-16)."""
    if not selector:
        return EVERYTHING
    labels = selector.get("matchLabels")
    expressions = selector.get("matchExpressions")
    return _selector(
        tuple(labels.items()) if labels else (),
        tuple(_frozen(item or {}) for item in expressions) if expressions else (),
    )


@lru_cache(maxsize=1 << 14)
def _selector(
    labels: tuple[tuple[str, str | None], ...], expressions: tuple[_Expression, ...]
) -> Selector:
    pairs = [exactly(key, value or "") for key, value in labels]  # null is "" (SEL-12)
    return Selector.of(*pairs, *map(_requirement, expressions))


def _frozen(expression: dict[str, Any]) -> _Expression:
    values = expression.get("values")
    return expression.get("key"), expression.get("operator"), tuple(values or ())


def _requirement(expression: _Expression) -> Requirement:
    key, operator, values = expression
    texts = sorted({value or "" for value in values})
    return Requirement(key or "", _OPERATORS[operator or ""], tuple(texts))


def _expression_faults(expression: dict[str, Any]) -> list[Fault]:
    operator, values = expression.get("operator") or "", expression.get("values") or []
    found: list[Fault] = []
    if operator not in _OPERATORS:
        found.append(_no_operator(operator))
    elif operator in _WITH_VALUES and not values:
        message = f"must be given: operator `{operator}` compares with values"
        found.append(Fault(FaultType.REQUIRED, message, path=("values",), code="VAL-10"))
    elif operator not in _WITH_VALUES and values:
        message = f"may not be given: operator `{operator}` looks at the key alone"
        found.append(Fault(FaultType.FORBIDDEN, message, path=("values",), code="VAL-10"))
    key = expression.get("key") or ""
    for complaint in qualified_name(key):
        message = f"label key {quoted(key)}: {complaint}"
        found.append(Fault(FaultType.INVALID, message, path=("key",), code="VAL-10"))
    for index, value in enumerate(values):
        for complaint in label_value(value or ""):
            message = f"label value {quoted(value)}: {complaint}"
            found.append(Fault(FaultType.INVALID, message, path=("values", index), code="VAL-10"))
    return found


def _no_operator(operator: str) -> Fault:
    message = f"{quoted(operator)} is no selector operator" if operator else "must be given"
    close = [name for name in _OPERATORS if name.lower() == operator.lower()]
    help = f"did you mean `{close[0]}`?" if close else f"operators: {', '.join(_OPERATORS)}"
    return Fault(FaultType.INVALID, message, help, ("operator",), "VAL-10")
