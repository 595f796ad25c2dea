"""A topology as text, a line for each thing: what transcripts keep, and what is compared.

h1/web (container, web) default via 172.17.0.1
  eth0 veth UP 8e:ec:e5:de:d3:d0 172.17.0.2/16 peer h1:veth0528bf8
h1 0.0.0.0:8080 -> web 80/tcp
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..topology import Interface, Namespace, Port, Topology

SPACE = re.compile(
    r"(?P<host>\w+)(?:/~?(?P<name>\S+))? \((?P<kind>\w+)(?:, (?P<containers>[^)]*))?\)"
    r"(?: default via (?P<gateway>\S+))?"
)
PORT = re.compile(
    r"(?P<host>\w+) \[?(?P<address>\S+?)\]?:(?P<port>\d+) -> (?P<container>\S+) (?P<target>\S+)"
)
JOINED = ("master", "peer", "parent", "vni")
"""What an interface may be joined to, by the word before it."""


def lines(topology: Topology) -> list[str]:
    """A topology as lines, the same for the same."""
    said = []
    for space in topology.namespaces:
        via = f" default via {space.gateway}" if space.gateway else ""
        said.append(f"{space.place} ({', '.join((space.kind, *space.containers))}){via}")
        said += [f"  {' '.join(words(one))}" for one in space.interfaces]
    said += [f"{one.host} {one.bound} -> {one.container} {one.target}" for one in topology.ports]
    return said


def words(link: Interface) -> Iterator[str]:
    """An interface, word by word."""
    yield from (link.name, link.kind, "UP" if link.up else "DOWN")
    yield from filter(None, (link.mac, *link.addresses))
    for word in JOINED:
        if value := getattr(link, word):
            yield from (word, str(value))


def parse(text: Iterable[str]) -> Topology:
    """A topology from its lines. Raises `ValueError` for a line that says nothing known."""
    spaces: list[Namespace] = []
    ports = []
    for line in text:
        if line.startswith("  ") and spaces:
            links = (*spaces[-1].interfaces, interface(line.split()))
            spaces[-1] = replace(spaces[-1], interfaces=links)
        elif found := SPACE.fullmatch(line):
            host, name, kind, names, gateway = (group or "" for group in found.groups())
            containers = tuple(names.split(", ")) if names else ()
            spaces.append(Namespace(host, kind, name, containers, gateway))
        elif found := PORT.fullmatch(line):
            host, address, port, container, target = found.groups()
            ports.append(Port(host, container, target, address, int(port)))
        else:
            raise ValueError(f"no line of a topology: {line}")
    return Topology(tuple(spaces), tuple(ports))


def read(text: list[str]) -> Topology:
    """A topology as it was written. Raises `ValueError` for lines that `lines` never writes."""
    try:
        topology = parse(text)
    except IndexError:
        raise ValueError("an interface is joined to nothing") from None
    places = [space.place for space in topology.namespaces]
    if len({*places}) != len(places):
        raise ValueError("a namespace is here twice")
    if lines(topology) != text or any(
        not 0 <= link.vni < 1 << 24 for space in topology.namespaces for link in space.interfaces
    ):
        raise ValueError("no topology is written so")
    return topology


def interface(said: list[str]) -> Interface:
    """An interface from its words."""
    name, kind, state, *rest = said
    facts = [word for word in rest if word not in JOINED]
    joined = {word: rest[rest.index(word) + 1] for word in JOINED if word in rest}
    facts = [word for word in facts if word not in joined.values()]
    return Interface(
        name=name,
        kind=kind,
        up=state == "UP",
        mac="".join(word for word in facts if "/" not in word),
        addresses=tuple(word for word in facts if "/" in word),
        master=joined.get("master", ""),
        peer=joined.get("peer", ""),
        parent=joined.get("parent", ""),
        vni=int(joined.get("vni", 0)),
    )
