"""A topology in words, as a nested list: what a diagram shows, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ..languages import Words
from ..topology import Interface, Namespace
from . import comparison
from .comparison import Comparison, Fact
from .elements import LAN


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the list, and what is below it."""

    text: str
    mark: str = ""
    """Whether it is new or gone, as a word."""
    below: tuple[Item, ...] = ()


def describe(changed: Comparison, words: Words) -> tuple[Item, ...]:
    """The list: hosts, in each its namespaces, in each its interfaces."""
    hosts = [space for space in changed.topology.namespaces if space.kind == "host"]
    return tuple(
        Item(name_of(host, words), below=tuple(items_of(changed, host, words))) for host in hosts
    )


def items_of(changed: Comparison, host: Namespace, words: Words) -> Iterator[Item]:
    """What is on a host."""
    yield from links(changed, host, words)
    for name in host.containers:
        text = f"{words.container.format(name)}{words.colon}{words.shares}"
        yield Item(text, mark(changed, comparison.resident(host.place, name), words))
    for space in changed.topology.namespaces:
        if space.host == host.host and space is not host:
            rows = tuple(links(changed, space, words))
            fact = comparison.space(space.place)
            yield Item(name_of(space, words), mark(changed, fact, words), rows)
    for port in changed.topology.ports:
        if port.host == host.host:
            text = words.published.format(port.bound, port.target, port.container)
            yield Item(text, mark(changed, comparison.published(port), words))


def changes(items: Iterable[Item]) -> tuple[Item, ...]:
    """Of a list what is marked, with what it is below."""
    found = (replace(item, below=changes(item.below)) for item in items)
    return tuple(item for item in found if item.mark or item.below)


def name_of(space: Namespace, words: Words) -> str:
    """What a namespace is called."""
    if space.place == LAN:
        name = f"{LAN}{words.colon}{words.wire}"
    elif space.kind == "host":
        name = words.host.format(space.host)
    elif space.kind == "overlay":
        name = words.overlay.format(space.name)
    elif space.kind == "namespace":
        name = words.named.format(space.name)
    else:
        form = words.together if len(space.containers) > 1 else words.container
        name = form.format(words.also.join(space.containers))
    return name + (f"{words.then}{words.gateway.format(space.gateway)}" if space.gateway else "")


def links(changed: Comparison, space: Namespace, words: Words) -> Iterator[Item]:
    """The interfaces of a namespace."""
    for link in space.interfaces:
        name = comparison.link(space.place, link.name)
        state = comparison.state(space.place, link)
        text = mark(changed, name, words) or ("" if link.up else mark(changed, state, words))
        yield Item(words.then.join(facts(changed, space, link, words)), text)


def facts(changed: Comparison, space: Namespace, link: Interface, words: Words) -> Iterator[str]:
    """What there is to say of an interface."""
    yield " ".join((link.name, *link.addresses))
    if change := comparison.state_change(changed, space.place, link):
        yield change
    elif not link.up:
        yield words.down
    if link.kind in ("macvlan", "ipvlan"):
        yield words.parent.format(link.kind, link.parent)
        yield link.mac
    if link.master:
        yield words.port.format(link.master)
    if link.peer:
        yield words.peer.format(link.peer)
    if link.vni:
        yield words.tunnel.format(link.vni)


def mark(changed: Comparison, fact: Fact, words: Words) -> str:
    """Whether something is new or gone, as a word."""
    return str(words.get(changed.mark(fact), ""))
