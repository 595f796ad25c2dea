"""What a dead engine of our own leaves on the machine, found and removed: processes, mounts,
control groups. Knows no engine that lives: nobody may call it for one that does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
PATIENCE = 5.0
"""Seconds in which what is killed must be gone."""


def clear(places: Iterable[Path], group: str) -> Iterator[str]:
    """Remove what an engine left that kept its state in `places` and its rigs in a group.

    Says what was found, and what could not be removed.
    """
    places = tuple(places)
    pids = {*processes_in(group), *shims(places)}
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    thaw(group)
    deadline = time.monotonic() + PATIENCE
    while (left := {*processes_in(group), *shims(places)}) and time.monotonic() < deadline:
        time.sleep(0.02)
    yield from (f"removed process {pid} of a dead engine" for pid in sorted(pids - left))
    yield from (f"process {pid} of a dead engine does not end" for pid in sorted(left))
    for mount in mounts(places):
        done = subprocess.run(["umount", "--lazy", mount], capture_output=True)
        yield f"{mount} cannot be unmounted" if done.returncode else f"unmounted {mount}"
    for top in groups_named(group):
        count = sum(map(remove_group, deepest_first(top)))
        if top.exists():
            yield f"{top} cannot be removed"
        elif count:
            yield f"removed control group {top}"


def groups_named(group: str) -> list[Path]:
    """The group in each hierarchy where it is; of links to one, the first."""
    paths = {path.resolve() for path in (*CGROUPS.glob(f"*/{group}"), CGROUPS / group)}
    return sorted(path for path in paths if path.is_dir())


def deepest_first(top: Path) -> list[Path]:
    """A group and all below it."""
    return [Path(folder) for folder, _, _ in os.walk(top, topdown=False)]


def remove_group(group: Path) -> bool:
    """Remove one group; whether it is gone. It is busy until the kernel has buried the dead."""
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        try:
            group.rmdir()
        except FileNotFoundError:
            return False
        except OSError:
            time.sleep(0.02)
        else:
            return True
    return False


def processes_in(group: str) -> Iterator[int]:
    """The processes in a group and below it."""
    for top in groups_named(group):
        for folder in deepest_first(top):
            with suppress(OSError):
                yield from map(int, (folder / "cgroup.procs").read_text().split())


def thaw(group: str) -> None:
    """Let what is frozen run on: nothing else ends it."""
    for top in groups_named(group):
        for folder in reversed(deepest_first(top)):
            for file, word in (("freezer.state", "THAWED"), ("cgroup.freeze", "0")):
                if (folder / file).exists():
                    with suppress(OSError):
                        (folder / file).write_text(word)


def shims(places: tuple[Path, ...]) -> Iterator[int]:
    """containerd's shims whose containerd was that of these places."""
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (path / "cmdline").read_bytes().decode(errors="replace").split("\0")
            ours = any(word.startswith(f"{place}/") for word in words for place in places)
            if ours and Path(words[0]).name.startswith("containerd-shim"):
                yield int(path.name)


def mounts(places: tuple[Path, ...]) -> list[str]:
    """What is mounted below these places, the last mounted first."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    points = [line.split()[4].encode().decode("unicode_escape") for line in lines]
    below = tuple(f"{place}/" for place in places)
    return [point for point in reversed(points) if point.startswith(below)]
