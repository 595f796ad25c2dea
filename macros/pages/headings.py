"""The headings of a Markdown text and its code fences, by line. Knows no macro."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..errors import Mistake

HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
HEADING_ID = re.compile(r"\{[ \t]*#([a-z][a-z0-9-]*)[ \t]*\}$")
UNDERLINE = re.compile(r"(=+|-+)[ \t]*")
FENCE = re.compile(r"[ \t]*(`{3,}(?!.*`)|~{3,})")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and its own id."""

    line: int
    level: int
    id: str
    """"" where none is written."""


@dataclass(frozen=True, slots=True)
class Fence:
    """A code fence: the lines that open and close it, and what stands behind its mark."""

    first: int
    last: int
    info: str
    closed: bool = True


def fences(body: str) -> list[Fence]:
    """The code fences of a text, in order."""
    found: list[Fence] = []
    first, mark, info = 0, "", ""
    for number, line in enumerate(body.split("\n"), 1):
        start = FENCE.match(line)
        if not first and start:
            first, mark, info = number, start[1], line[start.end() :].strip()
        elif first and line.strip().startswith(mark) and not line.strip().strip(mark[0]):
            found.append(Fence(first, number, info))
            first = 0
    if first:
        found.append(Fence(first, body.count("\n") + 1, info, closed=False))
    return found


def fenced_lines(body: str) -> dict[int, int]:
    """Numbers of the lines in code fences, each with that of the line that opens its fence."""
    return {
        number: fence.first
        for fence in fences(body)
        for number in range(fence.first, fence.last + 1)
    }


def walk(body: str) -> Iterator[tuple[int, str, bool]]:
    """(line number, line, whether inside a code fence), the fences' own lines counted inside."""
    inside = fenced_lines(body)
    for number, line in enumerate(body.split("\n"), 1):
        yield number, line, number in inside


def outline(name: str, body: str, above: int) -> tuple[tuple[Heading, ...], list[Mistake]]:
    """The headings, and what is wrong with them."""
    headings: list[Heading] = []
    wrong = [
        Mistake(name, above + fence.first, "this code fence never closes: end it with its mark")
        for fence in fences(body)
        if not fence.closed
    ]
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
