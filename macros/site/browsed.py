"""A built page as a browser takes it: what runs and styles in it by itself, and what may not.

Knows no theme and no policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

META = "content-security-policy"
REFUSED = frozenset({"applet", "base", "embed", "frame", "iframe", "math", "object", "portal"})
ADDRESSES = frozenset({"action", "data", "formaction", "href", "ping", "poster", "src", "srcdoc",
                       "srcset", "xlink:href"})  # fmt: skip
LOADED = frozenset({"icon", "manifest", "modulepreload", "prefetch", "preload", "stylesheet"})
"""Kinds of `link` for which a browser asks."""
OUT = frozenset({"", "http", "https", "mailto"})
EMPTY = "data:,"
"""The icon of a page that asks for none."""


@dataclass(slots=True)
class BrowsedPage(HTMLParser):
    """A built page: what runs and styles in it by itself, and what may not be there."""

    text: str
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    config: str = "{}"
    """Material's, as JSON."""
    faults: list[str] = field(default_factory=list)
    place: int = 0
    """Where the policy goes: behind the page's charset."""
    sealed: str | None = None
    """The one it has."""
    into: Callable[[str], object] | None = None
    """What takes the text of the script or style that is open."""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.starts = [0]
        for line in self.text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.faults += faults(tag, attributes)
        if tag == "meta" and "charset" in attributes and not self.place:
            line, column = self.getpos()
            self.place = self.starts[line - 1] + column + len(self.get_starttag_text() or "")
        if tag == "meta" and attributes.get("http-equiv", "").lower() == META:
            self.sealed = attributes.get("content", "")
        if tag == "style":
            self.into = self.styles.append
        elif tag == "script" and attributes.get("type") == "application/json":
            self.into = self.take_config
        elif tag == "script" and "src" not in attributes:
            self.into = self.scripts.append

    def handle_data(self, data: str) -> None:
        if self.into:
            self.into(data)
            self.into = None

    def handle_endtag(self, tag: str) -> None:
        self.into = None

    def handle_comment(self, data: str) -> None:
        """A comment: browsers end it each their way, and the theme has none."""
        self.faults.append(f"the comment {data.strip()[:60]!r}")

    handle_pi = unknown_decl = handle_comment

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.handle_comment(decl)

    def take_config(self, text: str) -> None:
        self.config = text


def faults(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    """What of an element no page may have."""
    if tag in REFUSED or (tag == "form" and "action" in attributes):
        yield f"<{tag}>"
    if tag == "meta" and attributes.get("http-equiv", META).lower() != META:
        yield f'<meta http-equiv="{attributes["http-equiv"]}">'
    for name, value in attributes.items():
        if name.startswith("on") or name == "srcdoc":
            yield f'an attribute "{name}"'
        if name in ADDRESSES and value != EMPTY and not good(tag, attributes, value):
            yield f'the address "{value}" in <{tag}>'


def good(tag: str, attributes: dict[str, str], address: str) -> bool:
    """Whether an address may stand in an element: what is loaded is of this site."""
    try:
        to = urlsplit("".join(address.split()))
    except ValueError:
        return False
    kinds = set(attributes.get("rel", "").split())
    if tag == "a" or (tag == "link" and not kinds & LOADED):
        return to.scheme in OUT
    return not to.scheme and not to.netloc
