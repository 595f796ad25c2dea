"""What is said below a page's title of all that the page shows. Raw HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .. import markup
from ..languages import Words
from ..model import Report, StepReport
from .proof import Standing, by, standing

if TYPE_CHECKING:
    from .macros import Showing


def notice(shown: Sequence[tuple[Report, StepReport]], page: Showing) -> str:
    """How the outputs of a page stand, then which not as they should; "" where it has none."""
    lines = [*counted(shown, page), *troubled(shown, page.words)]
    return f'<div class="notice" data-search-exclude="1">{"".join(lines)}</div>' if lines else ""


def counted(shown: Sequence[tuple[Report, StepReport]], page: Showing) -> Iterator[str]:
    """How many outputs stand where, by which engine, when, and where each is listed."""
    if not page.usual:
        return
    words, counts = page.words, Counter(standing(*one) for one in shown)
    counts_of = " · ".join(
        f'<span class="mark {at.mark}">{words.counted[at.mark].format(count)}</span>'
        for at, count in sorted(counts.items())
    )
    like = (one for one, _ in shown if one.provenance.engine == page.usual.engine)
    last = max(like, key=lambda report: report.when)
    line = [counts_of, by(last)]
    if page.ways.evidence:
        line.append(f'<a href="{page.ways.evidence}">{words.evidence}</a>')
    yield f'<p class="outputs">{" · ".join(line)}</p>'


def troubled(shown: Iterable[tuple[Report, StepReport]], words: Words) -> Iterator[str]:
    """What failed, drifted or is unsteady among the steps of a page, worst first."""
    found: dict[Standing, list[str]] = {}
    for report, step in shown:
        place = markup.attribute(f"{report.scene}-{step.id}")
        link = f'<a href="#{place}"><code>{markup.escape(step.id)}</code></a>'
        found.setdefault(standing(report, step), []).append(link)
    for at, links in sorted(found.items(), reverse=True):
        if at.troubled:
            names = words.also.join(links)
            yield f'<p class="{at.mark}">{words.troubled[at.mark].format(names)}</p>'
