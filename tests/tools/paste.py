"""The project's pages with their blocks as text: what a generator without macros is given."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from macros.door import reports_for_build
from macros.languages import read as read_languages
from macros.pages.calls import render
from macros.pages.macros import Showing
from macros.pages.source import read

MACROS = re.compile(
    r"^(?:  macros:\n(?:    .*\n)+|  macros\.pages\..*\n|  - macros/.*\n|hooks:\n)", re.MULTILINE
)


def paste(root: Path, to: Path) -> Path:
    """A copy of the project whose pages hold the blocks as text, and need no macros."""
    reports, languages = reports_for_build(root), read_languages(root)
    for name in ("docs/theme", "docs/words", *(language.config for language in languages.values())):
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (root / name).is_dir() else shutil.copy)(root / name, target)
    for code, language in languages.items():
        for path in (root / "docs" / code).rglob("*"):
            target = to / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".md":
                head = re.match(r"---\n.*?\n---\n", path.read_text(), re.DOTALL)
                body = render(read(root, path), Showing(reports, language.words))
                target.write_text((head[0] if head else "") + body)
            elif path.is_file():
                shutil.copy(path, target)
    config = to / "mkdocs.yml"
    config.write_text(without_macros(config.read_text()))
    return to


def without_macros(config: str) -> str:
    """The MkDocs file without the macros plugin and our hooks."""
    config = config.replace("\nextra:\n", "\nextra:\n  lang: xx\n  languages: {}\n")
    return MACROS.sub("", config)
