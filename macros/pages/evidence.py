"""The evidence: every step of every scene with its verdict, as Markdown. Knows no MkDocs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from .. import markup, phrases
from ..languages import Words
from ..model import Report, StepReport
from .proof import Standing, standing

Places = Mapping[tuple[str, str], str]
"""(scene, step) → the page that shows it first, from the language's root: `modes/bridge.md`."""
NOT_RUN = "!!! not-run"
"""How a statement that no host here can show is marked in a page."""


def evidence(
    reports: Mapping[str, Report], where: Places, unproven: int, here: str, words: Words
) -> str:
    """Counts, then a table for each scene; links are relative to the page `here`."""
    up = "../" * here.count("/")
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
    lines = [f"<table>{''.join(counted)}</table>"]
    for name, report in sorted(reports.items()):
        lines += ["", f"### {name} {{#scene-{name}}}", "", *table(report, where, up, words)]
    return "\n".join(lines)


def table(report: Report, where: Places, up: str, words: Words) -> Iterator[str]:
    """The steps of one scene."""
    by, when = report.provenance, markup.prose(report.when[:10])
    engine, kernel = markup.prose(by.engine), markup.prose(by.kernel)
    package = f" ({markup.prose(by.package)})" if by.package else ""
    yield f"Docker Engine {engine}{package} · {when} · {words.kernel} {kernel}"
    yield ""
    yield f"| {words.step} | {words.expectations} | {words.verdict} |"
    yield "|---|--:|---|"
    for step in report.steps:
        at = standing(report, step)
        said = words[at.mark]
        said = f"**{said}**" if at.troubled else said
        why = phrases.blame(step, words)
        reason = why and words.colon + markup.prose(why)
        link = linked(report, step, where, up)
        yield f"| {link} | {len(step.held)} | {said}{reason} |"


def linked(report: Report, step: StepReport, where: Places, up: str) -> str:
    """The step's id, as a link to where it is shown; set-up is not shown."""
    page = where.get((report.scene, step.id))
    return f"[#{step.id}]({up}{page}#{report.scene}-{step.id})" if page else step.id
