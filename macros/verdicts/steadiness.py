"""Two runs of one scene in one build, made one report: what both show stands. Pure.

A failed or drifted step is accused only where a second run shows the same. What it does
not show again is unsteady: a defect of the scene or of its steps, never news of Docker.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import starmap

from ..model import Report, StepReport, Verdict
from .normalize import normalize

ACCUSED = frozenset({Verdict.FAILED, Verdict.DRIFTED})


def suspicious(report: Report) -> bool:
    """Whether a scene is to be looked at a second time."""
    return any(step.verdict in ACCUSED for step in report.steps)


def settle(first: Report, second: Report) -> Report:
    """The report of the second run, less what the first does not bear out."""
    steps = zip(first.steps, second.steps, strict=True)
    return replace(second, steps=tuple(starmap(settle_step, steps)))


def settle_step(first: StepReport, second: StepReport) -> StepReport:
    """One step as the second run shows it; unsteady where the first showed something else.

    A step that only one of the runs came to has nothing to be compared with, but what only
    one of them accuses is not accused.
    """
    alone = Verdict.SKIPPED in (first.verdict, second.verdict)
    if same(first, second) or (alone and second.verdict not in ACCUSED):
        return second
    return replace(
        second,
        verdict=Verdict.UNSTEADY,
        reason=second.reason or first.reason,
        other=first.output or f"exit: {first.exit}\n",
        elsewhere=first.unmet,
    )


def same(first: StepReport, second: StepReport) -> bool:
    """Whether both runs say the same of a step; of what drifted, also in the same words."""
    if first.verdict is not second.verdict:
        return False
    return first.verdict is not Verdict.DRIFTED or normal(first) == normal(second)


def normal(step: StepReport) -> tuple[str, int]:
    """What of a step's report is compared."""
    return normalize(step.output, step.command), step.exit
