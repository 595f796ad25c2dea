"""A figure of who reaches whom, from steps that ask the same addresses at different places."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagrams.reachability import MARKS, Matrix, describe, matrix
from ..languages import Words
from ..model import Report, StepReport
from .figure import UNDRAWN, Drawn, both, folded, items
from .look import draw

ID = "reach"
"""What the id of such a figure begins with: `reach-reach-servers`."""


def reach(report: Report, steps: Sequence[StepReport], words: Words) -> Drawn | None:
    """The answers that the others got; whose the addresses are, the first step's topology knows.

    Raises `LookupError` for a step that says nothing of it.
    """
    found = asked(report, steps)
    if not found:
        return None
    seen = {kind for row in found.rows for kind in row.came}
    drawn = draw(
        "reach",
        table=found,
        marks={kind: MARKS[kind] for kind in MARKS if kind in seen},
        commands=list(dict.fromkeys(step.command.strip() for step in steps[1:])),
        words=words,
    )
    return Drawn(drawn, folded(items(describe(found, words)), words.diagram))


def asked(report: Report, steps: Sequence[StepReport]) -> Matrix | None:
    """What there is to draw; None where a step did not run."""
    after, *others = steps
    changed = both(report, [after])
    if changed is None or any(step.verdict in UNDRAWN for step in others):
        return None
    return matrix(changed.topology, others)
