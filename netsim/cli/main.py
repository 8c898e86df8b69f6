"""The way into the program and, as an exit status, every way out of it (DESIGN 3b)."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

TROUBLE = 2
INTERRUPTED = 130
CLOSED_PIPE = 141


def program() -> NoReturn:
    """Be the whole process: run its command line and end with its exit status.

    Nothing is cleared away before that: what is left of a large cluster takes 0.6 s.
    """
    status = main()
    if sys.stdout is not None:
        with suppress(OSError):  # what broke off may have left something to write
            sys.stdout.flush()
    os._exit(status)


def main(args: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status. Nothing but the answer goes to stdout."""
    try:
        status = _run(sys.argv[1:] if args is None else list(args))
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return CLOSED_PIPE
    except OSError as error:
        place = f" ({error.filename})" if error.filename else ""
        return _complain(f"error: {(error.strerror or str(error)).lower()}{place}")
    except MemoryError:
        return _complain("error: out of memory")
    except Exception as error:
        return _own_fault(error)


def _run(args: list[str]) -> int:
    # Imported here, so that Ctrl-C while modules load is answered like any other.
    from netsim.source.collector import collector_off

    with collector_off():  # modules are kept
        from netsim.cli.commands import run

    return run(_program_name(sys.argv[0]), args)


def _program_name(path: str) -> str:
    """How the program was called: kubectl runs its plugin `netsim` as `kubectl-netsim`."""
    if path.endswith(("kubectl-netsim", "kubectl-netsim.exe")):
        return "kubectl netsim"
    return "python -m netsim" if path.endswith("__main__.py") else "netsim"


def _forget_output() -> None:
    """Turn stdout to nowhere: Python flushes it once more at exit, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _own_fault(error: Exception) -> int:
    if os.environ.get("NETSIM_DEBUG") == "1":
        from traceback import print_exception

        print_exception(error)
    return _complain(
        f"internal error: {type(error).__name__}: {error} (a fault of netsim's own: please report"
        " it with the command; NETSIM_DEBUG=1 shows where it happened)"
    )


def _complain(line: str) -> int:
    from netsim.errors import visible

    print(visible(line), file=sys.stderr)
    return TROUBLE
