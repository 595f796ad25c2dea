"""Every address that was ever published stands in one file, and leads somewhere for ever.

What the pages and scenes give is computed, without a page being rendered. What of the file is not
given any more is found in `promises`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Mistake, Problem
from ..files import write_whole
from ..model import Report, anchors
from . import links, source
from .folders import DOCS
from .frontmatter import ALL, Alias
from .hypertext import Hypertext
from .macros import MACROS
from .source import Page

if TYPE_CHECKING:
    from ..scenes.scene import Scene

FILE = DOCS / "addresses.txt"
TOP = (
    "addresses.json", "index.html", "sbom.cdx.json", "schemas/addresses.json",
    "schemas/transcript.json", "schemas/verdicts.json", "verdicts.json",
)  # fmt: skip
"""Addresses from the site's top that no page and no scene is behind."""
OF_SCENE = ("printed/{}.json", "transcripts/{}.txt")
OF_STEP = ("embed/{2}/{0}/{1}/", "embed/{2}/{0}/{1}/badge.svg", "s/{0}/{1}/")
"""Of one that is shown: by scene, step and language."""
Books = Mapping[str, Mapping[str, Hypertext]]
"""The pages of each language, by their path below its directory."""


def of_page(name: str) -> str:
    """The address of a page below its language: `modes/bridge/` of `modes/bridge.md`."""
    stem = name.removesuffix(".md")
    return stem.removesuffix("index") if stem.split("/")[-1] == "index" else f"{stem}/"


def shown(pages: Mapping[str, Page]) -> dict[tuple[str, str], str]:
    """The steps that the pages of a language show, each with the first page that does."""
    first: dict[tuple[str, str], str] = {}
    for name, page in sorted(pages.items()):
        for one in page.references:
            for step in one.named if MACROS[one.macro].shown else ():
                first.setdefault(step, name)
    return first


def moved(pages: Mapping[str, Page]) -> dict[str, str]:
    """The old addresses of pages below their language, each with the page that it leads to."""
    return {
        of_page(alias.old): name
        for name, page in pages.items()
        for alias in page.aliases
        if not alias.new
    }


def drawn(page: Page, scenes: Mapping[str, Scene] | Mapping[str, Report]) -> Iterator[str]:
    """The ids that a page's calls draw, those included that were others before."""
    for call in page.references:
        for names in links.of_call(call):
            scene = scenes.get(call.args[0])
            steps = {step.id: step.names for step in scene.steps} if scene else {}
            known = {call.args[0]: scene.names} if scene else {}
            yield from anchors(*(known.get(one, steps.get(one, [one])) for [one] in names))


def target(name: str, alias: Alias) -> str:
    """The page that an alias of a page leads to, by its path below the language's directory."""
    path = alias.new.partition("#")[0]
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name


def whole(name: str, pages: Mapping[str, Page]) -> list[Page]:
    """A page, and those that were a part of it: what it says, their steps show."""
    aliases = [alias for alias in pages[name].aliases if alias.old == ALL]
    names = dict.fromkeys((name, *(target(name, alias) for alias in aliases)))
    return [pages[one] for one in names if one in pages]


def stood(published: Iterable[str], language: str, name: str) -> set[str]:
    """The ids that a page ever had."""
    start = f"{language}/{of_page(name)}#"
    return {one.removeprefix(start) for one in published if one.startswith(start)}


def taken(
    root: Path, language: str, name: str, alias: Alias, reports: Mapping[str, Report]
) -> list[str]:
    """The ids of a page that another has now, by an alias of `ALL`; in order."""
    top = root / DOCS / language
    paths = (top / name, top / target(name, alias))
    if not paths[1].is_file():
        return []  # the checks say it
    here, there = (
        {*(one.id for one in page.headings), *drawn(page, reports)}
        for page in (source.read(root, path) for path in paths)
    )
    return sorted(stood(read(root), language, name) & there - here)


@dataclass(frozen=True, slots=True)
class Given:
    """What the pages and scenes give addresses to now."""

    books: Books
    scenes: Mapping[str, Scene]
    published: Collection[str] = ()
    """The addresses that were before."""

    def pages(self, language: str) -> dict[str, Page]:
        return {name: made.page for name, made in self.books[language].items()}

    def ids(self, language: str, name: str) -> set[str]:
        """All ids of a page, those included that were others before."""
        found, made = self.own_ids(language, name), self.books[language][name]
        for alias in made.page.aliases:
            if alias.old != ALL:
                found.update([alias.old[1:]] if alias.new else ())
            elif (to := target(name, alias)) in self.books[language]:
                found |= stood(self.published, language, name) & self.own_ids(language, to)
        return {one for one in found if ":" not in one}

    def own_ids(self, language: str, name: str) -> set[str]:
        """The ids of what is on a page, those included that it had before."""
        made = self.books[language][name]
        found = {*links.anchors(made, self.scenes), *drawn(made.page, self.scenes)}
        if any(call.macro == links.EVIDENCE for call in made.page.references):
            every = self.scenes.values()
            found.update(f"scene-{old}" for scene in every for old in scene.aliases)
        return found

    def addresses(self) -> set[str]:
        """Every address there is, from the site's top."""
        every = set(TOP)
        every.update(form.format(name) for form in OF_SCENE for scene in self.scenes.values()
                     for name in scene.names)  # fmt: skip
        for language in self.books:
            pages = self.pages(language)
            every.add(f"{language}/feed.xml")
            for scene, step in self.shown(language):
                every.update(form.format(scene, step, language) for form in OF_STEP)
            for name in pages:
                address = f"{language}/{of_page(name)}"
                every.add(address)
                every.update(f"{address}#{id}" for id in self.ids(language, name))
            old = moved(pages)
            every.update(f"{language}/{one}" for one in old)
            every.update(
                f"{language}/{address}badge.svg"
                for name in pages
                if any(
                    MACROS[one.macro].shown
                    for part in whole(name, pages)
                    for one in part.references
                )
                for address in (of_page(name), *(one for one in old if old[one] == name))
            )
        return every

    def shown(self, language: str) -> Iterator[tuple[str, str]]:
        """The names of steps that are shown, those included that they had before."""
        for name, step in shown(self.pages(language)):
            scene = self.scenes.get(name)
            steps = {one.id: one.names for one in scene.steps} if scene else {}
            for one in scene.names if scene else (name,):
                yield from ((one, other) for other in steps.get(step, (step,)))


def read(root: Path) -> list[str]:
    """The addresses that were published, as the file has them."""
    path = root / FILE
    return path.read_text("utf-8").split("\n")[:-1] if path.is_file() else []


def unlisted(root: Path, given: Collection[str]) -> list[Mistake]:
    """That the file does not have the addresses of new pages and steps yet."""
    known = read(root)
    if not known:
        return []  # nothing is promised yet
    new = sorted({*given} - {*known})
    if not new and known == sorted({*known}):
        return []
    what = f"{new[0]!r} and {len(new) - 1} more are not in it" if new else "it is not in order"
    return [Mistake(FILE.as_posix(), 0, f"{what}: scripts/check --fix writes it")]


def extend(root: Path, given: Collection[str]) -> bool:
    """Write new addresses into the file; whether there were any. Raises `Problem`."""
    known = read(root)
    every = sorted({*given, *known})
    if every == known:
        return False
    try:
        write_whole(root / FILE, "".join(f"{one}\n" for one in every).encode())
    except OSError as error:
        raise Problem(f"{FILE}: {error.strerror}: new addresses cannot be written") from error
    return True
