"""What a call looks up on the other pages of its language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..model import Report
from . import addresses, folders, source
from .evidence import NOT_RUN, Places
from .frontmatter import Alias
from .macros import MACROS


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The pages of a language."""

    root: Path
    language: str

    def places(self) -> Places:
        """Where each step is shown."""
        found: dict[tuple[str, str], str] = {}
        for name, path in sorted(folders.pages(self.root, self.language).items()):
            for reference in source.read(self.root, path).references:
                if MACROS[reference.macro].shown:
                    scene, *steps = reference.args
                    for step in steps:
                        found.setdefault((scene, step), name)
        return found

    def taken(self, name: str, alias: Alias, reports: Mapping[str, Report]) -> list[str]:
        """The ids of a page that another has now."""
        return addresses.taken(self.root, self.language, name, alias, reports)

    def not_run(self) -> int:
        """How many statements are marked as not run here."""
        pages = folders.pages(self.root, self.language)
        texts = (path.read_text("utf-8-sig") for path in pages.values())
        return sum(text.count(f"\n{NOT_RUN}") for text in texts)
