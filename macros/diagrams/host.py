"""One host on the grid: from the top containers, cables, bridges, its own interfaces.

Of other hosts it knows only whether a tunnel leads to one at its left, or at its right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .. import markup
from ..languages import Words
from ..topology import Interface, Namespace, Port, end
from . import comparison
from .cells import (
    CABLES,
    CONTAINERS,
    TITLE,
    WHOLE,
    Rows,
    across,
    cell,
    chip,
    halves,
    interface,
    text,
)
from .columns import HostColumns
from .comparison import Comparison, Fact, Mark
from .elements import BOXED, LAN, BridgeBar, Column, ContainerBox, Span

GATEWAY = "default via {}"


@dataclass(frozen=True, slots=True)
class HostGrid:
    """One host, and what its cells are drawn from."""

    changed: Comparison
    words: Words
    columns: HostColumns
    rows: Rows
    wire: tuple[Interface, ...]
    """The interfaces of the wire."""
    sides: tuple[str, ...]
    """Where other hosts of its overlay networks are."""

    @property
    def here(self) -> str:
        return self.columns.host.place

    def cells(self) -> Iterator[str]:
        """Everything of the host, from the back to the front."""
        yield cell("frame", TITLE, self.rows.floor, WHOLE)
        yield f"<b>{markup.escape(self.here)}</b>"
        for box in self.columns.boxes:
            yield self.container(box)
            for column in box.columns:
                yield from self.down(box.space, column)
        for bar in self.columns.bars:
            yield from self.bridge(bar)
        for link, span in self.columns.uplinks:
            yield from self.uplink(link, span)

    # --- containers ---

    def container(self, box: ContainerBox) -> str:
        """A container's namespace, or a named one; or the place of one that lives in the host's."""
        place, own = box.space.place, box.space.kind in BOXED
        there = self.mark(comparison.space(place))
        residents = {
            name: self.mark(comparison.resident(place, name)) if box.space.containers else there
            for name in box.names
        }
        kind = "guest" if len(box.names) > 1 else ""
        names = "".join(
            text(markup.escape(name), mark, kind, "b") for name, mark in residents.items()
        )
        if box.space.kind == "namespace":
            names += f' <span class="note">{self.words.namespace}</span>'
        inner = f'<div class="names">{names}</div>'
        if not own:
            inner += f'<div class="note">{self.words.shares}</div>'
        elif box.space.gateway:
            route = markup.painted(GATEWAY.format(box.space.gateway))
            inner += text(route, self.route(place, box.space.gateway), "route", "div")
        for column in box.columns:
            plugs = [self.interface(place, column.link)] if column.link else []
            plugs += [self.bound(port, port.target) for port in column.ports[:1]]
            inner += across(box.span, column.span, "plug", "".join(plugs))
        mark = there if own else residents[box.names[0]]
        return cell("space" if own else "space guest", CONTAINERS, CABLES, box.span, inner, mark)

    def interface(self, place: str, link: Interface) -> str:
        """An interface at the lower edge of what it belongs to, below its addresses."""
        mark = self.mark(comparison.link(place, link.name))
        mac = text(markup.painted(link.mac), mark) if link.parent else ""
        return self.addresses(place, link) + mac + chip(link.name, mark)

    def bound(self, port: Port, label: str, kind: str = "chip bound") -> str:
        return text(markup.painted(label), self.mark(comparison.published(port)), kind)

    # --- what leads down from containers ---

    def down(self, space: Namespace, column: Column) -> Iterator[str]:
        """The cable of an interface, or the way of what comes to a published port."""
        if not column.link:
            yield from self.published(column)
            return
        mark = self.mark(comparison.link(space.place, column.link.name))
        if column.link.parent:
            yield from self.child(column.link, column.span, mark)
        for bar in self.columns.bars:
            if bar.bridge == column.bridge:
                yield cell("cable", CABLES, self.rows.bar(bar.level), column.span, "", mark)

    def published(self, column: Column) -> Iterator[str]:
        """From the host's edge, where the port is bound, to the container."""
        floor, (first, *more) = self.rows.floor, column.ports
        mark = self.mark(comparison.published(first))
        yield cell("flow", CABLES, floor, column.span, "", mark)
        ends = self.bound(first, first.bound)
        ends += "".join(self.bound(port, port.bound, "also") for port in more)
        yield cell("plug", floor - 1, floor, column.span, ends)

    def child(self, link: Interface, span: Span, mark: Mark) -> Iterator[str]:
        """The line from a macvlan or ipvlan interface to its parent, over a rail for several."""
        row = self.rows.below
        yield cell("cable sub", CABLES, row + 1, span, text(link.kind, Mark.KEPT), mark)
        parents = {end(self.here, uplink.name): rail for uplink, rail in self.columns.uplinks}
        rail = parents.get(link.parent, span)
        if rail == span:
            return
        if span.left == rail.left:
            yield cell("rail half right", row, row + 1, span, "", mark)
            if rail.right - rail.left > 2:
                inner = Span(rail.left + 1, rail.right - 1)
                yield cell("rail", row, row + 1, inner, "", mark)
        elif span.right == rail.right:
            yield cell("rail half left", row, row + 1, span, "", mark)

    # --- bridges ---

    def bridge(self, bar: BridgeBar) -> Iterator[str]:
        """A bridge with its ports at its upper edge."""
        space, link, row = bar.bridge.space, bar.bridge.link, self.rows.bar(bar.level)
        if space.kind == "overlay":
            yield from self.overlay(bar)
        plugs = (
            across(bar.span, column.span, "jack", self.chip(space.place, port))
            for box in self.columns.boxes
            for column in box.columns
            if column.bridge == bar.bridge and (port := column.port) != link.name
        )
        mark = self.mark(comparison.link(space.place, link.name))
        change = comparison.state_change(self.changed, space.place, link)
        state = markup.painted(change or ("" if link.up else "DOWN"))
        label = f"{interface(link.name)} {state}".rstrip()
        state_mark = mark or self.mark(comparison.state(space.place, link))
        name = text(label, state_mark, tag="b") + self.addresses(space.place, link)
        inner = f'{"".join(plugs)}<div class="name">{name}</div>'
        yield cell("bar", row, row + 1, bar.span, inner, mark)

    def overlay(self, bar: BridgeBar) -> Iterator[str]:
        """The namespace that dockerd keeps an overlay's bridge in, and its way out."""
        space, span, row = bar.bridge.space, bar.span, self.rows.bar(bar.level)
        mark, below = self.mark(comparison.space(space.place)), self.rows.below
        yield cell("overlay", row - 1, row + 2, span, markup.escape(space.name), mark)
        for link in space.interfaces:
            if link.kind != "vxlan":
                continue
            yield cell("cable", row + 1, row + 2, span, "", mark)
            yield cell("plug", row + 1, row + 2, span, self.chip(space.place, link.name))
            if self.sides:
                yield cell("tunnel cable", row + 2, below + 1, span, "", mark)
            for side in self.sides:
                vni = f"<span>VXLAN</span> <span>VNI {link.vni}</span>" if side == "right" else ""
                yield from halves("tunnel wide", below, span, side, mark, vni)
                top, bottom = (below + 1, -1) if side == "right" else (TITLE, below + 1)
                yield cell("tunnel narrow half right", below, below + 1, span, "", mark)
                rest = Span(span.right, -1)
                yield cell(f"tunnel narrow from-{side}", top, bottom, rest, vni, mark)

    # --- the host's own interfaces ---

    def uplink(self, link: Interface, span: Span) -> Iterator[str]:
        floor = self.rows.floor
        yield cell("plug", floor - 1, floor, span, self.interface(self.here, link))
        for port in self.wire:
            if port.peer == end(self.here, link.name):
                mark = self.mark(comparison.link(LAN, port.name))
                yield cell("cable wide", floor, floor + 1, span, "", mark)
                yield from halves("turn narrow", floor, span, "left", mark)
                yield cell("plug out", floor, floor + 1, span, chip(port.name, mark))

    def chip(self, place: str, name: str) -> str:
        return chip(name, self.mark(comparison.link(place, name)))

    def addresses(self, place: str, link: Interface) -> str:
        return "".join(
            text(markup.painted(address), self.mark(comparison.address(place, link.name, address)))
            for address in link.addresses
        )

    def route(self, place: str, gateway: str) -> Mark:
        """What became of a default route, where its namespace was there before; or that it is not
        there yet.
        """
        kept = self.mark(comparison.space(place)) is Mark.KEPT
        mark = self.mark(comparison.route(place, gateway))
        return mark if kept or mark is Mark.ABSENT else Mark.KEPT

    def mark(self, fact: Fact) -> Mark:
        return self.changed.mark(fact)
