"""Who a rig belongs to: a process of a machine, and whether it still lives. Knows no engine."""

from __future__ import annotations

import os
from pathlib import Path

BOOT = Path("/proc/sys/kernel/random/boot_id")


def of(pid: int) -> str:
    """A process as nobody else is named, ever: machine, name space, id, and when it began.

    "" on a machine without `/proc`, and for a process that has ended.
    """
    try:
        space = os.stat("/proc/self/ns/pid").st_ino
        state, *_, began = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:20]
        return "" if state in "ZX" else f"{BOOT.read_text().strip()}/{space}/{pid}/{began}"
    except OSError:
        return ""


def lives(owner: str) -> bool | None:
    """Whether a process lives; None where that cannot be known here."""
    *here, pid, _ = owner.split("/") if owner.count("/") == 3 else ("", "", "")
    if not owner or here != of(os.getpid()).split("/")[:2]:
        return None
    return of(int(pid)) == owner
