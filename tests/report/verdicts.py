"""Verdicts made by hand, for the tests of what is printed."""

from __future__ import annotations

from dataclasses import dataclass

from netsim.errors import Location
from netsim.model.cluster import Pod, Protocol
from netsim.model.flow import Answer, Cause, Decision, Direction, Flow, Part, Reason
from netsim.model.verdict import Group, Verdict
from netsim.source.origin import Path

WEB, API, DB = Pod("shop", "web"), Pod("shop", "api"), Pod("data", "postgres")


@dataclass(frozen=True)
class At:
    """An origin whose line is told by the depth of the path."""

    file: str
    line: int

    def locate(self, path: Path = ()) -> Location:
        return Location(self.file, self.line + len(path), 1)


def reason(
    policy: str,
    part: Part,
    *place: int | None,
    direction: Direction = Direction.INGRESS,
    namespace: str = "data",
    line: int = 1,
) -> Reason:
    """A reason at `place`: rule, peer and port indexes, as many as there are."""
    rule, peer, port = (*place, None, None, None)[:3]
    origin = At(f"{policy}.yaml", line)
    return Reason("NetworkPolicy", namespace, policy, direction, part, rule, peer, port, origin)


def free(direction: Direction, options: tuple[str, ...] = ()) -> Decision:
    return Decision(direction, True, Cause.NOT_ISOLATED, options=options)


OPEN = free(Direction.EGRESS)


def ingress(*reasons: Reason, options: tuple[str, ...] = ()) -> Decision:
    """Allowed if the first reason matched, else denied."""
    allowed = reasons[0].part is Part.MATCHED
    cause = Cause.RULE if allowed else Cause.NO_RULE
    return Decision(Direction.INGRESS, allowed, cause, reasons, options)


def verdict(*decisions: Decision, assumptions: tuple[str, ...] = ()) -> Verdict:
    """`shop/web -> data/postgres 5432/tcp` with these ingress decisions, a group each."""
    flow = Flow(WEB, DB, Protocol.TCP, 5432)
    groups = [
        Group(
            Answer(flow, OPEN, decision, assumptions=assumptions),
            (f"shop/web-{number}" if len(decisions) > 1 else "shop/web",),
            ("data/postgres",),
            ("5432/tcp",),
        )
        for number, decision in enumerate(decisions)
    ]
    return Verdict("shop/web", "data/postgres", "5432/tcp", tuple(groups))
