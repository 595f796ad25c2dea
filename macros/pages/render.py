"""A page's macro calls replaced by what they show. Knows reports, not where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from ..diagrams.diagram import diagram, path
from ..errors import Mistake, Mistakes
from ..model import Report
from . import block
from .source import Page, Reference
from .words import WORDS, Language, Words

T = TypeVar("T")


def render(
    page: Page,
    reports: Mapping[str, Report],
    language: Language,
    evidence: Callable[[], str] = str,
    top: str = "",
) -> str:
    """The page's Markdown. Raises `Mistakes`, all of the page's at once.

    `evidence` draws what stands for the call of that name: it looks at all pages.
    `top` is the way from the page to the top of the site: `../../../`.
    """
    words = WORDS[language]
    shown: set[str] = set()
    wrong = list(page.mistakes)
    out = []
    for part in page.parts:
        if isinstance(part, str):
            out.append(part)
            continue
        try:
            drawn = part.macro == "evidence"
            out.append(evidence() if drawn else show(part, reports, words, shown, top))
        except LookupError as error:
            wrong.append(Mistake(part.page, part.line, str(error.args[0])))
    if wrong:
        raise Mistakes(wrong)
    return "".join(out)


def show(
    reference: Reference, reports: Mapping[str, Report], words: Words, shown: set[str], top: str
) -> str:
    """What one call shows. Raises `LookupError` with what is missing and what there is."""
    scene, *names = reference.args
    if scene not in reports:
        raise LookupError(f'no scene "{scene}"; there are: {", ".join(sorted(reports))}')
    report = reports[scene]
    if reference.macro == "value":
        values = dict(report.values)
        return block.value(pick(values, names[0], f'scene "{scene}" has no value'))
    steps = {step.id: step for step in report.steps}
    chosen = [pick(steps, name, f'scene "{scene}" has no step') for name in names]
    if reference.macro == "diagram":
        return diagram(report, chosen, words, top)
    if reference.macro == "path":
        return path(report, chosen, words, top)
    return block.console(report, chosen, words, shown, top)


def pick(known: Mapping[str, T], name: str, complaint: str) -> T:
    """What is known by a name. Raises `LookupError` with the names there are."""
    if name not in known:
        raise LookupError(f'{complaint} "{name}"; it has: {", ".join(known) or "none"}')
    return known[name]
