"""Names by which the two ends of a proof point at each other: characters, and who speaks of them.

What an expectation rests on is named by numbers that count within a block, `STEP.EXPECTATION`;
what was taken as a value by scene and value, since sentences anywhere on the page may show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..model import Report, Span, StepReport


def expectation(step: int, number: int) -> str:
    """The name of what an expectation rests on."""
    return f"{step}.{number}"


def value(scene: str, name: str) -> str:
    """The name of where a value was taken, and of the value in a sentence."""
    return f"{scene}/{name}"


def spans(report: Report, step: StepReport, number: int) -> list[Span]:
    """The characters of a block's so many-th step that something rests on, each with its names."""
    return apart(
        [
            *(
                Span(*held.rests, expectation(number, place))
                for place, held in enumerate(step.held)
                if held.rests
            ),
            *(Span(s.start, s.end, value(report.scene, s.rule)) for s in step.taken),
        ]
    )


def apart(spans: Sequence[Span]) -> list[Span]:
    """Spans that may overlap, cut where one begins or ends: each piece has all names over it."""
    edges = sorted({edge for span in spans for edge in (span.start, span.end)})
    pieces = []
    for left, right in pairwise(edges):
        if over := [span.rule for span in spans if span.start <= left and right <= span.end]:
            pieces.append(Span(left, right, " ".join(over)))
    return pieces
