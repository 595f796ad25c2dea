"""A console block: steps of one scene as one line of raw HTML. Looks up nothing, runs nothing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from .. import markup
from ..languages import Words
from ..model import Report, Span, StepReport
from . import fold
from .gutters import gutters
from .proof import HERE, Usual, details, said, standing, worst
from .ways import Ways

END = "&#10;"
"""Between two lines: of a raw block Markdown keeps one line."""
WIDE = 100
"""Columns that a desktop shows. Rows longer than that lose what their gutters have to spare."""


def console(
    report: Report,
    steps: Sequence[StepReport],
    words: Words,
    shown: set[str],
    ways: Ways = HERE,
    usual: Usual | None = None,
) -> str:
    """Steps as a console block.

    `shown` holds the ids the page has so far, and takes those of this block: a step
    shown again is drawn without the one id that links to it. The buttons are Material's to
    serve, by their attribute; a `pre > code` would be given one by a script, each with a layout
    of its own. What the second one copies is read off the block: see `site.js`.
    """
    drawn = "".join(step(report, each, words, shown) for each in steps)
    commands = markup.attribute("\n".join(each.command for each in steps))
    rows = sum(each.command.count("\n") + min(each.output.count("\n"), fold.LONG) for each in steps)
    return (
        f'<figure class="scene {worst(report, steps).mark}" '
        f'data-scene="{markup.attribute(report.scene)}" style="--rows:{rows + len(steps)}">'
        f"<pre><samp>{drawn}</samp></pre><figcaption>{yours(steps, words, ways)}"
        f'<div class="strip"><span class="copies">{copy(words.copy, commands)}'
        f"{copy(words.copy_all, '', ' all')}</span>"
        f"{details(report, steps, words, ways, usual)}</div></figcaption></figure>"
    )


def copy(label: str, text: str, kind: str = "") -> str:
    """A button that copies a text."""
    return (
        f'<button class="copy{kind}" type="button" title="{label}" aria-label="{label}" '
        f'data-clipboard-text="{text}"></button>'
    )


def line(drawn: str) -> str:
    """A line of a block: it wraps, and what is below its first row is indented."""
    return f'<span class="ln">{drawn or "<br>"}</span>'


def step(report: Report, step: StepReport, words: Words, shown: set[str]) -> str:
    """One step: prompt, command, output."""
    anchor = f"{report.scene}-{step.id}"
    own = "" if anchor in shown else f' id="{markup.attribute(anchor)}"'
    shown.add(anchor)
    first, *rest = command(step, words)
    where = f"{markup.escape(step.on)} " if named(report, step) else ""
    lines = [
        f'<a class="gp" href="#{markup.attribute(anchor)}" aria-label="{words.link}">'
        f"{where}$ </a>{first}"
    ]
    lines += [f'<span class="gp">&gt; </span>{line}' for line in rest]
    return (
        f'<span class="step"{own}>{stands(report, step, words)}'
        f'<span class="cmd">{END.join(map(line, lines))}{END}</span>'
        f"{output(report, step, words)}</span>"
    )


def stands(report: Report, step: StepReport, words: Words) -> str:
    """Over a step that is not to be taken as it stands: the verdict on it."""
    at = standing(report, step)
    if not at.troubled:
        return ""
    text = markup.escape(said(report, step, words))
    return f'<span class="stands {at.mark}" data-search-exclude="1">{text}</span>'


def command(step: StepReport, words: Words) -> Iterator[str]:
    """The lines of a step's command; what a reader must change in them is marked."""
    kinds = dict(step.yours)
    longest = "|".join(map(re.escape, sorted(kinds, key=len, reverse=True)))
    change = re.compile(rf"(?<!\w)(?:{longest or '(?!)'})(?!\w)")
    for line in step.command.rstrip("\n").split("\n"):
        marked = [Span(*found.span(), kinds[found[0]]) for found in change.finditer(line)]
        yield markup.painted(line, words=words, marked=marked)


def yours(steps: Sequence[StepReport], words: Words, ways: Ways) -> str:
    """What a reader must change in the commands, each once, and where it is told how to find it."""
    kinds: dict[str, list[str]] = {}
    for text, kind in dict(pair for step in steps for pair in step.yours).items():
        kinds.setdefault(kind, []).append(f"<code>{markup.escape(text)}</code>")
    rows = []
    for kind, texts in kinds.items():
        row = words.yours[kind].format(words.also.join(texts))
        if way := ways.section(kind):
            row += f'{words.stop}<a href="{way}">{words.find}</a>'
        rows.append(f"<li>{row}</li>")
    drawn = f'<ul class="yours" data-search-exclude="1">{"".join(rows)}</ul>'
    return drawn if rows else ""


def named(report: Report, step: StepReport) -> bool:
    """Whether the prompt must say where the step runs."""
    return len(report.hosts) > 1 or step.on not in report.hosts


def output(report: Report, step: StepReport, words: Words) -> str:
    """What the step printed; a long output folds by itself, without a script."""
    if not step.output:
        return ""
    lines = step.output.removesuffix("\n").split("\n")
    starts = [0, *accumulate(len(each) + 1 for each in lines)]
    gaps = gutters(lines)
    rows = [
        line(markup.painted(each, shifted(step.spans, at, at + len(each)), words, gaps=gap))
        for each, at, gap in zip(lines, starts, gaps, strict=False)
    ]
    drawn = []
    for run in fold.runs(step, [value for _, value in report.values]):
        piece = END.join(rows[run.start : run.end])
        if run.folded:
            label = words.more.format(run.end - run.start)
            piece = (
                f'<input class="more" type="checkbox" aria-label="{label}">'
                f'<span class="rest">{piece}</span>'
            )
        drawn.append(piece)
    widest = max((len(each) for each, gap in zip(lines, gaps, strict=True) if gap), default=0)
    kind = "out wide" if widest > WIDE else "out"
    last = END if step.output.endswith("\n") else ""
    return f'<span class="{kind}">{END.join(drawn)}{last}</span>'


def shifted(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The spans that begin in [start, end) of a text, as they lie in that piece of it."""
    first, last = (bisect_left(spans, edge, key=lambda span: span.start) for edge in (start, end))
    return [Span(s.start - start, min(s.end, end) - start, s.rule) for s in spans[first:last]]


def value(text: str) -> str:
    """A captured value inside a sentence."""
    return f'<code class="value">{markup.prose(text)}</code>'


def uncaught(words: Words) -> str:
    """What stands in a sentence for a value that a scene which failed did not give."""
    return f'<code class="value uncaught">{words.uncaught}</code>'
