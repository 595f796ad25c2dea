"""The headings of a Markdown text and its code fences, by line. Knows no macro."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import Mistake

HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
HEADING_ID = re.compile(r"\{[ \t]*#([a-z][a-z0-9-]*)[ \t]*\}$")
UNDERLINE = re.compile(r"(=+|-+)[ \t]*")
FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and its own id."""

    line: int
    level: int
    id: str
    """"" where none is written."""


def walk(body: str) -> Iterator[tuple[int, str, bool]]:
    """(line number, line, whether inside a code fence), the fences' own lines counted inside."""
    fence = ""
    for number, line in enumerate(body.split("\n"), 1):
        mark = FENCE.match(line)
        if not fence and mark:
            fence = mark[1]
            yield number, line, True
            continue
        yield number, line, bool(fence)
        if fence and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""


def fenced_lines(body: str) -> set[int]:
    """Numbers of the lines in code fences."""
    return {number for number, _, fenced in walk(body) if fenced}


def outline(name: str, body: str, above: int) -> tuple[tuple[Heading, ...], list[Mistake]]:
    """The headings, and what is wrong with them."""
    headings: list[Heading] = []
    wrong: list[Mistake] = []
    before = ""
    for number, line, fenced in walk(body):
        line_number = above + number
        found = None if fenced else HEADING.match(line)
        if found:
            own = HEADING_ID.search(found[2].rstrip())
            headings.append(Heading(line_number, len(found[1]), own[1] if own else ""))
            if not own:
                what = "the heading has no id of its own; end it with {#short-ascii-id}"
                wrong.append(Mistake(name, line_number, what))
        elif not fenced and before.strip() and UNDERLINE.fullmatch(line):
            wrong.append(Mistake(name, line_number, "write the heading above as ## … {#id}"))
        before = "" if fenced or found else line
    for id in repeated([heading.id for heading in headings if heading.id]):
        lines = [heading.line for heading in headings if heading.id == id]
        wrong.append(Mistake(name, lines[1], f"heading id {{#{id}}} is on line {lines[0]} already"))
    return tuple(headings), wrong


def repeated(names: Sequence[str]) -> list[str]:
    """The names that occur more than once."""
    return sorted({name for name in names if names.count(name) > 1})
