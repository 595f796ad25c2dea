"""What a person sees of a build under way: a display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from ..model import Say
from ..rigs.run import Beat, Tell


@contextmanager
def shown(console: Console) -> Iterator[tuple[Say, Tell]]:
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
    with Progress(*columns, console=console, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(beat: Beat) -> None:
            if beat.scene not in tasks:
                tasks[beat.scene] = progress.add_task(beat.scene, total=beat.of)
            if beat.done:
                progress.remove_task(tasks[beat.scene])
            elif beat.step:
                progress.advance(tasks[beat.scene])

        yield lambda line: progress.console.print(line, markup=False, highlight=False), tell


def plain(console: Console) -> tuple[Say, Tell]:
    """One line for each thing said, and one for each scene that is done."""
    seconds: dict[str, float] = {}
    lock = threading.Lock()

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    def tell(beat: Beat) -> None:
        with lock:
            took = seconds.pop(beat.scene, 0.0) + beat.seconds
            if beat.done:
                say(f"  ran {beat.scene} ({took:.1f} s)")
            else:
                seconds[beat.scene] = took

    return say, tell
