"""The fewest and plainest texts for some classes of pods: what people would write themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from netsim.compiler.classes import Universe
from netsim.dialects.networkpolicy.syntax import AnyPeer, NetworkPolicy, PodPeer
from netsim.dialects.tiers.syntax import NamespacesPeer, PodsPeer, TierPolicy
from netsim.engine.roll import Roll
from netsim.errors import QueryError
from netsim.labels.selector import EVERYTHING, Operator, Requirement, Selector
from netsim.model.cluster import NAME_LABEL, Pod, WorkloadRef
from netsim.model.directory import Directory
from netsim.model.flow import Direction
from netsim.model.snapshot import Snapshot
from netsim.sets.bitset import members, of

# So many names are written before a selector is looked for that stands for them.
_FEW = 3


class Names:
    """The texts of one snapshot.

    They mean pods that classes answer for: `strangers` are those for whom none does.
    """

    def __init__(
        self, snapshot: Snapshot, directory: Directory, universe: Universe, roll: Roll
    ) -> None:
        self._snapshot, self._directory = snapshot, directory
        self.strangers: list[Pod] = []
        self.pods: dict[int, list[Pod]] = {}
        # By namespace, the pods of each workload and each pod without one.
        self._owners: dict[str, dict[WorkloadRef | str, list[Pod]]] = {}
        self._number: dict[int, int] = {}
        for number, item in enumerate(universe.classes):
            for pod in item.members:
                if isinstance(pod, Pod):
                    self._add(pod, number, roll)
        self.everyone = of(self.pods)
        self._spaces = {
            name: of(self._number[id(pod)] for pods in owners.values() for pod in pods)
            for name, owners in self._owners.items()
        }
        self._strange = {pod.namespace for pod in self.strangers}
        self._known: dict[tuple[int, int], tuple[str, ...]] = {}
        self._called: dict[tuple[str, WorkloadRef | str], str] = {}

    def _add(self, pod: Pod, number: int, roll: Roll) -> None:
        if roll.member(pod) is None:
            self.strangers.append(pod)
            return
        self.pods.setdefault(number, []).append(pod)
        self._number[id(pod)] = number
        owners = self._owners.setdefault(pod.namespace, {})
        owners.setdefault(pod.workload or pod.name, []).append(pod)

    @property
    def namespaces(self) -> list[str]:
        """Those that have pods, in order."""
        return sorted(self._owners)

    def of_space(self, namespace: str) -> int:
        """The classes of the pods of a namespace. Where policies don't matter others share them."""
        return self._spaces[namespace]

    def texts(self, classes: int, allowed: int = 0) -> tuple[str, ...]:
        """Texts for all pods of some classes, and for nobody else but some of `allowed`."""
        found = self._known.get((classes, allowed))
        if found is None:
            found = tuple(self._texts(classes, classes | allowed))
            self._known[classes, allowed] = found
        return found

    def of_strangers(self) -> tuple[str, ...]:
        """Texts for them, and nobody else."""
        return tuple(dict.fromkeys(self._of_one(pod) for pod in self.strangers))

    def _of_one(self, pod: Pod) -> str:
        mine = pod.namespace, pod.workload or pod.name
        pods = [
            each for each in self.strangers if (each.namespace, each.workload or each.name) == mine
        ]
        return self._name(*mine, pods) or f"{pod.namespace}/{pod.name}"

    def _texts(self, classes: int, allowed: int) -> list[str]:
        if classes and not self.everyone & ~allowed and not self.strangers:
            return ["*"]
        names = dict(self._plain(classes, allowed))
        found: list[str] = []
        while len(names) > _FEW:
            covered, text = self._best_selector(names, allowed)
            if len(covered) < _FEW:
                break
            found.append(text)
            for name in covered:
                del names[name]
        return sorted((*names, *found))

    def _plain(self, classes: int, allowed: int) -> Iterator[tuple[str, int]]:
        """Whole namespaces, workloads and pods, each with its classes."""
        spaces = {pod.namespace for number in members(classes) for pod in self._seen[number]}
        for name in sorted(spaces):
            if name not in self._strange and not self._spaces[name] & ~allowed:
                yield f"{name}/*", self._spaces[name]
            else:
                yield from self._within(name, classes, allowed)

    def _within(self, name: str, classes: int, allowed: int) -> Iterator[tuple[str, int]]:
        for owner, pods in self._owners[name].items():
            numbers = of(self._number[id(pod)] for pod in pods)
            if not numbers & classes:
                continue
            if not numbers & ~allowed and (text := self._name(name, owner, pods)):
                yield text, numbers
                continue
            for pod in pods:
                number = 1 << self._number[id(pod)]
                if number & classes:
                    yield f"{pod.namespace}/{pod.name}", number

    @cached_property
    def _seen(self) -> dict[int, list[Pod]]:
        """For each class a pod of it in each namespace."""
        return {
            number: list({pod.namespace: pod for pod in pods}.values())
            for number, pods in self.pods.items()
        }

    def _best_selector(self, names: dict[str, int], allowed: int) -> tuple[list[str], str]:
        """The selector that stands for the most of some names."""
        most: tuple[list[str], str] = [], ""
        for classes, text in self._selectors:
            if not classes & ~allowed:
                covered = [name for name, numbers in names.items() if not numbers & ~classes]
                if len(covered) > len(most[0]):
                    most = covered, text
        return most

    @cached_property
    def _selectors(self) -> list[tuple[int, str]]:
        """Whom rules name, and what they would be called, the shorter first."""
        texts = {text for policy in self._snapshot.policies for text in _selections(policy)}
        found: dict[int, str] = {}
        for text in sorted(texts, key=lambda each: (len(each), each)):
            pods = self._meant(text)
            if all(id(pod) in self._number for pod in pods):
                classes = of(self._number[id(pod)] for pod in pods)
                # A class may have others in it whom the selector doesn't mean.
                if sum(len(self.pods[number]) for number in members(classes)) == len(pods):
                    found.setdefault(classes, text)
        return [(classes, text) for classes, text in found.items() if classes]

    def _name(self, namespace: str, owner: WorkloadRef | str, pods: Sequence[Pod]) -> str:
        """The shortest name of a workload, or of a pod without one; empty if it has more pods."""
        key = namespace, owner
        found = self._called.get(key)
        if found is None:
            names = [f"{namespace}/{owner}"]
            if isinstance(owner, WorkloadRef):
                names = [f"{namespace}/{owner.name}", str(owner)]
            found = next((text for text in names if self._means(text, pods)), "")
            self._called[key] = found
        return found

    def _means(self, text: str, pods: Iterable[Pod]) -> bool:
        return {id(pod) for pod in self._meant(text)} == {id(pod) for pod in pods}

    def _meant(self, text: str) -> list[Pod]:
        try:
            found = self._directory.find(text).members
        except QueryError:
            return []
        return [each for each in found if isinstance(each, Pod)]


