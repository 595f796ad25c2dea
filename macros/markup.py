"""Text from a terminal as HTML: what is invisible is shown, what is markup is not.

Knows what is an address, an interface, a state or a chain; no step and no page. The HTML is
one line without a character that Markdown would touch: a newline is `&#10;`, and so
Python-Markdown sees no blank line, no fence and no tab in it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Protocol

from .model import Span

PLAIN = re.compile(r"[^ !#$%()*+,./0-9:;=?@A-Z\[\\\]^_`a-z{|}~\u4e00-\u9fff-]")
"""Characters that need a look: the rest is printable, and no markup."""
PROSE = re.compile(r"[^ 0-9A-Za-z\u4e00-\u9fff]")
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories without a glyph: control, format (bidi, zero-width), surrogate, …"""
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols, by category, that look like nothing."""
HEX = r"[0-9a-fA-F]"
ALONE = r"(?<![\w.:-])"
"""Not the tail of a longer word."""
KINDS = {
    "mac": rf"{ALONE}(?:{HEX}{{2}}:){{5}}{HEX}{{2}}(?![\w:])",
    "ip": r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}\b)?(?!\.?\d)",
    "ip6": rf"{ALONE}(?:::ffff:(?:\d{{1,3}}\.){{3}}\d{{1,3}}"
    rf"|(?=[\w:]*::)(?:{HEX}{{0,4}}:){{2,7}}{HEX}{{0,4}}"
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


class Tooltips(Protocol):
    """What a reader is told of a piece of a text."""

    def tooltip(self, rule: str) -> str:
        """Of one that a normalizing rule found."""

    @property
    def yours(self) -> Mapping[str, str]:
        """Of one that must be changed, by its kind, the piece in the place of braces."""


def hidden(char: str) -> bool:
    """Whether a reader would not see the character."""
    return char in BLANK or unicodedata.category(char) in HIDDEN


def name(char: str) -> str:
    """A short visible name: `^[` as `cat -v` has it, `\\xE9` for a byte no UTF-8, `U+202E`."""
    code = ord(char)
    if code < 0x80:
        return f"^{chr(code ^ 0x40)}"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02X}"
    return f"U+{code:04X}"


@cache
def glyph(char: str) -> str:
    """A character as HTML in a block: itself, an entity, or the name of what has no glyph."""
    if char in "\n\t&<>\"'":
        return f"&#{ord(char)};"
    if hidden(char):
        return f'<span class="ctl" title="U+{ord(char):04X}">{name(char)}</span>'
    return char


@cache
def entity(char: str) -> str:
    """A character as HTML in a sentence, where any punctuation may be Markdown."""
    drawn = glyph(char)
    return drawn if hidden(char) and char not in "\n\t" else f"&#{ord(char)};"


@cache
def raw(char: str) -> str:
    """A character as an entity, drawn or not."""
    return f"&#{0xFFFD if 0xD800 <= ord(char) < 0xE000 else ord(char)};"


def escape(text: str) -> str:
    """Text inside an element of a raw HTML block."""
    return PLAIN.sub(lambda match: glyph(match[0]), text)


def prose(text: str) -> str:
    """Text inside an inline element in a Markdown sentence, heading or table cell."""
    return PROSE.sub(lambda match: entity(match[0]), text)


def attribute(text: str) -> str:
    """Text between the double quotes of an attribute, where nothing is drawn: kept as it is."""
    return PLAIN.sub(lambda match: raw(match[0]), text)


def tokens(text: str) -> Iterator[Span]:
    """The pieces of a text that have a colour, in order; a span's rule is its kind."""
    for match in TOKEN.finditer(text):
        yield Span(match.start(), match.end(), str(match.lastgroup))


def painted(
    text: str,
    volatile: Iterable[Span] = (),
    words: Tooltips | None = None,
    marked: Iterable[Span] = (),
    gaps: Iterable[Span] = (),
    held: Iterable[Span] = (),
    quiet: Iterable[Span] = (),
) -> str:
    """Text with its colours, its volatile pieces, what a reader must change and gaps marked.

    So is what expectations rest on (`held`, whose rules name them), and what says nothing
    (`quiet`). The spans of each kind are in order and do not overlap.
    """
    coloured = coloured_spans(text, gaps)
    volatile, marked, held, quiet = map(tuple, (volatile, marked, held, quiet))
    every = (*volatile, *marked, *coloured, *held, *quiet)
    edges = {edge for span in every for edge in (span.start, span.end)}
    pieces: list[tuple[Span | None, str]] = []
    for left, right in pairwise(sorted({0, len(text)} | edges)):
        kind, varies = covering(coloured, left), covering(volatile, left)
        classes = ([kind.rule] if kind else []) + (["v"] if varies else [])
        classes += ["q"] if covering(quiet, left) else []
        piece = escape(text[left:right])
        title = f' title="{words.tooltip(varies.rule)}"' if varies and words else ""
        drawn = f'<span class="{" ".join(classes)}"{title}>{piece}</span>' if classes else piece
        pieces.append((covering(marked, left) or covering(held, left), drawn))
    parts = []
    for mark, group in groupby(pieces, key=itemgetter(0)):
        drawn = "".join(piece for _, piece in group)
        if mark in held:
            drawn = f'<u data-at="{attribute(mark.rule)}">{drawn}</u>'
        elif mark and words:
            title = words.yours[mark.rule].format(attribute(text[mark.start : mark.end]))
            drawn = f'<mark title="{title}">{drawn}</mark>'
        parts.append(drawn)
    return "".join(parts)


def coloured_spans(text: str, gaps: Iterable[Span]) -> tuple[Span, ...]:
    """The pieces of a text that have a colour, and those that may go, in order."""
    return tuple(sorted((*tokens(text), *gaps), key=lambda span: span.start))


def covering(spans: tuple[Span, ...], position: int) -> Span | None:
    """The span over a position; the spans are in order and do not overlap."""
    index = bisect_right(spans, position, key=lambda span: span.start) - 1
    return spans[index] if index >= 0 and position < spans[index].end else None
