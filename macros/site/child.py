"""A process that works for another, and ends with it: also where that one is killed."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

from .rendering import Job, Rendered

DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG, of prctl(2)."""
SECONDS = 600
"""Of a processor, for a whole language. A page has a limit of its own: this is for what is done
with all of them."""


def begin(parent: int, root: str) -> None:
    """What such a process does first."""
    end_with_parent(parent)
    os.chdir(root)
    os.environ["NO_MKDOCS_2_WARNING"] = "1"


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the one that started it ends. Linux alone can.

    Of the starter's threads it must be the first that starts this one: the kernel looks at
    the thread.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before
        os._exit(1)


def render(job: Job) -> Rendered:
    """Do it here: nobody else needs to load MkDocs."""
    from . import generator

    return generator.render(job)


def limit_next() -> None:
    """Let the kernel end this process where its next piece of work takes more than `SECONDS`."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, most))
