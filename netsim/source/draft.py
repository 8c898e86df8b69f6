"""A Reading in the making: it grows file by file, in the order of the input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Generic

from netsim.errors import Diagnostic, FaultType, Location, Severity
from netsim.source.chunks import Chunk, decode, split
from netsim.source.content import Read, RefusedError, Repeated
from netsim.source.foreign import Foreign, is_patch, template_offset
from netsim.source.lists import by_object, is_list, odd_field, unrolled
from netsim.source.memory import Memory
from netsim.source.origin import FileOrigin, Origin
from netsim.source.plain_lines import PlainLines
from netsim.source.reading import Document, DuplicateKey, Reading, Taken
from netsim.source.syntax import BEGINNING_OF_JSON, Parsed, parse, plain_places
from netsim.source.unused_kinds import unused_kind


@dataclass(slots=True)
class _ForeignFolder:
    """The files of one folder that are templates, or patches; the first one is reported."""

    report: int  # its index in the diagnostics
    files: set[str] = field(default_factory=set)


class Draft(Generic[Taken]):
    """What was read so far; of each document what `take` makes of it, or made of it before."""

    def __init__(
        self, take: Callable[[Document], Taken], memory: Memory[Taken] | None = None
    ) -> None:
        self._take = take
        self._memory = memory
        self._documents: list[Taken] = []
        self._diagnostics: list[Diagnostic] = []
        self._unparsed: list[int] = []  # indices in _diagnostics
        self._skipped: Counter[str] = Counter()
        self._files = 0
        self._foreign: dict[tuple[Foreign, str], _ForeignFolder] = {}
        self._is_slow = False
        self._plain = PlainLines()

    def report(self, diagnostic: Diagnostic, *, unparsed: bool = False) -> None:
        """Add a diagnostic. `unparsed`: of a document or file nothing more is known."""
        if unparsed:
            self._unparsed.append(len(self._diagnostics))
        self._diagnostics.append(diagnostic)

    def add_file(self, data: bytes, file: str, *, named: bool) -> None:
        """Add all documents of a file."""
        self._files += 1
        if self._memory:
            known = self._memory.recall_file(data, file, named)
            if known is not None:
                self._documents += known
                return
        text = decode(data, file)
        if isinstance(text, Diagnostic):
            self.report(text, unparsed=True)
            return
        # Before the text is cut, to save the search: in JSON no line begins with `---`.
        if self._add_list(Chunk(file, text), named):
            parts = 1
        else:
            parts = sum([self._add_part(part, named) for part in split(text, file)])
        if not parts:
            self.report(_nothing_in(file))
        if self._memory:
            self._memory.remember_file(parts)

    def finished(self) -> Reading[Taken]:
        """The Reading. The draft is of no use afterwards."""
        for (_, folder), group in self._foreign.items():
            self._count_others(group, folder)
        if self._is_slow:
            self._diagnostics.append(_SLOW)
        return Reading(
            documents=tuple(self._documents),
            diagnostics=tuple(self._diagnostics),
            unparsed=tuple(self._diagnostics[index] for index in self._unparsed),
            skipped=dict(self._skipped),
            files=self._files,
            moved=self._memory.moved if self._memory else {},
        )

    def _add_part(self, part: Chunk | Diagnostic, named: bool) -> bool:
        """Add a part of a file; say whether there was anything in it."""
        if isinstance(part, Diagnostic):
            self.report(part, unparsed=True)
            return True
        if self._add_known(part, named):
            return True
        if not BEGINNING_OF_JSON.match(part.text):
            if kind := unused_kind(part.text):
                self._skipped[kind] += 1
                return True
            if (value := self._plain.read(part.text)) is not None:
                self._add_plain(part, value, named)
                return True
        try:
            parsed = parse(part.text)
        except RefusedError as refusal:
            self._add_refused(part, refusal)
            return True
        if parsed is None or parsed.read.value is None:
            return False
        self._add_parsed(part, parsed, named)
        return True

    def _add_known(self, chunk: Chunk, named: bool) -> bool:
        """Add what became of an equal text before; say whether there was one."""
        known = self._memory.recall(chunk, named) if self._memory else None
        self._documents += known or ()
        return known is not None

    def _add_list(self, chunk: Chunk, named: bool) -> bool:
        """Add the items of a list in JSON one by one; say whether it is one such as kubectl's."""
        if not BEGINNING_OF_JSON.match(chunk.text):
            return False
        return self._add_known(chunk, named) or self._add_listed(chunk, named)

    def _add_listed(self, chunk: Chunk, named: bool) -> bool:
        from netsim.source.json_list import UnusualError, list_items
        from netsim.source.json_reader import ItemPlaces

        take = self._take
        try:
            taken = [
                take(Document(item, FileOrigin(chunk, ItemPlaces(at), ("items", index)), (), named))
                for index, (at, item) in enumerate(list_items(chunk.text))
            ]
        except UnusualError:
            return False
        self._add_taken(chunk, named, taken)
        return True

    def _add_plain(self, chunk: Chunk, value: dict[str, object], named: bool) -> None:
        if is_list(value) or is_patch(value):
            self._add_parsed(chunk, Parsed(Read(value), plain_places), named)
        else:
            document = Document(value, FileOrigin(chunk, plain_places), named=named)
            self._add_taken(chunk, named, [self._take(document)])

    def _add_taken(self, chunk: Chunk, named: bool, taken: list[Taken]) -> None:
        """Add what became of a text of which there is nothing else to say."""
        self._documents += taken
        if self._memory:
            self._memory.remember(chunk, taken)

    def _add_parsed(self, chunk: Chunk, parsed: Parsed, named: bool) -> None:
        self._is_slow |= parsed.is_slow
        if parsed.read.ignored is not None:
            self.report(_ignored(chunk, parsed.read.ignored))
        if is_patch(parsed.read.value):
            place = parsed.find_places(chunk.text).offset(())
            self._add_foreign(Foreign.PATCH, chunk, place)
        else:
            self._add_objects(chunk, parsed, named)

    def _add_refused(self, chunk: Chunk, refusal: RefusedError) -> None:
        offset = refusal.offset or 0
        template = template_offset(chunk.text, offset)
        if template is not None:
            self._add_foreign(Foreign.TEMPLATE, chunk, template)
        else:
            fault = chunk.fault(offset, refusal.rule, refusal.message, refusal.help)
            self.report(fault, unparsed=True)

    def _add_foreign(self, foreign: Foreign, chunk: Chunk, offset: int) -> None:
        """Report a text that is no manifest; of one folder only the first (DEC-24)."""
        key = foreign, str(PurePath(chunk.file).parent)
        if key not in self._foreign:
            self._foreign[key] = _ForeignFolder(report=len(self._diagnostics))
            self.report(chunk.fault(offset, "DEC-24", foreign.words, foreign.help), unparsed=True)
        self._foreign[key].files.add(chunk.file)

    def _count_others(self, group: _ForeignFolder, folder: str) -> None:
        others = len(group.files) - 1
        if others:
            report = self._diagnostics[group.report]
            more = f"{report.message} (and {others} more in `{folder}`)"
            self._diagnostics[group.report] = replace(report, message=more)

    def _add_objects(self, chunk: Chunk, parsed: Parsed, named: bool) -> None:
        taken: list[Taken] = []
        reports = len(self._diagnostics)
        objects = list(unrolled(parsed.read.value))
        repeated, of_lists = by_object(parsed.read.repeated, [inside for _, inside in objects])
        for key in of_lists:
            self.report(_repeated_in_list(chunk, key))
        for value, inside in objects:
            origin = FileOrigin(chunk, parsed.find_places, inside)
            if is_list(value):
                odd = odd_field(value)
                fault = _not_items(origin) if odd is None else _no_items(origin, odd)
                self.report(fault, unparsed=True)
                continue
            keys = [
                DuplicateKey(each.key, chunk.location(each.offset)) for each in repeated[inside]
            ]
            taken.append(self._take(Document(value, origin, tuple(keys), named)))
        if parsed.is_slow or parsed.read.ignored is not None or reports < len(self._diagnostics):
            self._documents += taken  # there is more to say of this text, each time that it is read
        else:
            self._add_taken(chunk, named, taken)


