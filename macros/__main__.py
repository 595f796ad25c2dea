"""Where `python -m macros` begins: an interrupt ends it in silence from its first moment on.

What can be interrupted with something to clean up comes later, in `cli.run`.
"""

from __future__ import annotations

import os
import signal

for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda number, frame: os._exit(128 + number))
signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM))  # see scripts/ready


def main() -> None:
    """Load the command line, and run it."""
    from .cli import run

    run()


if __name__ == "__main__":
    main()
