"""A page's macro calls replaced by what they show. Knows reports, not where they come from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from ..errors import Mistake, Mistakes
from ..languages import Words
from ..model import Report, StepReport, Verdict
from ..scenes.messages import suggestion
from . import console
from .figure import diagram, path
from .notice import notice
from .proof import HERE
from .source import Page, Reference, missing
from .ways import Ways

T = TypeVar("T")
TITLE = re.compile(r"^# .*$", re.MULTILINE)


def render(
    page: Page,
    reports: Mapping[str, Report],
    words: Words,
    evidence: Callable[[], str] = str,
    ways: Ways = HERE,
    put: Callable[[str], str] = str,
) -> str:
    """The page's Markdown. Raises `Mistakes`, all of the page's at once.

    `evidence` draws what stands for the call of that name: it looks at all pages. `put` takes
    the HTML of a block, and gives what stands for it.
    """
    shown: set[str] = set()
    wrong = list(page.mistakes)
    out = []
    for part in page.parts:
        if isinstance(part, str):
            out.append(part)
            continue
        try:
            if part.macro == "evidence":
                out.append(evidence())
                continue
            drawn = show(part, reports, words, shown, ways)
            out.append(drawn if part.macro == "value" else put(drawn))
        except LookupError as error:
            wrong.append(Mistake(part.page, part.line, str(error.args[0])))
    if wrong:
        raise Mistakes(wrong)
    if told := notice(references(page, reports), words):
        out[0] = TITLE.sub(lambda found: f"{found[0]}\n\n{told}\n", out[0], count=1)
    return "".join(out)


def references(page: Page, reports: Mapping[str, Report]) -> Iterator[tuple[Report, StepReport]]:
    """The steps that a page shows, as far as there are such, each once."""
    named = dict.fromkeys(
        (one.args[0], step)
        for one in page.references
        if one.macro == "steps"
        for step in one.args[1:]
    )
    for scene, name in named:
        if report := reports.get(scene):
            yield from ((report, step) for step in report.steps if step.id == name)


def show(
    reference: Reference, reports: Mapping[str, Report], words: Words, shown: set[str], ways: Ways
) -> str:
    """What one call shows. Raises `LookupError` with what is missing and what there is."""
    scene, *names = reference.args
    if scene not in reports:
        raise LookupError(f'no scene "{scene}": {suggestion(scene, reports)}')
    report = reports[scene]
    if reference.macro == "value":
        values = dict(report.values)
        if names[0] not in values and any(s.verdict is not Verdict.PASSED for s in report.steps):
            return console.uncaught(words)
        return console.value(pick(values, names[0], scene, "value"))
    steps = {step.id: step for step in report.steps}
    chosen = [pick(steps, name, scene, "step") for name in names]
    if reference.macro == "diagram":
        return diagram(report, chosen, words, ways)
    if reference.macro == "path":
        return path(report, chosen, words, ways)
    return console.console(report, chosen, words, shown, ways)


def pick(known: Mapping[str, T], name: str, scene: str, kind: str) -> T:
    """What a scene has by a name. Raises `LookupError` with what to write instead."""
    if name not in known:
        raise LookupError(missing(scene, kind, name, known))
    return known[name]
