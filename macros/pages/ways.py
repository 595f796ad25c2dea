"""The ways from a page to what its blocks lead to. Knows no MkDocs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import place

MACHINE = "practice/on-your-machine"
"""The page on what differs on a reader's machine, from a language's root, without its ending."""

EVIDENCE = "reference/evidence"
"""The page that lists every step with its verdict."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses relative to one page."""

    top: str = ""
    """The top of the site, ending in a slash: `../../../`."""
    machine: str = ""
    """The page on what differs on a reader's machine; "" where there is none."""

    evidence: str = ""
    """The page that lists every step with its verdict; "" where there is none."""
    page: Callable[[str], str] = str
    """The address of another page, by its name without its ending."""

    abroad: Callable[[str, str], str] = "{}/{}".format
    """The address of a page of another language, by that and its name without its ending."""

    repository: str = ""
    """Where the sources are; "" where that is not known."""

    def source(self, scene: str, line: int) -> str:
        """A line of a scene; "" where there is no address for it."""
        return self.repository and f"{self.repository}/blob/HEAD/{place(scene)}#L{line or 1}"

    def edit(self, path: str) -> str:
        """Where a source is edited, likewise."""
        return self.repository and f"{self.repository}/edit/HEAD/{path}"

    def transcript(self, scene: str) -> str:
        """Everything that a scene printed."""
        return f"{self.top}transcripts/{scene}.txt"

    def section(self, name: str) -> str:
        """A section of the page on a reader's machine; "" where there is no such page."""
        return self.machine and f"{self.machine}#{name}"
