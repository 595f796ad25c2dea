"""The quiet line under a console block, and what it opens to: verdict, engine, date, proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import compress, groupby
from operator import not_

from markupsafe import Markup

from .. import markup, phrases
from ..difference import difference
from ..engines import DEBIANS
from ..languages import Words
from ..model import HostOption, Mode, Reason, Report, StepReport, Verdict
from ..phrases import blame
from . import pointers
from .look import draw
from .ways import Ways

HERE = Ways()
LAN = "lan"
FORMS = frozenset({"matches", "capture"})
"""Kinds of expectations that their words do not tell whole: as they are written, for who asks."""
BUILD = "engine-build"
"""The section on a reader's machine that tells whose build of the engine it is."""


class Standing(IntEnum):
    """What a page may say of a step, worst last. Only a run of this build verifies."""

    VERIFIED = 0
    RECORDED = 1
    SKIPPED = 2
    DRIFTED = 3
    UNSTEADY = 4
    FAILED = 5

    @property
    def mark(self) -> str:
        """Its name among words, and in styles."""
        return self.name.lower()

    @property
    def troubled(self) -> bool:
        """Whether what was printed is not to be taken as it stands."""
        return self > Standing.SKIPPED


def standing(report: Report, step: StepReport) -> Standing:
    """Where a step stands in this build."""
    match step.verdict:
        case Verdict.FAILED:
            return Standing.FAILED
        case Verdict.DRIFTED:
            return Standing.DRIFTED
        case Verdict.UNSTEADY:
            return Standing.UNSTEADY
        case Verdict.SKIPPED:
            return Standing.SKIPPED
        case Verdict.PASSED:
            return Standing.RECORDED if report.mode is Mode.REPLAY else Standing.VERIFIED


@dataclass(frozen=True, slots=True)
class Usual:
    """What most outputs of a page are: said below its title, and in a block by a sign alone."""

    standing: Standing
    engine: str


def usual(shown: Iterable[tuple[Report, StepReport]]) -> Usual | None:
    """What most of the steps are that a page shows; None where none could be taken as it stands."""
    counts = Counter(
        Usual(at, report.provenance.engine)
        for report, step in shown
        if (at := standing(report, step)) < Standing.SKIPPED
    )
    return max(counts, key=lambda one: counts[one], default=None)


def worst(report: Report, steps: Iterable[StepReport]) -> Standing:
    """Where the worst of some steps stands: a block speaks of that one."""
    return max(standing(report, step) for step in steps)


def said(report: Report, step: StepReport, words: Words) -> str:
    """The verdict on a step in words, and why, where it is not a good one. Plain text."""
    at = standing(report, step)
    why = {
        Standing.SKIPPED: blame(step, words),
        Standing.DRIFTED: words.drifting,
        Standing.UNSTEADY: words.wavering,
        Standing.FAILED: words.failing if step.held else blame(step, words),
    }.get(at, "")
    return str(words.colon.join(filter(None, (words[at.mark], why))))


def details(
    report: Report,
    steps: Sequence[StepReport],
    words: Words,
    ways: Ways = HERE,
    usual: Usual | None = None,
    *,
    first: bool = True,
    among: bool = False,
) -> Markup:
    """The line for some steps of a scene: it speaks of the worst of them.

    Where they are what the page says of most, it is a sign, which words stand behind. By what the
    scene was printed is told where the page shows it `first`. `among` lines of other scenes it says
    what is set on the hosts.
    """
    of = max(steps, key=lambda step: standing(report, step))
    at = standing(report, of)
    verdict, *why = said(report, of, words).split(words.colon, 1)
    ran = any(step.verdict is not Verdict.SKIPPED for step in steps)
    return draw(
        "details",
        kind=f"usual {at.mark}" if usual == Usual(at, report.provenance.engine) else at.mark,
        verdict=verdict,
        why="".join(why),
        by=by(report) if ran else "",
        set=[option.text for option in report.options] if among else (),
        world=world(report, steps, words) if ran and named(report, steps) else "",
        proofs=[
            proof(report, step, words, of.reason, number, headed=len(steps) > 1)
            for number, step in enumerate(steps)
        ],
        written=[held.written for step in steps for held in step.held if held.kind in FORMS],
        places=places(steps, words) if ran else "",
        presets=presets(report) if ran else (),
        printer=printer(report, words, ways) if ran and first else None,
        raw=ways.transcript(report.scene) if first else "",
        source=ways.source(report.scene, of.line),
        shell=f"scripts/shell {report.scene} {steps[-1].id}",
        words=words,
    )


def by(report: Report) -> Markup:
    """Which engine a scene ran on, and when."""
    return draw("by", engine=report.provenance.engine, when=report.when)


