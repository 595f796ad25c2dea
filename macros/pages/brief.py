"""A failure in three lines, all as they ran: symptom, deciding command, what mends it."""

from __future__ import annotations

from collections.abc import Sequence

from ..languages import Words
from ..model import Report, StepReport, anchors
from .look import draw

ROWS = ("symptom", "decides", "mends")


def brief(report: Report, steps: Sequence[StepReport], words: Words) -> str:
    """Three steps as a list, each with a link to it; of the first what it printed, too."""
    rows = [
        (words.brief[row], anchors(report.names, step.names)[0], step.command.strip())
        for row, step in zip(ROWS, steps, strict=True)
    ]
    return draw("brief", rows=rows, message=message(steps[0]))


def message(step: StepReport) -> str:
    """The line that a symptom is known by: that which is expected of it, or its last."""
    lines = step.output.strip().splitlines()
    at = next((held.rests[0] for held in step.held if held.rests), None)
    if at is None or not lines:
        return lines[-1] if lines else ""
    start = step.output.rfind("\n", 0, at) + 1
    return step.output[start:].partition("\n")[0].strip() or lines[-1]
