"""One host of a picture: from the top containers, cables, bridges, its own interfaces.

Takes a `columns.py` for the order from left to right. Of other hosts and of the wire it
knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..languages import Words
from ..topology import Interface, end
from . import comparison
from .columns import EDGE, HostColumns
from .comparison import Comparison, Fact, Mark
from .elements import GATEWAY, BridgeBar, Column, ContainerBox, bar_name
from .heights import BAR, BETWEEN, HEAD, LINE, TOP, Heights, facts_of, height
from .shapes import Box, Line, Shape, Text, chip, width

Place = tuple[float, float]


class HostDrawing:
    """One host being drawn: `ends` and `tunnels` are where others join it."""

    def __init__(
        self, changed: Comparison, words: Words, plan: HostColumns, x: float, rows: Heights
    ) -> None:
        self.changed, self.words, self.plan, self.x, self.rows = changed, words, plan, x, rows
        self.here = plan.host.place
        self.ends: dict[str, Place] = {}
        self.spots: dict[str, Place] = {}
        self.tunnels: list[tuple[int, Place, Mark]] = []
        for cell in plan.cells:
            cell.x += x
            for column in cell.columns:
                column.x += x
        for joint in plan.joints:
            joint.x += x

    def host(self) -> Iterator[Shape]:
        """Everything of the host, from the back to the front."""
        floor = self.rows.floor
        yield Box(self.x, TOP, self.plan.wide, floor - TOP, "host")
        yield Text(self.x + EDGE, TOP + 20, self.here, "title", centred=False)
        uplinks = dict(self.uplinks())
        for cell in self.plan.cells:
            yield from self.cell(cell)
        for joint in self.plan.joints:
            if joint.overlay:
                yield from self.overlay(joint)
        columns = [(cell, column) for cell in self.plan.cells for column in cell.columns]
        for cell, column in columns:
            yield from self.cable(cell, column, uplinks)
        for joint in self.plan.joints:
            yield from self.bar(joint)
        for cell, column in columns:
            yield from self.plugs(cell, column)
        for link in self.plan.uplinks:
            yield from self.uplink(link, uplinks[link.name])

    # --- containers ---

    def cell(self, cell: ContainerBox) -> Iterator[Shape]:
        y, space = TOP + HEAD, cell.space
        own = space.kind == "container"
        tall = self.rows.cell if own else height(cell)
        place = (
            self.mark(comparison.space(space.place)) if own else self.resident(cell, cell.names[0])
        )
        yield Box(cell.x, y, cell.wide, tall, "space" if own else "guest", place)
        x = cell.x + 12
        for name in cell.names:
            mark = self.resident(cell, name)
            if len(cell.names) > 1:
                yield Box(x - 4, y + 5, width(name) + 12, 22, "guest", mark)
            yield Text(x + 2, y + 21, name, "name", mark, centred=False)
            x += width(name) + 20
        if not own:
            yield Text(cell.x + 14, y + 40, self.words.shares, "note", place, centred=False)
        if own and space.gateway:
            said = GATEWAY.format(space.gateway)
            yield Text(cell.x + 14, y + 43, said, "route", place, centred=False)

    def resident(self, cell: ContainerBox, name: str) -> Mark:
        return self.mark(comparison.resident(cell.space.place, name))

    def plugs(self, cell: ContainerBox, column: Column) -> Iterator[Shape]:
        """What stands on a container's lower edge, and at the far end of its cable."""
        edge = TOP + HEAD + self.rows.cell
        place = cell.space.place
        if link := column.link:
            y = edge - 16 - LINE * (len(facts_of(link)) - 1)
            for fact in facts_of(link):
                mark = self.mark(comparison.address(place, link.name, fact))
                if fact == link.mac:
                    mark = self.mark(comparison.link(place, link.name))
                yield Text(column.x, y, fact, "fact", mark)
                y += LINE
            yield from self.plug(column.x, edge, place, link.name)
            joint = next((one for one in self.plan.joints if one.name == column.joint), None)
            far, _, name = link.peer.partition(":")
            if joint and name != joint.link.name:
                top = self.top(joint)
                yield from self.plug(column.x, top, far, name)
            elif link.parent:
                yield Text(column.x + 8, edge + 30, link.kind, "kind", centred=False)
        elif column.ports:
            mark = self.ports(column)
            yield from chip(column.x, edge, column.ports[0].target, mark, "port")
            first, *more = column.ports
            yield from chip(column.x, self.rows.floor, first.bound, mark, "port")
            for number, port in enumerate(more):
                said = comparison.published(port)
                y = self.rows.floor + 24 + number * 15
                yield Text(column.x, y, port.bound, "bound", self.mark(said))

    def ports(self, column: Column) -> Mark:
        return self.mark(comparison.published(column.ports[0]))

    # --- cables ---

    def cable(
        self, cell: ContainerBox, column: Column, uplinks: dict[str, float]
    ) -> Iterator[Shape]:
        edge = TOP + HEAD + self.rows.cell
        joint = next((one for one in self.plan.joints if one.name == column.joint), None)
        if column.ports:
            path = ((column.x, self.rows.floor - 10), (column.x, edge + 11))
            yield Line(path, "flow", self.ports(column))
        elif column.link and joint:
            mark = self.mark(comparison.link(cell.space.place, column.link.name))
            yield Line(((column.x, edge), (column.x, self.top(joint))), "cable", mark)
        elif column.link and column.link.parent:
            mark = self.mark(comparison.link(cell.space.place, column.link.name))
            down = uplinks.get(column.link.parent.partition(":")[2], column.x)
            knee = self.rows.floor - 50
            bend = ((column.x, edge), (column.x, knee), (down, knee), (down, self.rows.floor))
            yield Line(bend, "sub", mark)

    # --- bridges ---

    def top(self, joint: BridgeBar) -> float:
        return self.rows.bars + joint.level * (BAR + BETWEEN)

    def bar(self, joint: BridgeBar) -> Iterator[Shape]:
        link, place = joint.link, joint.space.place
        y, mark = self.top(joint), self.mark(comparison.link(place, link.name))
        inset = 10 if joint.overlay else 3
        bar = Box(joint.x + inset, y, joint.wide - 2 * inset, BAR, "bridge", mark)
        yield bar
        self.spots[end(place, link.name)] = (bar.x + 9, y + BAR / 2)
        said, state = bar_name(self.changed, joint.space, link), comparison.state(place, link)
        y_name = y + 25 if link.addresses else y + 31
        yield Text(bar.middle, y_name, said, "bridge", mark or self.mark(state))
        for number, given in enumerate(link.addresses[:2]):
            here = self.mark(comparison.address(place, link.name, given))
            yield Text(bar.middle, y + 42 + number * LINE, given, "fact", here)

    def overlay(self, joint: BridgeBar) -> Iterator[Shape]:
        """The namespace that dockerd keeps an overlay's bridge in, and its way out."""
        y, space = self.top(joint) - 28, joint.space
        mark = self.mark(comparison.space(space.place))
        box = Box(joint.x, y, joint.wide, BAR + 52, "overlay", mark)
        yield box
        for link in space.interfaces:
            if link.kind == "vxlan":
                yield Line(((box.middle, y + BAR), (box.middle, y + box.h)), "cable", mark)
                yield from self.plug(box.middle, y + box.h, space.place, link.name)
                self.tunnels.append((link.vni, (box.middle, y + box.h), mark))
        if width(space.name) < box.w / 2 - 12:
            yield Text(box.x + 8, y + 15, space.name, "overlay", mark, centred=False)

    # --- the host's own interfaces ---

    def uplinks(self) -> Iterator[tuple[str, float]]:
        """Where the host's own interfaces stand: below what hangs on them, else at the left."""
        columns = [column for cell in self.plan.cells for column in cell.columns]
        x = columns[0].x if columns else self.x + self.plan.wide / 2
        for link in self.plan.uplinks:
            parent = end(self.here, link.name)
            own = [column.x for column in columns if column.joint == parent]
            at = sum(own) / len(own) if own else x
            yield link.name, at
            x = max(x, at) + max(width(each) for each in (*link.addresses, link.name)) + 24

    def uplink(self, link: Interface, x: float) -> Iterator[Shape]:
        floor = self.rows.floor
        y = floor - 17 - LINE * (len(link.addresses) - 1)
        for given in link.addresses:
            here = self.mark(comparison.address(self.here, link.name, given))
            yield Text(x, y, given, "over", here)
            y += LINE
        yield from self.plug(x, floor, self.here, link.name)
        self.ends[end(self.here, link.name)] = (x, floor)

    def plug(self, x: float, y: float, place: str, name: str) -> Iterator[Shape]:
        """An interface where its cable is plugged in."""
        self.spots[end(place, name)] = (x - width(name) / 2 - 5, y)
        yield from chip(x, y, name, self.mark(comparison.link(place, name)))

    def mark(self, fact: Fact) -> Mark:
        return self.changed.mark(fact)
