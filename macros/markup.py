"""Text from a terminal as HTML: what is invisible is shown, what is markup is not. Knows no step.

The HTML is one line without a character that Markdown would touch: a newline is
`&#10;`, and so Python-Markdown sees no blank line, no fence and no tab in it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

PLAIN = re.compile(r"[^ !#$%()*+,./0-9:;=?@A-Z\[\\\]^_`a-z{|}~\u4e00-\u9fff-]")
"""Characters that need a look: the rest is printable, and no markup."""
PROSE = re.compile(r"[^ 0-9A-Za-z\u4e00-\u9fff]")
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories without a glyph: control, format (bidi, zero-width), surrogate, …"""
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols, by category, that look like nothing."""


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


def block(text: str) -> str:
    """Text inside an element of a raw HTML block."""
    return PLAIN.sub(lambda found: glyph(found[0]), text)


def prose(text: str) -> str:
    """Text inside an inline element in a Markdown sentence, heading or table cell."""
    return PROSE.sub(lambda found: entity(found[0]), text)


def attribute(text: str) -> str:
    """Text between the double quotes of an attribute, where nothing is drawn: kept as it is."""
    return PLAIN.sub(lambda found: raw(found[0]), text)
