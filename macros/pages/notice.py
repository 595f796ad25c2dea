"""The line below a page's title, where not all that the page shows is as it says. Raw HTML."""

from __future__ import annotations

from collections.abc import Iterable

from .. import markup
from ..languages import Words
from ..model import Report, StepReport
from .proof import Standing, standing


def notice(steps: Iterable[tuple[Report, StepReport]], words: Words) -> str:
    """What failed, drifted or is unsteady among the steps of a page, worst first; "" if nothing."""
    found: dict[Standing, list[str]] = {}
    for report, step in steps:
        place = markup.attribute(f"{report.scene}-{step.id}")
        link = f'<a href="#{place}"><code>{markup.escape(step.id)}</code></a>'
        found.setdefault(standing(report, step), []).append(link)
    lines = [
        f'<p class="{at.mark}">{words.troubled[at.mark].format(words.also.join(links))}</p>'
        for at, links in sorted(found.items(), reverse=True)
        if at.troubled
    ]
    return f'<div class="notice" data-search-exclude="1">{"".join(lines)}</div>' if lines else ""
