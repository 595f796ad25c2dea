"""A network as boxes on a card: what of a topology is read in a chat's small picture.

Where things stand from left to right is the diagram's to say. One that has no room is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ..diagrams.columns import FIRST, HostColumns, arrange
from ..diagrams.elements import LAN, ContainerBox
from ..topology import Interface, Topology, parse

CELL = 0.6
"""Of a terminal's font: how wide a character is, in its height."""
SIZE = 20
GAP, HOSTS_GAP = 0.12, 28
"""Between groups of columns, in columns; between hosts."""
WIRE, BOX, CABLE = 34, 66, 20
"""How high things are."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with rows of text in its middle, each with the kind of thing it is."""

    kind: str
    left: float
    top: float
    right: float
    bottom: float
    rows: tuple[tuple[str, str], ...] = ()

    @property
    def fits(self) -> bool:
        widest = max((len(text) for text, _ in self.rows), default=0)
        return self.right - self.left >= widest * SIZE * CELL


@dataclass(frozen=True, slots=True)
class Line:
    """A cable, or the way of what comes to a published port."""

    kind: str
    x: float
    top: float
    bottom: float


Shape = Box | Line


def shapes(
    lines: Sequence[str], left: float, top: float, right: float, bottom: float
) -> list[Shape]:
    """The network in an area, from the back to the front; nothing where it has no room there."""
    topology = parse(lines)
    hosts = [space for space in topology.namespaces if space.kind == "host" and space.place != LAN]
    every = [arrange(topology, host, crowded=len(hosts) > 1) for host in hosts]
    if not hosts or any(bar.level for columns in every for bar in columns.bars):
        return []
    weights = [width(columns) for columns in every]
    room = right - left - HOSTS_GAP * (len(every) - 1)
    drawn: list[Shape] = []
    for columns, before in zip(every, accumulate(weights, initial=0.0), strict=False):
        share = room / sum(weights)
        start = left + before * share + HOSTS_GAP * every.index(columns)
        drawn += host(columns, start, start + width(columns) * share, top, bottom)
    drawn += wire(topology, left, right, bottom)
    return drawn if all(isinstance(one, Line) or one.fits for one in drawn) else []


def width(columns: HostColumns) -> float:
    """Of a host, in columns."""
    return sum(columns.groups) + GAP * (len(columns.groups) + 1)


def wire(topology: Topology, left: float, right: float, bottom: float) -> Iterator[Shape]:
    """What joins the hosts, at the lower edge."""
    for space in topology.namespaces:
        if space.place == LAN:
            bridge = next((link for link in space.interfaces if link.kind == "bridge"), None)
            if bridge:
                text = f"{bridge.name} {address(bridge)}"
                yield Box("wire", left, bottom - WIRE, right, bottom, ((text, "if"),))


def host(
    columns: HostColumns, left: float, right: float, top: float, bottom: float
) -> Iterator[Shape]:
    """One host: containers, cables, bridges, and its own interfaces at its lower edge."""
    floor = bottom - WIRE - 24
    share = (right - left) / width(columns)
    x = lines_of(columns.groups, left, share)
    yield Box("host", left, top, right, floor)
    upper = top + 12
    bar_top = upper + BOX + CABLE
    for box in columns.boxes:
        yield from container(box, x, upper, floor, bar_top)
    for bar in columns.bars:
        link = bar.bridge.link
        rows = tuple(row for row in ((link.name, "if"), (address(link), "ip")) if row[0])
        lower = bar_top + 22 * (1 + len(rows))
        yield Box("bridge", x[bar.span.left] + 4, bar_top, x[bar.span.right] - 4, lower, rows)
    for link, span in columns.uplinks:
        middle = (x[span.left] + x[span.right]) / 2
        yield Line("cable", middle, floor, bottom - WIRE)
        text = f"{link.name} {address(link)}".rstrip()
        half = len(text) * SIZE * CELL / 2 + 12
        yield Box("uplink", middle - half, floor - 15, middle + half, floor + 15, ((text, "if"),))
    name = columns.host.place
    start = right - 16 - len(name) * SIZE * CELL
    yield Box("text", start, floor - 34, right, floor - 6, ((name, "note"),))


def lines_of(groups: Sequence[int], left: float, share: float) -> dict[int, float]:
    """Where each line of the grid is, by its number."""
    found: dict[int, float] = {}
    number, x = FIRST, left + GAP * share
    for count in groups:
        for _ in range(count):
            found[number] = x
            number, x = number + 1, x + share
        found[number] = x
        number, x = number + 1, x + GAP * share
    return found


def container(
    box: ContainerBox, x: dict[int, float], top: float, floor: float, bar: float
) -> Iterator[Shape]:
    """A container with its addresses, and what leads down from it."""
    names = ((", ".join(box.names), "name"),)
    yield Box("container", x[box.span.left], top, x[box.span.right], top + BOX)
    yield Box("text", x[box.span.left], top + 4, x[box.span.right], top + BOX / 2, names)
    for column in box.columns:
        left, right = x[column.span.left], x[column.span.right]
        leads = column.ports or column.bridge or (column.link and column.link.parent)
        if leads:
            kind = "cable" if column.link else "flow"
            yield Line(kind, (left + right) / 2, top + BOX, bar if column.bridge else floor)
        text = address(column.link) if column.link else column.ports[0].target
        yield Box("text", left, top + BOX / 2, right, top + BOX - 4, ((text, "ip"),))
        if column.ports:
            bound = ((column.ports[0].bound, "ip"),)
            yield Box("bound", left + 4, floor - 15, right - 4, floor + 15, bound)


def address(link: Interface) -> str:
    """The address that is shown of an interface: the first of IPv4, if it has one."""
    return next((one for one in link.addresses if "." in one), (*link.addresses, "")[0])
