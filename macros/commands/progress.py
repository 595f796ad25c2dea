"""What a person sees of a build under way: a display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich import progress as rich_progress
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from ..model import Say
from ..rigs.run import OnProgress, Progress


@contextmanager
def showing(console: Console) -> Iterator[tuple[Say, OnProgress]]:
    """Give what to say lines with, and what to tell of scenes under way."""
    if not console.is_terminal:
        yield plain(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=console, transient=True) as display:
        tasks: dict[str, TaskID] = {}

        def tell(progress: Progress) -> None:
            if progress.scene not in tasks:
                tasks[progress.scene] = display.add_task(progress.scene, total=progress.of)
            if progress.done:
                display.remove_task(tasks[progress.scene])
            elif progress.step:
                display.advance(tasks[progress.scene])

        yield lambda line: display.console.print(line, markup=False, highlight=False), tell


def plain(console: Console) -> tuple[Say, OnProgress]:
    """One line for each thing said, and one for each scene that is done."""
    seconds: dict[str, float] = {}
    lock = threading.Lock()

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    def tell(progress: Progress) -> None:
        with lock:
            took = seconds.pop(progress.scene, 0.0) + progress.seconds
            if progress.done:
                say(f"  ran {progress.scene} ({took:.1f} s)")
            else:
                seconds[progress.scene] = took

    return say, tell
