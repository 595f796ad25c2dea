"""What stands beside the languages: landing page, 404, verdicts, materials, transcripts.

Knows the built pages and the reports; not how either came about.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from ..errors import Mistake, Mistakes, place
from ..languages import Languages, otherwise, terminal
from ..markup import tokens
from ..model import Package, Report, StepReport, Verdict
from ..pages import figure, raw
from ..pages.checks import read_tree
from ..pages.proof import Standing, standing
from ..pages.ways import MACHINE, Ways
from ..phrases import blame
from . import (
    assets,
    cards,
    embeds,
    entrance,
    feed,
    icons,
    machines,
    materials,
    permalinks,
    policy,
    templates,
    twins,
)
from .places import SITE
from .rendering import Section

GOOD_LINES = range(3, 13)
"""How long an output is that the site's card shows."""
GOOD_WIDTH = 80


def write(
    new: Path,
    root: Path,
    languages: Languages,
    contents: Mapping[str, Sequence[Section]],
    run: Mapping[str, Report],
    url: str,
    packages: Mapping[str, Sequence[Package]],
    *,
    hosted: bool = True,
    edited: bool = False,
) -> dict[str, int]:
    """Write all of it into a site that holds all languages; the number of pages of each.

    `contents` are the navigations, `packages` are as in `materials.write`; `hosted`: a web
    server is to serve it; `edited`: its pages will be made again, and may need any style.
    Raises `Mistakes` for a page that holds what may not be published.
    """
    pages = of_run(new, root, languages, contents, run, url, carded=hosted)
    trees = {code: read_tree(root, code) for code in languages}
    theme = templates.of(root)
    pictures = dict(cards.of_pictures(root, languages, contents, run))
    beside = dict(permalinks.write(new, theme, languages, trees, run, url,
                                   hosted=hosted, edited=edited, carded=pictures))  # fmt: skip
    if hosted and not edited:
        made = embeds.write(new, theme, languages, trees, run, url)
        beside |= dict.fromkeys(made, embeds.TEMPLATE)
    base = urlsplit(url).path or "/"
    if hosted:
        feed.write(new, languages, trees, run)
        machines.write(new, root, run)
    browsed = policy.write(new, root, languages, base, beside, hosted=hosted)
    for language in languages:
        assets.strip(new / language)
        if not edited:
            assets.shrink(new / language, browsed)
    materials.write(new, run, packages)
    icons.write(new)
    if hosted and not edited:
        chosen = best(run)
        twins.write(new, root, languages, contents, run, url)
        beside_pages = cards.of_site(root, languages, contents, run, chosen)
        stand = (one for one in pictures.items() if (new / one[0]).parent.is_dir())
        cards.write(new, root / SITE, chain(beside_pages, stand))
    if url:
        (new / "sitemap.xml").write_text(sitemap(url, languages), "utf-8")
    return pages


def of_run_again(
    new: Path,
    root: Path,
    languages: Languages,
    contents: Mapping[str, Sequence[Section]],
    run: Mapping[str, Report],
) -> None:
    """Write again what shows a run. Raises `Mistakes` as `write` does."""
    shutil.rmtree(new / "transcripts")
    of_run(new, root, languages, contents, run, "", carded=True)
    wrong: list[Mistake] = []
    list(policy.seal_top(new, root, wrong))
    if wrong:
        raise Mistakes(wrong)


