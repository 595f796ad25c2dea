"""Two topologies laid over each other: what is there in either, and what is new or gone. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from ..topology import Interface, Namespace, Port, Topology

T = TypeVar("T")


class Mark(StrEnum):
    """What became of something between two moments."""

    KEPT = ""
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is there before or after, in one topology, and the facts that are not in both."""

    topology: Topology
    new: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()

    def mark(self, fact: str) -> Mark:
        """What became of a fact of `facts`."""
        return Mark.NEW if fact in self.new else Mark.GONE if fact in self.gone else Mark.KEPT


def resident(place: str, container: str) -> str:
    """The fact that a container lives in a namespace."""
    return f"{place} has {container}"


def link(place: str, interface: str) -> str:
    """The fact that an interface is there: also what a peer is called."""
    return f"{place}:{interface}"


def address(place: str, interface: str, given: str) -> str:
    """The fact that an interface has an address."""
    return f"{place}:{interface} {given}"


def state(place: str, interface: Interface) -> str:
    """The fact that an interface is up, or down."""
    return f"{place}:{interface.name} {'UP' if interface.up else 'DOWN'}"


def state_change(changed: Comparison, place: str, interface: Interface) -> str:
    """How the state of an interface changed that was there before: ``DOWN → UP``; else ""."""
    there = changed.mark(link(place, interface.name)) is Mark.KEPT
    if not there or changed.mark(state(place, interface)) is Mark.KEPT:
        return ""
    return "DOWN → UP" if interface.up else "UP → DOWN"


def published(port: Port) -> str:
    """The fact that a port is published."""
    return f"{port.host} {port.bound} {port.container} {port.target}"


def facts(topology: Topology) -> frozenset[str]:
    """Everything that is so in a topology and may not be so in another."""
    found = {published(port) for port in topology.ports}
    for space in topology.namespaces:
        found.add(space.place)
        found |= {resident(space.place, name) for name in space.containers}
        for one in space.interfaces:
            found |= {link(space.place, one.name), state(space.place, one)}
            found |= {address(space.place, one.name, each) for each in one.addresses}
    return frozenset(found)


def compare(before: Topology, after: Topology) -> Comparison:
    """What changed. What is gone stands behind what is still there."""
    old, new = facts(before), facts(after)
    spaces = merge_by_name(before.namespaces, after.namespaces, lambda space: space.place, merged)
    ports = merge_by_name(before.ports, after.ports, published, lambda _, port: port)
    return Comparison(Topology(spaces, ports), new - old, old - new)


def merge_by_name(
    before: Iterable[T], after: Iterable[T], name: Callable[[T], str], merge: Callable[[T, T], T]
) -> tuple[T, ...]:
    """What is in either, by name: merged where it is in both."""
    old = {name(one): one for one in before}
    kept = [merge(old[name(one)], one) if name(one) in old else one for one in after]
    there = {name(one) for one in kept}
    return (*kept, *(one for key, one in old.items() if key not in there))


def merged(before: Namespace, after: Namespace) -> Namespace:
    """One namespace, before and after."""
    links = merge_by_name(before.interfaces, after.interfaces, lambda one: one.name, joined)
    names = merge_by_name(before.containers, after.containers, str, lambda _, name: name)
    return replace(after, containers=names, interfaces=links)


def joined(before: Interface, after: Interface) -> Interface:
    """One interface, before and after."""
    given = merge_by_name(before.addresses, after.addresses, str, lambda _, one: one)
    return replace(after, addresses=given)
