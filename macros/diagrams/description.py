"""A topology in words, as a nested list: what a diagram shows, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator

from .. import markup
from ..languages import Words
from ..topology import Interface, Namespace
from . import comparison
from .comparison import Comparison, Fact
from .elements import LAN


def describe(changed: Comparison, words: Words) -> str:
    """The list: hosts, in each its namespaces, in each its interfaces."""
    hosts = [one for one in changed.topology.namespaces if one.kind == "host"]
    return "".join(
        item(space(one, words), "", "".join(inside(changed, one, words))) for one in hosts
    )


def inside(changed: Comparison, host: Namespace, words: Words) -> Iterator[str]:
    """What is on a host."""
    yield from links(changed, host, words)
    for name in host.containers:
        said = f"{words.container.format(name)}{words.colon}{words.shares}"
        yield item(said, mark(changed, comparison.resident(host.place, name), words))
    for one in changed.topology.namespaces:
        if one.host == host.host and one is not host:
            rows = "".join(links(changed, one, words))
            yield item(space(one, words), mark(changed, comparison.space(one.place), words), rows)
    for port in changed.topology.ports:
        if port.host == host.host:
            said = words.published.format(port.bound, port.target, port.container)
            yield item(said, mark(changed, comparison.published(port), words))


def space(one: Namespace, words: Words) -> str:
    """What a namespace is called."""
    if one.kind == "host":
        said = f"{LAN}{words.colon}{words.wire}" if one.host == LAN else words.host.format(one.host)
    elif one.kind == "overlay":
        said = words.overlay.format(one.name)
    else:
        form = words.together if len(one.containers) > 1 else words.container
        said = form.format(words.also.join(one.containers))
    via = f"{words.then}{words.gateway.format(one.gateway)}" if one.gateway else ""
    return said + via


def links(changed: Comparison, one: Namespace, words: Words) -> Iterator[str]:
    """The interfaces of a namespace."""
    for link in one.interfaces:
        name = comparison.link(one.place, link.name)
        state = comparison.state(one.place, link)
        what = mark(changed, name, words) or ("" if link.up else mark(changed, state, words))
        yield item(words.then.join(facts(changed, one, link, words)), what)


def facts(changed: Comparison, one: Namespace, link: Interface, words: Words) -> Iterator[str]:
    """What there is to say of an interface."""
    yield " ".join((link.name, *link.addresses))
    if turned := comparison.state_change(changed, one.place, link):
        yield turned
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


def item(text: str, mark: str, rows: str = "") -> str:
    """One item, and what is below it."""
    what = f" <strong>{markup.escape(f'({mark})')}</strong>" if mark else ""
    return f"<li>{markup.painted(text)}{what}{f'<ul>{rows}</ul>' if rows else ''}</li>"
