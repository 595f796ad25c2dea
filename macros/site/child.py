"""A process that works for another, and ends with it: also where that one is killed.

`python -m macros.site.child …` is `mkdocs …` in such a process.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG, of prctl(2)."""
STARTER = "NETDOCS_STARTER"
"""Environment variable: the id of the process that this one works for."""
SECONDS = 600
"""Of a processor, for a whole language. A page has a limit of its own: this is for what is done
with all of them."""


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the one that started it ends. Linux alone can.

    Of the starter's threads it must be the first that starts this one: the kernel looks at
    the thread.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before
        os._exit(1)


def main() -> None:
    """Be `mkdocs`."""
    end_with_parent(int(os.environ[STARTER]))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    from mkdocs.__main__ import cli

    cli(prog_name="mkdocs")


if __name__ == "__main__":
    main()
