"""The quiet line under a console block, and what it opens to: verdict, engine, date, proof."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from ..model import Held, Mode, Report, StepReport, Verdict
from .printed import block
from .words import Words


class Standing(IntEnum):
    """What a page may say of a step, worst last. Only a run of this build verifies."""

    VERIFIED = 0
    RECORDED = 1
    SKIPPED = 2
    DRIFTED = 3
    UNSTEADY = 4
    FAILED = 5


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


def details(report: Report, steps: Sequence[StepReport], words: Words, top: str = "") -> str:
    """The line for some steps of a scene: it speaks of the worst of them."""
    worst = max(steps, key=lambda step: standing(report, step))
    mark = standing(report, worst).name.lower()
    said = [f'<span class="mark">{getattr(words, mark)}</span>']
    if worst.verdict is Verdict.SKIPPED and worst.reason:
        said[0] += f"{words.colon}{block(words.reason(worst.reason))}"
    said += [f"Docker Engine {block(report.provenance.engine)}"]
    said += [f'<time datetime="{block(report.when)}">{block(report.when[:10])}</time>']
    proofs = "".join(proof(step, words, headed=len(steps) > 1) for step in steps)
    return (
        f'<details class="proof {mark}" data-search-exclude="1">'
        f"<summary>{' · '.join(said)}</summary>"
        f"{proofs}{provenance(report, words)}"
        f'<p><a class="raw" href="{top}transcripts/{block(report.scene)}.txt">{words.raw}</a></p>'
        f"<p>{words.boot}</p><pre>scripts/shell {block(report.scene)} {block(steps[-1].id)}</pre>"
        "</details>"
    )


def proof(step: StepReport, words: Words, *, headed: bool) -> str:
    """What was expected of one step, and what came."""
    parts = [f'<p class="of">{block(step.id)}</p>'] if headed else []
    for heading, kind, truth in ((words.broken, "no", False), (words.held, "yes", True)):
        rows = "".join(expectation(held, words) for held in step.held if held.holds is truth)
        if rows:
            parts.append(f'<p>{heading}</p><ul class="{kind}">{rows}</ul>')
    if step.reason and not step.held and (headed or step.verdict is not Verdict.SKIPPED):
        parts.append(f'<p class="reason">{block(words.reason(step.reason))}</p>')
    if step.exit:
        parts.append(f"<p>{words.exit} <code>{step.exit}</code></p>")
    if step.diff:
        parts.append(f'<p>{words.drift}</p><pre class="diff">{diff(step.diff)}</pre>')
    return "".join(parts)


def expectation(held: Held, words: Words) -> str:
    """One expectation, and what came where it does not hold."""
    came = "" if held.holds else f", {words.came}: <code>{block(held.came)}</code>"
    return f"<li><code>{block(held.text)}</code>{came}</li>"


def diff(text: str) -> str:
    """A unified diff, its lines marked."""
    kinds = {"+": "ins", "-": "del"}
    lines = []
    for line in text.splitlines():
        tag = kinds.get(line[:1])
        lines.append(f"<{tag}>{block(line)}</{tag}>" if tag else block(line))
    return "&#10;".join(lines)


def provenance(report: Report, words: Words) -> str:
    """By what a scene's outputs were printed."""
    by = report.provenance
    rows = (
        ("Docker Engine", by.engine),
        ("containerd", by.containerd),
        ("runc", by.runc),
        (words.kernel, by.kernel),
        (words.firewall, by.firewall),
        ("iptables", by.iptables),
        ("iproute2", by.iproute2),
        (words.image, by.image),
    )
    drawn = "".join(f"<dt>{label}</dt><dd>{block(text)}</dd>" for label, text in rows if text)
    return f"<p>{words.by}</p><dl>{drawn}</dl>"
