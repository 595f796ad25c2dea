"""A failure in three lines, all as they ran: symptom, deciding command, what mends it."""

from __future__ import annotations

from collections.abc import Sequence

from ..languages import Words
from ..model import StepReport
from .look import draw

ROWS = ("symptom", "decides", "fixes")


def brief(steps: Sequence[StepReport], words: Words) -> str:
    """Three steps as a list: what the first printed, the commands of the others."""
    texts = message(steps[0]), *(step.command.strip() for step in steps[1:])
    return draw(
        "brief", rows=[(words.brief[row], text) for row, text in zip(ROWS, texts, strict=True)]
    )


def message(step: StepReport) -> str:
    """What a symptom is known by: the line that is expected, or the last; its command if none."""
    lines = step.output.strip().splitlines()
    at = next((held.rests[0] for held in step.held if held.rests), None)
    if at is None or not lines:
        return lines[-1] if lines else step.command.strip()
    start = step.output.rfind("\n", 0, at) + 1
    return step.output[start:].partition("\n")[0].strip() or lines[-1]
