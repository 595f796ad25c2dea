"""A topology from what `image/survey.py` tells of each host. Pure; keeps what can be drawn.

Two ends of a veth pair find each other by what the kernel says of them: an interface's
`link_index` is its peer's number, `link_netnsid` its peer's namespace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..topology import Interface, Namespace, Port, Topology

LAN = "lan"
Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A namespace that is kept: its raw survey, and what it will be called."""

    raw: Raw
    space: Namespace


def distil(surveys: Mapping[str, Raw]) -> Topology:
    """What is kept of the surveys, by host."""
    places = [place for host, survey in surveys.items() for place in places_of(host, survey)]
    return Topology(
        tuple(namespace_at(place, places) for place in places),
        tuple(port for host, survey in surveys.items() for port in published(host, survey)),
    )


def places_of(host: str, survey: Raw) -> Iterator[Place]:
    """The namespaces of a host that matter: its own, containers', overlays' they are in, named."""
    containers = survey["containers"]
    order = [container["inode"] for container in containers]  # as they were started

    def turn(raw: Raw) -> tuple[bool, int]:
        """Not by name: most of those are drawn anew each time."""
        return raw["name"] != "host", order.index(raw["inode"]) if raw["inode"] in order else -1

    for raw in sorted(survey["namespaces"], key=turn):
        inside = [container for container in containers if container["inode"] == raw["inode"]]
        names = tuple(container["name"] for container in inside)
        if raw["name"] == "host":
            yield Place(raw, Namespace(host, "host", "", names))
        elif inside:
            owner = next((c for c in inside if not c["mode"].startswith("container:")), inside[0])
            yield Place(raw, Namespace(host, "container", owner["name"], names))
        elif raw["name"].startswith("@"):
            yield Place(raw, Namespace(host, "namespace", raw["name"][1:]))
        elif network := overlay(raw["name"], survey):
            yield Place(raw, Namespace(host, "overlay", network))


def overlay(file: str, survey: Raw) -> str:
    """The network whose namespace dockerd keeps in this file; "" where no container is on it."""
    _, _, start = file.partition("-")
    names = (
        name
        for container in survey["containers"]
        for name, network in container["networks"].items()
        if start and network.startswith(start)
    )
    return next(names, "")


def namespace_at(place: Place, places: list[Place]) -> Namespace:
    """A namespace with its interfaces and its default route.

    Of lo there is nothing to see, but where a container has nothing else.
    """
    space, raw = place.space, place.raw
    alone = len(raw["address"]) == 1 and space.kind != "namespace"
    default = (route for route in raw["route"] if route["dst"] == "default")
    links = [link for link in raw["address"] if link["ifname"] != "lo" or alone]
    interfaces = [
        interface(link, place, places)
        for link in sorted(links, key=index_of)
        if not leads_to_unkept(link, place, places)
    ]
    return Namespace(
        space.host, space.kind, space.name, space.containers,
        next((route.get("gateway", "") for route in default), ""), tuple(interfaces),
    )  # fmt: skip


def index_of(link: Raw) -> int:
    """The order in which interfaces were made."""
    return int(link["ifindex"])


def leads_to_unkept(link: Raw, place: Place, places: list[Place]) -> bool:
    """Whether a veth leads to a namespace of dockerd's own that is not kept: swarm's ingress."""
    name = next((n for n, i in place.raw["ids"].items() if i == link.get("link_netnsid")), "")
    known = {p.raw["name"] for p in places if p.space.host == place.space.host}
    return kind(link) == "veth" and name != "" and name not in known


def interface(link: Raw, place: Place, places: list[Place]) -> Interface:
    """One interface, its other end found."""
    sort = kind(link)
    peer = end(link, place, places) if sort in ("veth", "macvlan", "ipvlan") else ""
    return Interface(
        name=link["ifname"],
        kind=sort,
        up={"UP", "LOWER_UP"} <= {*link["flags"]},
        mac=link["address"] if sort != "loopback" else "",
        addresses=tuple(
            f"{address['local']}/{address['prefixlen']}"
            for address in link["addr_info"]
            if address.get("scope") != "link"
        ),
        master=link.get("master", ""),
        peer=peer if sort == "veth" else "",
        parent=peer if sort != "veth" else "",
        vni=link["linkinfo"]["info_data"]["id"] if sort == "vxlan" else 0,
    )


def kind(link: Raw) -> str:
    """What sort of interface it is."""
    plain = "loopback" if link["link_type"] == "loopback" else "ether"
    return str(link.get("linkinfo", {}).get("info_kind", plain))


def end(link: Raw, place: Place, places: list[Place]) -> str:
    """The other end as `place:name`, "" where it is nowhere that is kept."""
    if "link" in link:
        return f"{place.space.place}:{link['link']}"
    name = next((n for n, i in place.raw["ids"].items() if i == link.get("link_netnsid")), "")
    host = place.space.host
    for owner in places:
        near = owner.space.host == host and owner.raw["name"] == name
        wire = not name and place.raw["name"] == owner.raw["name"] == "host" and owner is not place
        for remote in owner.raw["address"]:
            ahead = remote["ifindex"] == link.get("link_index")
            back = remote.get("link_index") == link["ifindex"] or kind(link) != "veth"
            over = wire and on_wire((place, link), (owner, remote))
            if ahead and back and (near or over):
                return f"{owner.space.place}:{remote['ifname']}"
    return ""


def on_wire(first: tuple[Place, Raw], second: tuple[Place, Raw]) -> bool:
    """Whether these are the two ends of a host's cable: the port of lan is named as the host."""
    return any(
        place.space.host == LAN and link["ifname"] == far.space.host
        for (place, link), (far, _) in ((first, second), (second, first))
    )


def published(host: str, survey: Raw) -> Iterator[Port]:
    """The published ports of a host's containers.

    Of one that no port of the host leads to, in gateway mode `routed`, Docker says ``""``.
    """
    for container in survey["containers"]:
        for target, bindings in sorted((container["ports"] or {}).items()):
            for binding in (one for one in bindings or () if one["HostPort"]):
                address, port = binding["HostIp"] or "0.0.0.0", int(binding["HostPort"])
                yield Port(host, container["name"], target, address, port)
