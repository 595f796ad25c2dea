"""Tables that a phone shows as cards: each cell is given the heading of its column."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

PRIORITY = 10
"""Runs after inline markup (20), which makes the headings' text."""
LEAST = 3
"""Columns of a table that a phone has no room for."""


class Tables(Extension):
    """The Markdown extension."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(Labels(md), "tables", PRIORITY)


class Labels(Treeprocessor):
    """Labels the cells of wide tables."""

    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            headings = ["".join(cell.itertext()) for cell in table.iter("th")]
            if len(headings) < LEAST:
                continue
            for row in table.iterfind("tbody/tr"):
                for cell, heading in zip(row, headings, strict=False):
                    cell.set("data-label", heading)


def makeExtension() -> Extension:
    """What Markdown asks a module of an extension for."""
    return Tables()
