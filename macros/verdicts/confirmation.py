"""Whether a run bears out what is recorded, output by output: for a build that trusts none. Pure.

What varies from run to run (`volatile.toml`) is no part of that, nor are kernel and image,
which are the machine's. A step that a recording has skipped has no output to bear out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..model import Provenance, Reason, Report, Transcript, Verdict

FIXED = ("engine", "containerd", "runc", "firewall", "iptables", "iproute2", "package")
"""Of a provenance: what must be the same, where the recording says it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a run does not bear out."""

    scene: str
    reasons: tuple[Reason, ...]
    step: str = ""
    """"" where it is about the scene as a whole."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What became of all that is recorded."""

    same: int = 0
    """Outputs that the run shows again."""
    differs: tuple[Finding, ...] = ()
    """What the run shows otherwise."""
    unrun: tuple[Finding, ...] = ()
    """Outputs that could not be run: nothing is said of them."""
    without: int = 0
    """Steps that were skipped, then and now, for the same reason."""


def confirm(
    recorded: Mapping[str, Transcript],
    printed: Mapping[str, Transcript],
    reports: Mapping[str, Report],
) -> Confirmation:
    """Hold the last run of each scene against its recording; both are of the same scenes."""
    same, without = 0, 0
    differs: list[Finding] = []
    unrun: list[Finding] = []
    for name, known in sorted(recorded.items()):
        differs += (Finding(name, (reason,)) for reason in changes(known.provenance, printed[name]))
        for step in reports[name].steps:
            was, why = known.result(step.id), [step.reason] if step.reason else []
            if step.verdict is not Verdict.SKIPPED and was is None:
                differs.append(Finding(name, (Reason("turned"),), step.id))
            elif step.verdict is Verdict.PASSED:
                same += 1
            elif step.verdict is not Verdict.SKIPPED:
                differs.append(Finding(name, (Reason(step.verdict),), step.id))
            elif was is not None:
                unrun.append(Finding(name, (Reason("unrunnable"), *why), step.id))
            elif step.reason == dict(known.skipped)[step.id]:
                without += 1
            else:
                differs.append(Finding(name, (Reason("another"), *why), step.id))
    return Confirmation(same, tuple(differs), tuple(unrun), without)


def changes(known: Provenance, printed: Transcript) -> Iterator[Reason]:
    """Where a recording names another program than the run."""
    for name in FIXED:
        was, now = getattr(known, name), getattr(printed.provenance, name)
        if was != now and was:
            yield Reason("names", (name, was, now))
