"""A verdict as a small picture, for a wiki or a README: of a step, or of a page. Pure.

It is drawn from reports alone; what a page or a scene says of itself is not asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..languages import Words
from ..markup import escape
from ..model import Report, StepReport
from ..pages.proof import Standing, said, standing

COLOURS = {
    Standing.VERIFIED: "#17692f",
    Standing.RECORDED: "#4a5a66",
    Standing.SKIPPED: "#4a5a66",
    Standing.DRIFTED: "#7d5200",
    Standing.UNSTEADY: "#7d5200",
    Standing.FAILED: "#b3261e",
}
SIGNS = {
    Standing.VERIFIED: "✓",
    Standing.RECORDED: "●",
    Standing.SKIPPED: "–",
    Standing.DRIFTED: "≠",
    Standing.UNSTEADY: "≈",
    Standing.FAILED: "✗",
}
SMALL, FULL, PAD = 6.6, 11.0, 6.0
"""Widths of a Latin letter and of a Chinese one at 11 px, and of the space beside a text."""


def of_step(report: Report, step: StepReport, words: Words) -> str:
    """The badge of one step."""
    at = standing(report, step)
    engine = f"Docker Engine {report.provenance.engine}"
    title = f"{report.scene} {step.id}{words.colon}{said(report, step, words)} · {engine}"
    return draw(engine, at, f"{words[at.mark]} {report.when[:10]}", f"{title} · {report.when[:10]}")


def of_page(title: str, shown: Sequence[tuple[Report, StepReport]], words: Words) -> str:
    """The badge of a page: the worst of what it shows, or how much stands as most of it does."""
    counts = Counter(standing(report, step) for report, step in shown)
    at = max(set(counts) - {Standing.SKIPPED} or counts)
    engines = sorted({report.provenance.engine for report, _ in shown})
    when = max(report.when for report, _ in shown)[:10]
    every = words.stop.join(words.counted[one.mark].format(counts[one]) for one in sorted(counts))
    engine = f"Docker Engine {engines[-1] if len(engines) == 1 else ', '.join(engines)}"
    text = f"{words[at.mark]} {counts[at]}/{counts.total()} · {when}"
    return draw(engine, at, text, f"{title}{words.colon}{every} · {engine} · {when}")


def draw(left: str, at: Standing, right: str, title: str) -> str:
    """Two words side by side; what is read aloud is the title."""
    right = f"{SIGNS[at]} {right}"
    one, other = width(left), width(right)
    texts = "".join(
        f'<text x="{x + wide / 2:g}" y="14" textLength="{wide - 2 * PAD:g}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
        for x, wide, text in ((0, one, left), (one, other, right))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{one + other:g}" height="20" role="img">'
        f"<title>{escape(title)}</title>"
        f'<rect width="{one + other:g}" height="20" rx="3" fill="#24313a"/>'
        f'<path d="M{one:g} 0h{other - 3:g}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{other - 3:g}z" '
        f'fill="{COLOURS[at]}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,PingFang SC,Microsoft YaHei,'
        f'Noto Sans CJK SC,sans-serif" font-size="11" text-anchor="middle">{texts}</g></svg>\n'
    )


def width(text: str) -> float:
    """How much room a text takes, with the space beside it."""
    return round(sum(FULL if sign > "\u2e80" else SMALL for sign in text) + 2 * PAD, 1)