_SLOW = Diagnostic(
    Severity.WARNING,
    FaultType.SYNTAX,
    "YAML",
    "PyYAML has no libyaml here: reading YAML takes 15 times as long",
    help="install a PyYAML wheel, or libyaml and its headers before building it",
)


def _nothing_in(file: str) -> Diagnostic:
    message = "nothing but blanks and comments in here"
    return Diagnostic(Severity.WARNING, FaultType.SYNTAX, "DEC-2", message, Location(file))


def _ignored(chunk: Chunk, offset: int) -> Diagnostic:
    message = "this and what follows is ignored, as Kubernetes ignores it: the document has ended"
    help = "begin the next document with a line `---`"
    place = chunk.location(offset)
    return Diagnostic(Severity.WARNING, FaultType.SYNTAX, "DEC-2", message, place, help=help)


def _repeated_in_list(chunk: Chunk, repeated: Repeated) -> Diagnostic:
    message = f"the key `{repeated.key}` is in this list already"
    place = chunk.location(repeated.offset)
    return Diagnostic(
        Severity.ERROR, FaultType.DUPLICATE_FIELD, "DEC-11", message, place, repeated.key
    )


def _not_items(origin: Origin) -> Diagnostic:
    place = origin.locate(("items",))
    message = "must be a list of objects"
    return Diagnostic(Severity.ERROR, FaultType.DECODE, "DEC-9", message, place, "items")


def _no_items(origin: Origin, field: str) -> Diagnostic:
    message = f"unknown field `{field}`"
    help = "the objects of a list stand in `items`"
    place = origin.locate((field,))
    return Diagnostic(
        Severity.ERROR, FaultType.UNKNOWN_FIELD, "DEC-9", message, place, field, help=help
    )
