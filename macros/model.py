"""What flows through a build: frozen records, no behaviour beyond small derivations.

Scene (see `scene.py`) ─▶ Result per step ─▶ Transcript ─▶ Report, which is all a page sees.
Knows nothing of YAML, Docker, MkDocs or files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Any

Say = Callable[[str], None]
"""What says a line to whoever waits for a build."""


class Mode(StrEnum):
    """How a build comes by its outputs."""

    VERIFY = "verify"
    REPLAY = "replay"
    RECORD = "record"


class Verdict(StrEnum):
    """What is said of a step. Skipped never counts as passed."""

    PASSED = "passed"
    FAILED = "failed"
    DRIFTED = "drifted"
    UNSTEADY = "unsteady"
    """Failed or drifted in one of two runs of the same build, and not so in the other."""
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a build's scenes: one machine's, of several."""

    number: int
    """From 1 on."""
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not as it could be: said in words where it is shown, see `phrases.py`."""

    kind: str
    args: tuple[str, ...] = ()

    def __format__(self, form: str) -> str:
        """No words of its own: what says it otherwise forgot to ask in which language."""
        raise TypeError(f"say {self!r} by phrases.py")


class Ended(StrEnum):
    """How a step's command came to its end."""

    EXIT = "exit"
    """By itself (or, for a background step, by the SIGINT that collects it)."""
    TIMEOUT = "timeout"
    """Killed: it ran longer than the step's `timeout`."""
    OUTPUT = "output"
    """Killed: it printed more than a step may."""
    CUT = "cut"
    """By itself, but what it started still holds its output open: more may come."""


