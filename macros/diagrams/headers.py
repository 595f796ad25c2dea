"""The headers of a packet, each in the one before it, read from the lengths that were printed.

How long each is, is said by its standard; that all come to what was printed is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ..languages import Words
from ..model import StepReport
from .description import Item
from .hops import DOTTED, PACKET

SIZES = {
    "Ethernet": 14, "IPv4": 20, "IPv6": 40, "UDP": 8, "TCP": 20, "VXLAN": 8, "ICMP": 8, "ICMP6": 8,
}  # fmt: skip
"""In bytes, without options: IEEE 802.3 less the checksum, which no capture has; RFC 791, 8200,
768, 9293, 7348, 792, 4443."""
OPTIONS = {"eol": 1, "nop": 1, "mss": 4, "wscale": 3, "sackOK": 2, "TS": 10}
"""Of TCP, in bytes: RFC 9293, 7323 and 2018."""
DATA = "data"
IP = ("IPv4", "IPv6")
PING = re.compile(r"^PING \S+ \((?P<target>[\d.]+)\) (?P<data>\d+)\((?P<all>\d+)\) bytes of data")
REPLY = re.compile(r"^(\d+) bytes from ", re.MULTILINE)
LENGTH = re.compile(r"\blength:? (\d+)")
TUNNEL = re.compile(r"\bVXLAN, flags .*(?P<vni>vni \d+)$")
MESSAGE = re.compile(r"^(?P<kind>ICMP6?),? (?P<type>.+), length \d+")
DATAGRAM = re.compile(r"\bUDP, length \d+")
SEGMENT = re.compile(r"^Flags \[[^]]*\], (?:.*?(?P<seq>\bseq \d[\d:]*))?")
CHOSEN = re.compile(r"options \[([^]]*)\]")


@dataclass(frozen=True, slots=True)
class Layer:
    """A header, or the data behind the last."""

    kind: str
    facts: tuple[str, ...] = ()
    """As they were printed."""
    printed: int | None = None
    """How many bytes it has with all that is in it, where that was printed."""
    options: int = 0
    """How many bytes of options it has."""

    @property
    def size(self) -> int:
        """Of the header alone."""
        return SIZES.get(self.kind, 0) + self.options


@dataclass(frozen=True, slots=True)
class Header:
    """A header with its bytes, and how many it has with all that is in it."""

    kind: str
    size: int
    whole: int
    facts: tuple[str, ...] = ()
    inner: bool = False
    """Whether one of its kind is around it."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What an IP packet has around the one that it carries, and how long both are."""

    around: tuple[Header, ...]
    outer: int
    inner: int


def headers(step: StepReport) -> tuple[Header, ...]:
    """The headers of the first packet that a step shows, the outermost first, its data last.

    Raises `LookupError` where it shows none, or where what it prints does not add up, or prints
    too little for that to be seen.
    """
    layers = [*read(step)]
    before = [0, *accumulate(layer.size for layer in layers)]
    whole = layers[0].printed
    printed = [
        (start, layer.printed)
        for start, layer in zip(before, layers, strict=False)
        if layer.printed is not None
    ]
    if whole is None or len(printed) < 2:
        raise LookupError(
            f'step "{step.id}" prints too few lengths: name one that prints that of the whole '
            "packet and of what is in it (tcpdump -e or -v; a ping of iputils, answered)"
        )
    for start, length in printed:
        if start + length != whole:
            around = layers[: before.index(start)]
            added = " + ".join(f"{layer.kind} {layer.size}" for layer in around)
            raise LookupError(
                f'the lengths of step "{step.id}" do not add up: {added} + {length} that were '
                f"printed behind them are {start + length}, and not the {whole} of all"
            )
    if before[-1] > whole:
        raise LookupError(
            f'the lengths of step "{step.id}" do not add up: the headers alone have {before[-1]} '
            f"bytes, and all together {whole}"
        )
    kinds = [layer.kind for layer in layers]
    return tuple(
        Header(
            layer.kind,
            whole - start if layer.kind == DATA else layer.size,
            whole - start,
            layer.facts,
            layer.kind in kinds[:at],
        )
        for at, (start, layer) in enumerate(zip(before, layers, strict=False))
    )