def of_run(
    new: Path,
    root: Path,
    languages: Languages,
    contents: Mapping[str, Sequence[Section]],
    run: Mapping[str, Report],
    url: str,
    *,
    carded: bool,
) -> dict[str, int]:
    """Write what shows a run: landing page, 404, verdicts, transcripts; the number of pages.

    `carded`: the landing page names its card.
    """
    pages = {
        language: sum(len(section.links) for section in found)
        for language, found in contents.items()
    }
    theme = templates.of(root)
    facts = {
        "contents": contents,
        "pages": pages,
        "words": {code: each.words for code, each in languages.items()},
        "otherwise": otherwise(languages),
        "url": url,
        "carded": carded,
        "base": urlsplit(url).path or "/",
        **counted(run),
    }
    homes = {code: found[0].links[0].address for code, found in contents.items()}
    landing = theme.get_template("landing.html").render(
        facts,
        run=run,
        drawn=drawing(run, contents, languages),
        doors={code: entrance.ways(new / code, at, entrance.DOORS) for code, at in homes.items()},
        path={code: entrance.ways(new / code, at, entrance.PATH) for code, at in homes.items()},
    )
    (new / "index.html").write_text(landing, "utf-8", errors="xmlcharrefreplace")
    lost = theme.get_template("lost.html").render(facts)
    (new / "404.html").write_text(lost, "utf-8")
    verdicts = json.dumps(verdicts_of(run), ensure_ascii=True, indent=1)
    (new / "verdicts.json").write_text(verdicts + "\n", "utf-8")
    raw.write(new / "transcripts", run)
    return pages


def counted(run: Mapping[str, Report]) -> dict[str, object]:
    """What the landing page counts."""
    standings = stood(run)
    return {
        "standings": [(one.mark, standings[one]) for one in Standing],
        "engines": sorted({report.provenance.engine for report in run.values()}, reverse=True),
        "when": max((report.when for report in run.values()), default=""),
    }


def stood(run: Mapping[str, Report]) -> Counter[Standing]:
    """How many steps of a run stand where."""
    return Counter(standing(report, step) for report in run.values() for step in report.steps)


def ways(contents: Mapping[str, Sequence[Section]], language: str) -> Ways:
    """The ways from the landing page into one language."""
    links = (link.address for section in contents[language] for link in section.links)
    machine = (f"{language}/{address}" for address in links if address.startswith(MACHINE))
    return Ways(machine=next(machine, ""))


def drawing(
    run: Mapping[str, Report], contents: Mapping[str, Sequence[Section]], languages: Languages
) -> Callable[..., str]:
    """Draws steps of a scene for a language, for the template; "" where this run has no such."""

    def drawn(language: str, scene: str, *names: str) -> str:
        report = run.get(scene)
        steps = [step for name in names for step in (report.steps if report else ())
                 if step.id == name and step.topology]  # fmt: skip
        if not report or len(steps) < len(names):
            return ""
        words = languages[language].words
        found = figure.diagram(report, steps, words)
        bare = found and found._replace(caption="")  # the landing page says it
        shown = [(report, step) for step in steps]
        return figure.proven(bare, shown, words, ways(contents, language))

    return drawn


def best(run: Mapping[str, Report]) -> tuple[Report, StepReport] | None:
    """The step that the site's card shows: one that passed, short, with much to see in it."""
    fit = [
        (len(step.held) + len(set(tokens(step.output))), report, step)
        for _, report in sorted(run.items())
        for step in report.steps
        if step.verdict is Verdict.PASSED
        and len(lines := step.output.splitlines()) in GOOD_LINES
        and max(map(len, [*lines, step.command])) <= GOOD_WIDTH
    ]
    return max(fit, key=lambda one: one[0])[1:] if fit else None


def verdicts_of(run: Mapping[str, Report]) -> dict[str, object]:
    """The verdicts of a build for machines: by scene, with provenance, then step by step."""
    every = Counter(step.verdict for report in run.values() for step in report.steps)
    return {
        "counts": {verdict: every[verdict] for verdict in Verdict},
        "scenes": {
            name: {
                "mode": report.mode,
                "when": report.when,
                "provenance": asdict(report.provenance),
                "options": [asdict(option) for option in report.options],
                "steps": [
                    {
                        "id": step.id,
                        "verdict": step.verdict,
                        "says": standing(report, step).mark,
                        "reason": blame(step, terminal()),
                        "tries": step.tries,
                        "place": place(name, step.line),
                    }
                    for step in report.steps
                ],
            }
            for name, report in sorted(run.items())
        },
    }


def sitemap(url: str, languages: Iterable[str]) -> str:
    """The sitemap of sitemaps: each language has its own."""
    each = "".join(
        f"<sitemap><loc>{escape(url)}{language}/sitemap.xml</loc></sitemap>"
        for language in languages
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{each}</sitemapindex>\n'
    )
