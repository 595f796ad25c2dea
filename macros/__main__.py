"""Where `python -m macros` begins: an interrupt ends it in silence from its first moment on.

What can be interrupted with something to clean up comes later, in `cli.run`.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, frame: os._exit(128 + number))
signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))  # see scripts/ready

from .site import stamp  # noqa: E402 - light, and after the lines above

REPLAY = ["build", "--replay"]


def main() -> None:
    """Say again what a replay has said, where it would change nothing; else run what is asked."""
    if sys.argv[1:] == REPLAY and (lines := stamp.unchanged(Path(__file__).parents[1])):
        print("site/ is what this build would make: nothing has changed", file=sys.stderr)
        print(*lines, sep="\n")
        return

    from .cli import run

    run()


if __name__ == "__main__":
    main()
