"""A console block: steps of one scene as one line of raw HTML. Looks up nothing, runs nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from ..model import Report, Span, StepReport
from . import fold, printed
from .colour import tokens
from .proof import details
from .words import Words


def console(
    report: Report, steps: Sequence[StepReport], words: Words, shown: set[str], top: str = ""
) -> str:
    """Steps as a console block.

    `shown` holds the ids the page has so far, and takes those of this block: a step
    shown again is drawn without the one id that links to it. `top` is the way from the
    page to the top of the site: `../../../`. The button is Material's to serve, by its
    attribute; a `pre > code` would be given one by a script, each with a layout of its own.
    """
    drawn = "".join(step(report, each, words, shown) for each in steps)
    commands = printed.attribute("\n".join(each.command for each in steps))
    rows = sum(each.command.count("\n") + min(each.output.count("\n"), fold.LONG) for each in steps)
    return (
        f'<figure class="scene" data-scene="{printed.attribute(report.scene)}" '
        f'style="--rows:{rows + len(steps)}">'
        f'<button class="copy" type="button" title="{words.copy}" aria-label="{words.copy}" '
        f'data-clipboard-text="{commands}"></button><pre><samp>{drawn}</samp></pre>'
        f"<figcaption>{details(report, steps, words, top)}</figcaption></figure>"
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
    return f'<span class="step"{own}>{command}{output(report, step, words)}</span>'


def named(report: Report, step: StepReport) -> bool:
    """Whether the prompt must say where the step runs."""
    return len(report.hosts) > 1 or step.on not in report.hosts


def output(report: Report, step: StepReport, words: Words) -> str:
    """What the step printed; a long output folds by itself, without a script."""
    text = step.output
    if not text:
        return ""
    starts = [0, *accumulate(len(line) + 1 for line in text.removesuffix("\n").split("\n"))]
    drawn = []
    for run in fold.runs(step, [value for _, value in report.values]):
        start, end = starts[run.start], starts[run.end]
        piece = painted(text[start:end], shifted(step.spans, start, end), words)
        if run.folded:
            label = words.more.format(run.end - run.start)
            piece = (
                f'<input class="more" type="checkbox" aria-label="{label}">'
                f'<span class="rest">{piece}</span>'
            )
        drawn.append(piece)
    return f'<span class="out">{"".join(drawn)}</span>'


def shifted(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The spans that begin in [start, end) of a text, as they lie in that piece of it."""
    first, last = (bisect_left(spans, edge, key=lambda span: span.start) for edge in (start, end))
    return [Span(s.start - start, min(s.end, end) - start, s.rule) for s in spans[first:last]]


def painted(text: str, volatile: Iterable[Span] = (), words: Words | None = None) -> str:
    """Text with its colours and its volatile pieces marked."""
    volatile = tuple(volatile)
    coloured = tuple(tokens(text))
    edges = {edge for span in (*volatile, *coloured) for edge in (span.start, span.end)}
    pieces = []
    for left, right in pairwise(sorted({0, len(text)} | edges)):
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
