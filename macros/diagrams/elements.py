"""What of a host's network is drawn: containers, what leads down from them, bridges.

Where they stand is for `columns.py` to find.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import mean

from ..topology import Interface, Namespace, Port, end

LAN = "lan"
BOXED = ("container", "namespace")
"""The kinds of namespaces that stand as boxes above the bridges."""


@dataclass(frozen=True, slots=True)
class Span:
    """Columns side by side: from the line at their left to the one at their right."""

    left: int
    right: int

    def crosses(self, other: Span) -> bool:
        return self.left < other.right and other.left < self.right


UNPLACED = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Bridge:
    """What cables lead to below the containers: a bridge, or a host's end of a veth pair."""

    space: Namespace
    link: Interface

    def joins(self, peer: str) -> bool:
        """Whether `peer`, a `place:name`, is one of its ports, or it itself."""
        return any(
            peer == end(self.space.place, link.name) and self.link.name in (link.master, link.name)
            for link in self.space.interfaces
        )


@dataclass(frozen=True, slots=True)
class Column:
    """What stands below a container: the cable of an interface, or a port it publishes."""

    link: Interface | None = None
    bridge: Bridge | None = None
    """What the cable leads to."""
    ports: tuple[Port, ...] = ()
    span: Span = UNPLACED

    @property
    def port(self) -> str:
        """The other end of its cable: a port of the bridge, or what stands there as one."""
        return self.link.peer.partition(":")[2] if self.link else ""


@dataclass(frozen=True, slots=True)
class ContainerBox:
    """A container's namespace, or a named one, or a container in the host's; with its columns."""

    space: Namespace
    names: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    span: Span = UNPLACED

    def at(self, span: Span) -> ContainerBox:
        """The box, and its columns, at a place."""
        columns = (
            replace(column, span=Span(left, left + 1))
            for left, column in enumerate(self.columns, span.left)
        )
        return replace(self, columns=tuple(columns), span=span)


@dataclass(frozen=True, slots=True)
class BridgeBar:
    """A bridge below its columns; `level` tells how many bars are between it and them."""

    bridge: Bridge
    span: Span
    level: int


def bridges_of(spaces: Sequence[Namespace], *, crowded: bool) -> Iterator[Bridge]:
    """What cables can lead to, in the order in which it was made."""
    for space in spaces:
        for link in space.interfaces:
            used = any(port.master == link.name for port in space.interfaces)
            bare = link.kind == "veth" and "/" in link.peer and not link.master
            drawn = bare or (link.kind == "bridge" and (used or not crowded))
            if drawn and space.kind not in BOXED:
                yield Bridge(space, link)


def boxes_of(
    spaces: Sequence[Namespace], bridges: Sequence[Bridge], ports: Sequence[Port]
) -> list[ContainerBox]:
    """The containers of a host in the order of their bridges, those in its own namespace last."""

    def order(column: Column) -> int:
        return bridges.index(column.bridge) if column.bridge else len(bridges)

    boxes = []
    for space in spaces:
        if space.kind in BOXED:
            columns = [
                Column(link, next((it for it in bridges if it.joins(link.peer)), None))
                for link in space.interfaces
            ]
            own = [port for port in ports if port.container == space.name]
            for target in dict.fromkeys(port.target for port in own):
                columns.append(Column(ports=tuple(it for it in own if it.target == target)))
            names = space.containers or (space.name,)
            boxes.append(ContainerBox(space, names, tuple(sorted(columns, key=order))))
    boxes.sort(key=lambda box: mean(map(order, box.columns)) if box.columns else len(bridges))
    hosts = [space for space in spaces if space.kind == "host"]
    return [*boxes, *(ContainerBox(it, (name,)) for it in hosts for name in it.containers)]
