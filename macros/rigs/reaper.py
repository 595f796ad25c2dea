"""What cleans up after a run that was killed: it outlives the run, and ends right after it.

A rig ends by itself when whoever asked is gone, but a container that was only created
knows nothing of that. Started beside each run as a process of its own, in a session of
its own; until the run's end it only waits, and has loaded nothing.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
DONE = b"done"
"""What a run says that has cleaned up itself."""
LATE = 5.0
"""Seconds in which an engine may still create what a run asked for before it was killed."""


PERSISTENT = 180.0
"""Seconds for which an engine that does not answer is asked again."""


@contextmanager
def reaping(url: str, run: str, left: Sequence[str]) -> Iterator[None]:
    """Have what a run leaves on an engine removed: what is in `left` in the end, and all of it
    should this process be killed.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "macros.rigs.reaper", url, run],
        cwd=PACKAGE.parent, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin
    try:
        yield
    finally:
        if left:
            process.stdin.close()  # it goes on trying
        else:
            process.communicate(DONE)


def reap(url: str, run: str) -> None:
    """Remove the run's containers, those that still come too; stop our engine if nobody uses it."""
    from ..errors import RigBroken
    from .client import breaking
    from .outer_engine import OuterEngine
    from .own_engine import SOCKET, leave

    engine = None
    start = time.monotonic()
    while time.monotonic() < start + (LATE if engine or url == SOCKET else PERSISTENT):
        with suppress(RigBroken), breaking(url):
            engine = engine or OuterEngine.at(url)
            if engine:
                engine.remove_run(run)
        time.sleep(0.25)
    if engine:
        engine.client.close()
    if url == SOCKET:
        leave()


if __name__ == "__main__" and sys.stdin.buffer.read() != DONE:
    reap(sys.argv[1], sys.argv[2])
