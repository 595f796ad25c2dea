"""Ctrl-C and SIGTERM: what is under way ends through every `with`, within a stated time.

The first one is raised where the first thread is; what comes after it waits for nobody. What
must not stop half-way is done `undisturbed`.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SECONDS = 4.0
"""In which all that is under way must have ended."""
held: list[int] = []
"""Signals that came while nothing may be disturbed."""
depth: list[None] = []
"""One for each `undisturbed` that is open."""


class Interrupted(KeyboardInterrupt):
    """A signal that ends the process; with the notes of those who could not clean up."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


def listen(late: Callable[[], None]) -> None:
    """From now on, raise `Interrupted` for a signal, once.

    What has not ended `SECONDS` later is left as it is: `late` is called, and the process ends.
    """

    def interrupted(number: int, frame: FrameType | None) -> None:
        if depth:
            held.append(number)
            return
        give_up(number)

    def give_up(number: int) -> None:
        for each in SIGNALS:
            signal.signal(each, lambda number, frame: None)
        signal.signal(signal.SIGALRM, lambda *_: end(number))
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        raise Interrupted(number)

    def end(number: int) -> None:
        late()
        os._exit(128 + number)

    for each in SIGNALS:
        signal.signal(each, interrupted)


def deafen() -> None:
    """All has ended: nothing may disturb what Python itself does at its end."""
    for each in (*SIGNALS, signal.SIGALRM):
        signal.signal(each, signal.SIG_IGN)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Do what must not stop half-way, and is short; a signal waits until it is done."""
    depth.append(None)
    try:
        yield
    finally:
        depth.pop()
        if held and not depth:
            signal.raise_signal(held.pop())
