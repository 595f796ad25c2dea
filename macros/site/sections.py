"""A page as search has it: a document for every section, and for every row that leads to one.

A row whose last cell is nothing but links, of a symptom or an error message, is found by what stands
in its other cells, and leads where its link does; where there are several, to the row's section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

HEADING = re.compile(r"h[1-6]")
BREAKS = frozenset({"p", "li", "pre", "td", "th", "tr", "dt", "dd", "figure", "div"})
"""Elements whose text does not run on."""
SILENT = frozenset({"script", "style", "object", "svg"})
BETWEEN = re.compile(r"[\s、,，;；]*")


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
    name, lead = str(meta.get("title", page.title)), str(meta.get("description", ""))
    return divided(html, page.url, name, lead, float(about.get("boost", 1)))


def divided(html: str, address: str, page: str, lead: str, boost: float = 1.0) -> list[Document]:
    """The documents in the HTML of a page."""
    tree = LexborHTMLParser(f"<article>{html}</article>").css_first("article")
    title, place, text = page, "", [lead, " "]
    found: list[Document] = []

    def end() -> None:
        said = " ".join("".join(text).split())
        found.append(Document(address + place, title, said, page, boost))

    def walk(node: LexborNode) -> None:
        nonlocal title, place, text
        for child in node.iter(include_text=True):
            if child.tag == "-text":
                text.append(child.text_content or "")
                continue
            about = child.attributes
            if child.tag in SILENT or "data-search-exclude" in about:
                continue
            if child.tag and HEADING.fullmatch(child.tag) and about.get("id"):
                if child.tag != "h1":
                    end()
                    place, text = f"#{about['id']}", []
                title = heading(child)
                continue
            if child.tag == "tr":
                found.extend(row(child, address, place, page, boost))
            walk(child)
            if child.tag in BREAKS:
                text.append("\n")

    if tree:
        walk(tree)
    end()
    return found


def heading(node: LexborNode) -> str:
    """What a heading says, without the link to itself."""
    for link in node.css("a.headerlink"):
        link.decompose()
    return " ".join(node.text().split())


def row(node: LexborNode, address: str, place: str, page: str, boost: float) -> Iterator[Document]:
    """The document of a row, where its last cell is links alone."""
    cells = node.css("td")
    if len(cells) < 2:
        return
    links = cells[-1].css("a[href]")
    rest = cells[-1].text()
    for link in links:
        rest = rest.replace(link.text(), "", 1)
    if not links or not BETWEEN.fullmatch(rest):
        return
    first, *others = (" ".join(cell.text().split()) for cell in cells)
    to = urljoin(address, links[0].attributes["href"] or "") if len(links) == 1 else address + place
    yield Document(to, first, " · ".join(others), page, boost)

