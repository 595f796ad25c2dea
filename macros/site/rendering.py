"""A rendering of one language as data: what is asked of its process, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import Mistake


@dataclass(frozen=True, slots=True)
class Link:
    """A built page as the landing page lists it."""

    address: str
    """Relative to the language's root: `modes/bridge/`, or `modes/bridge.html` for a disk."""
    title: str
    source: str = ""
    """The page's file, from the language's root: `modes/bridge.md`."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the navigation, or a page that is in none."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be made."""

    config: Path
    """The MkDocs file of the language."""
    out: Path
    run: Path
    """The file with the reports: see `reports.save`."""
    url: str = ""
    """Where the language will stand, if that is known."""
    directory_urls: bool = True
    everything: bool = True
    """Whether all is made anew; else, where it was made before, the pages that changed alone."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What it came to."""

    out: Path
    """Where it is; what search finds of pages that are made again is where all were made."""
    mistakes: tuple[Mistake, ...]
    whole: bool = False
    """Whether there is a site: with every page, but for those in `undrawn`."""
    undrawn: tuple[str, ...] = ()
    """Addresses of pages that are wrong and hold what is wrong: ``modes/bridge/index.html``."""
    sections: tuple[Section, ...] = ()
    """The navigation; links out of the site are left out."""
    again: tuple[str, ...] | None = None
    """Addresses of the pages that were made again; None where all were made."""
