"""A limit on what work may take, in seconds of a processor: of this thread, which is the first.

Markdown and its extensions are regular expressions of others' that nobody has bounded. Python
looks for signals inside them, so a timer ends them, without a process for each page. A busy
machine makes nothing late, since only a processor's time counts.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 1.0
"""Seconds after which the error is raised again, where the work has swallowed it."""
PAGE = 10.0
"""Seconds that Markdown may take of one page, once: all of this site's take less than one."""
LONG = (
    f"to make HTML of this page takes longer than {PAGE:g} s: make two pages of it, or write less"
)


class Late(Exception):
    """The work took longer than it may."""


def begin(seconds: float, error: Exception) -> None:
    """From now on, raise this error in whatever is done after so many seconds, until `end`."""

    def late(number: int, frame: FrameType | None) -> None:
        raise error

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds, AGAIN)


def end() -> None:
    """The work is done."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Work that takes so many seconds at most; it raises `Late` where it takes longer."""
    begin(seconds, Late(f"it takes longer than {seconds:g} s"))
    try:
        yield
    finally:
        end()
