"""Authors' regular expressions and JMESPaths, looked for in a process that can be ended.

Python's `re` backtracks without end on some patterns, holds its lock meanwhile, and knows no
limit; a JMESPath of sixty characters makes a value of a terabyte. So both are looked for in a
worker, which has so many seconds of a processor and so much memory for each question: its own
timer ends it. It ends as well when nobody can ask it any more.
"""

from __future__ import annotations

import atexit
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from . import phrases
from .languages import terminal
from .model import Reason

SECONDS = 2.0
"""Of a processor, for one question. What needs more is not worth waiting for: the slowest of all
scenes takes a hundredth of one."""
LEAST = 0.1
"""Seconds that a question gets after many have taken too long."""
MEMORY = 1 << 30
"""Bytes that a worker may use."""
LONGEST = 1 << 20
"""Characters of a value that a JMESPath may find."""
DEEPEST = 500
"""Calls within calls: half of what this side can read again."""
SILENT = 60.0
"""Seconds after which a worker that has used no processor counts as dead."""
PACKAGE = Path(__file__).parent
UNFIT = (re.error, OverflowError, RecursionError, MemoryError, ValueError)
"""What compiling a regex or a JMESPath raises, and what looking for it may: JMESPath's own errors
are `ValueError`."""


class Unfit(ValueError):
    """A pattern that cannot be looked for, with the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return phrases.reason(self.reason, terminal())


def why(error: BaseException, kind: str = "pattern") -> Reason:
    """Why a pattern does not compile, or cannot be looked for; `kind` of what a library says."""
    match error:
        case Unfit():
            return error.reason
        case RecursionError():
            return Reason("deep")
        case MemoryError():
            return Reason("memory", (str(MEMORY >> 20),))
        case OverflowError():
            return Reason("large")
    message = str(error).splitlines()[0].rstrip(":") if str(error) else type(error).__name__
    return Reason(kind, (message,))


Extent = tuple[int, int]
"""[start, end) in characters of a text; (-1, -1) of a group that took no part."""


def find(regex: str, texts: Sequence[str]) -> list[tuple[Extent, Extent] | None]:
    """Where a regex is found in each of these texts; ^ and $ are ends of lines.

    None where it is not, else all it matches, and its first group: all, where it has none.
    Raises `Unfit`.
    """
    matches: list[tuple[Extent, Extent] | None] = ask("find", regex, *texts)
    return matches


def value(path: str, text: str) -> Any:
    """The value at a JMESPath in a JSON text; None where there is none. Raises `Unfit`."""
    return json.loads(ask("value", path, text))


def canonical(value: Any) -> str:
    """A value as JSON, in which 1 is not true and the order of keys does not count."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


# --- this side ---


class Worker:
    """The process that looks, and the way to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(
                [sys.executable, "-m", "macros.patterns"], cwd=PACKAGE.parent,
                stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is not for it to hear
            )  # fmt: skip
        self.way: Connection = Connection(ours.detach())

    def ask(self, seconds: float, question: tuple[str, ...]) -> tuple[bool, Any]:
        """What it answers; raises `EOFError` or `OSError` where it has ended instead."""
        self.way.send((seconds, question))
        if not self.way.poll(SILENT):
            raise EOFError
        answer: tuple[bool, Any] = self.way.recv()
        return answer

    def end(self) -> int:
        """End it; its exit status."""
        self.way.close()
        try:
            return self.process.wait(1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


idle: list[Worker] = []
"""Workers that nobody asks just now: there are as many as threads that ask at once."""
endless: dict[tuple[str, ...], Reason] = {}
"""Questions that were given up, and why: none is asked twice."""


def ask(*question: str) -> Any:
    """Have a question answered. Raises `Unfit`."""
    if question in endless:
        raise Unfit(endless[question])
    seconds = max(LEAST, SECONDS / (1 + len(endless)))
    try:
        worker = idle.pop()
    except IndexError:
        worker = Worker()
    try:
        fine, answer = worker.ask(seconds, question)
    except (EOFError, OSError):
        status = worker.end()
        late = status in (-signal.SIGPROF, -signal.SIGKILL)
        endless[question] = (
            Reason("slow", (f"{seconds:g}",)) if late else Reason("ended", (str(status),))
        )
        raise Unfit(endless[question]) from None
    except BaseException:
        worker.process.kill()
        worker.end()
        raise
    idle.append(worker)
    if not fine:
        raise Unfit(answer)
    return answer


@atexit.register
def dismiss() -> None:
    """End all workers."""
    while idle:
        idle.pop().end()


# --- the other side ---


def find_here(regex: str, *texts: str) -> list[tuple[Extent, Extent] | None]:
    """Of `find`."""
    compiled = re.compile(regex, re.MULTILINE)
    group = min(1, compiled.groups)
    matches = map(compiled.search, texts)
    return [(match.span(), match.span(group)) if match else None for match in matches]


def value_here(path: str, text: str) -> str:
    """Of `value`, as JSON."""
    import jmespath

    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unfit(why(error, "json")) from None
    answer = canonical(jmespath.search(path, data))
    if len(answer) > LONGEST:
        raise Unfit(Reason("longest", (str(LONGEST),)))
    return answer


def serve(way: Connection) -> None:
    """Answer questions, each within its seconds, until there is nobody to ask."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit(DEEPEST)
    look: dict[str, Callable[..., Any]] = {"find": find_here, "value": value_here}
    while True:
        try:
            seconds, (kind, *question) = way.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            answer: tuple[bool, Any] = True, look[kind](*question)
        except UNFIT as error:
            answer = False, why(error)
        signal.setitimer(signal.ITIMER_PROF, 0)
        way.send(answer)


if __name__ == "__main__":
    serve(Connection(0))
