"""A console block: steps of one scene as one line of raw HTML. Looks up nothing, runs nothing."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

from .. import markup
from ..languages import Words
from ..model import Report, Span, StepReport, Verdict, anchors
from . import boilerplate, fold, pointers
from .gutters import gutters
from .look import draw
from .proof import HERE, Usual, by, details, named, said, standing, worst
from .ways import Ways

EXEC = re.compile(r"docker exec (?:-\w+ )*(\w[\w.-]*) ")
ELSEWHERE = re.compile(r"docker (?:exec|run)\b|\bnsenter\b|\bip netns exec\b|\bip -n\b")
"""What of a command may be run in another network namespace."""
MORE = re.compile(r"&&|;|\|\||\n")
WIDE = 100
"""Columns that a desktop shows. Rows longer than that lose what their gutters have to spare."""


@dataclass(frozen=True, slots=True)
class ShownRun:
    """Lines of an output that stand open, or are folded."""

    lines: tuple[Markup, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as a block shows it."""

    anchor: str
    namespace: str
    """The network namespace that its names of interfaces are of; "" where that is not sure."""
    own: bool
    """Whether it is the one that a link to the step leads to."""
    old: tuple[str, ...]
    """The ids that it had before, where it is."""
    mark: str
    stands: str
    """The verdict, where it is not to be taken as it stands."""
    prompt: str
    command: tuple[Markup, ...]
    runs: tuple[ShownRun, ...]
    wide: bool
    """Whether its columns take more than a desktop shows."""
    ends: bool
    """Whether the last line ends in a newline."""


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
    of its own. What they copy is read off the block: see `site.js`.
    """
    first = shown.isdisjoint(f"{report.scene}-{each.id}" for each in report.steps)
    rows = sum(each.command.count("\n") + min(each.output.count("\n"), fold.LONG) for each in steps)
    return draw(
        "console",
        mark=worst(report, steps).mark,
        scene=report.scene,
        rows=rows + len(steps),
        steps=[show(report, each, words, shown, number) for number, each in enumerate(steps)],
        yours=yours(steps, words, ways),
        details=details(report, steps, words, ways, usual, first=first),
        words=words,
    )


def alone(report: Report, step: StepReport, words: Words, way: str, title: str) -> str:
    """One step in the page of others, with its verdict and a way to where it is explained."""
    ran = step.verdict is not Verdict.SKIPPED
    return draw(
        "alone",
        mark=standing(report, step).mark,
        scene=report.scene,
        step=show(report, step, words, set(), 0),
        verdict=said(report, step, words),
        by=by(report) if ran else "",
        way=way,
        title=title,
        words=words,
    )


def show(report: Report, step: StepReport, words: Words, shown: set[str], number: int) -> ShownStep:
    """One step, the block's so many-th: prompt, command, output."""
    anchor, *old = anchors(report.names, step.names)
    own, at = anchor not in shown, standing(report, step)
    shown.update((anchor, *old))
    lines = step.output.removesuffix("\n").split("\n") if step.output else []
    gaps = gutters(lines)
    return ShownStep(
        anchor=anchor,
        namespace=namespace(step),
        own=own,
        old=tuple(old) if own else (),
        mark=at.mark,
        stands=said(report, step, words) if at.troubled else "",
        prompt=prompt(report, step),
        command=tuple(command(step, words)),
        runs=tuple(output(report, step, words, lines, gaps, number)) if lines else (),
        wide=any(len(line) > WIDE for line, gap in zip(lines, gaps, strict=True) if gap),
        ends=step.output.endswith("\n"),
    )


def namespace(step: StepReport) -> str:
    """The network namespace that a step speaks of: of a container, where it goes into that one."""
    inside = EXEC.match(step.command)
    rest = step.command[inside.end() :] if inside else step.command
    if ELSEWHERE.search(rest) or (inside and MORE.search(rest)):
        return ""
    return f"{step.on.partition('/')[0]}/{inside[1]}" if inside else step.on


def command(step: StepReport, words: Words) -> Iterator[Markup]:
    """The lines of a step's command; what a reader must change in them is marked."""
    kinds = dict(step.yours)
    longest = "|".join(map(re.escape, sorted(kinds, key=len, reverse=True)))
    change = re.compile(rf"(?<!\w)(?:{longest or '(?!)'})(?!\w)")
    for line in step.command.rstrip("\n").split("\n"):
        marked = [Span(*found.span(), kinds[found[0]]) for found in change.finditer(line)]
        yield Markup(markup.painted(line, words=words, marked=marked))


def yours(steps: Sequence[StepReport], words: Words, ways: Ways) -> Markup:
    """What a reader must change in the commands, each once, and where it is told how to find it."""
    kinds: dict[str, list[Markup]] = {}
    for text, kind in dict(pair for step in steps for pair in step.yours).items():
        kinds.setdefault(kind, []).append(Markup(f"<code>{markup.escape(text)}</code>"))
    rows = [
        (Markup(words.yours[kind]).format(Markup(words.also).join(texts)), ways.section(kind))
        for kind, texts in kinds.items()
    ]
    return draw("yours", rows=rows, words=words)


def prompt(report: Report, step: StepReport) -> str:
    """What stands before a command; where it runs, if that must be said."""
    return f"{step.on} $ " if named(report, [step]) else "$ "


def output(
    report: Report,
    step: StepReport,
    words: Words,
    lines: Sequence[str],
    gaps: Sequence[Sequence[Span]],
    number: int,
) -> Iterator[ShownRun]:
    """What the step printed; a long output folds by itself, without a script."""
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    held, quiet = pointers.spans(report, step, number), boilerplate.spans(step.output)
    rows = []
    for line, at, gap in zip(lines, starts, gaps, strict=False):
        varies, rests, dim = (
            shifted(spans, at, at + len(line), at + indent(line))
            for spans in (step.spans, held, quiet)
        )
        rows.append(Markup(markup.painted(line, varies, words, gaps=gap, held=rests, quiet=dim)))
    for run in fold.runs(step, [value for _, value in report.values]):
        yield ShownRun(tuple(rows[run.start : run.end]), run.folded)


def shifted(spans: Sequence[Span], start: int, end: int, first: int) -> list[Span]:
    """The spans in [first, end) of a text, as they lie in its piece from `start` on."""
    begin = bisect_right(spans, first, key=lambda span: span.end)
    after = bisect_left(spans, end, key=lambda span: span.start)
    return [
        Span(max(s.start, first) - start, min(s.end, end) - start, s.rule)
        for s in spans[begin:after]
    ]


def indent(line: str) -> int:
    """Spaces that a line begins with."""
    return len(line) - len(line.lstrip())


def value(text: str, at: str = "") -> str:
    """A captured value inside a sentence; `at` is its name among what is pointed at."""
    return draw("value", text=Markup(markup.prose(text)), at=at)


def uncaught(words: Words) -> str:
    """What stands in a sentence for a value that a scene which failed did not give."""
    return draw("uncaught", words=words)
