"""Where a build puts what it makes: `site/`, `site-failed/`, `site.zip`, and nothing beside them.

What stands there must be what a build left, or nothing: a link, a file in the place of a
folder or a mount is somebody else's, and is neither replaced nor followed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from ..errors import Mistake, Mistakes

SITE = "site"
FAILED = "site-failed"
"""Beside it: the last build in which something failed."""
ARCHIVE = "site.zip"
PREFIX = ".site-"
"""Of directories in which a site is put together, beside `site/`."""
MOUNTS = Path("/proc/self/mountinfo")
OCTAL = re.compile(r"\\([0-7]{3})")


def check(root: Path, *names: str) -> None:
    """Refuse what a build would not have left. Raises `Mistakes`, and touches nothing."""
    wrong = [
        Mistake(name, 0, what)
        for name in names or (SITE, FAILED, ARCHIVE)
        if (what := strange(root / name))
    ]
    if wrong:
        raise Mistakes(wrong)


def strange(path: Path) -> str:
    """Why a build may put nothing at a path, "" if it may."""
    cure = "take it away, and the build makes its own"
    try:
        kind = path.lstat().st_mode
    except FileNotFoundError:
        return ""
    if stat.S_ISLNK(kind):
        return f"this is a symbolic link to {os.readlink(path)!r}: {cure}"
    if path.name == ARCHIVE:
        wanted, other = stat.S_ISREG(kind), "no file"
    else:
        wanted, other = stat.S_ISDIR(kind), "no folder"
    if not wanted:
        return f"this is {other}: {cure}"
    if found := next(mounts(path), ""):
        return f"something is mounted at {found}: unmount it, a build replaces the whole folder"
    return ""


def mounts(path: Path) -> Iterator[str]:
    """Where something is mounted, at a path or below it."""
    if path.is_mount():
        yield str(path)
    if not MOUNTS.exists():
        return
    top = os.path.realpath(path)
    for line in MOUNTS.read_text("utf-8", "surrogateescape").splitlines():
        where = OCTAL.sub(lambda found: chr(int(found[1], 8)), line.split(" ")[4])
        if where == top or where.startswith(f"{top}/"):
            yield where


def ours(left: Path) -> bool:
    """Whether a directory `.site-…` was made by a build: git carries neither owner nor mode."""
    try:
        found = left.lstat()
    except FileNotFoundError:  # its build has just ended
        return False
    private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
    return private and found.st_uid == os.geteuid() and not any(mounts(left))
