"""A built page as a browser takes it: what runs and styles in it by itself, and what may not.

Knows no theme and no policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

META = "content-security-policy"
REFUSED = frozenset({"applet", "base", "embed", "frame", "iframe", "math", "object", "portal",
                     "template"})  # fmt: skip
ADDRESSES = frozenset({"action", "data", "formaction", "href", "ping", "poster", "src", "srcdoc",
                       "srcset", "xlink:href"})  # fmt: skip
LOADED = frozenset({"icon", "manifest", "modulepreload", "prefetch", "preload", "stylesheet"})
"""Kinds of `link` for which a browser asks."""
OUT = frozenset({"", "http", "https", "mailto"})
EMPTY = "data:,"
"""The icon of a page that asks for none."""
COLOURS = frozenset({"dir", "data-md-color-primary", "data-md-color-accent"})
"""Attributes by which Material chooses among its styles."""
CHARSET = re.compile(r"<meta charset=[^>]*>")


@dataclass(frozen=True, slots=True)
class BrowsedPage:
    """A built page: what runs and styles in it by itself, and what may not be there."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    faults: tuple[str, ...]
    config: str = "{}"
    """Material's, as JSON."""
    sealed: str | None = None
    """The policy that it has."""
    worn: frozenset[str] = frozenset()
    """The classes of its elements, and their colours as `attribute=value`: what styles ask for."""


def browse(text: str) -> BrowsedPage:
    """A page as HTML 5 has it, read by the rules that browsers go by."""
    scripts, styles, wrong, config, sealed = list[str](), list[str](), list[str](), "{}", None
    worn: set[str] = set()
    tree = LexborHTMLParser(text).root
    for node in tree.traverse(include_text=True) if tree else ():
        match node.tag:
            case "-text" | None:
                continue
            case "-comment":
                wrong.append(f"the comment {(node.html or '')[4:-3].strip()[:60]!r}")
                continue
        attributes = {name: value or "" for name, value in node.attributes.items()}
        if attributes or node.tag in REFUSED:
            wrong += faults(node.tag, attributes)
            worn.update(attributes.get("class", "").split())
            worn.update(f"{name}={attributes[name]}" for name in COLOURS & attributes.keys())
        match node.tag:
            case "meta" if attributes.get("http-equiv", "").lower() == META:
                sealed = attributes.get("content", "")
            case "style":
                styles.append(node.text())
            case "script" if attributes.get("type") == "application/json":
                config = node.text()
            case "script" if "src" not in attributes:
                scripts.append(node.text())
    return BrowsedPage(tuple(scripts), tuple(styles), tuple(wrong), config, sealed, frozenset(worn))


def policy_of(text: str) -> str:
    """The first policy that a page has; "" where it has none."""
    meta = LexborHTMLParser(text).css_first(f'meta[http-equiv="{META}" i]')
    return (meta.attributes.get("content") if meta else "") or ""


def with_policy(text: str, policy: str) -> str:
    """A page with its policy, which stands behind the page's charset: before all that it is for."""
    meta = f'<meta http-equiv="{META}" content="{policy}">'  # of characters that are no markup
    return CHARSET.sub(lambda found: found[0] + meta, text, count=1)


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
