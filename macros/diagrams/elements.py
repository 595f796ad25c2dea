"""What of a host's network is drawn, as parts with a width: containers, cables, bridges.

In what order they stand is for `columns.py` to find; heights are `heights.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..topology import Interface, Namespace, Port
from . import comparison
from .comparison import Comparison
from .shapes import width

GATEWAY = "default via {}"


@dataclass(slots=True)
class Column:
    """What stands below a container: a cable from one of its interfaces, or a published port."""

    wide: float
    link: Interface | None = None
    joint: str = ""
    """What the cable leads to, by `Joint.name`."""
    ports: tuple[Port, ...] = ()
    x: float = 0.0
    """Its middle."""

    @property
    def left(self) -> float:
        return self.x - self.wide / 2

    @property
    def right(self) -> float:
        return self.x + self.wide / 2


@dataclass(slots=True)
class ContainerBox:
    """A container's namespace, or a container in the host's own, with its columns."""

    space: Namespace
    names: tuple[str, ...]
    columns: list[Column]
    wide: float
    x: float = 0.0
    """Its left edge."""


@dataclass(slots=True)
class BridgeBar:
    """What cables lead to below the containers: a bridge, or a host's end of a veth pair."""

    name: str
    space: Namespace
    link: Interface
    columns: list[Column] = field(default_factory=list)
    wide: float = 0.0
    x: float = 0.0
    """Its left edge."""
    level: int = 0

    @property
    def overlay(self) -> bool:
        return self.space.kind == "overlay"


def joints_of(
    changed: Comparison, spaces: list[Namespace], *, crowded: bool
) -> Iterator[BridgeBar]:
    """What cables can lead to, in the order in which it was made."""
    for space in spaces:
        for link in space.interfaces:
            used = any(one.master == link.name for one in space.interfaces)
            bare = link.kind == "veth" and "/" in link.peer and not link.master
            if space.kind == "container" or not (link.kind == "bridge" or bare):
                continue
            if used or bare or not crowded:
                name = space.place if space.kind == "overlay" else f"{space.place}:{link.name}"
                extra = 20 if space.kind == "overlay" else 0
                yield BridgeBar(name, space, link, wide=bar_width(changed, space, link) + extra)


def bar_width(changed: Comparison, space: Namespace, link: Interface) -> float:
    """How wide the bar of a bridge has to be."""
    return max(map(width, (bar_name(changed, space, link), *link.addresses))) + 16


def bar_name(changed: Comparison, space: Namespace, link: Interface) -> str:
    """A bridge's name, and what there is to say of its state."""
    if turned := comparison.state_change(changed, space.place, link):
        return f"{link.name} {turned}"
    return link.name if link.up else f"{link.name} DOWN"


def cells_of(
    spaces: list[Namespace], joints: list[BridgeBar], ports: list[Port]
) -> Iterator[ContainerBox]:
    """The containers of a host, those without a namespace of their own last."""
    above = {link.name: link for joint in joints for link in joint.space.interfaces}
    for space in spaces:
        if space.kind != "container":
            continue
        columns = []
        for link in space.interfaces:
            joint = joint_of(link, joints)
            far = link.peer.partition(":")[2]
            texts = (link.name, *link.addresses, far if far in above else "")
            if link.kind in ("macvlan", "ipvlan"):
                texts = (*texts, link.mac)
            columns.append(Column(max(map(width, texts)) + 12, link, joint))
        for target in dict.fromkeys(port.target for port in ports if port.container == space.name):
            those = tuple(
                one for one in ports if (one.container, one.target) == (space.name, target)
            )
            bound = max(width(one.bound) for one in those)
            columns.append(Column(max(bound, width(target)) + 16, ports=those))
        gateway = width(GATEWAY.format(space.gateway)) if space.gateway else 0.0
        title = sum(width(name) + 24 for name in space.containers)
        need = max(gateway + 20, title, 90.0)
        lack = need - sum(column.wide for column in columns)
        for column in columns:
            column.wide += max(0.0, lack / len(columns))
        wide = max(need, sum(column.wide for column in columns))
        yield ContainerBox(space, space.containers, columns, wide)
    for space in spaces:
        if space.kind == "host":
            for name in space.containers:
                yield ContainerBox(space, (name,), [], max(width(name) + 24, 150.0))


def joint_of(link: Interface, joints: list[BridgeBar]) -> str:
    """What an interface of a container is joined to: a joint's name, ``parent``'s, or ""."""
    if link.parent:
        return link.parent
    place, _, name = link.peer.partition(":")
    for joint in joints:
        if joint.space.place != place:
            continue
        port = next((one for one in joint.space.interfaces if one.name == name), None)
        if port and joint.link.name in (port.master, port.name):
            return joint.name
    return ""
