"""What is an address, an interface, a state or a chain in a text. Knows no HTML and no step."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Span

HEX = r"[0-9a-fA-F]"
ALONE = r"(?<![\w.:-])"
"""Not the tail of a longer word."""
KINDS = {
    "mac": rf"{ALONE}(?:{HEX}{{2}}:){{5}}{HEX}{{2}}(?![\w:])",
    "ip": r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}\b)?(?!\.?\d)",
    "ip6": rf"{ALONE}(?:(?=[\w:]*::)(?:{HEX}{{0,4}}:){{2,7}}{HEX}{{0,4}}"
    rf"|(?:{HEX}{{1,4}}:){{7}}{HEX}{{1,4}})(?:/\d+)?(?![\w:])",
    "if": rf"{ALONE}(?:veth[0-9a-f]{{7}}|br-\w+|docker\d+|docker_gwbridge|eth\d+|lo|lan"
    r"|(?:macv|ipv)(?:lan|tap)\d*|vxlan\d*|vx-\w+-\w+|tun\d+)(?![\w.-])",
    "up": r"\b(?:LOWER_UP|UP|ESTABLISHED|REACHABLE|LISTEN|forwarding)\b",
    "down": r"\b(?:NO-CARRIER|LOWERLAYERDOWN|DOWN|FAILED)\b",
    "chain": r"\b(?:PREROUTING|POSTROUTING|FORWARD|INPUT|OUTPUT|DOCKER(?:-[A-Z0-9]+)*)\b",
    "target": r"\b(?:DNAT|SNAT|MASQUERADE|ACCEPT|DROP|REJECT|RETURN)\b",
    "port": r"(?:(?<=[ds]pt:)|(?<=port )|(?<=\.\d:)|(?<=\.\d\d:)|(?<=\.\d{3}:))\d+\b",
}
"""What `ip`, `bridge`, `iptables`, `nft` and `docker` print, by the class of its colour."""
TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in KINDS.items()))


def tokens(text: str) -> Iterator[Span]:
    """The pieces of a text that have a colour, in order; a span's rule is its kind."""
    for found in TOKEN.finditer(text):
        yield Span(found.start(), found.end(), str(found.lastgroup))
