"""A console block: steps of one scene as one line of raw HTML. Looks up nothing, runs nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from . import printed
from .colour import tokens
from .model import Report, Span, StepReport
from .proof import details
from .words import Words

FOLD = 30
"""An output with more lines than this is folded…"""
SHOWN = 18
"""…to this many."""


def console(report: Report, steps: Sequence[StepReport], words: Words, shown: set[str]) -> str:
    """Steps as a console block.

    `shown` holds the ids the page has so far, and takes those of this block: a step
    shown again is drawn without the one id that links to it.
    """
    drawn = "".join(step(report, each, words, shown) for each in steps)
    commands = printed.attribute("\n".join(each.command for each in steps))
    return (
        f'<figure class="scene" data-scene="{printed.attribute(report.scene)}" '
        f'data-copy="{commands}"><pre><code>{drawn}</code></pre>'
        f"<figcaption>{details(report, steps, words)}</figcaption></figure>"
    )


def step(report: Report, step: StepReport, words: Words, shown: set[str]) -> str:
    """One step: prompt, command, output."""
    anchor = f"{report.scene}-{step.id}"
    own = "" if anchor in shown else f' id="{printed.attribute(anchor)}"'
    shown.add(anchor)
    first, *rest = step.command.rstrip("\n").split("\n")
    where = f"{printed.block(step.on)} " if named(report, step) else ""
    lines = [
        f'<a class="gp" href="#{printed.attribute(anchor)}" aria-label="{words.link}">'
        f"{where}$ </a>{painted(first)}"
    ]
    lines += [f'<span class="gp">&gt; </span>{painted(line)}' for line in rest]
    command = f'<span class="cmd">{"&#10;".join(lines)}&#10;</span>'
    return f'<span class="step"{own}>{command}{output(step, words)}</span>'


def named(report: Report, step: StepReport) -> bool:
    """Whether the prompt must say where the step runs."""
    return len(report.hosts) > 1 or step.on not in report.hosts


def output(step: StepReport, words: Words) -> str:
    """What the step printed; a long output folds by itself, without a script."""
    text = step.output
    if not text:
        return ""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) <= FOLD:
        return f'<span class="out">{painted(text, step.spans, words)}</span>'
    cut = len("\n".join(lines[:SHOWN])) + 1
    label = words.more.format(len(lines) - SHOWN)
    return (
        f'<span class="out">{painted(text, step.spans, words, end=cut)}'
        f'<input class="more" type="checkbox" aria-label="{label}">'
        f'<span class="rest">{painted(text, step.spans, words, start=cut)}</span></span>'
    )


def painted(
    text: str,
    volatile: Iterable[Span] = (),
    words: Words | None = None,
    start: int = 0,
    end: int | None = None,
) -> str:
    """Text[start:end] with its colours and its volatile pieces marked."""
    end = len(text) if end is None else end
    volatile = tuple(volatile)
    coloured = tuple(tokens(text))
    edges = {edge for span in (*volatile, *coloured) for edge in (span.start, span.end)}
    pieces = []
    inside = sorted(edge for edge in {start, end} | edges if start <= edge <= end)
    for left, right in pairwise(inside):
        kind, varies = covering(coloured, left), covering(volatile, left)
        classes = ([kind.rule] if kind else []) + (["v"] if varies else [])
        piece = printed.block(text[left:right])
        title = f' title="{words.tooltip(varies.rule)}"' if varies and words else ""
        marked = f'<span class="{" ".join(classes)}"{title}>{piece}</span>'
        pieces.append(marked if classes else piece)
    return "".join(pieces)


def covering(spans: tuple[Span, ...], position: int) -> Span | None:
    """The span over a position; the spans are in order and do not overlap."""
    found = bisect_right(spans, position, key=lambda span: span.start) - 1
    return spans[found] if found >= 0 and position < spans[found].end else None


def value(text: str) -> str:
    """A captured value inside a sentence."""
    return f'<code class="value">{printed.prose(text)}</code>'
