"""What is an address, an interface, a state or a chain in an output. Knows no HTML, no step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pygments.lexer import RegexLexer
from pygments.token import Text, Token

from .model import Span

HEX = r"[0-9a-fA-F]"
EDGE = r"(?<![\w.:-])"
"""Nothing before it that would make it the tail of a longer word."""


class NetworkLexer(RegexLexer):
    """What `ip`, `bridge`, `iptables`, `nft` and `docker` print; a token's name is its class."""

    name = "network tools"
    tokens: ClassVar = {
        "root": [
            (rf"{EDGE}(?:{HEX}{{2}}:){{5}}{HEX}{{2}}(?![\w:])", Token.Mac),
            (r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?![\w.]\d)", Token.Ip),
            (rf"{EDGE}(?=[\w:]*::)(?:{HEX}{{0,4}}:){{2,7}}{HEX}{{0,4}}(?:/\d+)?(?![\w:])", Token.Ip6),
            (rf"{EDGE}(?:{HEX}{{1,4}}:){{7}}{HEX}{{1,4}}(?:/\d+)?(?![\w:])", Token.Ip6),
            (rf"{EDGE}(?:veth\w+|br-\w+|docker\d+|docker_gwbridge|eth\d+|lo|lan|vxlan\d*|"
             rf"(?:mac|ip)v(?:lan|tap)\d*|vx-\w+(?:-\w+)?|wlan\d+|tun\d+)(?![\w.-])", Token.If),
            (r"\b(?:LOWER_UP|UP|ESTABLISHED|REACHABLE|LISTEN|forwarding)\b", Token.Up),
            (r"\b(?:NO-CARRIER|DOWN|FAILED|LOWERLAYERDOWN|disabled)\b", Token.Down),
            (r"\b(?:PREROUTING|POSTROUTING|FORWARD|INPUT|OUTPUT|DOCKER(?:-[A-Z0-9-]+)?)\b",
             Token.Chain),
            (r"\b(?:DNAT|SNAT|MASQUERADE|ACCEPT|DROP|REJECT|RETURN)\b", Token.Target),
            (r"(?<=dpt:)\d+|(?<=spt:)\d+|(?<=port )\d+|(?<=\.\d:)\d+|(?<=\d\d:)\d+(?=->)",
             Token.Port),
            (r"\w+|[^\w\n]|\n", Text),
        ]
    }  # fmt: skip


def tokens(text: str) -> Iterator[Span]:
    """The coloured pieces of a text in order; a span's rule is the class of its colour."""
    for start, kind, value in NetworkLexer().get_tokens_unprocessed(text):
        if kind is not Text:
            yield Span(start, start + len(value), str(kind[-1]).lower())
