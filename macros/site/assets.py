"""Styles and scripts as they are served: without comments, needless space and what no page wears.

Material styles much that this site does not have: tabs, annotations, twenty colours, text from
right to left. A selector that needs a class or a colour which stands in no page and in no
script matches nothing, and is left out.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from .browsed import BrowsedPage

if sys.platform == "linux":
    from rcssmin import cssmin
    from rjsmin import jsmin
else:  # these have wheels for Linux alone: elsewhere what is written is served
    cssmin = jsmin = str

RULE = re.compile(r"([^{}]+)(\{[^{}]*\})")
COMMA = re.compile(r",(?![^()]*(?:\([^()]*\)[^()]*)*\))")
"""Between two selectors of a rule, and not inside `:is(…)`."""
NEEDED = re.compile(r"\.([a-zA-Z_][\w-]*)|\[(dir|data-md-color-(?:primary|accent))=([\w-]+)\]")
OPTIONAL = re.compile(r":(?:is|not|where)\([^)]*\)+")
"""What a selector names and does not need, as far as is known here."""
WORDS = re.compile(r"[a-zA-Z_][\w-]*")


def strip(language: Path) -> None:
    """Take away Material's search, which no page of ours loads, and the sources of its scripts."""
    scripts = language / "assets/javascripts"
    for name in ("lunr", "workers"):
        if (scripts / name).exists():  # not in a site that is made again
            shutil.rmtree(scripts / name)


def shrink(language: Path, pages: Iterable[BrowsedPage]) -> None:
    """Make styles and scripts of a language smaller; Material's own scripts are so already."""
    for kind, smaller in (("css", cssmin), ("js", jsmin)):
        for path in (language / "assets").glob(f"*.{kind}"):
            path.write_text(smaller(path.read_text("utf-8")), "utf-8")
    known = known_names(pages, (one.read_text("utf-8") for one in language.rglob("*.js")))
    for path in (language / "assets/stylesheets").glob("*.css"):
        path.write_text(fitting(path.read_text("utf-8"), known), "utf-8")


def known_names(pages: Iterable[BrowsedPage], scripts: Iterable[str]) -> set[str]:
    """The classes that pages have or scripts may give, and the colours, as `attribute=value`."""
    known = {name for page in pages for name in page.worn}
    for script in scripts:
        known.update(WORDS.findall(script))
    return known


def fitting(css: str, known: set[str]) -> str:
    """Styles without the selectors that need what is not known."""

    def kept(rule: re.Match[str]) -> str:
        selectors = [one for one in COMMA.split(rule[1]) if needs(one) <= known]
        return ",".join(selectors) + rule[2] if selectors else ""

    return RULE.sub(kept, css)


def needs(selector: str) -> set[str]:
    """The classes and colours without which a selector matches nothing."""
    found = NEEDED.findall(OPTIONAL.sub("", selector))
    return {name or f"{attribute}={value}" for name, attribute, value in found}
