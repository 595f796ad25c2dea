"""A picture as one line of inline SVG: looks are the stylesheet's. Knows no network, no page.

Words stand as they are printed elsewhere, with the classes of their kinds, so that what
marks every occurrence of an address on a page finds it here too. There are no ids in it.
"""

from __future__ import annotations

from itertools import pairwise

from .. import markup
from .comparison import Mark
from .shapes import Box, Line, Picture, Shape, Text

ROUND = {"host": 8, "space": 6, "guest": 5, "overlay": 6, "bridge": 4, "wire": 4, "hop": 9}
NAMES = {"if", "bridge", "wire"}
"""Roles of texts that begin with the name of an interface."""
TIP = 7


def svg(picture: Picture, label: str) -> str:
    """The picture, called `label` aloud."""
    wide, high = number(picture.width), number(picture.height)
    drawn = "".join(map(shape, picture.shapes))
    return (
        f'<svg viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img" '
        f'aria-label="{markup.attribute(label)}">{drawn}</svg>'
    )


def shape(one: Shape) -> str:
    """One shape."""
    match one:
        case Box():
            return (
                f'<rect class="{named("d", one.role, one.mark)}" x="{number(one.x)}" '
                f'y="{number(one.y)}" width="{number(one.w)}" height="{number(one.h)}" '
                f'rx="{ROUND.get(one.role, 3)}"/>'
            )
        case Line():
            return line(one)
        case Text():
            anchor = ' text-anchor="middle"' if one.centred else ""
            return (
                f'<text class="{named("t", one.role, one.mark)}" x="{number(one.x)}" '
                f'y="{number(one.y)}"{anchor}>{words(one)}</text>'
            )


def line(one: Line) -> str:
    """A line; one that shows where packets go has a tip."""
    path = "".join(
        f"{'L' if later else 'M'}{number(x)} {number(y)}" for later, (x, y) in enumerate(one.points)
    )
    tip = ""
    if one.role == "flow":
        (_, below), (x, y) = list(pairwise(one.points))[-1]
        back = TIP if below > y else -TIP
        tip = (
            f'<path class="{named("d", "tip", one.mark)}" d="M{number(x)} {number(y)}'
            f'l-5 {back}h10z"/>'
        )
    return f'<path class="{named("d", one.role, one.mark)}" d="{path}"/>{tip}'


def words(one: Text) -> str:
    """A text, its pieces with the classes that console blocks give them."""
    name, rest = "", one.text
    if one.role in NAMES:
        first, _, _ = one.text.partition(" ")
        name, rest = f'<tspan class="if">{escaped(first)}</tspan>', one.text[len(first) :]
    parts, end = [name], 0
    for token in markup.tokens(rest):
        piece = escaped(rest[token.start : token.end])
        parts += [escaped(rest[end : token.start]), f'<tspan class="{token.rule}">{piece}</tspan>']
        end = token.end
    return "".join((*parts, escaped(rest[end:])))


def escaped(text: str) -> str:
    """Text inside an SVG, where no element of HTML may stand: what is hidden has its name."""
    shown = (markup.name(char) if markup.hidden(char) else char for char in text)
    return markup.escape("".join(shown))


def named(prefix: str, role: str, mark: Mark) -> str:
    """The classes of a shape."""
    return f"{prefix}-{role} {mark}".rstrip()


def number(value: float) -> str:
    """A coordinate, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
