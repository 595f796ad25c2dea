"""What a person sees of a build under way: a display on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from .run import Beat, Tell

Say = Callable[[str], None]


@contextmanager
def shown(console: Console, steps: Callable[[str], int]) -> Iterator[tuple[Say, Tell]]:
    """Give what to say lines with, and what to tell of scenes under way.

    `steps` gives the number of steps of a scene.
    """
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
        tasks: dict[str, int] = {}

        def tell(beat: Beat) -> None:
            if beat.scene not in tasks:
                tasks[beat.scene] = progress.add_task(beat.scene, total=steps(beat.scene))
            if beat.done:
                progress.remove_task(tasks[beat.scene])  # type: ignore[arg-type]
            elif beat.step:
                progress.advance(tasks[beat.scene])  # type: ignore[arg-type]

        yield lambda line: progress.console.print(line, markup=False, highlight=False), tell


def plain(console: Console) -> tuple[Say, Tell]:
    """One line for each thing said, and one for each scene that is done."""
    seconds: dict[str, float] = {}
    lock = threading.Lock()

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    def tell(beat: Beat) -> None:
        with lock:
            seconds[beat.scene] = seconds.get(beat.scene, 0.0) + beat.seconds
            if beat.done:
                say(f"  ran {beat.scene} ({seconds[beat.scene]:.1f} s)")

    return say, tell
