"""Which lines of a long output stand open, and which fold away. Knows no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..model import StepReport

LONG = 12
"""An output with more lines than this is folded."""
HEAD = 4
"""Lines that stay open at its start, whatever they say."""
AROUND = 1
"""Lines that stay open before and after one that matters."""
WORTH = 4
"""Fewer lines than this are not worth a fold."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines [start, end) of an output, that stand open or are folded."""

    start: int
    end: int
    folded: bool


def runs(step: StepReport, values: Iterable[str]) -> list[Run]:
    """The lines of a step's output in order; `values` are what the scene captured.

    An absence is shown by all of them.
    """
    lines = step.output.removesuffix("\n").split("\n")
    if len(lines) <= LONG or any(held.kind == "absent" and held.holds for held in step.held):
        return [Run(0, len(lines), False)]
    matter = set(told(step, lines, values))
    open_ = set(range(HEAD)) | {
        near for line in matter for near in range(line - AROUND, line + AROUND + 1)
    }
    if not matter:
        open_ |= set(range(2 * HEAD))
    found: list[Run] = []
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or (end in open_) != (start in open_):
            found.append(Run(start, end, start not in open_))
            start = end
    return list(joined(found))


def told(step: StepReport, lines: list[str], values: Iterable[str]) -> Iterator[int]:
    """The lines that an expectation rests on, a value stands in, or another run had not."""
    texts = [value.split("\n")[0] for value in values if len(value) > 3]
    steady = set(step.other.split("\n") if step.other else lines)
    extents = [held.rests for held in step.held if held.rests]
    extents += [(span.start, span.end) for span in step.taken]
    start = 0
    for number, line in enumerate(lines):
        end = start + len(line)
        rests = any(first <= end and start < last for first, last in extents)
        if rests or line not in steady or any(text in line for text in texts):
            yield number
        start = end + 1


def joined(found: list[Run]) -> Iterator[Run]:
    """Runs with folds that are not worth it opened, and neighbours made one."""
    last: Run | None = None
    for run in found:
        folded = run.folded and run.end - run.start >= WORTH
        if last and last.folded == folded:
            last = Run(last.start, run.end, folded)
            continue
        if last:
            yield last
        last = Run(run.start, run.end, folded)
    if last:
        yield last