@dataclass(frozen=True, slots=True)
class Checked:
    """Something that was expected, or taken, in words."""

    text: Markup
    came: str = ""
    """What came instead."""
    at: str = ""
    """The name of the characters that it rests on: see `pointers.py`."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was expected of one step, and what came."""

    id: str
    unmet: tuple[Checked, ...]
    met: tuple[Checked, ...]
    reason: str
    tries: int
    exit: int
    differences: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """(heading, (how a line is marked, the line)…)."""


def proof(
    report: Report,
    step: StepReport,
    words: Words,
    told: Reason | None,
    number: int,
    *,
    headed: bool,
) -> Proof:
    """The proof of a block's so many-th step; `told` is the reason that is said above."""
    unsteady = step.verdict is Verdict.UNSTEADY
    others = difference(step.other, step.output, (words.other, words.shown)) if unsteady else ""
    alike = str(words.alike) if unsteady and not others else ""
    why = blame(step, words) if step.reason and not step.held and step.reason != told else ""
    values = dict(report.values)
    rows = [
        Checked(
            quoted(phrases.checked(held, step.output, values, words)),
            phrases.came(held.came, words),
            pointers.expectation(number, place) if held.rests else "",
        )
        for place, held in enumerate(step.held)
    ]
    taken = (
        Checked(
            quoted((words.checked.taken, (values.get(span.rule, ""), span.rule))),
            at=pointers.value(report.scene, span.rule),
        )
        for span in step.taken
    )
    holds = [held.holds for held in step.held]
    texts = ((words.drift, step.diff), (words.disagreed, others))
    return Proof(
        id=step.id if headed else "",
        unmet=tuple(compress(rows, map(not_, holds))),
        met=(*compress(rows, holds), *taken),
        reason=why or alike,
        tries=step.tries,
        exit=step.exit,
        differences=tuple((heading, marked(text)) for heading, text in texts if text),
    )


def quoted(saying: phrases.Saying) -> Markup:
    """A sentence with what it quotes as code."""
    sentence, texts = saying
    codes = (Markup(f"<code>{markup.escape(text)}</code>") for text in texts)
    return Markup(markup.escape(sentence)).format(*codes)


def places(steps: Sequence[StepReport], words: Words) -> Markup:
    """Where some steps ran, each place once."""
    every = dict.fromkeys(step.on for step in steps if step.verdict is not Verdict.SKIPPED)
    return Markup(words.also).join(quoted(place(on, words)) for on in every)


def named(report: Report, steps: Iterable[StepReport]) -> bool:
    """Whether prompts must say where steps run."""
    return len(report.hosts) > 1 or any(step.on not in report.hosts for step in steps)


def world(report: Report, steps: Iterable[StepReport], words: Words) -> Markup:
    """The wire's places in a row, hosts behind the LAN, with those marked where steps ran."""
    here = dict.fromkeys(step.on for step in steps)
    rows = []
    for name in (LAN, *report.hosts):
        inside = [on for on in here if on.startswith(f"{name}/")]
        rows += [(on, True) for on in inside] or [(name, name in here)]
        if inside and name in here:
            rows.append((name, True))
    return draw("world", places=rows, told=words.here.format(words.also.join(here)))


def place(on: str, words: Words) -> phrases.Saying:
    """What a place is that steps run at: a host, a container on it, or beside the hosts."""
    kind = "wire" if on == LAN else "container" if "/" in on else "host"
    return words.place[kind], tuple(on.split("/"))


def marked(difference: str) -> tuple[tuple[str, str], ...]:
    """The lines of a unified diff, each with the element that marks it."""
    kinds = {"+": "ins", "-": "del"}
    return tuple((kinds.get(line[:1], ""), line) for line in difference.split("\n"))


def presets(report: Report) -> list[tuple[str, list[HostOption]]]:
    """What the scene set on its hosts before the first step, host by host."""
    hosts = groupby(report.options, key=lambda option: option.host)
    return [(host, list(options)) for host, options in hosts]


@dataclass(frozen=True, slots=True)
class Printer:
    """By what a scene's outputs were printed."""

    rows: tuple[tuple[str, str], ...]
    """(what, which)."""
    build: str
    """Whose build of the engine it is."""
    way: str
    """Where that is told."""


def printer(report: Report, words: Words, ways: Ways) -> Printer:
    """By what a scene's outputs were printed."""
    by = report.provenance
    rows = (
        ("Docker Engine", by.engine),
        (words.package, by.package),
        ("containerd", by.containerd),
        ("runc", by.runc),
        (words.kernel, by.kernel),
        (words.firewall, by.firewall),
        ("iptables", by.iptables),
        ("iproute2", by.iproute2),
        (words.image, by.image),
    )
    debians = not by.package or by.package.startswith(f"{DEBIANS} ")
    build = (words.debian if debians else words.foreign).format(by.engine, by.package)
    return Printer(tuple(row for row in rows if row[1]), build, ways.section(BUILD))
