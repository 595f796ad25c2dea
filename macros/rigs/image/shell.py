"""Running a program of the rig's own, and the one error there is."""

from __future__ import annotations

import subprocess


class Broken(Exception):
    """The rig cannot do what was asked; the message says why."""


def sh(*argv: str) -> str:
    """Run a program, give its stdout; raise `Broken` with what it said where it fails."""
    done = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise Broken(f"{' '.join(argv)}: {said or done.returncode}")
    return done.stdout


def mount(*argv: str) -> None:
    """Mount as the user one is: in an image of shifted ids, mount's setuid bit is of another."""
    sh("setpriv", "--no-new-privs", "mount", *argv)
