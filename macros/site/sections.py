"""A page as search has it: a document for every section, and for every row that leads to one.

A row whose last cell is nothing but links, of a symptom or an error message, is found by what
stands in its other cells, and leads where its link does; of several, to the section of the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

HEADING = re.compile(r"h[1-6]")
BREAKS = frozenset({"p", "li", "pre", "td", "th", "tr", "dt", "dd", "figure", "div"})
"""Elements whose text does not run on."""
NEXT = "next"
"""The section of links that ends a page: what they lead to is found by itself."""
SILENT = frozenset({"script", "style", "object", "svg"})
VARYING = re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{12}(?:[0-9a-f]{52})?\b ?")
"""An ID, which is another one in each run: nobody looks for it."""
BETWEEN = re.compile(r"[\s、,，;；]*")
"""What may stand between links that are all of a cell."""


@dataclass(frozen=True, slots=True)
class Document:
    """What search finds: where it is, and what it says."""

    address: str
    """Relative to the language: ``modes/bridge/#veth``."""
    title: str
    text: str
    page: str
    """The title of the page that it is on."""
    boost: float = 1.0


def documents(page: Any, html: str) -> list[Document]:
    """The documents of a page of MkDocs'; what it says of itself begins its first section."""
    meta = page.meta
    about = meta.get("search") or {}
    if about.get("exclude"):
        return []
    reader = Reader(page.url, str(meta.get("title", page.title)), float(about.get("boost", 1)))
    return reader.read(html, str(meta.get("description", "")))


class Reader:
    """Reads one page: its documents so far, and the section that it is in."""

    def __init__(self, address: str, page: str, boost: float = 1.0) -> None:
        self.address, self.page, self.boost = address, page, boost
        self.documents: list[Document] = []
        self.title, self.id, self.text = page, "", list[str]()

    def read(self, html: str, lead: str = "") -> list[Document]:
        """The documents in the HTML of the page; of `boost` its first is free."""
        self.text = [lead, "\n"]
        tree = LexborHTMLParser(f"<article>{html}</article>").css_first("article")
        if tree:
            self.walk(tree)
        self.end()
        return self.documents

    @property
    def place(self) -> str:
        return f"{self.address}#{self.id}" if self.id else self.address

    def end(self) -> None:
        """The section is over."""
        if self.id != NEXT:
            text = VARYING.sub("", " ".join("".join(self.text).split()))
            boost = self.boost if self.id else 1.0
            self.documents.append(Document(self.place, self.title, text, self.page, boost))

    def walk(self, parent: LexborNode) -> None:
        for node in parent.iter(include_text=True):
            about = node.attributes
            if node.tag == "-text":
                self.text.append(node.text_content or "")
            elif node.tag in SILENT or "data-search-exclude" in about:
                continue
            elif node.tag and HEADING.fullmatch(node.tag) and about.get("id"):
                if node.tag != "h1":
                    self.end()
                    self.id, self.text = about["id"] or "", []
                self.title = heading(node)
            else:
                if node.tag == "tr":
                    self.documents += self.row(node)
                self.walk(node)
                if node.tag in BREAKS:
                    self.text.append("\n")

    def row(self, node: LexborNode) -> Iterator[Document]:
        """The document of a row, where its last cell is links into the site alone."""
        *cells, last = node.css("td") or [node]
        links = last.css("a[href]")
        rest = last.text()
        for link in links:
            rest = rest.replace(link.text(), "", 1)
        to = [urljoin(self.address, link.attributes["href"] or "") for link in links]
        if not cells or not to or not BETWEEN.fullmatch(rest) or any(map(outside, to)):
            return
        title, *text = (" ".join(cell.text().split()) for cell in cells)
        place = to[0] if len(to) == 1 else self.place
        yield Document(place, title, " · ".join(text), self.page, self.boost)


def heading(node: LexborNode) -> str:
    """What a heading says, without the link to itself."""
    for link in node.css("a.headerlink"):
        link.decompose()
    return " ".join(node.text().split())


def outside(address: str) -> bool:
    """Whether an address is of another site."""
    return bool(urlsplit(address).scheme)
