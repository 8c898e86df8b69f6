"""What a person calls an edit, as cases and laws name causes."""

from __future__ import annotations

from netsim.changes.edits import (
    Edit,
    LabelEdit,
    NamespaceEdit,
    NodeEdit,
    NodeLabelEdit,
    PodEdit,
    PolicyEdit,
    TierEdit,
)


def edit_text(edit: Edit) -> str:
    """`policy a/p`, `clusternetworkpolicy/p`, `label app of a/web`, `label team of namespace a`,
    `pod a/web`, `node n1`, `label zone of node n1`.
    """
    match edit:
        case PolicyEdit():
            return f"policy {edit.namespace}/{edit.either.name}"
        case TierEdit():
            return f"{edit.either.kind.lower()}/{edit.either.name}"
        case LabelEdit():
            return f"label {edit.key} of {edit.whom}"
        case NamespaceEdit():
            return f"label {edit.key} of namespace {edit.new.name}"
        case PodEdit():
            return f"pod {edit.whom}"
        case NodeEdit():
            return f"node {edit.new.name}"
        case NodeLabelEdit():
            return f"label {edit.key} of node {edit.new.name}"
