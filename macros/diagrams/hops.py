"""A packet's way, read from what `tcpdump` printed at one interface after another. Pure.

Between two captures may stand what the host was asked of the packet: a list of rules with their
counters, a route. What a capture did not catch any more says that the way ended before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..model import StepReport
from ..topology import LOOPBACK, Namespace, end, loops
from . import listing
from .comparison import Comparison

WHERE = re.compile(r"\btcpdump\b.*?\s-i\s*(\S+)")
MAC = r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"
PACKET = re.compile(
    rf"^(?:[\d:.]+ )?(?:(?P<mac_from>{MAC}) > (?P<mac_to>{MAC}|Broadcast), "
    r".*?length (?P<frame>\d+): )?(?:IP6? )?(?:\((?P<more>[^\n]*)\)\s+)?"
    r"(?P<source>[\w.:-]+) > (?P<target>[\w.:-]+): (?P<says>.+)$",
    re.MULTILINE,
)
"""What stands in brackets, and a line of its own, comes of ``-v``; the frame, of ``-e``."""
ARP = re.compile(r"^.*\bARP, .+$", re.MULTILINE)
NOTHING = re.compile(r"^0 packets captured$", re.MULTILINE)
MORE = {"ttl": re.compile(r"\b(?:ttl|hlim) (\d+)"), "id": re.compile(r"\bid (\d+)")}
FIELDS = ("source", "target", "mac_from", "mac_to", "ttl", "id")
"""Of a packet's headers, in the order in which they are told."""
DOTTED = re.compile(r"^((?:\d+\.){3}\d+)\.(\d+)$|^([\da-f:]+:[\da-f:]*)\.(\d+)$")
"""An address and a port, as tcpdump joins them."""
ACTS = ("ACCEPT", "DROP", "REJECT", "DNAT", "SNAT", "MASQUERADE", "REDIRECT")
"""Targets that do something to a packet; others lead to chains, which are listed themselves."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that was done to a packet, and where the run says so."""

    text: str
    chain: str = ""
    """With its table: ``nat POSTROUTING``."""
    packets: str = ""
    """How many it has counted."""
    policy: bool = False
    """Whether it is what a chain does where none of its rules does anything."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A step between two captures, and what it says."""

    command: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """Something in a packet's headers; `was` is what it was at the hop before, if another."""

    kind: str
    value: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a packet was seen, as `place:interface`, and the lines that say so."""

    at: str
    command: str
    packet: str
    """As it was printed; of a packet that did not come, how many came."""
    fields: tuple[Field, ...] = ()
    asked: tuple[Asked, ...] = ()
    """What was done to it since the hop before."""
    lost: bool = False
    """Whether it did not come here."""
    anew: bool = False
    """Whether it is another packet than at the hop before: from a loopback none goes on."""


def hops(steps: Sequence[StepReport]) -> list[Hop]:
    """The hops of the first packet of each capture; of captures that caught none, the first.

    Raises `LookupError` for a step that says nothing of the packet, or stands in the wrong place.
    """
    way: list[Hop] = []
    asked: list[Asked] = []
    before: dict[str, str] = {}
    for step in steps:
        hop = captured(step)
        if hop is None:
            asked.append(Asked(step.command.strip(), tuple(said(step))))
        elif way and way[-1].lost:
            if not hop.lost:
                what = f'step "{step.id}" shows the packet behind "{way[-1].at}", where it was not'
                raise LookupError(f"{what}; name the captures in the order of its way")
        elif hop.lost and not way:
            raise LookupError(f'step "{step.id}" shows no packet, and none was seen before it')
        else:
            anew = bool(way) and not hop.lost and (loops(way[-1].at) or loops(hop.at))
            before = {} if anew else before
            fields = tuple(since(hop, before))
            way.append(replace(hop, fields=fields, asked=tuple(asked), anew=anew))
            before |= {field.kind: field.value for field in fields}
            asked = []
    if not way or (asked and not way[-1].lost):
        what = f'step "{steps[-1].id}" stands behind the last capture' if way else "no capture"
        raise LookupError(
            f'{what}: name a step that runs "tcpdump … -i INTERFACE" and shows whether it came'
        )
    return [*way[:-1], replace(way[-1], asked=(*way[-1].asked, *asked))]


def passed(changed: Comparison, way: Sequence[Hop]) -> Comparison:
    """The network, with the `lo` of those namespaces in which the way stops there."""
    ends = {hop.at for hop in way}

    def with_loopback(space: Namespace) -> Namespace:
        known = LOOPBACK.name in {link.name for link in space.interfaces}
        if known or end(space.place, LOOPBACK.name) not in ends:
            return space
        return replace(space, interfaces=(*space.interfaces, LOOPBACK))

    spaces = tuple(map(with_loopback, changed.topology.namespaces))
    return replace(changed, topology=replace(changed.topology, namespaces=spaces))


def captured(step: StepReport) -> Hop | None:
    """What a capture caught; None for a step that is none. Raises `LookupError`: see `hops`."""
    where = WHERE.search(step.command)
    if not where:
        return None
    at, command = f"{step.on}:{where[1]}", step.command.strip()
    if packet := PACKET.search(step.output):
        return Hop(at, command, packet[0], tuple(headers(packet)))
    if arp := ARP.search(step.output):
        return Hop(at, command, arp[0])
    if nothing := NOTHING.search(step.output):
        return Hop(at, command, nothing[0], lost=True)
    raise LookupError(
        f'step "{step.id}" shows no packet: name steps that run "tcpdump … -i INTERFACE"'
    )


def headers(packet: re.Match[str]) -> Iterator[Field]:
    """What a capture printed of a packet's headers."""
    for kind in FIELDS:
        found = MORE[kind].search(packet["more"] or "") if kind in MORE else None
        value = found[1] if found else packet[kind] if kind not in MORE else None
        if value:
            yield Field(kind, with_port(value))


