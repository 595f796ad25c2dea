"""The process that renders one language, which keeps MkDocs loaded between renderings.

It ends with the one that started it, however that one ended, and Ctrl-C is not for it to hear.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import active_children, get_context, resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path

from ..interrupts import undisturbed
from . import child
from .rendering import Job, Rendered


class Renderer:
    """The process of one language, started when it is first needed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pool = self.opened()
        self.processes: set[BaseProcess] = set()

    def opened(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1,
            mp_context=get_context("spawn"),
            initializer=child.begin,
            initargs=(os.getpid(), str(self.root)),
        )

    def render(self, job: Job) -> Future[Rendered]:
        """Have the language built; the answer raises `BrokenExecutor` where the process dies."""
        try:
            return self.submit(job)
        except BrokenExecutor:  # it died since the last time
            self.reopen()
            return self.submit(job)

    def submit(self, job: Job) -> Future[Rendered]:
        before = set(active_children())
        with undisturbed(), deaf():  # a process that is not known here would never be killed
            future = self.pool.submit(child.render, job)
            self.processes |= {*active_children()} - before
        return future

    def reopen(self) -> None:
        """Have a new process, after the old one died."""
        self.pool.shutdown(wait=False)
        self.pool = self.opened()

    def close(self) -> None:
        """End the process at once, whatever it is at."""
        for process in self.processes:
            process.kill()
        self.pool.shutdown(cancel_futures=True)


@contextmanager
def deaf() -> Iterator[None]:
    """A process started here never hears a Ctrl-C; ours waits until the block is left."""
    resource_tracker.ensure_running()  # starting it would end the deafness
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
