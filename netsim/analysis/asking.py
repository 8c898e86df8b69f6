"""Yes or no: whether the verdict on a question is allow, from the tables where these can say."""

from __future__ import annotations

from collections.abc import Sequence

from netsim.analysis.incomplete import QuestionEnd
from netsim.analysis.pairs import MOST_FLOWS
from netsim.analysis.query import Questions
from netsim.analysis.served import named_atoms
from netsim.compiler.tables import Tables
from netsim.engine.roll import Meant, Member, Roll
from netsim.engine.rows import Rows
from netsim.model.ports import AskedPort, PortName, ProtocolText, parse_port

# So many answers, and so many names, are kept; then all are forgotten.
_MOST_KEPT = 1 << 18


Port = int | str | None
# Source, destination, port and, where there is one, protocol.
NamedFlow = tuple[str, str, Port] | tuple[str, str, Port, ProtocolText]


class Allowance:
    """Answers questions with yes or no, and remembers the answers."""

    def __init__(self, tables: Tables, rows: Rows, questions: Questions) -> None:
        self._atoms = tables.atoms
        self._rows = rows
        self._questions = questions
        self._roll = Roll(tables, questions.directory)
        self._answers: dict[object, bool] = {}
        self._meant: dict[tuple[str, str], Meant] = {}
        self._ports: dict[object, AskedPort] = {}

    def allows(
        self,
        source: str,
        destination: str,
        port: int | str | None,
        protocol: ProtocolText,
        namespace: str,
    ) -> bool:
        """Whether the verdict is allow. Raises QueryError and LimitError as the verdict does."""
        # By type too: True equals 1, and is no port.
        key = source, destination, port, port.__class__, protocol, namespace
        found = self._answers.get(key)
        if found is None:
            asked = self.port(port, protocol)
            one = self.meant(source, namespace)
            found = self.allowed(one, self.meant(destination, namespace), asked)
            if len(self._answers) >= _MOST_KEPT:
                self._answers.clear()
            self._answers[key] = found
        return found

    def flow(self, flow: NamedFlow, namespace: str) -> bool:
        """As `allows`, for a flow of `allows_many`."""
        if not 3 <= len(flow) <= 4:
            raise TypeError("a flow is (source, destination, port), with a protocol or without")
        protocol = flow[3] if len(flow) > 3 else None
        return self.allows(flow[0], flow[1], flow[2], protocol, namespace)

    def port(self, port: int | str | None, protocol: ProtocolText) -> AskedPort:
        """As `parse_port`, remembered."""
        key = port, port.__class__, protocol
        found = self._ports.get(key)
        if found is None:
            if len(self._ports) >= _MOST_KEPT:
                self._ports.clear()
            found = self._ports[key] = parse_port(port, protocol)
        return found

    def meant(self, text: str, namespace: str) -> Meant:
        """Whom a text means. Raises QueryError as the directory does."""
        key = text, namespace
        found = self._meant.get(key)
        if found is None:
            if len(self._meant) >= _MOST_KEPT:
                self._meant.clear()
            named = self._questions.directory.find(text, namespace)
            found = self._meant[key] = self._roll.meant(named)
        return found

    def allowed(self, source: Meant, destination: Meant, asked: AskedPort) -> bool:
        """Whether everything that is asked for is allowed."""
        if len(source.members) * len(destination.members) <= MOST_FLOWS:
            pairs = source.pairs(destination)
            wanted = self.wanted([other for _, other in pairs], asked)
            if wanted:
                return all(
                    not atoms & ~self._rows.cell(one.number, other.number)
                    for (one, other), atoms in zip(pairs, wanted, strict=True)
                )
        # The texts are for the reader of a verdict: here there is none.
        ends = QuestionEnd("*", source.named), QuestionEnd("*", destination.named)
        return self._questions.about(*ends, asked).allowed

    def wanted(self, destinations: Sequence[Member], asked: AskedPort) -> list[int]:
        """The port atoms that are asked for at each destination; empty where only a verdict can say."""
        numbers = asked.port
        if isinstance(numbers, PortName):
            found = [self._named(numbers, asked, each) for each in destinations]
            return found if all(found) else []
        if numbers is None:
            return [self._atoms.icmp] * len(destinations)
        if len(destinations) * (numbers.last - numbers.first + 1) > MOST_FLOWS:
            return []
        first = self._atoms.holding(asked.protocol, numbers.first)
        last = self._atoms.holding(asked.protocol, numbers.last)
        return [(last << 1) - first] * len(destinations)

    def _named(self, name: PortName, asked: AskedPort, destination: Member) -> int:
        found = 0
        for number, _ in named_atoms(name, asked.protocol, destination.endpoint):
            found |= self._atoms.holding(asked.protocol, number)
        return found
