"""One host's network put in order for drawing: what is joined to what, and from left to right.

Columns, one for each cable and each published port, in the order that keeps cables from
crossing. Knows widths; heights, and where the host is, are `layout.py`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean

from ..topology import Interface, Namespace
from .comparison import Comparison
from .elements import BridgeBar, Column, ContainerBox, cells_of, joints_of
from .shapes import width

GAP = 14.0
EDGE = 16.0
LAN = "lan"


@dataclass(slots=True)
class HostColumns:
    """A host from left to right."""

    host: Namespace
    cells: list[ContainerBox]
    joints: list[BridgeBar]
    uplinks: list[Interface]
    """The host's own interfaces that lead out, or nowhere: they stand at its lower edge."""
    wide: float


def arrange(changed: Comparison, host: Namespace, *, crowded: bool, mirrored: bool) -> HostColumns:
    """A host's plan. Where it is `crowded`, bridges without ports are left out; where it is
    `mirrored`, overlays are at the right, and so near the next host."""
    spaces = [one for one in changed.topology.namespaces if one.host == host.host]
    joints = [*joints_of(changed, spaces, crowded=crowded)]
    joints.sort(key=lambda joint: joint.overlay if mirrored else not joint.overlay)
    ports = [port for port in changed.topology.ports if port.host == host.host]
    cells = [*cells_of(spaces, joints, ports)]
    order = {joint.name: number for number, joint in enumerate(joints)}

    def turn(cell: ContainerBox) -> float:
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
        widen(cells[0].columns[0], need + 6 - cells[0].columns[0].wide, cells)
    wide = place(cells, joints)
    least = max((sum(width(max((*one.addresses, one.name), key=len)) for one in uplinks), 90.0))
    return HostColumns(host, cells, joints, uplinks, max(wide, least + 2 * EDGE))


def leads_out(link: Interface) -> bool:
    """Whether an interface of a host stands at its lower edge."""
    outside = link.kind == "veth" and (not link.peer or link.peer.startswith(f"{LAN}:"))
    return outside or link.kind in ("ether", "dummy", "vlan", "macvlan", "ipvlan")


def place(cells: list[ContainerBox], joints: list[BridgeBar]) -> float:
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


def widen(column: Column, lack: float, cells: list[ContainerBox]) -> None:
    """Make room for what is wider than what hangs on it."""
    if lack > 0:
        column.wide += lack
        for cell in cells:
            if column in cell.columns:
                cell.wide = max(cell.wide, sum(one.wide for one in cell.columns))
