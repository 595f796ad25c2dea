"""A scene's network at one moment: namespaces, their interfaces, how those are joined. Frozen.

Knows neither how it was surveyed (`rigs/survey.py`), nor how it is written (`surveyed.py`)
or drawn (`layout.py`).
"""

from __future__ import annotations

from dataclasses import dataclass


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
