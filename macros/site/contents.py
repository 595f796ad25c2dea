"""The pages of a built language by section, as its navigation has them. Knows no report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.utils.yaml import yaml_load


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


def sections(config: Path, built: Path) -> list[Section]:
    """The sections of a language, from its MkDocs file, with the titles of its built pages."""
    titles = pages(built)
    with config.open("rb") as file:
        nav = yaml_load(file)["nav"]
    found = []
    for entry in nav:
        links = tuple(Link(one, titles[one]) for one in addresses(entry, titles))
        title = next(iter(entry)) if isinstance(entry, dict) else links[0].title
        found.append(Section(title, links))
    return found


def pages(built: Path) -> dict[str, str]:
    """The title of each page by its address, from the search index."""
    index = json.loads((built / "search/search_index.json").read_text("utf-8"))
    return {
        entry["location"]: entry["title"].replace("\u200b", "")
        for entry in index["docs"]
        if "#" not in entry["location"]
    }


def addresses(entry: Any, known: dict[str, str]) -> Iterator[str]:
    """The addresses of the pages below an entry of a navigation, in its order."""
    if isinstance(entry, str):
        stem = entry.removesuffix(".md")
        folder = stem.removesuffix("index")
        yield next(one for one in (f"{stem}.html", f"{stem}/", folder) if one in known)
        return
    for one in entry.values() if isinstance(entry, dict) else entry:
        yield from addresses(one, known)
