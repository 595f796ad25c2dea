"""The pages of a built language by section, as its navigation has them. Knows no report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..languages import Language
from ..pages import folders, navigation, source


@dataclass(frozen=True, slots=True)
class Link:
    """A built page as the landing page lists it."""

    address: str
    """Relative to the language's root: `modes/bridge/`, or `modes/bridge.html` for a disk."""
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the navigation, or a page that is in none."""

    title: str
    links: tuple[Link, ...]


def sections(root: Path, language: Language, built: Path) -> list[Section]:
    """The sections of a language that hold pages; links out of the site are left out.

    `built` is the language's directory in a built site: it says which form addresses have.
    """
    written = folders.pages(root, language.code)
    plain = any(is_plain(name, built) for name in written)
    found = []
    for entry in navigation.read(root, language.config):
        links = tuple(
            Link(address(one.target, plain), one.title or source.read(root, path).title)
            for one in navigation.flat((entry,))
            if (path := written.get(one.target))
        )
        if links:
            found.append(Section(entry.title or links[0].title, links))
    return found


def is_plain(page: str, built: Path) -> bool:
    """Whether a page was built as a file of its own name, not as a directory."""
    stem = page.removesuffix(".md")
    return stem.rpartition("/")[2] != "index" and (built / f"{stem}.html").exists()


def address(page: str, plain: bool) -> str:
    """Where a page stands in a built site."""
    stem = page.removesuffix(".md")
    if plain:
        return f"{stem}.html"
    folder, _, name = stem.rpartition("/")
    if name == "index":
        return f"{folder}/" if folder else ""
    return f"{stem}/"
