"""One host's network in order: what is joined to what, from left to right.

Columns, one for each cable and each published port, in the order that keeps cables from
crossing. How wide they are is the browser's to find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ..topology import Interface, Namespace, Topology, end
from .elements import LAN, Bridge, BridgeBar, ContainerBox, Span, boxes_of, bridges_of

FIRST = 2
"""The line at the left of the first column: line 1 is the host's edge."""


@dataclass(frozen=True, slots=True)
class HostColumns:
    """A host from left to right."""

    host: Namespace
    groups: tuple[int, ...]
    """How many columns stand side by side without a gap."""
    boxes: tuple[ContainerBox, ...]
    bars: tuple[BridgeBar, ...]
    uplinks: tuple[tuple[Interface, Span], ...]
    """Its own interfaces that lead out, or nowhere: they stand at its lower edge."""


def arrange(topology: Topology, host: Namespace, *, crowded: bool) -> HostColumns:
    """A host's columns. Where it is `crowded`, bridges without ports are left out."""
    spaces = [space for space in topology.namespaces if space.host == host.host]
    ports = [port for port in topology.ports if port.host == host.host]
    bridges = sorted(bridges_of(spaces, crowded=crowded), key=lambda it: it.space.kind == "overlay")
    boxes = boxes_of(spaces, bridges, ports)
    used = {column.bridge for box in boxes for column in box.columns if column.bridge}
    last = max(map(bridges.index, used), default=0)
    before = [bridge for bridge in bridges[:last] if bridge not in used]
    behind = [bridge for bridge in bridges[last:] if bridge not in used]
    elements = [*before, *boxes, *behind]
    groups = [len(it.columns) or 1 if isinstance(it, ContainerBox) else 1 for it in elements]
    stands = [*zip(elements, side_by_side(groups), strict=True)]
    placed = tuple(box.at(span) for box, span in stands if isinstance(box, ContainerBox))
    spans = {bridge: span for bridge, span in stands if isinstance(bridge, Bridge)}
    free = [*free_spans(placed), *spans.values()]
    columns = [column for box in placed for column in box.columns]
    for bridge in used:
        spans[bridge] = hull([it.span for it in columns if it.bridge == bridge])
    uplinks = []
    for link in filter(leads_out, host.interfaces):
        parent = end(host.place, link.name)
        above = [it.span for it in columns if it.link and it.link.parent == parent]
        if not above and not free:
            groups.append(1)
            free = side_by_side(groups)[-1:]
        uplinks.append((link, hull(above) if above else free.pop(0)))
    return HostColumns(host, tuple(groups), placed, stack(bridges, spans), tuple(uplinks))


def side_by_side(groups: Sequence[int]) -> list[Span]:
    """Groups of columns, with a gap between each two."""
    lefts = accumulate((count + 1 for count in groups), initial=FIRST)
    return [Span(left, left + count) for left, count in zip(lefts, groups, strict=False)]


def hull(spans: Sequence[Span]) -> Span:
    """From the first to the last."""
    return Span(min(span.left for span in spans), max(span.right for span in spans))


def leads_out(link: Interface) -> bool:
    """Whether an interface of a host stands at its lower edge."""
    outside = link.kind == "veth" and (not link.peer or link.peer.startswith(end(LAN, "")))
    return outside or link.kind in ("ether", "dummy", "vlan", "macvlan", "ipvlan")


def free_spans(boxes: Iterable[ContainerBox]) -> Iterator[Span]:
    """Columns below containers with nothing that leads down to the host's edge."""
    for box in boxes:
        if not box.columns:
            yield box.span
        for column in box.columns:
            if not column.ports and not (column.link and column.link.parent):
                yield column.span


def stack(bridges: Iterable[Bridge], spans: Mapping[Bridge, Span]) -> tuple[BridgeBar, ...]:
    """Bars, each as high as those beside it leave room for."""
    bars: list[BridgeBar] = []
    for bridge in bridges:
        taken = {bar.level for bar in bars if bar.span.crosses(spans[bridge])}
        level = next(level for level in range(len(bars) + 1) if level not in taken)
        bars.append(BridgeBar(bridge, spans[bridge], level))
    return tuple(bars)
