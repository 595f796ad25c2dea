"""The cards of a site: what each page's shows, and those that are drawn already.

A card stands beside its page, `modes/bridge/card.png`; that of a picture, at the short address
of its step, `s/bridge/run/card.png`. What it was drawn from stands in it, so that the site that
is replaced gives the next one those that would not be others.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..languages import Languages, Words, otherwise
from ..model import Report, StepReport, Verdict
from ..pages import calls, console, source
from ..pages.macros import MACROS
from ..pages.proof import said, standing
from . import picture
from .picture import Card
from .rendering import Section

NAME = "card.png"
GOOD_LINES = range(2, 13)
"""How long an output is that is read on a card."""
GOOD_WIDTH = 72
HEAD = 1024
"""Of a picture, in which its digest stands."""
Shown = tuple[Report, StepReport]


def of_site(
    root: Path,
    languages: Languages,
    contents: Mapping[str, Sequence[Section]],
    run: Mapping[str, Report],
    best: Shown | None,
) -> Iterator[tuple[str, Card]]:
    """Each card with its address, the landing page's first: that shows the best of the run."""
    landing = [language.words.landing for language in languages.values()]
    names = " · ".join(each.name for each in landing)
    first = next(iter(languages.values())).words
    yield NAME, card("", "", names, " ".join(each.lead for each in landing), best, first)
    for code, language in languages.items():
        site = str(language.words.landing.name)
        for section in contents[code]:
            for link in section.links:
                page = source.read(root, root / "docs" / code / link.source)
                shown = drawn(page, run) or chosen(tuple(calls.references(page, run)))
                about = ("" if section.title == link.title else section.title, page.title)
                address = f"{code}/{link.address}{NAME}"
                yield address, card(site, *about, page.description, shown, language.words)


def of_pictures(
    root: Path,
    languages: Languages,
    contents: Mapping[str, Sequence[Section]],
    run: Mapping[str, Report],
) -> Iterator[tuple[str, Card]]:
    """The card of each picture: of the last step that its id names, where that went well.

    A short address leads to all languages: the card is in that of a reader who knows none of them.
    """
    code = otherwise(languages)
    words = languages[code].words
    for section in contents[code]:
        for link in section.links:
            page = source.read(root, root / "docs" / code / link.source)
            for call in page.references:
                macro = MACROS[call.macro]
                for scene, name in call.named[: macro.named][-1:] if macro.drawn else ():
                    report = run.get(scene)
                    for step in report.steps if report else ():
                        if report and step.id == name and step.verdict is Verdict.PASSED:
                            about = section.title, page.title, page.description
                            shown = card(words.landing.name, *about, (report, step), words)
                            yield f"s/{scene}/{name}/{NAME}", shown


def card(site: str, section: str, title: str, text: str, shown: Shown | None, words: Words) -> Card:
    """The card of a page that shows a step, or none."""
    if not shown:
        return Card(site, section, title, text)
    report, step = shown
    by = f"Docker Engine {report.provenance.engine} · {report.when[:10]}"
    return Card(
        site,
        section,
        title,
        text,
        console.prompt(report, step),
        step.command,
        step.output,
        standing(report, step).mark,
        f"{said(report, step, words)} · {by}",
        step.topology if picture.has_room(step.topology) else (),
    )


def drawn(page: source.Page, run: Mapping[str, Report]) -> Shown | None:
    """The last step of a page's first diagram, where it went well and has room on a card."""
    for reference in page.references:
        scene, *names = reference.args or ("",)
        if reference.macro == "diagram" and scene in run:
            for step in run[scene].steps:
                good = step.id == names[-1] and step.verdict is Verdict.PASSED
                if good and picture.has_room(step.topology):
                    return run[scene], step
    return None


def chosen(shown: Sequence[Shown]) -> Shown | None:
    """The step of a page that its card shows: the first that passed and is read at a glance."""

    def good(step: StepReport) -> bool:
        lines = step.output.splitlines()
        return len(lines) in GOOD_LINES and max(map(len, (step.command, *lines))) <= GOOD_WIDTH

    passed = [one for one in shown if one[1].verdict is Verdict.PASSED and one[1].output]
    return next(iter((*(one for one in passed if good(one[1])), *passed, *shown)), None)


def write(new: Path, before: Path, cards: Iterable[tuple[str, Card]]) -> None:
    """Write cards into a site; those that the site before has are taken from there."""
    due = []
    for address, each in cards:
        if has(before / address, each):
            shutil.copyfile(before / address, new / address)
        else:
            due.append((new / address, each))
    with ThreadPoolExecutor() as pool:
        for path, drawn in zip(
            (path for path, _ in due),
            pool.map(picture.draw, (each for _, each in due)),
            strict=True,
        ):
            path.write_bytes(drawn)


def has(path: Path, card: Card) -> bool:
    """Whether a file is this card's picture."""
    try:
        with path.open("rb") as file:
            return card.digest.encode() in file.read(HEAD)
    except OSError:
        return False
