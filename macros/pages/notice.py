"""What is said below a page's title of all that the page shows. Raw HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..languages import Words
from ..model import Report, StepReport
from .look import draw
from .proof import Standing, Usual, by, standing

if TYPE_CHECKING:
    from .macros import Showing


def notice(shown: Sequence[tuple[Report, StepReport]], page: Showing) -> str:
    """How the outputs of a page stand, then which not as they should; "" where it has none."""
    wrong = list(troubled(shown, page.words))
    if not page.usual and not wrong:
        return ""
    counts = Counter(standing(*one) for one in shown) if page.usual else Counter[Standing]()
    return draw(
        "notice",
        counts=[(at.mark, count) for at, count in sorted(counts.items())],
        by=by(newest(shown, page.usual)) if page.usual else "",
        evidence=page.ways.evidence,
        troubled=wrong,
        words=page.words,
    )


def newest(shown: Sequence[tuple[Report, StepReport]], usual: Usual) -> Report:
    """The report of the last run on the engine that most of a page ran on."""
    like = (report for report, _ in shown if report.provenance.engine == usual.engine)
    return max(like, key=lambda report: report.when)


def troubled(
    shown: Iterable[tuple[Report, StepReport]], words: Words
) -> Iterator[tuple[str, Markup]]:
    """What failed, drifted or is unsteady among the steps of a page, worst first."""
    found: dict[Standing, list[Markup]] = {}
    for report, step in shown:
        link = draw("link", anchor=f"{report.scene}-{step.id}", text=step.id)
        found.setdefault(standing(report, step), []).append(link)
    for at, links in sorted(found.items(), reverse=True):
        if at.troubled:
            names = Markup(words.also).join(links)
            yield at.mark, Markup(words.troubled[at.mark]).format(names)
