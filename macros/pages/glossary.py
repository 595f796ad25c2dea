"""The glossary's terms, each linked where a page first uses it, with its sentence as a tooltip.

A tree processor of Python-Markdown: it sees sentences as text, and code, links and the
blocks of macros as what they are. Its links are checked by MkDocs as any other.
"""

from __future__ import annotations

import posixpath
import re
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from .terms import narrow

GLOSSARY = "reference/glossary.md"
ENTRY = re.compile(
    r"^### (?P<name>.*?)(?:（.*?）| \(.*?\))? \{#(?P<id>term-[a-z0-9-]+)\}\n\n"
    r"(?:\*[^*\n]*\*(?: — |: |：))?(?P<told>[^\n]*?(?:。|\.(?=\s|$)))",
    re.MULTILINE,
)
"""An entry: its heading, and the first sentence below it, less what it is in another language."""
MARKUP = re.compile(r"[*`]|\[(.*?)\]\(.*?\)")
CLOSED = {"a", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "th", "dt", "svg", "button"}
"""Elements in whose text nothing is linked."""
HAN = r"[\u4e00-\u9fff]"
PRIORITY = 5
"""Runs after inline markup (20), before MkDocs makes links relative (0)."""


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary."""

    name: str
    id: str
    told: str
    """Its sentence, as plain text."""

    def pattern(self) -> str:
        """Where the term stands by itself. A sign alone, as 链, counts after a space only."""
        name = re.escape(self.name)
        if not re.match(HAN, self.name):
            return rf"(?<![\w-]){name}s?(?![\w-])"
        if len(self.name) > 1:
            return name
        return rf"(?<= ){name}(?=[的里中上和或与、，。；：）]|\Z)"


def glossary(page: Path) -> tuple[Term, ...]:
    """The terms of a language's glossary; none where it has no glossary."""
    if not page.exists():
        return ()
    return tuple(
        Term(one["name"], one["id"], MARKUP.sub(r"\1", one["told"]))
        for one in ENTRY.finditer(page.read_text("utf-8"))
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """What a language's glossary explains, the longest name first."""

    longest: tuple[Term, ...]
    pattern: re.Pattern[str]
    """A group for each."""


PAGE: ContextVar[tuple[Terms, str] | None] = ContextVar("PAGE", default=None)
"""Of the page that is made next: its language's terms, and its path from the docs' top.

Where it is not said, as where pages are only checked, nothing is linked.
"""


def terms(docs: Path) -> Terms:
    """The terms of a language, by the folder of its pages."""
    longest = tuple(sorted(glossary(docs / GLOSSARY), key=lambda term: -len(term.name)))
    where = narrow(docs.parents[1], docs.name)
    patterns = "|".join(f"({where.get(term.name) or term.pattern()})" for term in longest)
    return Terms(longest, re.compile(patterns or r"(?!)", re.IGNORECASE))


class Glossary(Extension):
    """The Markdown extension."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(Linker(md), "terms", PRIORITY)


def makeExtension(**configuration: Any) -> Glossary:
    """What Python-Markdown asks a module for."""
    return Glossary(**configuration)


class Linker(Treeprocessor):
    """Links the first use of each term on a page."""

    terms: Terms

    def run(self, root: Element) -> None:
        if (page := PAGE.get()) and page[1] != GLOSSARY:
            self.terms, here = page
            self.walk(root, set(), posixpath.relpath(GLOSSARY, posixpath.dirname(here) or "."))

    def walk(self, element: Element, used: set[str], way: str) -> None:
        """Link what an element and those in it say, in the order of the page."""
        if element.tag in CLOSED or "admonition-title" in element.get("class", ""):
            return
        children = list(element)
        if element.text:
            element.text, *links = self.pieces(element.text, used, way)
            for number, link in enumerate(links):
                element.insert(number, link)
        for child in children:
            self.walk(child, used, way)
            if child.tail:
                child.tail, *links = self.pieces(child.tail, used, way)
                after = list(element).index(child) + 1
                for number, link in enumerate(links, after):
                    element.insert(number, link)

    def pieces(self, text: str, used: set[str], way: str) -> tuple[str, *tuple[Element, ...]]:
        """The text before the first link, then links with the texts behind them as tails."""
        before, links, start = text, list[Element](), 0
        for found in self.terms.pattern.finditer(text):
            term = self.terms.longest[int(found.lastindex or 1) - 1]
            if term.id in used:
                continue
            used.add(term.id)
            link = Element("a", {"class": "term", "href": f"{way}#{term.id}", "title": term.told})
            link.text = found[0]
            if links:
                links[-1].tail = text[start : found.start()]
            else:
                before = text[: found.start()]
            links.append(link)
            start = found.end()
        if links:
            links[-1].tail = text[start:]
        return before, *links
