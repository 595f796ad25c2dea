"""What a picture is made of: boxes, lines and texts with their places, in px. Knows no network."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .comparison import Mark

CHAR = 7.3
"""Width of a character of a fixed-width font at 12 px, the widest of those in use."""
WIDE = {"W", "F"}
"""East Asian widths of characters that are as wide as they are high."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; its role is what it stands for, and the class of its look."""

    x: float
    y: float
    w: float
    h: float
    role: str
    mark: Mark = Mark.KEPT

    @property
    def middle(self) -> float:
        return self.x + self.w / 2


@dataclass(frozen=True, slots=True)
class Line:
    """Straight pieces from point to point."""

    points: tuple[tuple[float, float], ...]
    role: str
    mark: Mark = Mark.KEPT


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place: of their start, or of their middle. `role` is what they are."""

    x: float
    y: float
    text: str
    role: str
    mark: Mark = Mark.KEPT
    centred: bool = True


Shape = Box | Line | Text


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes in the order in which they are drawn, one over the other."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    spots: tuple[tuple[str, float, float], ...] = ()
    """Where each thing that has a name can be pointed at: its left edge, half-way down."""


def width(text: str) -> float:
    """How wide a text is at most."""
    return sum(12.0 if unicodedata.east_asian_width(char) in WIDE else CHAR for char in text)


def numbered(picture: Picture, names: Iterable[str]) -> Picture:
    """The picture with numbers at the things of these names, in their order, and a line along.

    Raises `LookupError` for a name that is not in the picture.
    """
    spots = {name: (x, y) for name, x, y in picture.spots}
    shapes: list[Shape] = []
    way: list[tuple[float, float]] = []
    for number, name in enumerate(names, 1):
        if name not in spots:
            raise LookupError(f'there is no "{name}" in the diagram; there are: {", ".join(spots)}')
        x, y = spots[name]
        spots[name] = (x - 20, y)
        way.append((x - 10, y))
        shapes += [Box(x - 19, y - 9, 18, 18, "hop"), Text(x - 10, y + 4, str(number), "hop")]
    return replace(picture, shapes=(*picture.shapes, Line(tuple(way), "way"), *shapes))


def chip(x: float, y: float, name: str, mark: Mark, role: str = "chip") -> list[Shape]:
    """A name on a small plate, its middle at a point: where a cable is plugged in."""
    wide = width(name) + 10
    said = "if" if role == "chip" else "bound"
    return [Box(x - wide / 2, y - 10, wide, 20, role, mark), Text(x, y + 4, name, said, mark)]
