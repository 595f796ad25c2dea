"""A step by itself for the pages of others: a page for a frame, what announces it, and badges.

Each language has its own, below `embed/zh/scene/step/`; the badge of a page is beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from jinja2 import Environment

from ..languages import Language, Languages
from ..model import Report, StepReport
from ..pages import addresses, console
from ..pages.calls import references
from ..pages.source import Page
from . import badges
from .permalinks import Trees, relative, stands, steps

TEMPLATE = "embed.html"
OEMBED, BADGE = "oembed.json", "badge.svg"
WIDTH = 760
"""Of a frame, in pixels."""
LINE, BESIDE, HIGHEST = 21, 90, 640
"""The height of a line in it, of what is beside the lines, and of a frame at most."""


def write(
    new: Path, theme: Environment, languages: Languages, trees: Trees, run: Mapping[str, Report],
    url: str,
) -> Iterator[str]:  # fmt: skip
    """Write them into a site that may be framed; the pages among them.

    What announces a page, oEmbed, needs to know where the site stands.
    """
    for code, language in languages.items():
        page_badges(new, language, trees[code], run)
        shown = addresses.shown(trees[code])
        for report, step, names in steps(run):
            if (name := shown.get((report.scene, step.id))) is None:
                continue
            page = trees[code][name]
            badge = badges.of_step(report, step, language.words)
            for scene, old in names:
                folder = new / f"embed/{code}/{scene}/{old}"
                folder.mkdir(parents=True)
                (folder / BADGE).write_text(badge, "utf-8")
                yield frame(new, folder, theme, language, report, step, (name, page), url)


def frame(
    new: Path, folder: Path, theme: Environment, language: Language, report: Report,
    step: StepReport, shown: tuple[str, Page], url: str,
) -> str:  # fmt: skip
    """Write the page of one step, and what announces it; its path."""
    name, page = shown
    at = f"{folder.relative_to(new).as_posix()}/index.html"
    to = f"{language.code}/{stands(name, True)}#{report.scene}-{step.id}"
    path, mark, id = to.partition("#")
    full = f"{relative(path, at)}{mark}{id}"
    title = f"{page.title}{language.words.colon}{step.command.strip().splitlines()[0]}"
    text = theme.get_template(TEMPLATE).render(
        language=language.code,
        title=title,
        full=full,
        oembed=url and OEMBED,
        assets=relative(f"{language.code}/assets/", at),
        block=console.alone(report, step, language.words, full, page.title),
    )
    (new / at).write_text(text, "utf-8", errors="xmlcharrefreplace")
    if url:
        (folder / OEMBED).write_text(announced(at, to, title, report, step, language, url), "ascii")
    return at


def announced(
    at: str, to: str, title: str, report: Report, step: StepReport, language: Language, url: str
) -> str:
    """What a site that takes oEmbed is told of a page, as JSON."""
    lines = step.command.count("\n") + step.output.count("\n") + 1
    height = min(lines * LINE + BESIDE, HIGHEST)
    address = f"{url}{at.removesuffix('index.html')}"
    frame = (
        f'<iframe src="{escape(address)}" width="{WIDTH}" height="{height}" '
        f'title="{escape(title)}" loading="lazy" sandbox="allow-popups" '
        'style="border:0;max-width:100%"></iframe>'
    )
    return json.dumps({
        "version": "1.0", "type": "rich", "title": title, "provider_url": url,
        "provider_name": language.words.landing.name, "author_url": f"{url}{to}",
        "author_name": f"Docker Engine {report.provenance.engine}, {report.when[:10]}",
        "html": frame, "width": WIDTH, "height": height,
    })  # fmt: skip


def page_badges(
    new: Path, language: Language, pages: Mapping[str, Page], run: Mapping[str, Report]
) -> None:
    """Write the badge of each page that shows steps, or did, at its old addresses, too."""
    old = addresses.moved(pages)
    for name, page in pages.items():
        parts = addresses.whole(name, pages)
        if shown := [one for part in parts for one in references(part, run)]:
            badge = badges.of_page(page.title, shown, language.words)
            for address in (addresses.of_page(name), *(one for one in old if old[one] == name)):
                (new / language.code / address / BADGE).write_text(badge, "utf-8")
