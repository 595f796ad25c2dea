"""A scene's network at one moment: namespaces, their interfaces, how those are joined. Frozen.

Knows neither how it was surveyed (`distil.py`) nor how it is drawn (`layout.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


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


@dataclass(frozen=True, slots=True)
class Namespace:
    """One network namespace of a host, and who lives in it."""

    host: str
    kind: str
    """One of host, container, and overlay: where dockerd keeps an overlay network's bridge."""
    name: str = ""
    """Of the container that it was made for, or of the overlay network; "" for a host's own."""
    containers: tuple[str, ...] = ()
    gateway: str = ""
    """Of the default route."""
    interfaces: tuple[Interface, ...] = ()

    @property
    def place(self) -> str:
        """What it is called: ``h1``, ``h1/web`` as in a step's `on`, ``h1/~wide`` an overlay's."""
        mark = "~" if self.kind == "overlay" else ""
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
    """Every namespace that matters: each host's own, lan's too, containers' and overlays'."""

    namespaces: tuple[Namespace, ...]
    ports: tuple[Port, ...] = ()


def lines(topology: Topology) -> str:
    """A topology as text, a line for each thing: what is compared, and read in a diff."""
    said = []
    for space in topology.namespaces:
        names = [part for part in (space.kind, *space.containers) if part]
        via = f" default via {space.gateway}" if space.gateway else ""
        said.append(f"{space.place} ({', '.join(names)}){via}")
        for one in space.interfaces:
            facts = (
                one.kind, "UP" if one.up else "DOWN", one.mac, *one.addresses,
                one.master and f"master {one.master}", one.peer and f"peer {one.peer}",
                one.parent and f"parent {one.parent}", one.vni and f"vni {one.vni}",
            )  # fmt: skip
            said.append(f"  {one.name} {' '.join(map(str, filter(None, facts)))}")
    said += [f"{one.host} {one.bound} -> {one.container} {one.target}" for one in topology.ports]
    return "".join(f"{line}\n" for line in said)


def to_plain(topology: Topology) -> dict[str, Any]:
    """As it is written to a transcript: what is empty is left out."""
    plain: dict[str, Any] = bare(asdict(topology))
    return plain


def bare(value: Any) -> Any:
    """A value without the empty ones in it; whether something is up is said in any case."""
    if isinstance(value, dict):
        kept = {key: bare(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in ("", 0, []) or key == "up"}
    return [bare(one) for one in value] if isinstance(value, list | tuple) else value


def from_plain(raw: Mapping[str, Any]) -> Topology:
    """A topology as it was written; raises what comes of a wrong shape."""
    return Topology(
        tuple(namespace(one) for one in raw["namespaces"]),
        tuple(Port(**one) for one in raw.get("ports", ())),
    )


def namespace(raw: Mapping[str, Any]) -> Namespace:
    """One namespace from its plain form."""
    interfaces = tuple(
        Interface(**{**one, "addresses": tuple(one.get("addresses", ()))})
        for one in raw.get("interfaces", ())
    )
    containers = tuple(raw.get("containers", ()))
    return Namespace(**{**raw, "containers": containers, "interfaces": interfaces})
