"""What the landing page takes from a language's first page: its doors, its path for a beginner.

Both are lists that an author writes there; how long a page takes is counted in what was built.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

PATH, DOORS = "#path ~ ol", "#next ~ ul"
WORDS, HAN, LINES = 200, 350, 30
"""What is read in a minute: words, Chinese characters, lines of output."""
HAN_ONE = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[A-Za-z0-9][\w.:/-]*")
UNREAD = "nav, details, .scene, .notice, .headerlink, script, style"


@dataclass(frozen=True, slots=True)
class Way:
    """A link of a list, and what stands behind it there."""

    address: str
    title: str
    text: str
    minutes: int


def ways(language: Path, home: str, listed: str) -> Sequence[Way]:
    """The links of the first such list on the first page, which `home` leads to; () without one."""
    first = page(language, home)
    every = first.css_first(f"article :is({listed})") if first else None
    return tuple(
        Way(address, link.text().strip(), behind(item.text(), link.text()), minutes(read))
        for item in (every.css("li") if every else ())
        if (link := item.css_first("a[href]"))
        and (address := (link.attributes.get("href") or "").partition("#")[0])
        and (read := page(language, address))
    )


def behind(item: str, link: str) -> str:
    """What an item says of its link."""
    return item.partition(link)[2].strip(" :：，,—\n")


def page(language: Path, address: str) -> LexborHTMLParser | None:
    """A built page by its address in its language."""
    at = language / os.path.normpath(address or ".")
    at = at if at.suffix == ".html" else at / "index.html"
    return LexborHTMLParser(at.read_text("utf-8")) if at.is_file() else None


def minutes(read: LexborHTMLParser) -> int:
    """How long a page takes to read, folded parts left out."""
    article = read.css_first("article")
    if not article:
        return 1
    lines = len(article.css(".out .ln")) - len(article.css("details .out .ln, .out details .ln"))
    for one in article.css(UNREAD):
        one.decompose()
    text = article.text(separator=" ")
    return max(1, ceil(
        len(WORD.findall(text)) / WORDS + len(HAN_ONE.findall(text)) / HAN + lines / LINES
    ))  # fmt: skip
