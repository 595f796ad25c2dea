"""Control groups of a rig, version 1 and 2: created, limited, killed. Knows no hosts."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from shell import mount

CGROUPS = Path("/sys/fs/cgroup")


def hierarchies() -> dict[str, Path]:
    """Controllers (comma-separated, "" for version 2) → where this rig's own cgroup is mounted."""
    found = {}
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        left, right = line.split(" - ")
        kind = right.split()[0]
        where = left.split()[4]
        if not where.startswith(str(CGROUPS)):
            continue
        if kind == "cgroup2" and where == str(CGROUPS):
            return {"": CGROUPS}
        if kind == "cgroup":
            found[Path(where).name] = Path(where)
    return found


def own() -> dict[str, Path]:
    """Make this rig's cgroups writable, and free their roots of processes (version 2 asks it)."""
    mounted = hierarchies()
    for where in mounted.values():
        mount("-o", "remount,rw,bind", str(where))
    if "" in mounted:
        make_leaf(CGROUPS, "agent")
    return mounted


def make_leaf(root: Path, name: str) -> None:
    """Move all processes of a version 2 cgroup into its child, then hand its controllers down."""
    (root / name).mkdir(exist_ok=True)
    for pid in (root / "cgroup.procs").read_text().split():
        (root / name / "cgroup.procs").write_text(pid)
    hand_down(root)


def hand_down(root: Path) -> None:
    """Let the children of a version 2 cgroup have its controllers."""
    for controller in (root / "cgroup.controllers").read_text().split():
        (root / "cgroup.subtree_control").write_text(f"+{controller}")


def create_limited(name: str, processes: int, memory: int) -> list[Path]:
    """Create a cgroup whose limits hold for whoever sees no more than it: they are its parent's."""
    around = create(name)
    limit(around, processes, memory)
    if "" in hierarchies():
        hand_down(around[0])
    return create(f"{name}/inside")


def create(name: str) -> list[Path]:
    """Create a cgroup in every hierarchy."""
    made = []
    for controllers, where in hierarchies().items():
        path = where / name
        path.mkdir(parents=True, exist_ok=True)
        for inherited in ("cpuset.cpus", "cpuset.mems"):
            if controllers and (path / inherited).exists():
                (path / inherited).write_text((path.parent / inherited).read_text())
        made.append(path)
    return made


def inside(cgroups: list[Path], argv: list[str]) -> list[str]:
    """The command line that joins these cgroups, then becomes `argv`.

    The shell does it between fork and exec: Python there could wait for a lock that a
    thread of ours held, for ever.
    """
    join = 'set -e; while [ "$1" != -- ]; do echo 0 >"$1"; shift; done; shift; exec "$@"'
    return ["sh", "-c", join, "sh", *(str(path / "cgroup.procs") for path in cgroups), "--", *argv]


def limit(cgroups: list[Path], processes: int, memory: int) -> None:
    """Limit a cgroup to a number of processes and of bytes of memory."""
    values = {"pids.max": processes, "memory.max": memory, "memory.limit_in_bytes": memory}
    for path in cgroups:
        for name, value in values.items():
            if (path / name).exists():
                (path / name).write_text(str(value))


def kill(cgroups: list[Path]) -> None:
    """End every process of a cgroup, however fast it forks."""
    for path in cgroups:
        if (path / "cgroup.kill").exists():
            (path / "cgroup.kill").write_text("1")
            continue
        if (path / "pids.max").exists():
            (path / "pids.max").write_text("0")
        for _ in range(100):
            pids = (path / "cgroup.procs").read_text().split()
            if not pids:
                break
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
            time.sleep(0.01)


def remove_if_empty(cgroups: list[Path]) -> None:
    for path in cgroups:
        with suppress(OSError):  # something of the command lives on, such as a daemon it started
            path.rmdir()