def with_port(text: str) -> str:
    """An address with its port as it is written elsewhere."""
    return DOTTED.sub(lambda it: f"{it[1]}:{it[2]}" if it[1] else f"[{it[3]}]:{it[4]}", text)


def since(hop: Hop, before: dict[str, str]) -> Iterator[Field]:
    """The headers of a packet, with what is another than it was."""
    for field in hop.fields:
        was = before.get(field.kind, field.value)
        yield replace(field, was=was if was != field.value else "")


def said(step: StepReport) -> Iterator[Rule]:
    """What a step says was done: the rules that counted packets, else what was checked of it.

    Raises `LookupError` where it says nothing.
    """
    rules = [*counted(step)] if listing.LISTED.search(step.command) else [*checked(step)]
    if not rules:
        raise LookupError(
            f'step "{step.id}" says nothing of the packet: name a capture, or a step between two '
            "that lists rules with their counters (iptables -v), or prints what it is asked for"
        )
    yield from rules


def counted(step: StepReport) -> Iterator[Rule]:
    """The rules that did something, of a list with counters; else what the chain does then."""
    for chain in listing.chains(step):
        rules = [rule for rule in chain.counted if rule.target in ACTS]
        for rule in [rule for rule in rules if not rule.policy] or rules:
            text = rule.target if rule.policy else rule.text
            yield Rule(text, f"{chain.table} {chain.name}", rule.packets, rule.policy)


def checked(step: StepReport) -> Iterator[Rule]:
    """The lines that something was expected of; where there are none, the first."""
    ends = [held.rests for held in step.held if held.rests]
    at, lines = 0, []
    for line in step.output.splitlines(keepends=True):
        if any(start < at + len(line) and at < end for start, end in ends):
            lines.append(line)
        at += len(line)
    for line in lines or step.output.splitlines()[:1]:
        if line.strip():
            yield Rule(line.strip())