@dataclass(frozen=True, slots=True)
class Result:
    """What running one step gave. A skipped step has no result."""

    step: str
    """The step's id."""
    command: str
    """The command as it ran: captures filled in."""
    output: str
    """stdout and stderr in the order printed; bytes that are not UTF-8 as surrogate escapes."""
    exit: int
    """Exit status; 128 + signal number for a command that a signal ended."""
    ended: Ended = Ended.EXIT
    topology: tuple[str, ...] = ()
    """Of all hosts once it had ended, where the step asks for it: the lines of `topology.py`."""
    tries: int = 1
    """How often it ran until all held; a step without `within` runs once."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """By what a transcript was printed. Every field is a version or a digest, never a guess."""

    engine: str
    containerd: str
    runc: str
    kernel: str
    firewall: str
    """Firewall backend of dockerd: ``iptables (nf_tables)``, ``iptables (legacy)``."""
    iptables: str
    iproute2: str
    image: str
    """Digest of the host image, ``sha256:…``."""
    package: str = ""
    """The package that the engine is from: ``docker.io 28.5.2+dfsg4-1``; "" if unknown."""


@dataclass(frozen=True, slots=True)
class Package:
    """A Debian package in an image of rigs."""

    name: str
    version: str
    architecture: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What one scene printed in one run."""

    scene: str
    digest: str
    """Of what determines the outputs: hosts and commands (`Scene.digest`)."""
    recorded: str
    """When the run was: UTC, ISO 8601, to the second."""
    provenance: Provenance
    results: tuple[Result, ...]
    skipped: tuple[tuple[str, Reason], ...] = ()
    """(step id, reason) of each step that did not run."""
    broken: str = ""
    """Why the rig broke during the run, "" where it did not. Such a transcript is never saved."""
    late: tuple[str, ...] = ()
    """Ids of the steps for which the scene's time was over. Such a transcript is never saved."""

    def result(self, step: str) -> Result | None:
        return next((result for result in self.results if result.step == step), None)


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: [start, end) in characters, and what knows it.

    That is the rule of a volatile piece, the name of a value that was taken there.
    """

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Came:
    """What came instead of what was expected."""

    text: str | None = None
    """The lines of what was printed that say most; "" where nothing was, None: they say nothing."""
    more: int = 0
    """How many lines there are beside these."""
    why: Reason | None = None
    """What is to be said beside."""


@dataclass(frozen=True, slots=True)
class Held:
    """One expectation and whether it held."""

    kind: str
    """`contains`, `exit`, … as a contributor writes it; `timeout`, `capture`; `limit` and `end`
    of what nobody writes."""
    sought: Any
    """What is written behind it."""
    line: int
    holds: bool
    came: Came = Came()
    path: str | None = None
    """Of the JSON value that it is about."""
    rests: tuple[int, int] | None = None
    """On which characters of the output it rests, [start, end); None where on none of them alone:
    an exit status, an absence, a JSON value that was computed."""

    @property
    def written(self) -> str:
        """As a contributor writes it; "" where nobody does."""
        return "" if self.sought is None else written(self.kind, self.sought, self.path)


def written(kind: str, sought: Any, path: str | None = None) -> str:
    """An expectation as a contributor writes it, on one line: ``contains: "-P FORWARD DROP"``."""
    parts = ({"json": path} if path else {}) | {kind: sought}
    return ", ".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in parts.items()
    )


@dataclass(frozen=True, slots=True)
class StepReport:
    """What a page may show of one step."""

    id: str
    on: str
    command: str
    output: str
    exit: int
    verdict: Verdict
    reason: Reason | None = None
    """Why it was skipped."""
    line: int = 0
    """Of the step, in its scene file."""
    held: tuple[Held, ...] = ()
    spans: tuple[Span, ...] = ()
    """Volatile pieces of `output`, in order, not overlapping."""
    diff: str = ""
    """Unified diff, recorded to printed, of a step that drifted."""
    taken: tuple[Span, ...] = ()
    """Where in `output` the step's captures found their values, each by its name."""
    topology: tuple[str, ...] = ()
    """Of all hosts after the step, where it asks for it: lines."""
    tries: int = 1
    """How often it ran until all held."""
    other: str = ""
    """Of an unsteady step: what it printed in the other of the two runs."""
    elsewhere: tuple[Held, ...] = ()
    """Of an unsteady step: the expectations that did not hold in the other run."""
    yours: tuple[tuple[str, str], ...] = ()
    """Texts in the command that a reader must change, each with the kind of thing it is."""
    aliases: tuple[str, ...] = ()
    """Ids that it had before."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its id, then those that it had before."""
        return self.id, *self.aliases

    @property
    def unmet(self) -> tuple[Held, ...]:
        """The expectations that did not hold; of an unsteady step, in whichever run."""
        return tuple(held for held in self.held if not held.holds) or self.elsewhere


@dataclass(frozen=True, slots=True)
class HostOption:
    """Something that a scene sets on a host before its steps run."""

    host: str
    kind: str
    """``sysctl``, ``daemon.json`` or ``dockerd``."""
    text: str
    """``net.ipv4.ip_forward=1``; daemon.json on one line; ``off``."""


@dataclass(frozen=True, slots=True)
class Report:
    """One scene as this build knows it: what the macros look up."""

    scene: str
    mode: Mode
    when: str
    """UTC, ISO 8601: of this run (verify, record) or of the recording (replay)."""
    provenance: Provenance
    steps: tuple[StepReport, ...]
    values: tuple[tuple[str, str], ...] = ()
    """Captured values, (name, value)."""
    hosts: tuple[str, ...] = ("h1",)
    options: tuple[HostOption, ...] = ()
    """What was set on the hosts before the first step."""
    notes: tuple[Reason, ...] = ()
    """What a contributor should know of the scene as a whole: not recorded yet, rig broke."""
    aliases: tuple[str, ...] = ()
    """Names that the scene had before."""
    recorded: str = ""
    """When what is recorded of it was printed; "" where nothing is."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its scene's name, then those that it had before."""
        return self.scene, *self.aliases


def anchors(*names: Sequence[str]) -> list[str]:
    """An id on a page made of names, then those made of names that things had before."""
    return ["-".join(one) for one in product(*names)]
