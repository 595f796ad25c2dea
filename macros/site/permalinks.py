"""What stands at addresses that outlive pages: of steps, and where pages were before.

Knows pages as they are written, and reports; not how either came about.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

from ..languages import Languages, otherwise
from ..model import Report, StepReport
from ..pages import addresses
from ..pages.source import Page
from .cards import NAME as CARD

WAY = "way.html"
"""The template of a page that only leads to another."""
Trees = Mapping[str, Mapping[str, Page]]
"""The pages of each language by their path below its directory."""


@dataclass(frozen=True, slots=True)
class Link:
    """A page as a page beside it links to it."""

    language: str
    address: str
    title: str
    oembed: str = ""
    """What announces the step that it leads to, "" where nothing does."""


def write(
    new: Path,
    theme: Environment,
    languages: Languages,
    trees: Trees,
    run: Mapping[str, Report],
    url: str,
    *,
    hosted: bool,
    edited: bool,
    carded: Collection[str] = (),
) -> dict[str, str]:
    """Write them into a site, and give the pages, each with its template.

    `carded`: the addresses of cards that pages beside them name. On a disk there are the old
    addresses of pages alone; so too where pages are edited.
    """
    made = dict.fromkeys(ways_from_old_pages(new, theme, languages, trees, hosted), WAY)
    if hosted and not edited:
        ways = ways_to_steps(new, theme, languages, trees, run, url, carded)
        made |= dict.fromkeys(ways, WAY)
    return made


def ways_from_old_pages(
    new: Path, theme: Environment, languages: Languages, trees: Trees, hosted: bool
) -> Iterator[str]:
    """Write a page for each old address of a page."""
    for code, pages in trees.items():
        for old, name in addresses.moved(pages).items():
            at = f"{code}/{old}index.html" if hosted else f"{code}/{old.rstrip('/')}.html"
            to = f"{code}/{stands(name, hosted)}"
            link = Link(code, relative(to, at), pages[name].title)
            write_way(new, at, theme, languages, [link], "")
            yield at


def ways_to_steps(
    new: Path,
    theme: Environment,
    languages: Languages,
    trees: Trees,
    run: Mapping[str, Report],
    url: str,
    carded: Collection[str],
) -> Iterator[str]:
    """Write a page for each step that is shown, which leads to it in the reader's language."""
    shown = {code: addresses.shown(pages) for code, pages in trees.items()}
    for report, step, names in steps(run):
        key = (report.scene, step.id)
        for scene, name in names:
            at = f"s/{scene}/{name}/index.html"
            links = [
                Link(
                    code,
                    f"{relative(f'{code}/{stands(shown[code][key], True)}', at)}#{'-'.join(key)}",
                    trees[code][shown[code][key]].title,
                    url and f"../../../embed/{code}/{scene}/{name}/oembed.json",
                )
                for code in languages
                if key in shown[code]
            ]
            if links:
                card = f"s/{scene}/{name}/{CARD}"
                named = (f"{url}{card}" if url else CARD) if card in carded else ""
                write_way(new, at, theme, languages, links, " ".join(key), named)
                yield at


def steps(run: Mapping[str, Report]) -> Iterator[tuple[Report, StepReport, list[tuple[str, str]]]]:
    """Every step, with the names of it and its scene, those before included."""
    for report in run.values():
        for step in report.steps:
            yield report, step, [(one, other) for one in report.names for other in step.names]


def write_way(
    new: Path,
    at: str,
    theme: Environment,
    languages: Languages,
    links: list[Link],
    step: str,
    card: str = "",
) -> None:
    """Write a page that leads to one of some links."""
    words = {code: language.words for code, language in languages.items()}
    text = theme.get_template(WAY).render(
        links=links, step=step, words=words, otherwise=otherwise(languages), card=card
    )
    path = new / at
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def stands(name: str, hosted: bool) -> str:
    """Where a page stands below its language: `modes/bridge/`, on a disk `modes/bridge.html`."""
    return addresses.of_page(name) if hosted else f"{name.removesuffix('.md')}.html"


def relative(to: str, at: str) -> str:
    """The way to an address from a page."""
    way = os.path.relpath(f"/{to}", f"/{os.path.dirname(at)}").replace(os.sep, "/")
    return f"{way}/" if to.endswith("/") and not way.endswith("/") else way
