"""Where everything of a topology stands in its picture. Pure; of HTML and SVG it knows nothing.

Hosts side by side, each drawn by `host.py`; tunnels between them, and below them the wire.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import ceil

from ..languages import Words
from ..topology import Namespace, end
from . import comparison
from .columns import EDGE, LAN, arrange
from .comparison import Comparison, Mark
from .heights import BELOW, CABLE, TOP, Heights, height
from .host import HostDrawing, Place
from .shapes import Box, Line, Picture, Shape, Text, chip, width

WIRE = 42.0


def layout(changed: Comparison, words: Words) -> Picture:
    """The picture of a topology."""
    spaces = changed.topology.namespaces
    hosts = [one for one in spaces if one.kind == "host" and one.host != LAN]
    tunnelled = [one.host for one in spaces if one.kind == "overlay"]
    plans = [
        arrange(changed, host, crowded=len(hosts) > 1, mirrored=host.host in tunnelled[:-1])
        for host in hosts
    ]
    cells = [cell for one in plans for cell in one.cells]
    tall = max((height(cell) for cell in cells), default=0.0)
    levels = max((joint.level + 1 for one in plans for joint in one.joints), default=0)
    joined = any(joint.columns for one in plans for joint in one.joints)
    rows = Heights(tall, levels, BELOW + (34 if tunnelled else 0), CABLE if joined else 16.0)
    gap = 72.0 if len(tunnelled) > 1 else 20.0
    shapes: list[Shape] = []
    ends: dict[str, Place] = {}
    spots: dict[str, Place] = {}
    tunnels: dict[int, list[tuple[Place, Mark]]] = {}
    x = TOP
    for one in plans:
        drawn = HostDrawing(changed, words, one, x, rows)
        shapes += drawn.host()
        ends |= drawn.ends
        spots |= drawn.spots
        for vni, at, mark in drawn.tunnels:
            tunnels.setdefault(vni, []).append((at, mark))
        x += one.wide + gap
    wide = x - gap + TOP
    for vni, stops in tunnels.items():
        for here, there in pairwise(stops):
            shapes += tunnel(vni, here, there)
    lan = next((one for one in spaces if one.place == LAN), None)
    if lan:
        shapes += wire(changed, lan, ends, rows, wide, words)
        middle = (wide - TOP - 4, rows.wire + WIRE / 2)
        spots |= {end(LAN, one.name): middle for one in lan.interfaces if not one.master}
        spots |= {
            end(LAN, one.name): (ends[one.peer][0] - width(one.name) / 2 - 5, rows.wire)
            for one in lan.interfaces
            if one.peer in ends
        }
    high = rows.wire + WIRE + TOP if lan else rows.floor + TOP
    points = tuple((name, x, y) for name, (x, y) in spots.items())
    return Picture(ceil(wide + TOP), high, tuple(shapes), points)


def tunnel(vni: int, one: tuple[Place, Mark], other: tuple[Place, Mark]) -> Iterator[Shape]:
    """What joins two hosts' VXLAN interfaces."""
    ((x1, y1), first), ((x2, y2), second) = one, other
    low, mark = max(y1, y2) + 24, first or second
    yield Line(((x1, y1 + 10), (x1, low), (x2, low), (x2, y2 + 10)), "tunnel", mark)
    yield Text((x1 + x2) / 2, low - 7, "VXLAN", "tunnel", mark)
    yield Text((x1 + x2) / 2, low + 16, f"VNI {vni}", "tunnel", mark)


def wire(
    changed: Comparison,
    lan: Namespace,
    ends: dict[str, tuple[float, float]],
    rows: Heights,
    wide: float,
    words: Words,
) -> Iterator[Shape]:
    """The bar of the wire, and the cables of the hosts to it."""
    ports = [(one, ends[one.peer]) for one in lan.interfaces if one.peer in ends]
    for one, (x, y) in ports:
        yield Line(
            ((x, y + 10), (x, rows.wire - 10)),
            "cable",
            changed.mark(comparison.link(LAN, one.name)),
        )
    bridge = next((one for one in lan.interfaces if one.kind == "bridge"), None)
    if bridge:
        yield Box(TOP, rows.wire, wide - 2 * TOP, WIRE, "wire")
        said = " ".join((bridge.name, *bridge.addresses))
        at = TOP + EDGE + width(said) + 14
        yield Text(TOP + EDGE, rows.wire + 29, said, "wire", centred=False)
        if at + width(words.wire) < wide:
            yield Text(at, rows.wire + 29, words.wire, "note", centred=False)
    for one, (x, _) in ports:
        yield from chip(x, rows.wire, one.name, changed.mark(comparison.link(LAN, one.name)))
