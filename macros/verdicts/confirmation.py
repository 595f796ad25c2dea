"""Whether a run bears out what is recorded, output by output: for a build that trusts none. Pure.

What varies from run to run (`volatile.py`) is no part of that, nor are kernel and image,
which are the machine's. A step that a recording has skipped has no output to bear out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..errors import recording
from ..model import Provenance, Report, StepReport, Transcript, Verdict

FIXED = ("engine", "containerd", "runc", "firewall", "iptables", "iproute2", "package")
"""Of a provenance: what must be the same, where the recording says it."""
TURNED = "its recording has skipped it, and it ran"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What became of all that is recorded."""

    same: int = 0
    """Outputs that the run shows again."""
    differs: tuple[str, ...] = ()
    """What the run shows otherwise, a line each."""
    unrun: tuple[str, ...] = ()
    """Outputs that could not be run, a line each: nothing is said of them."""
    without: int = 0
    """Steps that were skipped, then and now, for the same reason."""


def confirm(
    recorded: Mapping[str, Transcript],
    printed: Mapping[str, Transcript],
    reports: Mapping[str, Report],
) -> Confirmation:
    """Hold the last run of each scene against its recording; both are of the same scenes."""
    same, without = 0, 0
    differs: list[str] = []
    unrun: list[str] = []
    for name, known in sorted(recorded.items()):
        place = recording(name)
        differs += (f"{place}: {one}" for one in otherwise(known.provenance, printed[name]))
        for step in reports[name].steps:
            where = f"{place}: step {step.id}"
            was = known.result(step.id)
            if step.verdict is not Verdict.SKIPPED and was is None:
                differs.append(f"{where}: {TURNED}")
            elif step.verdict is not Verdict.SKIPPED:
                same += step.verdict is Verdict.PASSED
                differs += (f"{where}: {one}" for one in told(step))
            elif was is not None:
                unrun.append(f"{where}: it cannot be run here, {step.reason}")
            elif step.reason == dict(known.skipped)[step.id]:
                without += 1
            else:
                differs.append(f"{where}: skipped now for another reason, {step.reason}")
    return Confirmation(same, tuple(differs), tuple(unrun), without)


def otherwise(known: Provenance, printed: Transcript) -> Iterator[str]:
    """Where a recording names another program than the run."""
    for name in FIXED:
        was, now = getattr(known, name), getattr(printed.provenance, name)
        if was != now and was:
            yield f"it names {name} {was}, and this ran on {now}"


def told(step: StepReport) -> Iterator[str]:
    """What is otherwise with a step that ran."""
    match step.verdict:
        case Verdict.FAILED:
            yield "an expectation does not hold, above"
        case Verdict.DRIFTED:
            yield "it printed something else, above"
        case Verdict.UNSTEADY:
            yield "two runs of it did not say the same, above"
