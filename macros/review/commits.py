"""What stands in commits of this repository, read by git and never checked out."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from ..errors import Mistake, Mistakes

SHA = re.compile(r"[0-9a-f]{40}")


def git(root: Path, *arguments: str) -> bytes:
    """What git answers. Raises `CalledProcessError`."""
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


def resolve(root: Path, name: str) -> str:
    """The commit of that name. Raises `Mistakes`."""
    try:
        found = git(
            root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
    except subprocess.CalledProcessError:
        message = f'git knows no commit "{name}" here; in a shallow clone, fetch it first'
        raise Mistakes([Mistake("git", 0, message)]) from None
    return found.decode().strip()


def fork(root: Path, base: str, head: str) -> str:
    """The commit at which one branch left another: what was changed since is one branch's alone.

    Raises `Mistakes` for names of no commits, and for commits of no common past.
    """
    one, other = resolve(root, base), resolve(root, head)
    try:
        return git(root, "merge-base", one, other).decode().split()[0]
    except subprocess.CalledProcessError:
        message = f'"{base}" and "{head}" have nothing in common; in a shallow clone, fetch more'
        raise Mistakes([Mistake("git", 0, message)]) from None


def changed(root: Path, base: str, head: str) -> list[str]:
    """Paths that differ; of one that was renamed, both."""
    listed = git(root, "diff", "--name-only", "--no-renames", "-z", base, head)
    return [path.decode(errors="replace") for path in listed.split(b"\0") if path]


def content(root: Path, commit: str, path: str) -> bytes | None:
    """A file as it is in a commit, None where it is not there."""
    try:
        return git(root, "show", f"{commit}:{path}")
    except subprocess.CalledProcessError:
        return None
