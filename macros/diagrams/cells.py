"""Cells of a grid as HTML: where each stands is its style, how it looks is the stylesheet's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .. import markup
from .comparison import Mark
from .elements import Span

WHOLE = Span(1, -1)
TITLE, CONTAINERS, CABLES, BRIDGES = 1, 2, 3, 4
"""Rows of a host, from the top."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of hosts, by the numbers of their upper lines; all hosts have the same."""

    levels: int
    """Each has three rows: a bar's, and one above and below it for what is around the bar."""

    def bar(self, level: int) -> int:
        return BRIDGES + 3 * level + 1

    @property
    def below(self) -> int:
        return BRIDGES + 3 * self.levels

    @property
    def floor(self) -> int:
        """The lower edge of the hosts; the row below it leads to the wire."""
        return self.below + 2

    @property
    def wire(self) -> int:
        return self.floor + 1


def cell(
    kind: str,
    top: int,
    bottom: int,
    span: Span,
    inner: str = "",
    mark: Mark = Mark.KEPT,
    hops: Iterable[int] = (),
) -> str:
    """What fills an area of the grid, from line to line; `kind` is the class of its look.

    `hops` are the numbers of those that it belongs to.
    """
    area = f"{top}/{span.left}/{bottom}/{span.right}"
    of = "".join(f" {hop}" for hop in hops)
    of = f' data-frame="{of[1:]}"' if of else ""
    return f'<div class="{marked(kind, mark)}" style="grid-area:{area}"{of}>{inner}</div>'


def chip(name: str, mark: Mark) -> str:
    """An interface, where its cable is plugged in."""
    return text(interface(name), mark, "chip")


def interface(name: str) -> str:
    """The name of an interface."""
    return f'<span class="if">{markup.escape(name)}</span>'


def text(inner: str, mark: Mark, kind: str = "", tag: str = "span") -> str:
    """A piece of text."""
    classes = marked(kind, mark)
    return f'<{tag} class="{classes}">{inner}</{tag}>' if classes else f"<{tag}>{inner}</{tag}>"


def marked(kind: str, mark: Mark) -> str:
    """The classes of a thing."""
    return f"{kind} {mark}".strip()


def across(outer: Span, inner: Span, kind: str, html: str) -> str:
    """What stands in some columns of a box that spans `outer`."""
    left = inner.left - outer.left + 1
    area = f"{left}/{left + inner.right - inner.left}"
    return f'<div class="{kind}" style="grid-column:{area}">{html}</div>'


def halves(
    kind: str, row: int, span: Span, side: str, mark: Mark, inner: str = ""
) -> Iterator[str]:
    """A line along a row, from the middle of what spans `span` to a side of the host."""
    rest = Span(1, span.left) if side == "left" else Span(span.right, -1)
    yield cell(f"{kind} half {side}", row, row + 1, span, "", mark)
    yield cell(f"{kind} {side}", row, row + 1, rest, inner, mark)
