"""Damage the fixtures' bytes and ask netsim all the same.

    python tests/robustness/mutations.py --count 100000

Every mutation must end in a verdict or a diagnostic: no traceback, no hang (5 s), no more than
1 GiB. A mutation is named by its number, which is also its seed: `--only 4711` runs it alone
and `--show` prints its bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import multiprocessing.connection
import os
import random
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest import mock

import yaml

from netsim.cli.main import main as netsim_main

FIXTURES = Path(__file__).parents[2] / "fixtures"
SECONDS = 5.0
BYTES = 1 << 30
STATUSES = {0, 1, 2, 3}
INTERNAL_FAULT = "report"  # only the line about a fault of netsim's own asks for one
QUESTION = ["can", "-f", "-", "*", "*", "80"]


@dataclass(frozen=True)
class Outcome:
    """What one mutation came to; `fault` is empty where all is well."""

    number: int
    status: int
    fault: str = ""


@cache
def originals() -> tuple[bytes, ...]:
    """The bytes of every manifest among the fixtures, in a stable order."""
    clusters = sorted(FIXTURES.glob("clusters/**/*.yaml"))
    cases = sorted(FIXTURES.glob("cases/**/*.yaml"))
    return tuple(
        [path.read_bytes() for path in clusters]
        + [text.encode() for path in cases for text in manifests_in(path)]
    )


def manifests_in(case: Path) -> list[str]:
    """The manifests of a case file, one text for each of its steps."""
    written = yaml.load(case.read_bytes(), Loader=yaml.CSafeLoader)
    steps = written.get("steps", [written])
    return [step["manifests"] for step in steps]


def mutated(number: int) -> bytes:
    """The bytes of mutation `number`: one original, damaged once or twice."""
    chance = random.Random(number)
    text = bytearray(chance.choice(originals()))
    for _ in range(chance.randint(1, 2)):
        chance.choice((flip, cut, duplicate, splice))(text, chance)
    return bytes(text)


def flip(text: bytearray, chance: random.Random) -> None:
    """Replace some bytes: by any byte, or by one that means something to YAML."""
    for _ in range(chance.randint(1, 3)):
        if text:
            telling = chance.choice(b"\n\t {}[]:-#&*!|>'\"%@`,?<=~\\\x00\xff")
            byte = telling if chance.random() < 0.7 else chance.randrange(256)
            text[chance.randrange(len(text))] = byte


def cut(text: bytearray, chance: random.Random) -> None:
    """Take a stretch out."""
    start, end = stretch(text, chance)
    del text[start:end]


def duplicate(text: bytearray, chance: random.Random) -> None:
    """Write a stretch again, up to twenty times, somewhere else."""
    start, end = stretch(text, chance)
    at = chance.randint(0, len(text))
    text[at:at] = text[start:end] * chance.randint(1, 20)


def splice(text: bytearray, chance: random.Random) -> None:
    """Put a stretch of another original in the place of one of this."""
    other = bytearray(chance.choice(originals()))
    other_start, other_end = stretch(other, chance)
    start, end = stretch(text, chance)
    text[start:end] = other[other_start:other_end]


def stretch(text: bytearray, chance: random.Random) -> tuple[int, int]:
    """A stretch of up to 400 bytes, on line boundaries half of the time."""
    start = chance.randint(0, len(text))
    end = min(len(text), start + chance.randint(0, 400))
    if chance.random() < 0.5:
        start = text.rfind(b"\n", 0, start) + 1
        end = text.find(b"\n", end) + 1 or len(text)
    return start, end


def ask(number: int) -> Outcome:
    """Run `netsim can` on one mutation inside this process."""
    stdin = io.TextIOWrapper(io.BytesIO(mutated(number)))
    out, err = io.StringIO(), io.StringIO()
    try:
        with (
            mock.patch.object(sys, "stdin", stdin),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            status = netsim_main(question(number))
    except BaseException:
        return Outcome(number, -1, traceback.format_exc())
    return Outcome(number, status, fault_of(status, out.getvalue(), err.getvalue()))


def question(number: int) -> list[str]:
    """What is asked of a mutation; of every other one in spite of its faults."""
    return [*QUESTION, "--keep-going"] if number % 2 else QUESTION


def fault_of(status: int, out: str, err: str) -> str:
    """What is wrong with an answer, or nothing."""
    if status not in STATUSES:
        return f"exit status {status}\n{err}"
    if status in {0, 1, 3} and not out:
        return "exit status without a verdict"
    if status == 2 and not err:
        return "exit status 2 without a diagnostic"
    return err if status == 2 and INTERNAL_FAULT in err.splitlines()[-1] else ""


def work(pipe: multiprocessing.connection.Connection) -> None:
    """A worker process: takes numbers, gives outcomes, until it is told None."""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    os.environ["NETSIM_DEBUG"] = ""
    while (number := pipe.recv()) is not None:
        pipe.send(ask(number))


class Worker:
    """A process that is used again for the next mutation, and replaced when it hangs or dies."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.deadline = 0.0
        self.start()

    def start(self) -> None:
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=work, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def give(self, number: int) -> None:
        self.number, self.deadline = number, time.monotonic() + SECONDS
        self.pipe.send(number)

    def take(self) -> Outcome:
        """The outcome of the mutation that is under way; the worker is ready again."""
        assert self.number is not None
        number, self.number = self.number, None
        fault = f"no answer after {SECONDS:g} s"
        try:
            if self.pipe.poll(max(0.0, self.deadline - time.monotonic())):
                outcome: Outcome = self.pipe.recv()
                return outcome
        except EOFError:
            fault = "the process died"
        self.stop()
        self.start()
        return Outcome(number, -1, fault)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def run(numbers: Sequence[int], workers: int = 2) -> Iterator[Outcome]:
    """The outcomes of these mutations, in any order."""
    waiting = iter(numbers)
    pool = [Worker() for _ in range(workers)]
    try:
        for worker, number in zip(pool, waiting, strict=False):
            worker.give(number)
        while busy := [worker for worker in pool if worker.number is not None]:
            soonest = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
            ready = multiprocessing.connection.wait([worker.pipe for worker in busy], soonest)
            late = time.monotonic()
            for worker in busy:
                if worker.pipe in ready or worker.deadline <= late:
                    yield worker.take()
                    following = next(waiting, None)
                    if following is not None:
                        worker.give(following)
    finally:
        for worker in pool:
            worker.stop()


def main(print: Callable[..., None] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--start", type=int, default=0, help="the first mutation's number")
    parser.add_argument("--only", type=int, help="this mutation alone")
    parser.add_argument("--show", action="store_true", help="with --only: print its bytes")
    options = parser.parse_args()
    if options.only is not None and options.show:
        sys.stdout.buffer.write(mutated(options.only))
        return 0
    first = options.start if options.only is None else options.only
    numbers = range(first, first + (options.count if options.only is None else 1))
    statuses: Counter[int] = Counter()
    faults = 0
    for outcome in run(numbers):
        statuses[outcome.status] += 1
        if outcome.fault:
            faults += 1
            print(f"mutation {outcome.number}:\n{outcome.fault}\n")
    print(f"{len(numbers)} mutations, exit statuses {dict(sorted(statuses.items()))}, {faults} bad")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
