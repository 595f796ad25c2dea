"""A scene's network at one moment: namespaces, their interfaces, how those are joined. Frozen.

It leaves a rig as text, a line for each thing: what transcripts keep, and what is compared.

h1/web (container, web) default via 172.17.0.1
  eth0 veth UP 8e:ec:e5:de:d3:d0 172.17.0.2/16 peer h1:veth0528bf8
h1 0.0.0.0:8080 -> web 80/tcp

Knows neither how it was surveyed (`rigs/survey.py`) nor how it is drawn (`diagrams`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

SPACE = re.compile(
    r"(?P<host>\w+)(?:/[~@]?(?P<name>\S+))? \((?P<kind>\w+)(?:, (?P<containers>[^)]*))?\)"
    r"(?: default via (?P<gateway>\S+))?"
)
PORT = re.compile(
    r"(?P<host>\w+) \[?(?P<address>\S+?)\]?:(?P<port>\d+) -> (?P<container>\S+) (?P<target>\S+)"
)
JOINED = ("master", "peer", "parent", "vni")
"""What an interface may be joined to, by the word before it."""


@dataclass(frozen=True, slots=True)
class Interface:
    """One network interface. `peer` and `parent` are `place:name`: ``h1/web:eth0``."""

    name: str
    kind: str
    """As ``ip -d link`` has it: veth, bridge, vxlan, macvlan, …; "loopback" and "ether" else."""
    up: bool
    """Up, and with a carrier."""
    mac: str = ""
    addresses: tuple[str, ...] = ()
    """With their prefix lengths; link-local ones are left out."""
    master: str = ""
    """The bridge it is a port of, in the same namespace."""
    peer: str = ""
    """The other end of a veth pair."""
    parent: str = ""
    """What a macvlan or ipvlan interface sits on."""
    vni: int = 0


LOOPBACK = Interface("lo", "loopback", up=True)
"""Every namespace has it. A survey keeps it only where there is nothing else."""


@dataclass(frozen=True, slots=True)
class Namespace:
    """One network namespace of a host, and who lives in it."""

    host: str
    kind: str
    """One of host, container, overlay: where dockerd keeps an overlay network's bridge; and
    namespace: one that no container is in, with a name that `ip netns` knows."""
    name: str = ""
    """Its own, or of the container that it was made for, or of the overlay network; "" for a
    host's own."""
    containers: tuple[str, ...] = ()
    gateway: str = ""
    """Of the default route."""
    interfaces: tuple[Interface, ...] = ()

    @property
    def place(self) -> str:
        """What it is called: ``h1``, ``h1/web`` as in a step's `on`, ``h1/~wide`` an overlay's,
        ``h1/@c1`` that of ``ip netns add c1``.
        """
        mark = {"overlay": "~", "namespace": "@"}.get(self.kind, "")
        return f"{self.host}/{mark}{self.name}" if self.name else self.host


@dataclass(frozen=True, slots=True)
class Port:
    """One published port, as ``docker port`` has it."""

    host: str
    container: str
    target: str
    """``80/tcp``."""
    address: str
    """The host's: ``0.0.0.0``, ``::``, or one that was chosen."""
    port: int

    @property
    def bound(self) -> str:
        """``0.0.0.0:8080``, ``[::]:8080``."""
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{address}:{self.port}"


@dataclass(frozen=True, slots=True)
class Topology:
    """Every namespace that matters: each host's own, lan's too, containers', overlays', named."""

    namespaces: tuple[Namespace, ...]
    ports: tuple[Port, ...] = ()


def end(place: str, interface: str) -> str:
    """What an interface is called by what is joined to it: ``h1/web:eth0``."""
    return f"{place}:{interface}"


def loops(end: str) -> bool:
    """Whether this is a loopback's, from which no packet goes on, and to which none comes."""
    return end.endswith(f":{LOOPBACK.name}")


def lines(topology: Topology) -> tuple[str, ...]:
    """A topology as lines, the same for the same."""
    rows = []
    for space in topology.namespaces:
        via = f" default via {space.gateway}" if space.gateway else ""
        rows.append(f"{space.place} ({', '.join((space.kind, *space.containers))}){via}")
        rows += [f"  {' '.join(words(link))}" for link in space.interfaces]
    rows += [
        f"{port.host} {port.bound} -> {port.container} {port.target}" for port in topology.ports
    ]
    return tuple(rows)


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
        elif match := SPACE.fullmatch(line):
            host, name, kind, names, gateway = (group or "" for group in match.groups())
            containers = tuple(names.split(", ")) if names else ()
            spaces.append(Namespace(host, kind, name, containers, gateway))
        elif match := PORT.fullmatch(line):
            host, address, port, container, target = match.groups()
            ports.append(Port(host, container, target, address, int(port)))
        else:
            raise ValueError(f"no line of a topology: {line}")
    return Topology(tuple(spaces), tuple(ports))


def check_lines(text: Sequence[str]) -> tuple[str, ...]:
    """The lines of a topology. Raises `ValueError` for such as `lines` never writes."""
    try:
        topology = parse(text)
    except IndexError:
        raise ValueError("an interface is joined to nothing") from None
    places = [space.place for space in topology.namespaces]
    if len({*places}) != len(places):
        raise ValueError("a namespace is here twice")
    if lines(topology) != tuple(text) or any(
        not 0 <= link.vni < 1 << 24 for space in topology.namespaces for link in space.interfaces
    ):
        raise ValueError("no topology is written so")
    return tuple(text)


def interface(words: list[str]) -> Interface:
    """An interface from its words."""
    name, kind, state, *rest = words
    joined = {word: rest[rest.index(word) + 1] for word in JOINED if word in rest}
    facts = [word for word in rest if word not in (*joined, *joined.values())]
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
