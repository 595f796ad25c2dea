"""What a page says where it is behind that of another language. Raw HTML.

The mark stands below the heading of a section that is older than its translation, in the place
of one that is missing, and on the page of a folder for pages that are missing from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..languages import Language, Words, find
from . import folders, source, translations
from .headings import walk
from .look import draw
from .macros import Showing
from .translations import Kind, Owed, Record

CALL = re.compile(r"\{\{\{ *\w+\(([^)]*)\) *\}\}\}")
HEADING = re.compile(r"#+[ \t].*\{[ \t]*#([a-z0-9-]+)[ \t]*\}\s*$")
PAGE = "page"
"""The kind of a mark for a page that is missing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said of one section, or of one page that is missing."""

    kind: str
    name: str
    """The page of the language that is ahead, from its root without its ending."""
    language: str
    called: str
    """What that language calls itself."""
    leads: str
    """What is written on the link to it."""
    id: str = ""
    before: str = ""
    """The id of the section above which it stands; "" for the page's end."""
    texts: tuple[str, ...] = ()
    gone: int = 0


Marked = Mapping[str, tuple[Mark, ...]]
"""By page, `modes/bridge.md`."""


def marks(
    root: Path, languages: Mapping[str, Language], record: Record, language: str, name: str
) -> tuple[Mark, ...]:
    """What a page of a language owes."""
    page = translations.versions_of(root, languages, name)
    owes, _ = translations.owed(page, record.get(name, {}))
    stem = name.removesuffix(".md")
    owed = [
        of_section(owing, stem, languages[owing.source].words)
        for owing in owes
        if owing.language == language
    ]
    if stem == "index" or stem.endswith("/index"):
        owed += missing(root, languages, language, stem.removesuffix("index"))
    return tuple(owed)


def every(root: Path, language: str) -> Marked:
    """What each page of a language owes."""
    languages, _ = find(root)
    record, _ = translations.read(root)
    names = folders.pages(root, language)
    return {name: marks(root, languages, record, language, name) for name in names}


def of_section(owing: Owed, stem: str, words: Words) -> Mark:
    """The mark of a section."""
    first, *rest = [shown(text) for _, text in owing.paragraphs] or [""]
    heading = re.sub(r"^#+ +| *\{#.*$", "", first)
    added = owing.kind is Kind.ADDED
    texts = [text for text in (rest if added else [first, *rest]) if text.strip()]
    return Mark(
        owing.kind,
        stem,
        owing.source,
        words.name,
        heading if added else words.switch,
        owing.id,
        owing.before,
        tuple(texts),
        owing.gone,
    )


def shown(text: str) -> str:
    """A paragraph as it is written, a call by what it names."""
    return CALL.sub(lambda call: "▸ " + call[1].replace('"', ""), text)


def missing(
    root: Path, languages: Mapping[str, Language], language: str, folder: str
) -> Iterator[Mark]:
    """Pages of a folder that only other languages have."""
    trees = {code: folders.pages(root, code) for code in languages}
    names = sorted({name for tree in trees.values() for name in tree} - trees[language].keys())
    for name in names:
        if name.startswith(folder) and "/" not in name[len(folder) :]:
            code = next(code for code, tree in trees.items() if name in tree)
            title = source.read(root, trees[code][name]).title
            called = languages[code].words.name
            yield Mark(PAGE, name.removesuffix(".md"), code, called, title)


def marked(text: str, marks: tuple[Mark, ...], page: Showing) -> str:
    """A page's Markdown with its marks."""
    if not marks:
        return text
    added = [mark for mark in marks if mark.kind == Kind.ADDED]
    others = [mark for mark in marks if mark.kind != Kind.ADDED]
    lines: list[str] = []
    titled = False
    for _, line, fenced in walk(text):
        heading = None if fenced else HEADING.match(line)
        id = heading[1] if heading else None
        lines += drawn((mark for mark in added if mark.before == id), page)
        lines.append(line)
        lines += drawn((mark for mark in others if mark.id == id), page)
        if heading and not titled:
            titled = True
            lines += drawn((mark for mark in others if not mark.id), page)
    return "\n".join((*lines, *drawn((mark for mark in added if not mark.before), page)))


def drawn(marks: Iterable[Mark], page: Showing) -> Iterator[str]:
    """Marks as lines of Markdown."""
    for mark in marks:
        way = page.ways.abroad(mark.language, mark.name) + (mark.id and f"#{mark.id}")
        yield from ("", str(draw("behind", mark=mark, way=way, words=page.words)), "")
