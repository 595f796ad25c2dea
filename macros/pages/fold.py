"""Which lines of a long output stand open, and which fold away. Knows no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from ..model import StepReport
from ..patterns import Unfit, find

LONG = 24
"""An output with more lines than this is folded."""
HEAD = 8
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
    """The lines of a step's output in order; `values` are what the scene captured."""
    lines = step.output.removesuffix("\n").split("\n")
    if len(lines) <= LONG:
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
    """The lines that an expectation speaks of, a value was taken from, or another run had not."""
    texts, patterns = sought(step)
    texts += [value.split("\n")[0] for value in values if len(value) > 3]
    steady = set(step.other.split("\n") if step.other else lines)
    matched = {number for one in patterns for number in matching(one, lines)}
    for number, line in enumerate(lines):
        spoken = number in matched or any(text in line for text in texts)
        if spoken or line not in steady:
            yield number


def sought(step: StepReport) -> tuple[list[str], list[str]]:
    """What the expectations look for: plain texts, by their lines, and patterns."""
    texts: list[str] = []
    patterns: list[str] = []
    for held in step.held:
        if held.kind == "contains":
            texts += [line for line in held.sought.split("\n") if line.strip()]
        elif held.kind == "matches":
            patterns.append(held.sought)
    return texts, patterns


def matching(regex: str, lines: list[str]) -> Iterator[int]:
    """The lines that a regex is found in; none where it cannot be looked for.

    It may hold a capture, and be whole only with its value.
    """
    with suppress(Unfit):
        yield from (number for number, found in enumerate(find(regex, lines)) if found)


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
