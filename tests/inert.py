"""What of an HTML text a browser would act upon, told by a parser of its own. For tests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from urllib.parse import urlsplit

ACTIVE = frozenset({"applet", "base", "embed", "form", "frame", "iframe", "link", "math", "meta",
                    "object", "portal", "script", "style", "template", "video", "audio",
                    "source", "track"})  # fmt: skip
ADDRESSES = frozenset({"action", "background", "cite", "data", "formaction", "href", "longdesc",
                       "manifest", "ping", "poster", "src", "srcdoc", "srcset",
                       "xlink:href"})  # fmt: skip
SCHEMES = frozenset({"", "http", "https", "mailto"})
BLANK = re.compile(r"[\x00-\x20]")


class Looker(HTMLParser):
    """Gathers what is active."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in ACTIVE:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on"):
                self.found.append(f"{tag} {name}")
            if name in ADDRESSES and urlsplit(BLANK.sub("", value or "")).scheme not in SCHEMES:
                self.found.append(f"{tag} {name}={value}")
            if name == "class" and "mermaid" in (value or "").split():
                self.found.append(f"{tag} .mermaid")
            if name == "style" and re.search(r"url|expression|@|position", value or ""):
                self.found.append(f"{tag} style={value}")


def active(html: str) -> list[str]:
    """Everything active in a text; nothing where it is inert."""
    looker = Looker()
    looker.feed(html)
    looker.close()
    return looker.found
