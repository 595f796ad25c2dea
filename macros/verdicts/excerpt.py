"""What came instead of what was expected: the few lines of an output that say most. Pure text."""

from __future__ import annotations

from heapq import nlargest

from ..model import Came, Reason

LINES = 200
"""Lines of an output that are looked at, from its start."""
WIDTH = 300
"""Characters of a line that are looked at, and shown."""
SHOWN = 5
ALIKE = 0.5
"""Share of the wanted text that a line must have for it to be shown."""
PIECE = 3
"""Characters: less in common is none."""


def lines_of(output: str) -> list[str]:
    """The lines that are looked at; blank ones say nothing."""
    return [line[:WIDTH] for line in output.split("\n") if line.strip()][:LINES]


def first_lines(output: str, why: Reason | None = None) -> Came:
    """The start of an output, and how much more there is; `why` is said beside."""
    lines = lines_of(output)
    rest = output.rstrip("\n").count("\n") + 1 - SHOWN
    return Came("\n".join(lines[:SHOWN]), rest if len(lines) > SHOWN else 0, why)


def line_with(text: str, output: str) -> Came:
    """The lines a text is found in, from where it starts to where it ends."""
    start = output.index(text)
    begin = output.rfind("\n", 0, start) + 1
    end = output.find("\n", start + len(text.rstrip("\n")))
    return Came(output[begin : end if end >= 0 else None][: SHOWN * WIDTH])


def nearest(wanted: str, output: str) -> Came:
    """The lines most like what was wanted, best first; the first lines where none is like it."""
    scored = ((alike(wanted, line), line) for line in dict.fromkeys(lines_of(output)))
    close = nlargest(2, (pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: pair[0])
    return Came("\n".join(line for _, line in close)) if close else first_lines(output)


def alike(wanted: str, line: str) -> float:
    """How much of the wanted text a line has, in pieces of three characters or more: 0 to 1."""
    wanted = wanted[:WIDTH]
    pieces = {line[at : at + PIECE] for at in range(len(line) - PIECE + 1)}
    covered = {
        at + more
        for at in range(len(wanted) - PIECE + 1)
        if wanted[at : at + PIECE] in pieces
        for more in range(PIECE)
    }
    return len(covered) / max(1, len(wanted))
