"""The look of a block: the template `block.html`, which stands beside that of the landing page.

A block is one line, since of raw HTML Markdown keeps that. What the template fills in is text,
escaped by the rules of `markup.py`, unless it was drawn already.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from .. import markup

TEMPLATE = Path(__file__).resolve().parents[2] / "docs/theme/block.html"
BREAK = re.compile(r"\n\s*")
"""Between two lines of the template, where nothing is drawn."""


def draw(part: str, **facts: object) -> Markup:
    """A part of a block, drawn by the template's macro of that name."""
    drawn: Markup = getattr(template().module, part)(**facts)
    return drawn


def escaped(text: object) -> Markup:
    """Text inside an element; what is drawn already as it is."""
    return text if isinstance(text, Markup) else Markup(markup.escape(str(text)))


def attribute(text: str) -> Markup:
    """Text inside an attribute."""
    return Markup(markup.attribute(text))


@cache
def template() -> Template:
    """The template, read once."""
    environment = Environment(autoescape=True, finalize=escaped, undefined=StrictUndefined)
    environment.filters["attribute"] = attribute
    return environment.from_string(BREAK.sub("", TEMPLATE.read_text("utf-8")))
