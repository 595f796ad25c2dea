"""One host's network put in order for drawing: what is joined to what, and from left to right.

Columns, one for each cable and each published port, in the order that keeps cables from
crossing. Knows widths; heights, and where the host is, are `layout.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import mean

from .changes import Changed
from .drawing import width
from .topology import Interface, Namespace, Port

GAP = 14.0
EDGE = 16.0
LAN = "lan"
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
class Cell:
    """A container's namespace, or a container in the host's own, with its columns."""

    space: Namespace
    names: tuple[str, ...]
    columns: list[Column]
    wide: float
    x: float = 0.0
    """Its left edge."""


@dataclass(slots=True)
class Joint:
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


@dataclass(slots=True)
class Plan:
    """A host from left to right."""

    host: Namespace
    cells: list[Cell]
    joints: list[Joint]
    uplinks: list[Interface]
    """The host's own interfaces that lead out, or nowhere: they stand at its lower edge."""
    wide: float


def plan(changed: Changed, host: Namespace, *, crowded: bool, mirrored: bool) -> Plan:
    """A host's plan. Where it is `crowded`, bridges without ports are left out; where it is
    `mirrored`, overlays are at the right, and so near the next host."""
    spaces = [one for one in changed.topology.namespaces if one.host == host.host]
    joints = [*joints_of(spaces, crowded=crowded)]
    joints.sort(key=lambda joint: joint.overlay if mirrored else not joint.overlay)
    ports = [port for port in changed.topology.ports if port.host == host.host]
    cells = [*cells_of(spaces, joints, ports)]
    order = {joint.name: number for number, joint in enumerate(joints)}

    def turn(cell: Cell) -> float:
        joined = [order[column.joint] for column in cell.columns if column.joint in order]
        return mean(joined) if joined else len(joints)

    cells.sort(key=turn)
    by_name = {joint.name: joint for joint in joints}
    for cell in cells:
        cell.columns.sort(key=lambda column: order.get(column.joint, len(joints)))
        for column in cell.columns:
            if column.joint in by_name:
                by_name[column.joint].columns.append(column)
    uplinks = [one for one in host.interfaces if leads_out(one)]
    if cells and cells[0].columns:
        need = max((width(each) for one in uplinks for each in one.addresses), default=0.0)
        widen(cells[0].columns[0], need + 8 - cells[0].columns[0].wide, cells)
    wide = place(cells, joints)
    least = max((sum(width(max((*one.addresses, one.name), key=len)) for one in uplinks), 90.0))
    return Plan(host, cells, joints, uplinks, max(wide, least + 2 * EDGE))


def leads_out(link: Interface) -> bool:
    """Whether an interface of a host stands at its lower edge."""
    outside = link.kind == "veth" and (not link.peer or link.peer.startswith(f"{LAN}:"))
    return outside or link.kind in ("ether", "dummy", "vlan", "macvlan", "ipvlan")


def joints_of(spaces: list[Namespace], *, crowded: bool) -> Iterator[Joint]:
    """What cables can lead to, in the order in which it was made."""
    for space in spaces:
        for link in space.interfaces:
            used = any(one.master == link.name for one in space.interfaces)
            bare = link.kind == "veth" and "/" in link.peer and not link.master
            if space.kind == "container" or not (link.kind == "bridge" or bare):
                continue
            if used or bare or not crowded:
                name = space.place if space.kind == "overlay" else f"{space.place}:{link.name}"
                extra = 24 if space.kind == "overlay" else 0
                yield Joint(name, space, link, wide=label_width(link) + extra)


def label_width(link: Interface) -> float:
    """How wide the bar of a bridge has to be."""
    name = link.name if link.up else f"{link.name} DOWN"
    return max(map(width, (name, *link.addresses))) + 20


def cells_of(spaces: list[Namespace], joints: list[Joint], ports: list[Port]) -> Iterator[Cell]:
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
            columns.append(Column(max(map(width, texts)) + 16, link, joint))
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
        yield Cell(space, space.containers, columns, wide)
    for space in spaces:
        if space.kind == "host":
            for name in space.containers:
                yield Cell(space, (name,), [], max(width(name) + 24, 150.0))


def joint_of(link: Interface, joints: list[Joint]) -> str:
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


def place(cells: list[Cell], joints: list[Joint]) -> float:
    """Give cells, columns and joints their x; the width of all."""
    alone = [joint for joint in joints if not joint.columns]
    first = [one for one in alone if any(other.columns for other in joints[joints.index(one) :])]
    x = EDGE
    for joint in first:
        joint.x, x = x, x + joint.wide + GAP
    for joint in joints:
        if joint.columns:
            lack = joint.wide - sum(column.wide for column in joint.columns)
            widen(joint.columns[-1], lack, cells)
    for cell in cells:
        cell.x = x
        for column in cell.columns:
            column.x, x = x + column.wide / 2, x + column.wide
        x = max(x, cell.x + cell.wide) + GAP
    for joint in alone:
        if joint not in first:
            joint.x, x = x, x + joint.wide + GAP
    taken: list[list[tuple[float, float]]] = []
    for joint in joints:
        if joint.columns:
            left = min(column.left for column in joint.columns)
            joint.x, joint.wide = left, max(column.right for column in joint.columns) - left
        span = (joint.x, joint.x + joint.wide)
        while joint.level < len(taken) and any(
            span[0] < other[1] and other[0] < span[1] for other in taken[joint.level]
        ):
            joint.level += 1
        taken += [[]] if joint.level == len(taken) else []
        taken[joint.level].append(span)
    return x - GAP + EDGE


def widen(column: Column, lack: float, cells: list[Cell]) -> None:
    """Make room for what is wider than what hangs on it."""
    if lack > 0:
        column.wide += lack
        for cell in cells:
            if column in cell.columns:
                cell.wide = max(cell.wide, sum(one.wide for one in cell.columns))
