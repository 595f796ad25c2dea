"""The columns of an output, and what of the space between them could go. Pure text.

`docker ps`, `ss`, `iptables -L` pad their columns to the widest value there might be. On a
screen too narrow for that, all but two spaces of such a gutter are not drawn: the columns stand
one below another still, and the text is what was printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ..model import Span

KEPT = 2
"""Spaces that stay between two columns."""
RULE = "gap"
PADDED = re.compile(r"\S {2,}\S")
"""What a row of columns has, and a sentence has not."""


def gutters(lines: Sequence[str]) -> list[list[Span]]:
    """Of each line the spaces that could go, in order."""
    found: list[list[Span]] = [[] for _ in lines]
    for full, numbers in groupby(range(len(lines)), key=lambda number: bool(lines[number].strip())):
        rows = [number for number in numbers if full and PADDED.search(lines[number])]
        for start, end in blank([lines[number] for number in rows]):
            for number in rows:
                if lines[number][end:].strip():
                    found[number].append(Span(start + KEPT, end, RULE))
    return found


def blank(rows: Sequence[str]) -> Iterator[tuple[int, int]]:
    """[start, end) of each run of columns that are blank in all rows, behind the first word."""
    width = max(map(len, rows), default=0)
    first = min((len(row) - len(row.lstrip()) for row in rows), default=0)
    filled = [any(row[at : at + 1].strip() for row in rows) for at in range(first, width)]
    at = first
    for some, run in groupby(filled):
        length = len(list(run))
        if not some and length > KEPT:
            yield at, at + length
        at += length
