"""One language rendered in a process of its own, which keeps MkDocs loaded between renderings.

The process ends with the one that started it, however that one ended, and Ctrl-C is not
for it to hear. What is wrong with a page comes back as text; that page alone is not drawn.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context, resource_tracker
from pathlib import Path

from ..reports import DRAFT, RUN
from .child import end_with_parent


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a rendering came to."""

    said: str
    """What MkDocs warned of, one line each, as it prints it."""
    whole: bool
    """Whether there is a site: with every page, but for those in `undrawn`."""
    undrawn: tuple[str, ...] = ()
    """Addresses of pages that are wrong and hold what is wrong: ``modes/bridge/index.html``."""


class Warnings(logging.Handler):
    """What MkDocs warns of, and which pages could not be drawn."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.undrawn: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} - {record.getMessage()}")
        if page := getattr(record, "undrawn", ""):
            self.undrawn.append(page)


@contextmanager
def heard() -> Iterator[Warnings]:
    """Listen to MkDocs, which then prints nothing itself."""
    logger, warnings = logging.getLogger("mkdocs"), Warnings()
    logger.propagate = False
    logger.addHandler(warnings)
    try:
        yield warnings
    finally:
        logger.removeHandler(warnings)


def render(config: str, out: str, run: str) -> Rendered:
    """Build one language into a directory; wrong pages are left undrawn, and told."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    os.environ |= {RUN: run, DRAFT: "1"}
    with heard() as warnings:
        whole = False
        try:
            loaded = load_config(config, site_dir=out, strict=False)
            loaded.plugins.on_startup(command="serve", dirty=False)
            build(loaded)
            loaded.plugins.on_shutdown()
            whole = True
        except (Exception, SystemExit) as error:  # a theme or a plugin may raise what it likes
            if not warnings.lines:
                warnings.lines.append(f"ERROR - {type(error).__name__}: {error}")
    return Rendered("\n".join(warnings.lines), whole, tuple(warnings.undrawn))


class Renderer:
    """The process that renders one language, started when it is first needed."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self.pool = self.opened()

    @staticmethod
    def opened() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            1,
            mp_context=get_context("spawn"),
            initializer=end_with_parent,
            initargs=(os.getpid(),),
        )

    def render(self, out: Path, run: Path) -> Future[Rendered]:
        """Have the language built; the answer raises `BrokenExecutor` where the process dies."""
        what = str(self.config), str(out), str(run)
        with deaf():
            try:
                return self.pool.submit(render, *what)
            except BrokenExecutor:  # it died since the last time
                self.reopen()
                return self.pool.submit(render, *what)

    def reopen(self) -> None:
        """Have a new process, after the old one died."""
        self.pool.shutdown(wait=False)
        self.pool = self.opened()

    def close(self) -> None:
        """End the process at once, whatever it is at."""
        for child in active_children():
            child.kill()
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
