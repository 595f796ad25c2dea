"""What Markdown makes of a page: its elements, and where in the source each is written.

It is asked of the very extensions that MkDocs uses, so that no way of writing a link, an
id or a code block is forgotten. It judges nothing, and draws no call: a call is a word here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from markdown import Markdown
from mkdocs.utils.yaml import yaml_load

from .headings import fenced_lines, fences
from .source import Page

CONFIG = Path("mkdocs.yml")
PLAIN = {"pymdownx.highlight": {"use_pygments": False}}
"""Code is left as it is written."""
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
                  "source", "track", "wbr"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Element:
    """One element, and the classes of those around it."""

    tag: str
    attributes: Mapping[str, str]
    around: frozenset[str]

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(self.attributes.get("class", "").split())


@dataclass(frozen=True, slots=True)
class Code:
    """A code block: a fence, or an indented one."""

    language: str
    text: str
    around: frozenset[str]
    """The classes of the elements that hold it."""


@dataclass(frozen=True, slots=True)
class Hypertext:
    """A page as Markdown makes it."""

    page: Page
    elements: tuple[Element, ...]
    codes: tuple[Code, ...]
    hidden: bool
    """Whether it holds comments, declarations or instructions: no two parsers end them alike."""

    @property
    def ids(self) -> frozenset[str]:
        """What a link to this page may point at, less what its calls draw."""
        return frozenset(one.attributes["id"] for one in self.elements if "id" in one.attributes)

    def lines(self, sought: re.Pattern[str]) -> list[int]:
        """The lines of the file, outside code fences, in which something is found; else [0]."""
        inside = fenced_lines(self.page.body)
        found = [
            self.page.above + number
            for number, line in enumerate(self.page.body.split("\n"), 1)
            if number not in inside and sought.search(line)
        ]
        return found or [0]

    def line(self, word: str) -> int:
        """The first line that holds a word, be it one that opens a fence; 0 if none does."""
        sought = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])", re.IGNORECASE)
        found = self.lines(sought)
        opened = [one.first for one in fences(self.page.body) if sought.search(one.info)]
        every = (*found, *(self.page.above + one for one in opened))
        return min(filter(None, every), default=0) or self.near(word)

    def near(self, text: str) -> int:
        """The first line that holds a text, however it is escaped there; 0 if none does."""
        wanted = bare(text)
        for number, line in enumerate(self.page.body.split("\n"), 1):
            if wanted in bare(line):
                return self.page.above + number
        return 0

    def code_line(self, code: Code) -> int:
        """Where a code block starts: its fence, or its first line; 0 where it is not found."""
        lines = self.page.body.split("\n")
        wanted = [line.strip() for line in code.text.strip("\n").split("\n")]
        for fence in fences(self.page.body):
            within = [line.strip() for line in lines[fence.first : fence.last - 1]]
            if "\n".join(within).strip("\n") == "\n".join(wanted):
                return self.page.above + fence.first
        for number in range(len(lines)):
            there = [line.strip(" \t>") for line in lines[number : number + len(wanted)]]
            if there == [line.strip(" \t>") for line in wanted]:
                return self.page.above + number + 1
        return 0


def bare(text: str) -> str:
    """A text without what an address may be written with and is not made of."""
    return re.sub(r"[\s\x00-\x1f\\]+", "", unescape(text)).casefold()


class Reader(HTMLParser):
    """Gathers the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.codes: list[Code] = []
        self.open: list[Element] = []
        self.hidden = False
        self.text: list[str] | None = None
        """Of the code block that is open."""
        self.language = ""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        around = frozenset(one for element in self.open for one in element.classes)
        element = Element(tag, {name: value or "" for name, value in attrs}, around)
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)
        if tag == "pre":
            self.text, self.language = [], ""
        for one in element.classes:
            if self.text is not None and one.startswith("language-"):
                self.language = one.removeprefix("language-")

    def handle_endtag(self, tag: str) -> None:
        if all(one.tag != tag for one in self.open):
            return
        while self.open:
            element = self.open.pop()
            if element.tag == "pre" and self.text is not None:
                self.codes.append(Code(self.language, "".join(self.text), element.around))
                self.text = None
            if element.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        """A comment, or what is one to a browser."""
        self.hidden = True

    handle_pi = unknown_decl = handle_comment

    def handle_decl(self, decl: str) -> None:
        self.hidden = True


def markdown(root: Path) -> Markdown:
    """Markdown as this project's configuration has it."""
    with (root / CONFIG).open("rb") as file:
        written = yaml_load(file).get("markdown_extensions", {})
    extensions: dict[str, Any] = {}
    for one in [written] if isinstance(written, dict) else written:
        extensions |= one if isinstance(one, dict) else {one: None}
    configs = {name: config for name, config in extensions.items() if config}
    return Markdown(extensions=list(extensions), extension_configs=configs | PLAIN)


def made(markdown: Markdown, page: Page) -> Hypertext:
    """A page that could be taken apart, as Markdown makes it."""
    body = "".join(part if isinstance(part, str) else part.macro for part in page.parts)
    reader = Reader()
    reader.feed(markdown.reset().convert(body))
    reader.close()
    return Hypertext(page, tuple(reader.elements), tuple(reader.codes), reader.hidden)
