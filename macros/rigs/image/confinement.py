"""The user namespace that a rig closes itself in: its root is nobody on the machine.

An image whose files belong to shifted ids names the id of its root in `ROOT_ID`
(`images.py` makes it so). Before the agent reads a word it lays out what only the machine's
root can, then leaves the machine's user namespace with its whole process, for good.
What a step may do is then what the kernel lets a user namespace do (user_namespaces(7)).
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

import cgroups
from shell import mount

COUNT = 1 << 31
"""Ids in the namespace, up to the last group that `net.ipv4.ping_group_range` may name."""
NAMESPACES = (
    0x10000000  # CLONE_NEWUSER; the values of sched.h: os.unshare comes with Python 3.12
    | 0x00020000  # CLONE_NEWNS
    | 0x04000000  # CLONE_NEWUTS
    | 0x08000000  # CLONE_NEWIPC
    | 0x40000000  # CLONE_NEWNET
)
PR_CAPBSET_READ, PR_CAPBSET_DROP = 23, 24
IMAGE = "/run/image"
"""The image's files without what is mounted over them, which a user namespace may not leave out."""
TUN = os.makedev(10, 200)
DELEGATED = ("", "cgroup.procs", "cgroup.threads", "cgroup.subtree_control", "tasks")
"""What of a control group its new owner needs; its limits stay the machine's (cgroups(7))."""


def is_closed() -> bool:
    """Whether this process's root is another one outside."""
    return Path("/proc/self/uid_map").read_text().split()[1] != "0"


def prepare() -> None:
    """Lay out what only the machine's root can, and close the rig if its image can be closed."""
    cgroups.own()
    os.mkdir(IMAGE)
    mount("--bind", "/", IMAGE)
    os.makedirs("/dev/net", exist_ok=True)
    if not os.path.exists("/dev/net/tun"):
        os.mknod("/dev/net/tun", 0o666 | stat.S_IFCHR, TUN)
        os.chmod("/dev/net/tun", 0o666)
    if root := int(os.environ.get("ROOT_ID", "0")):
        hand_over(root)
        enter(root)


def hand_over(root: int) -> None:
    """Give the rig's root its own devices, scratch folders and control groups.

    Its `/sys` becomes writable as far as the owner of a file may: what is mounted inside can
    show no more than this mount does, and `ip netns exec` mounts one.
    """
    mount("-o", "remount,rw", "/sys")
    devices = [str(path) for path in Path("/dev").iterdir() if not path.is_mount()]
    for path in ("/run", "/tmp", "/dev/net/tun", *devices):
        os.chown(path, root, root, follow_symlinks=False)
    for where in cgroups.hierarchies().values():
        for group in (where, *filter(Path.is_dir, where.iterdir())):
            for name in DELEGATED:
                with suppress(FileNotFoundError):
                    os.chown(group / name, root, root)


def enter(root: int) -> None:
    """Leave the machine's user namespace: what this process was allowed there is gone."""
    every = range(1 + int(Path("/proc/sys/kernel/cap_last_cap").read_text()))
    dropped = [number for number in every if not libc("prctl", PR_CAPBSET_READ, number)]
    ready, left = os.pipe()
    me = os.getpid()
    child = os.fork()
    if not child:  # who maps the ids must still be outside
        os.close(left)
        os.read(ready, 1)
        for ids in ("uid_map", "gid_map"):
            Path(f"/proc/{me}/{ids}").write_text(f"0 {root} {COUNT}\n")
        os._exit(0)
    libc("unshare", NAMESPACES)
    os.close(left)
    _, status = os.waitpid(child, 0)
    if status:
        raise OSError(f"the ids of the user namespace cannot be mapped (status {status})")
    os.setgroups([])
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    for number in dropped:
        libc("prctl", PR_CAPBSET_DROP, number)
    os.execv(sys.executable, [sys.executable, "-u", *sys.argv])


def libc(name: str, *arguments: int) -> int:
    """Call a function of the C library; raise `OSError` where it fails."""
    library = ctypes.CDLL(None, use_errno=True)
    if (result := getattr(library, name)(*map(ctypes.c_ulong, arguments))) == -1:
        raise OSError(ctypes.get_errno(), f"{name}{arguments}: {os.strerror(ctypes.get_errno())}")
    return int(result)