def read(step: StepReport) -> Iterator[Layer]:
    """What was printed of each header of a step's first packet. Raises `LookupError`."""
    if ping := PING.search(step.output):
        reply = REPLY.search(step.output)
        yield Layer("IPv4", (f"> {ping['target']}",), int(ping["all"]))
        yield Layer("ICMP", (), int(reply[1]) if reply else None)
        yield Layer(DATA, (), int(ping["data"]))
    elif packet := PACKET.search(step.output):
        yield from framed(packet, step)
    else:
        raise LookupError(f'step "{step.id}" shows no packet: name one that runs tcpdump or ping')


def framed(packet: re.Match[str], step: StepReport, inner: bool = False) -> Iterator[Layer]:
    """The headers of a packet that was captured, from its frame on, and those of one in it."""
    macs = [packet["mac_from"], packet["mac_to"]]
    if macs[0]:
        yield Layer("Ethernet", (" > ".join(macs),), int(packet["frame"]))
    elif inner:
        yield Layer("Ethernet")
    source, target = split(packet["source"]), split(packet["target"])
    six, more = ":" in source[0], LENGTH.search(packet["more"] or "")
    printed = int(more[1]) + (SIZES["IPv6"] if six else 0) if more else None
    yield Layer("IPv6" if six else "IPv4", (f"{source[0]} > {target[0]}",), printed)
    ports = (f"{source[1]} > {target[1]}",)
    says = packet["says"]
    length = int(found[1]) if (found := LENGTH.search(says)) else None
    if tunnel := TUNNEL.search(says):
        yield Layer("UDP", ports)
        yield Layer("VXLAN", (tunnel["vni"],))
        carried = PACKET.match(packet.string, packet.end() + 1)
        if not carried:
            raise LookupError(f'step "{step.id}" does not show the packet that is in VXLAN')
        yield from framed(carried, step, inner=True)
    elif message := MESSAGE.search(says):
        yield Layer(message["kind"], (message["type"],), length)
        yield Layer(DATA)
    elif segment := SEGMENT.search(says):
        yield Layer("TCP", (*ports, *filter(None, [segment["seq"]])), None, options(says, step))
        yield Layer(DATA, (), length)
    elif DATAGRAM.search(says):
        yield Layer("UDP", ports)
        yield Layer(DATA, (), length)
    else:
        raise LookupError(f'step "{step.id}" shows no header behind IP that is known: "{says}"')


def split(address: str) -> tuple[str, str]:
    """An address and its port, if it has one."""
    found = DOTTED.match(address)
    return (found[1] or found[3], found[2] or found[4]) if found else (address, "")


def options(says: str, step: StepReport) -> int:
    """How many bytes the options of a TCP header have, filled up to words of four.

    Raises `LookupError` for one that is not known.
    """
    chosen = CHOSEN.search(says)
    names = [option.split()[0] for option in chosen[1].split(",")] if chosen else []
    if unknown := [name for name in names if name not in OPTIONS]:
        raise LookupError(f'step "{step.id}" shows a TCP option that is not known: {unknown[0]}')
    return -(-sum(OPTIONS[name] for name in names) // 4) * 4


def carried(found: Sequence[Header]) -> Carried | None:
    """What is around an IP packet in another; None where there is none."""
    packets = [at for at, header in enumerate(found) if header.kind in IP]
    if len(packets) < 2:
        return None
    outer, inner = packets[:2]
    return Carried(tuple(found[outer:inner]), found[outer].whole, found[inner].whole)


def summed(it: Carried, words: Words) -> str:
    """How the length of an IP packet comes of that of the one around it."""
    each = " + ".join(str(header.size) for header in it.around)
    taken = it.outer - it.inner
    return str(words.diagram.carried.format(each, taken, it.outer, taken, it.inner))


def name(header: Header, words: Words) -> str:
    """What a header is called."""
    if header.kind == DATA:
        return str(words.diagram.data)
    return str(words.diagram.inner.format(header.kind) if header.inner else header.kind)


def describe(found: Sequence[Header], words: Words) -> tuple[Item, ...]:
    """The same as a list: in each header what is in it."""
    if not found:
        return ()
    header, *rest = found
    said = words.diagram.sized if rest else words.diagram.bytes
    text = said.format(name(header, words), header.size, header.whole)
    return (Item(words.diagram.then.join((text, *header.facts)), below=describe(rest, words)),)
