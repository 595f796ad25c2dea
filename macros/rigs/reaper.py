"""What cleans up after a run that was killed: it outlives the run, and ends right after it.

A rig ends by itself when whoever asked is gone, but a container that was only created
knows nothing of that. Started beside each run as a process of its own, in a session of
its own; until the run's end it only waits, and has loaded nothing.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
DONE = b"done"
"""What a run says that has cleaned up itself."""
LATE = 5.0
"""Seconds in which an engine may still create what a run asked for before it was killed."""


@contextmanager
def reaping(url: str, run: str) -> Iterator[None]:
    """Have what a run leaves on an engine removed, should this process be killed."""
    with subprocess.Popen(
        [sys.executable, "-m", "macros.rigs.reaper", url, run],
        cwd=PACKAGE.parent, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield
        finally:
            process.communicate(DONE)


def reap(url: str, run: str) -> None:
    """Remove the run's containers, those that still come too; stop our engine if nobody uses it."""
    from .daemon import SOCKET, leave
    from .engine import Engine

    if engine := Engine.at(url):
        end = time.monotonic() + LATE
        while time.monotonic() < end:
            engine.remove_run(run)
            time.sleep(0.25)
        engine.client.close()
    if url == SOCKET:
        leave()


if __name__ == "__main__" and sys.stdin.buffer.read() != DONE:
    reap(sys.argv[1], sys.argv[2])
