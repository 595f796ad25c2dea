"""A packet's way, read from what `tcpdump` printed at one interface after another. Pure text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..model import StepReport

WHERE = re.compile(r"\btcpdump\b.*?\s-i\s*(\S+)")
PACKET = re.compile(r"\b(IP6?|ARP),? (?:\(.*\)\n\s+)?(.+)$", re.MULTILINE)
"""What stands in brackets, and a line of its own, comes of ``-v``."""


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a packet was seen, as `place:interface`, and the line that says so."""

    at: str
    packet: str


def hops(captures: Sequence[StepReport]) -> list[Hop]:
    """The first packet of each capture. Raises `LookupError` for a step that captured none."""
    seen = []
    for step in captures:
        where, packet = WHERE.search(step.command), PACKET.search(step.output)
        if not where or not packet:
            raise LookupError(
                f'step "{step.id}" shows no packet: name steps that run "tcpdump … -i INTERFACE"'
            )
        seen.append(Hop(f"{step.on}:{where[1]}", " ".join(packet.groups())))
    return seen
