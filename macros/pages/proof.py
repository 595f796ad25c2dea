"""The quiet line under a console block, and what it opens to: verdict, engine, date, proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from .. import phrases
from ..difference import difference
from ..engines import DEBIANS
from ..languages import Words
from ..markup import escape
from ..model import Held, HostOption, Mode, Reason, Report, StepReport, Verdict
from ..phrases import blame
from .ways import Ways

HERE = Ways()
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
) -> str:
    """The line for some steps of a scene: it speaks of the worst of them.

    Where they are what the page says of most, it is a sign, which words stand behind.
    """
    of = max(steps, key=lambda step: standing(report, step))
    mark = standing(report, of).mark
    verdict, *why = said(report, of, words).split(words.colon, 1)
    line = [words.colon.join((f'<span class="mark">{verdict}</span>', *map(escape, why)))]
    kind = "usual " if usual == Usual(standing(report, of), report.provenance.engine) else ""
    proofs = "".join(proof(step, words, of.reason, headed=len(steps) > 1) for step in steps)
    if any(step.verdict is not Verdict.SKIPPED for step in steps):
        line += [by(report)]
        proofs += presets(report, words) + provenance(report, words, ways)
    return (
        f'<details class="proof {kind}{mark}" data-search-exclude="1">'
        f'<summary><span class="says">{" · ".join(line)}</span></summary>'
        f"{proofs}"
        f'<p><a class="raw" href="{ways.transcript(escape(report.scene))}">{words.raw}</a></p>'
        f"<p>{words.boot}</p><pre>scripts/shell {escape(report.scene)} {escape(steps[-1].id)}</pre>"
        "</details>"
    )


def by(report: Report) -> str:
    """Which engine a scene ran on, and when."""
    when = f'<time datetime="{escape(report.when)}">{escape(report.when[:10])}</time>'
    return f"Docker Engine {escape(report.provenance.engine)} · {when}"


def proof(step: StepReport, words: Words, told: Reason | None, *, headed: bool) -> str:
    """What was expected of one step, and what came; `told` is the reason that is said above."""
    parts = [f'<p class="of">{escape(step.id)}</p>'] if headed else []
    for heading, kind, truth in ((words.broken, "no", False), (words.held, "yes", True)):
        rows = "".join(expectation(held, words) for held in step.held if held.holds is truth)
        if rows:
            parts.append(f'<p>{heading}</p><ul class="{kind}">{rows}</ul>')
    if step.reason and not step.held and step.reason != told:
        parts.append(f'<p class="reason">{escape(blame(step, words))}</p>')
    if step.tries > 1:
        parts.append(f'<p class="tries">{words.tries.format(words.nth(step.tries))}</p>')
    if step.exit:
        parts.append(f"<p>{words.exit} <code>{step.exit}</code></p>")
    if step.diff:
        parts.append(f'<p>{words.drift}</p><pre class="diff">{diff(step.diff)}</pre>')
    if step.verdict is Verdict.UNSTEADY:
        parts.append(both(step, words))
    return "".join(parts)


def expectation(held: Held, words: Words) -> str:
    """One expectation, and what came where it does not hold."""
    row = f"<code>{escape(phrases.expectation(held, words))}</code>"
    if not held.holds:
        came = escape(phrases.came(held.came, words))
        row += f"{words.stop}{words.came}{words.colon}<code>{came}</code>"
    return f"<li>{row}</li>"


def both(step: StepReport, words: Words) -> str:
    """The two outputs of an unsteady step, as the difference between them."""
    drawn = diff(difference(step.other, step.output, (words.other, words.shown)))
    if not drawn:
        return f'<p class="reason">{words.alike}</p>'
    return f'<p>{words.disagreed}</p><pre class="diff">{drawn}</pre>'


def diff(text: str) -> str:
    """A unified diff, its lines marked."""
    kinds = {"+": "ins", "-": "del"}
    lines = []
    for line in text.split("\n"):
        tag = kinds.get(line[:1])
        lines.append(f"<{tag}>{escape(line)}</{tag}>" if tag else escape(line))
    return "&#10;".join(lines)


def presets(report: Report, words: Words) -> str:
    """What the scene set on its hosts before the first step, host by host."""
    rows = "".join(
        f"<dt>{escape(host)}</dt>" + "".join(preset(option, words) for option in options)
        for host, options in groupby(report.options, key=lambda option: option.host)
    )
    return f'<p>{words.preset}</p><dl class="preset">{rows}</dl>' if rows else ""


def preset(option: HostOption, words: Words) -> str:
    """One option of a host."""
    text = words.absent if option.kind == "dockerd" else f"<code>{escape(option.text)}</code>"
    return f"<dd>{escape(option.kind)}{words.colon}{text}</dd>"


def provenance(report: Report, words: Words, ways: Ways) -> str:
    """By what a scene's outputs were printed."""
    by = report.provenance
    rows = (
        ("Docker Engine", escape(by.engine)),
        (words.package, escape(by.package)),
        ("containerd", escape(by.containerd)),
        ("runc", escape(by.runc)),
        (words.kernel, escape(by.kernel)),
        (words.firewall, escape(by.firewall)),
        ("iptables", escape(by.iptables)),
        ("iproute2", escape(by.iproute2)),
        (words.image, escape(by.image)),
    )
    drawn = "".join(f"<dt>{label}</dt><dd>{text}</dd>" for label, text in rows if text)
    return f"<p>{words.by}</p><dl>{drawn}</dl><p>{build(report, words, ways)}</p>"


def build(report: Report, words: Words, ways: Ways) -> str:
    """Whose build of the engine it is, and where that is told."""
    by = report.provenance
    debians = not by.package or by.package.startswith(f"{DEBIANS} ")
    said = (
        words.debian.format(escape(by.engine))
        if debians
        else words.foreign.format(escape(by.engine), escape(by.package))
    )
    way = ways.section(BUILD)
    return f'{said}{words.colon}<a href="{way}">{words.builds}</a>' if way else said
