"""The evidence: every step of every scene with its verdict. Knows no MkDocs.

Headings are Markdown, for the table of contents; tables are blocks, which pass it by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from .. import markup, phrases
from ..languages import Words
from ..model import Report, StepReport, anchors
from .look import draw
from .proof import HERE, Standing, standing
from .ways import Ways

Places = Mapping[tuple[str, str], str]
"""(scene, step) → the page that shows it first, from the language's root: `modes/bridge.md`."""
Put = Callable[[str], str]
"""Takes the HTML of a block, gives what stands for it."""
NOT_RUN = "!!! not-run"
"""How a statement that no host here can show is marked in a page."""


def evidence(
    reports: Mapping[str, Report],
    where: Places,
    unproven: int,
    words: Words,
    ways: Ways = HERE,
    put: Put = str,
) -> str:
    """Counts, then a table for each scene."""
    counts = Counter(standing(one, step) for one in reports.values() for step in one.steps)
    held = sum(len(step.held) for one in reports.values() for step in one.steps)
    rows = [
        (words.scenes, len(reports)),
        (words.steps, counts.total()),
        (words.expectations, held),
        *((words[each.mark], counts[each]) for each in Standing),
        (words.not_run, unproven),
    ]
    counted = (f'<tr><th scope="row">{name}</th><td>{number}</td></tr>' for name, number in rows)
    lines = [put(f"<table>{''.join(counted)}</table>")]
    for name, report in sorted(reports.items()):
        told = f"<p>{printer(report, words)}</p>{table(report, where, words, ways)}"
        drawn = f'<div data-search-exclude="1">{told}</div>'  # nobody looks for 2,000 verdicts
        old = draw("aliases", ids=anchors(["scene"], report.aliases))
        lines += ["", f"### {name} {{#scene-{name}}}", "", put(f"{old}{drawn}")]
    return "\n".join(lines)


def printer(report: Report, words: Words) -> str:
    """By what a scene was printed, and when."""
    by = report.provenance
    package = f" ({markup.escape(by.package)})" if by.package else ""
    engine = f"Docker Engine {markup.escape(by.engine)}{package}"
    return (
        f"{engine} · {markup.escape(report.when[:10])} · {words.kernel} {markup.escape(by.kernel)}"
    )


def table(report: Report, where: Places, words: Words, ways: Ways = HERE) -> str:
    """The steps of one scene."""
    headings = (words.step, words.expectations, words.verdict)
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    rows = "".join(
        f"<tr><td>{link(report, step, where, ways)}</td>"
        f"<td>{len(step.held)}</td><td>{verdict(report, step, words)}</td></tr>"
        for step in report.steps
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def verdict(report: Report, step: StepReport, words: Words) -> str:
    """Where a step stands, and why."""
    at = standing(report, step)
    word = f"<strong>{words[at.mark]}</strong>" if at.troubled else words[at.mark]
    why = phrases.blame(step, words)
    return f"{word}{words.colon}{markup.escape(why)}" if why else str(word)


def link(report: Report, step: StepReport, where: Places, ways: Ways) -> str:
    """The step's id, as a link to where it is shown; set-up is not shown."""
    page = where.get((report.scene, step.id))
    if not page:
        return step.id
    address = ways.page(page.removesuffix(".md"))
    return f'<a href="{address}#{report.scene}-{step.id}">#{step.id}</a>'
