"""MkDocs' hook by which blocks pass Markdown and search by: a mark stands for each meanwhile.

Both would take every element of a block apart again, which is most of what they do. Markdown
sees an empty `figure`. Material's search reads a page between the two events below, and sees
what it would keep: text, and the elements that it knows.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

PLACE = "blocks"
"""Where a page's blocks are, in its `meta`."""
ID = re.compile(r'\sid="([^"]+)"')
EXCLUDED = re.compile(r"<(\w+)\s[^>]*\bdata-search-exclude\b[^>]*>.*?</\1>", re.DOTALL)
"""To the first end of such an element, as search has it."""
UNKNOWN = re.compile(r"<(?!/?(?:code|li|ol|p|pre|sub|sup|ul)\b)[^>]*>")
"""The elements of which search keeps the text alone."""
FOR_SEARCH = re.compile(r'\s?data-search-\w+="[^"]+"')
"""What search takes out of a page when it has read it."""


class Blocks:
    """The blocks of a page. No page can hold a mark by itself: it has a name made up here."""

    def __init__(self) -> None:
        self.drawn: list[str] = []
        self.name = f"data-{secrets.token_hex(8)}"
        self.mark = re.compile(rf'<figure {self.name}="(\d+)">.*?</figure>', re.DOTALL)

    def put(self, block: str) -> str:
        """Take a block; what stands for it."""
        self.drawn.append(block)
        return self.marked(len(self.drawn) - 1)

    def marked(self, number: int, text: str = "") -> str:
        return f'<figure {self.name}="{number}">{text}</figure>'

    def ids(self) -> set[str]:
        """The anchors in all blocks."""
        return {found for block in self.drawn for found in ID.findall(block)}

    def for_search(self, html: str) -> str:
        """The page with what search keeps of each block."""
        return self.mark.sub(lambda found: self.marked(int(found[1]), kept(self.of(found))), html)

    def whole(self, html: str) -> str:
        """The page with its blocks."""
        return self.mark.sub(lambda found: FOR_SEARCH.sub("", self.of(found)), html)

    def of(self, mark: re.Match[str]) -> str:
        """The block that a mark stands for."""
        return self.drawn[int(mark[1])]


def kept(block: str) -> str:
    """What search keeps of a block: text, and the elements that it knows."""
    return UNKNOWN.sub("", EXCLUDED.sub("", block))


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """Markdown is done: MkDocs is told of the anchors, search of the text."""
    blocks = page.meta.get(PLACE)
    if not blocks:
        return html
    page.present_anchor_ids |= blocks.ids()
    marked: str = blocks.for_search(html)
    return marked


def on_page_context(context: Any, page: Any, config: Any, nav: Any) -> Any:
    """Search is done, since hooks come after plugins: the blocks are there."""
    if blocks := page.meta.get(PLACE):
        page.content = blocks.whole(page.content)
    return context
