"""Two topologies laid over each other: what is there in either, and what is new or gone. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from typing import TypeVar

from ..topology import Interface, Namespace, Port, Topology

T = TypeVar("T")
K = TypeVar("K")


class Mark(StrEnum):
    """What became of something between two moments."""

    KEPT = ""
    NEW = "new"
    GONE = "gone"
    ABSENT = "absent"
    """Not there at this moment, and at another: its place is kept."""


class Kind(StrEnum):
    """What a fact is of."""

    SPACE = "space"
    RESIDENT = "resident"
    LINK = "link"
    ADDRESS = "address"
    STATE = "state"
    ROUTE = "route"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so in a topology, and may not be so in another."""

    kind: Kind
    place: str
    """Of a namespace: ``h1/web``."""
    name: str = ""
    """Of what is there: a container, an interface, the address that a port is bound to."""
    value: str = ""
    """What is so of it, where that may change."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is there before or after, in one topology, and the facts that are not in both."""

    topology: Topology
    new: frozenset[Fact] = frozenset()
    gone: frozenset[Fact] = frozenset()
    absent: frozenset[Fact] = frozenset()

    def mark(self, fact: Fact) -> Mark:
        """What became of a fact of `facts`."""
        marks = {Mark.NEW: self.new, Mark.GONE: self.gone, Mark.ABSENT: self.absent}
        return next((mark for mark, those in marks.items() if fact in those), Mark.KEPT)


def space(place: str) -> Fact:
    """The fact that a namespace is there."""
    return Fact(Kind.SPACE, place)


def resident(place: str, container: str) -> Fact:
    """The fact that a container lives in a namespace."""
    return Fact(Kind.RESIDENT, place, container)


def link(place: str, interface: str) -> Fact:
    """The fact that an interface is there."""
    return Fact(Kind.LINK, place, interface)


def address(place: str, interface: str, given: str) -> Fact:
    """The fact that an interface has an address."""
    return Fact(Kind.ADDRESS, place, interface, given)


def state(place: str, interface: Interface) -> Fact:
    """The fact that an interface is up, or down."""
    return Fact(Kind.STATE, place, interface.name, "UP" if interface.up else "DOWN")


def state_change(changed: Comparison, place: str, interface: Interface) -> str:
    """How the state of an interface changed that was there before: ``DOWN → UP``; else ""."""
    was = changed.mark(link(place, interface.name)) is Mark.KEPT
    if not was or changed.mark(state(place, interface)) is Mark.KEPT:
        return ""
    return "DOWN → UP" if interface.up else "UP → DOWN"


def route(place: str, gateway: str) -> Fact:
    """The fact that a namespace has a default route."""
    return Fact(Kind.ROUTE, place, value=gateway)


def published(port: Port) -> Fact:
    """The fact that a port is published."""
    return Fact(Kind.PUBLISHED, port.host, port.bound, f"{port.container} {port.target}")


def facts(topology: Topology) -> frozenset[Fact]:
    """Everything that is so in a topology."""
    result = {published(port) for port in topology.ports}
    for namespace in topology.namespaces:
        place = namespace.place
        result |= {space(place), *(resident(place, name) for name in namespace.containers)}
        result |= {route(place, namespace.gateway)} if namespace.gateway else set()
        for interface in namespace.interfaces:
            result |= {link(place, interface.name), state(place, interface)}
            result |= {address(place, interface.name, given) for given in interface.addresses}
    return frozenset(result)


def compare(before: Topology, after: Topology) -> Comparison:
    """What changed. What is gone stands behind what is still there."""
    old, new = facts(before), facts(after)
    spaces = merge_by_name(before.namespaces, after.namespaces, lambda space: space.place, merge)
    ports = merge_by_name(before.ports, after.ports, published, lambda _, port: port)
    return Comparison(Topology(spaces, ports), new - old, old - new)


def opposed(one: Topology, others: Iterable[Topology]) -> Comparison:
    """One of several topologies, with what not all others have, but the ends of cables.

    Their names are drawn anew each time.
    """
    cables = {
        (space.place, link.name)
        for space in one.namespaces
        for link in space.interfaces
        if "/" in link.peer
    }
    own = facts(one) - frozenset.intersection(*map(facts, others))
    return Comparison(one, frozenset(it for it in own if (it.place, it.name) not in cables))


def grown(moments: Sequence[Topology]) -> list[Comparison]:
    """Each of some moments, with what changed since the one before: all in the room of all."""
    whole = reduce(lambda before, after: compare(before, after).topology, moments)
    result: list[Comparison] = []
    known = facts(moments[0])
    for moment in moments:
        now, drawn = facts(moment), within(whole, moment)
        gone = known - now
        result.append(Comparison(drawn, now - known, gone, facts(drawn) - now - gone))
        known = now
    return result


def within(whole: Topology, moment: Topology) -> Topology:
    """All that there is at any moment, in its order; what is there at this one as it is then."""
    now = {space.place: space for space in moment.namespaces}
    return replace(whole, namespaces=tuple(
        fitted(space, now[space.place]) if space.place in now else space
        for space in whole.namespaces
    ))  # fmt: skip


def fitted(space: Namespace, now: Namespace) -> Namespace:
    """A namespace of all moments, as it is at one."""
    links = {link.name: link for link in now.interfaces}
    every = tuple(
        replace(links[link.name], addresses=link.addresses) if link.name in links else link
        for link in space.interfaces
    )
    gateway = now.gateway or space.gateway
    return replace(space, gateway=gateway, interfaces=every)


def merge_by_name(
    before: Iterable[T], after: Iterable[T], name: Callable[[T], K], merge: Callable[[T, T], T]
) -> tuple[T, ...]:
    """What is in either, by name: merged where it is in both."""
    old = {name(thing): thing for thing in before}
    kept = [merge(old[name(thing)], thing) if name(thing) in old else thing for thing in after]
    names = {name(thing) for thing in kept}
    return (*kept, *(thing for key, thing in old.items() if key not in names))


def merge(before: Namespace, after: Namespace) -> Namespace:
    """One namespace, before and after."""
    links = merge_by_name(before.interfaces, after.interfaces, lambda link: link.name, join)
    names = merge_by_name(before.containers, after.containers, str, lambda _, name: name)
    return replace(after, containers=names, interfaces=links)


def join(before: Interface, after: Interface) -> Interface:
    """One interface, before and after."""
    given = merge_by_name(before.addresses, after.addresses, str, lambda _, address: address)
    return replace(after, addresses=given)
