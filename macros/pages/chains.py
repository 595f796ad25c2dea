"""A figure of the chains that counted packets, from steps that list them with their counters."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from .. import markup
from ..diagrams.hooks import Box, boxes, describe
from ..languages import Words
from ..model import Report, StepReport
from .figure import UNDRAWN, Drawn, folded, items
from .look import draw

ID = "chains"
"""What the id of such a figure begins with: `chains-path-in-chains`."""


def chains(report: Report, steps: Sequence[StepReport], words: Words) -> Drawn | None:
    """The chains of some listings. Raises `LookupError` for a step that lists none."""
    if any(step.verdict in UNDRAWN for step in steps):
        return None
    way = boxes(steps)
    drawn = draw(
        "chains",
        boxes=[box and facts(box) for box in way],
        commands=[step.command.strip() for step in steps],
        words=words,
    )
    told = folded(items(describe(way, words)), words.diagram)
    return Drawn(drawn, told)


def facts(box: Box) -> dict[str, object]:
    """What the template is told of a chain."""
    return {
        "table": box.table,
        "chain": box.chain,
        "rows": [
            {"packets": row.rule.packets, "target": Markup(markup.painted(row.rule.target)),
             "match": Markup(markup.painted(row.rule.match)), "policy": row.rule.policy,
             "loses": row.loses, "below": row.below and facts(row.below)}
            for row in box.rows
        ],
    }  # fmt: skip
