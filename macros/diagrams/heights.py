"""The heights of a picture: what all hosts share, and how much a container takes. Pure numbers."""

from __future__ import annotations

from dataclasses import dataclass

from ..topology import Interface
from .elements import ContainerBox

TOP = 1.0
HEAD = 30.0
LINE = 16.0
CABLE = 54.0
BAR = 50.0
BELOW = 68.0
BETWEEN = 26.0


@dataclass(frozen=True, slots=True)
class Heights:
    """The heights that all hosts share."""

    cell: float
    levels: int
    below: float
    cable: float

    @property
    def bars(self) -> float:
        return TOP + HEAD + self.cell + self.cable

    @property
    def floor(self) -> float:
        """The lower edge of the hosts."""
        return self.bars + self.levels * (BAR + BETWEEN) - BETWEEN + self.below

    @property
    def wire(self) -> float:
        return self.floor + 52


def height(cell: ContainerBox) -> float:
    """How tall a container's box is."""
    if cell.space.kind == "host":
        return HEAD + LINE + 10
    most = max((len(facts_of(column.link)) for column in cell.columns), default=0)
    return HEAD + (LINE + 6 if cell.space.gateway else 0) + most * LINE + 18


def facts_of(link: Interface | None) -> tuple[str, ...]:
    """What is written over an interface of a container."""
    if not link:
        return ()
    return (*link.addresses, *([link.mac] if link.kind in ("macvlan", "ipvlan") else ()))