def _selections(policy: object) -> Iterator[str]:
    """The pods that a policy governs and those that its rules name, as texts."""
    if isinstance(policy, TierPolicy):
        yield from _of_cluster(policy)
    if not isinstance(policy, NetworkPolicy):
        return
    yield _selection(policy.namespace, policy.subject)
    for direction in Direction:
        for rule in policy.rules(direction):
            for peer in () if isinstance(rule.peers, AnyPeer) else rule.peers:
                if isinstance(peer, PodPeer):
                    yield _selection(_namespaces(peer, policy.namespace), peer.pods)


def _of_cluster(policy: TierPolicy) -> Iterator[str]:
    rules = (rule for direction in Direction for rule in policy.rules(direction))
    for whom in (policy.subject, *(peer for rule in rules for peer in rule.peers)):
        match whom:
            case NamespacesPeer(namespaces):
                yield _selection(_spaces(namespaces), EVERYTHING)
            case PodsPeer(namespaces, pods):
                yield _selection(_spaces(namespaces), pods)


def _namespaces(peer: PodPeer, own: str) -> str:
    return own if peer.namespaces is None else _spaces(peer.namespaces)


def _spaces(namespaces: Selector) -> str:
    match namespaces.requirements:
        case ():
            return "*"
        case (Requirement(key=key, operator=Operator.IN, values=(name,)),) if key == NAME_LABEL:
            return name
    return f"ns{{{namespaces}}}"


def _selection(namespaces: str, pods: Selector) -> str:
    return f"{namespaces}/{{{pods}}}" if pods.requirements else f"{namespaces}/*"
