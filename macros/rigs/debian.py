"""The Debian that an image builds on, made by mmdebstrap. Knows no engine and no image.

Packages' scripts run while it is made, on the machine itself: so they run in a user namespace,
as ids of the machine that nobody has.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ..engines import Engine
from ..errors import RigBroken

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
"""Of the package debian-archive-keyring; what is signed by none of its keys is refused."""
FIRST = 3_500_000_000
"""On the machine, the first of the ids of that namespace: above those of closed rigs."""
COUNT = 1 << 16
WAIT = 10.0
"""Seconds for a process to be in its namespace."""


def command(wanted: Engine, root: Path) -> list[str]:
    """How mmdebstrap is called to write a suite's root file system, as a tar.

    Its apt reads nothing of the machine's own configuration, which may have checks off.
    """
    age = [f'--aptopt=Acquire::Min-ValidTime "{wanted.valid}"'] if wanted.age else []
    source = [f"deb {wanted.archive} {wanted.suite} main"] if wanted.archive else []
    return ["mmdebstrap", "--mode=unshare", "--variant=minbase", f"--keyring={KEYRING}",
            *age, wanted.suite, str(root), *source]  # fmt: skip


def make(wanted: Engine, scratch: Path) -> Path:
    """The root file system of a suite, as a tar in `scratch`.

    Raises `RigBroken` with what to install, or with the end of what mmdebstrap said.
    """
    if missing := [program for program in ("mmdebstrap", "setpriv") if not shutil.which(program)]:
        raise RigBroken(f"{missing[0]} is not installed: apt-get install mmdebstrap util-linux")
    if not KEYRING.exists():
        raise RigBroken(f"{KEYRING} is not there: apt-get install debian-archive-keyring")
    root = scratch / "root.tar"
    status, stderr = run_unprivileged(command(wanted, root), scratch)
    if status:
        raise RigBroken(f"mmdebstrap failed:\n{stderr[-2000:]}")
    return root


def run_unprivileged(command: Sequence[str], scratch: Path) -> tuple[int, str]:
    """Run a command that needs root's rights over its own files alone: its status, what it said.

    For root, in a user namespace whose root is nobody on the machine, and owns `scratch`.
    mmdebstrap makes one itself for everybody else, and stays root for root. Raises `RigBroken`
    where the machine lets nobody make one.
    """
    environment = {**os.environ, "TMPDIR": str(scratch), "HOME": str(scratch)}
    if os.geteuid():
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        return done.returncode, done.stderr
    os.chown(scratch, FIRST, FIRST)
    scratch.chmod(0o711)  # apt downloads as a user of its own
    begin = (
        "read -r _ && exec setpriv --reuid=0 --regid=0 --clear-groups --pdeathsig=KILL "
        'unshare --pid --fork --kill-child "$@"'  # all of it ends with us
    )
    with subprocess.Popen(
        ["unshare", "--user", "--keep-caps", "sh", "-c", begin, "-", *command],
        env=environment, cwd=scratch, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        try:
            if wait_for_namespace(child):
                for kind in ("uid", "gid"):
                    Path(f"/proc/{child.pid}/{kind}_map").write_text(f"0 {FIRST} {COUNT}\n")
                stderr = child.communicate("\n")[1]
            else:
                stderr = child.communicate(timeout=WAIT)[1]
        finally:
            child.kill()
    return child.returncode, stderr


def wait_for_namespace(child: subprocess.Popen[str]) -> bool:
    """Wait until a process has a user namespace of its own; whether it has, and still runs."""
    ours, deadline = os.readlink("/proc/self/ns/user"), time.monotonic() + WAIT
    while child.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):  # it ends just now
            if os.readlink(f"/proc/{child.pid}/ns/user") != ours:
                return True
        time.sleep(0.01)
    return False
