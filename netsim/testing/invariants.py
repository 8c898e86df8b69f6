"""Invariants: what must hold whatever is edited, and how to look for edits that break it.

import netsim
from netsim import testing

@testing.invariant("the web tier reaches the database through the api alone")
def web_is_apart(change: testing.Change) -> bool:
    return not change.after.allows("shop/web", "shop/db", 5432)

def test_web_is_apart() -> None:
    web_is_apart.check(netsim.load("manifests/"))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, overload

from netsim.errors import hold_type
from netsim.model.snapshot import Snapshot
from netsim.testing.change import Change, change_of
from netsim.testing.edit_values import Edit, EditKind, Scope

if TYPE_CHECKING:
    from netsim.testing.counterexample import Counterexample

# What a rule answers: nothing or True if it holds; else False, or what is wrong in words.
Answer = bool | str | None | Iterable[str]
Rule = Callable[[Change], Answer]

MOST = 3  # edits at once, where nothing else is said
SECONDS = 20.0
_BROKEN = "it does not hold"


@dataclass(frozen=True)
class Invariant:
    """What must hold of a cluster after any edits in a scope, at most `most` of them at once.

    `said` says it in words. `call` is the expression that makes it, which a printed test needs,
    and `home` the module to import it from. `about` is the end that it asks about alone: how it is
    reached. `near`: edits in other namespaces than its own are of no effect on that.
    """

    said: str
    rule: Rule
    scope: Scope = Scope()  # noqa: RUF009 - a frozen value
    most: int = MOST
    call: str = ""
    home: str = "netsim.testing"
    about: str = ""
    near: bool = False

    def __call__(self, change: Change) -> Answer:
        """What the rule says of one change."""
        return self.rule(change)

    def violations(self, change: Change) -> Iterator[str]:
        """What is wrong after a change, in words; found one by one."""
        try:
            yield from _texts(self.rule(change))
        except AssertionError as error:
            yield str(error).strip() or _BROKEN

    def over(self, *kinds: EditKind | str) -> Invariant:
        """The same, with edits of these kinds alone: `"policy-removed"`, `"relabelled"` …

        Raises ValueError for a kind that there isn't.
        """
        return replace(self, scope=self.scope.of(map(EditKind, kinds)))

    def within(self, *namespaces: str) -> Invariant:
        """The same, with edits in these namespaces alone."""
        return replace(self, scope=self.scope.within(namespaces))

    def find(
        self,
        snapshot: Snapshot,
        *,
        edits: int | None = None,
        seed: int = 0,
        seconds: float = SECONDS,
    ) -> Counterexample | None:
        """Look for the fewest and smallest edits that break it; None if none were found.

        Simple edits are tried first, one by one, and then together, at most `edits` at once; for
        the rest of the time they are drawn. The order hangs on `seed` alone. Nothing can be left
        out of what is found. Edits that take away whom it speaks of are passed over. Raises
        QueryError if it speaks of nobody as it is.
        """
        from netsim.testing.search import search

        hold_type(snapshot, Snapshot, "netsim.load(…)")
        return search(self, snapshot, most=edits, seed=seed, seconds=seconds).counterexample

    def check(
        self,
        snapshot: Snapshot,
        *,
        edits: int | None = None,
        seed: int = 0,
        seconds: float = SECONDS,
    ) -> None:
        """For tests: raise AssertionError with the counterexample, if `find` finds one."""
        __tracebackhide__ = True  # pytest shows the line that calls this
        found = self.find(snapshot, edits=edits, seed=seed, seconds=seconds)
        if found is not None:
            raise AssertionError(str(found))

    def hold(self, snapshot: Snapshot, *edits: Edit) -> None:
        """Raise AssertionError if it doesn't hold after these very edits.

        Raises QueryError or InputError if one of them can't be made, and QueryError if they take
        away whom it speaks of.
        """
        __tracebackhide__ = True  # pytest shows the line that calls this
        from netsim.analysis.program import Program

        change = change_of(Program(snapshot), edits)
        if found := list(self.violations(change)):
            raise AssertionError("\n  ".join((f"not so: {self.said}", *found)))

    def find_between(self, old: Snapshot, new: Snapshot) -> Counterexample | None:
        """Of the edits that lead from one version to another the fewest that break it.

        None if all of them together don't. Raises QueryError as `find` does, and where the new
        version has nobody any more whom the invariant speaks of: there is nothing else to try.
        """
        from netsim.testing.search import search_between

        return search_between(self, old, new).counterexample

    def check_between(self, old: Snapshot, new: Snapshot) -> None:
        """For tests: raise AssertionError with the counterexample, if `find_between` finds one."""
        __tracebackhide__ = True  # pytest shows the line that calls this
        found = self.find_between(old, new)
        if found is not None:
            raise AssertionError(str(found))


@overload
def invariant(said: Rule, /) -> Invariant: ...


@overload
def invariant(
    said: str = "",
    /,
    *,
    kinds: Iterable[EditKind | str] | None = None,
    namespaces: Iterable[str] | None = None,
    most: int = MOST,
) -> Callable[[Rule], Invariant]: ...


def invariant(
    said: str | Rule = "",
    /,
    *,
    kinds: Iterable[EditKind | str] | None = None,
    namespaces: Iterable[str] | None = None,
    most: int = MOST,
) -> Invariant | Callable[[Rule], Invariant]:
    """Make an invariant of a function of a `Change`; it is said in words, or by its docstring.

    The function returns None or True where all is well, else False, a text that says what is
    wrong, or several; or it fails an `assert`. It should be a function of the change alone.
    `kinds` and `namespaces` are those of the edits to think of, `most` how many at once.

    Edits that take away whom it asks about are passed over, as by Hypothesis' `assume`: where a
    question raises QueryError after them, and didn't without them, the invariant says nothing of
    them. Where it raises QueryError without any edit, too, so does the search, at once.
    """
    scope = Scope()
    if kinds is not None:
        scope = scope.of(map(EditKind, kinds))
    if namespaces is not None:
        scope = scope.within(namespaces)

    def made(rule: Rule) -> Invariant:
        first = (rule.__doc__ or "").strip().partition("\n")[0].rstrip(".")
        words = said if isinstance(said, str) and said else first or rule.__name__.replace("_", " ")
        return Invariant(words, rule, scope, most, rule.__name__, rule.__module__)

    return made if isinstance(said, str) else made(said)


def _texts(answer: Answer) -> Iterator[str]:
    match answer:
        case None | True:
            return
        case False:
            yield _BROKEN
        case str():
            yield answer
        case _:
            yield from map(str, answer)
