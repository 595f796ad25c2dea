"""A packet's way over the grid: a lane at the left of columns, with a number at each stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..topology import Interface, end, loops
from .cells import CABLES, Rows, cell
from .columns import HostColumns
from .elements import LAN, Span


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a thing stands: below which columns, and how far down: in half rows.

    An even `down` is a row's upper line, an odd one the middle of a row.
    """

    span: Span
    down: int


def stops(
    columns: HostColumns, rows: Rows, wire: Sequence[Interface]
) -> Iterator[tuple[str, Stop]]:
    """Everything of a host and of the wire that a packet can pass, by what it is called."""
    for box in columns.boxes:
        for column in box.columns:
            if column.link:
                key = end(box.space.place, column.link.name)
                yield key, Stop(column.span, 2 * CABLES)
                bar = next((it for it in columns.bars if it.bridge is column.bridge), None)
                if bar:
                    yield column.link.peer, Stop(column.span, 2 * rows.bar(bar.level))
    for bar in columns.bars:
        space, row = bar.bridge.space, rows.bar(bar.level)
        for link in space.interfaces:
            if link.kind == "vxlan":
                yield end(space.place, link.name), Stop(bar.span, 2 * row + 4)
        yield end(space.place, bar.bridge.link.name), Stop(bar.span, 2 * row + 1)
    for uplink, span in columns.uplinks:
        here = end(columns.host.place, uplink.name)
        yield here, Stop(span, 2 * rows.floor)
        for link in wire:
            if link.peer == here:
                yield end(LAN, link.name), Stop(span, 2 * rows.wire)
            elif not link.master:
                yield end(LAN, link.name), Stop(span, 2 * rows.wire + 1)


def lane(
    known: Mapping[str, Stop], hops: Sequence[str], rows: Rows, *, lost: bool = False
) -> Iterator[str]:
    """The line along those `hops` that are of this host, then their numbers.

    Where it is `lost`, the way ends before the last of them. From a loopback no packet goes on: to
    the next hop leads a line of another look.
    """
    numbers: dict[Stop, list[int]] = {}
    way: list[tuple[int, Stop]] = []
    for number, name in enumerate(hops, 1):
        if name in known:
            stop = known[name]
            at = way[-1][1].span.left if way else stop.span.left
            within = stop.span.left <= at < stop.span.right
            line = at if within else stop.span.left
            way.append((number, Stop(Span(line, line + 1), stop.down)))
            numbers.setdefault(way[-1][1], []).append(number)
    for (start, before), (number, stop) in pairwise(way):
        upper, lower = sorted((before, stop), key=lambda stop: stop.down)
        ends = lost and number == len(hops)
        anew = loops(hops[start - 1]) or loops(hops[number - 1])
        kind = "way lost" if ends else "way anew" if anew else "way"
        yield from piece(upper, lower, rows, number, kind)
        if ends:
            numbers.pop(stop)
            turned = upper.span != lower.span
            row = turn_below(upper, rows) - 1 if turned else (upper.down + 1) // 2
            kind = "hop edge lost" if turned else "hop lost"
            yield cell(kind, row, row + 1, before.span, "✕", hops=[number])
    for stop, visits in numbers.items():
        row, middle = divmod(stop.down, 2)
        label = "·".join(map(str, visits))
        top = row if middle else row - 1
        kind = "hop" if middle else "hop edge"
        yield cell(kind, top, top + 1, stop.span, label, hops=visits)


def piece(upper: Stop, lower: Stop, rows: Rows, number: int, kind: str) -> Iterator[str]:
    """The line between two stops; where it changes columns, it does below the bridges."""
    turn = turn_below(upper, rows)
    if upper.span == lower.span:
        yield from straight(upper.span, upper.down, lower.down, number, kind)
        return
    left, right = sorted((upper.span.left, lower.span.left))
    yield from straight(upper.span, upper.down, 2 * turn, number, kind)
    yield cell(f"{kind} along", turn - 1, turn, Span(left, right), hops=[number])
    top, bottom = sorted((2 * turn, lower.down))
    yield from straight(lower.span, top, bottom, number, kind)


def turn_below(upper: Stop, rows: Rows) -> int:
    """The line along which a way changes columns."""
    return max(rows.below, upper.down // 2) + 1


def straight(span: Span, top: int, bottom: int, number: int, kind: str) -> Iterator[str]:
    """A line down a lane, between two heights in half rows."""
    first, last = (top + 1) // 2, bottom // 2
    if top % 2:
        yield cell(f"{kind} lower", first - 1, first, span, hops=[number])
    if last > first:
        yield cell(kind, first, last, span, hops=[number])
    if bottom % 2:
        yield cell(f"{kind} upper", last, last + 1, span, hops=[number])
