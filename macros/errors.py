"""The errors of this project, one tree, each family with its exit status.

    Problem                     a message, where it is, and what mends it
    ├── Mistakes     exit 2     scenes, pages or options that are wrong (all of them at once)
    ├── RigBroken    exit 3     the rig or the engine broke: the run may be tried again
    └── Unrecorded   exit 4     a transcript is missing, stale or edited by hand

A step whose expectation does not hold is no exception: it is a verdict (exit 1),
and so is drift (exit 5, where it was asked to count).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePosixPath

CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Characters that a terminal obeys: escapes, carriage returns, changes of direction; and bytes that
are no UTF-8."""


def harmless(text: str) -> str:
    """Text as one may print it, whoever wrote it: control characters as they are typed."""
    return CONTROL.sub(lambda match: ascii(match[0])[1:-1], text)


def named(path: str) -> str:
    """The name of a file as one line of plain text."""
    return path if path.isprintable() else ascii(path)[1:-1]


class Exit(IntEnum):
    """Exit status of every script."""

    FINE = 0
    FAILED = 1
    WRONG = 2
    BROKEN = 3
    UNRECORDED = 4
    DRIFTED = 5


SCENES = PurePosixPath("docs/scenes")
TRANSCRIPTS = PurePosixPath("docs/transcripts")


def place(scene: str, line: int = 0) -> str:
    """Where a scene is written, as a contributor types it: ``docs/scenes/x.yml:12``."""
    return f"{SCENES}/{scene}.yml{f':{line}' if line else ''}"


def recording(scene: str) -> str:
    """Where what a scene printed is kept: ``docs/transcripts/x.json``."""
    return f"{TRANSCRIPTS}/{scene}.json"


class Problem(Exception):
    """The root: ``str()`` is a message for people, complete with place and cure."""

    status = Exit.BROKEN


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing that is wrong at one place, and what to write instead."""

    path: str
    """Path as a contributor types it, relative to the repository: ``docs/scenes/x.yml``."""
    line: int
    """1-based; 0 where the file as a whole is meant."""
    what: str
    """What is wrong, then what to write instead, in one sentence or two."""

    def __str__(self) -> str:
        place = f"{named(self.path)}:{self.line}" if self.line else named(self.path)
        return f"{place}: {harmless(self.what)}".replace("\n", "\n  ")


class Mistakes(Problem):
    """Scenes, pages or options that are wrong; carries every mistake found."""

    status = Exit.WRONG

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


class RigBroken(Problem):
    """The rig, its hosts or the engine outside broke; nothing is said of the scene."""

    status = Exit.BROKEN


class Unrecorded(Problem):
    """Transcripts that are missing, stale or edited by hand; one line each."""

    status = Exit.UNRECORDED
