"""A card as a picture: what a chat shows of a page. Draws, and knows no page and no report.

Everything it draws with comes from packages, fonts too: a machine without fonts draws the same.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from itertools import accumulate
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from .. import markup
from ..model import Span
from . import network

WIDTH, HEIGHT = 1200, 630
PACKAGES = ("pillow", "manimgx-fonts-cjk", "fontpkg-jetbrains-mono")
EDGE = 56
COLOURS = 128
"""Of the picture's palette."""
PAPER, INK, QUIET, ACCENT = "#ffffff", "#16211f", "#57646d", "#0b7268"
SCREEN, PRINTED, FAINT = "#0f171c", "#d5dde3", "#8b9aa5"
KINDS = {
    "ip": "#d7a8fb", "ip6": "#d7a8fb", "port": "#d7a8fb", "if": "#63d2c8", "mac": "#e3bf7a",
    "up": "#80d893", "down": "#ff9c92", "chain": "#93b9ff", "target": "#93b9ff",
}  # fmt: skip
"""As in scene.css, where it is dark."""
LOOKS = {
    "host": ("#141f25", "#3a4a54"), "container": ("#12302c", "#4fd1c0"),
    "bridge": ("#1a2440", "#93b4ff"), "wire": ("#1d282f", "#57646d"),
    "uplink": ("#1d282f", "#57646d"), "bound": ("#241a30", "#d7a8fb"),
}  # fmt: skip
"""Of things in a network: what they are filled with, and their edge."""
STANDS = {
    "verified": ("✓", "#80d893"), "recorded": ("●", "#97a5af"), "skipped": ("–", "#e3bf7a"),
    "drifted": ("≠", "#e3bf7a"), "unsteady": ("≈", "#e3bf7a"), "failed": ("×", "#ff9c92"),
}  # fmt: skip
REGULAR, MEDIUM, BOLD = 400, 500, 700
SIZES = (34, 30, 28, 26, 24, 22, 20)
"""Of what was printed, the biggest first in which every line is whole."""
TITLES = ((64, 1), (56, 1), (48, 2), (40, 3), (48, 1), (34, 1))
"""Sizes of a title, each with the rows it may have; the last two over a network."""
LEADING = 1.4
AREA = (EDGE + 30, 254, WIDTH - EDGE - 30, 516)
"""Where a network is drawn."""
FOLD = "» "
"""Before what is a row of its own for want of room alone."""
MARK = 32
"""Units of the site's mark, `mark.svg`."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card shows."""

    site: str
    section: str
    title: str
    text: str
    """The page's description; shown where it has no block."""
    prompt: str = ""
    command: str = ""
    output: str = ""
    stands: str = ""
    """The mark of the block's verdict."""
    says: str = ""
    """Verdict, engine and date in words."""
    topology: tuple[str, ...] = ()
    """Lines of the network that is drawn in the place of what was printed."""

    @property
    def digest(self) -> str:
        """Of all that the picture is drawn from, and by."""
        return hashlib.sha256(repr((self, tools())).encode()).hexdigest()


@cache
def tools() -> tuple[bytes | str, ...]:
    """What a card is drawn by."""
    code = (Path(file).read_bytes() for file in (__file__, network.__file__))
    return *code, *map(metadata.version, PACKAGES)


# --- fonts ---


@cache
def sans(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Text in any language of the site: Latin and Chinese from one family."""
    file = resources.files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"
    font = ImageFont.truetype(str(file), size, 2, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font


@cache
def mono(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """What a terminal prints."""
    file = resources.files("fontpkg_jetbrains_mono") / "files/JetBrainsMono[wght].ttf"
    font = ImageFont.truetype(str(file), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font


@cache
def has(char: str) -> bool:
    """Whether the terminal's font has a glyph, and not the box of one that is missing."""
    font = mono(SIZES[0], REGULAR)
    return bytes(font.getmask(char)) != bytes(font.getmask("\uffff"))


def columns(char: str) -> int:
    """How many columns of a terminal a character takes."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


# --- a card ---


def draw(card: Card) -> bytes:
    """The card as a PNG, the same bytes for the same card; its digest stands in it."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    on = ImageDraw.Draw(image)
    on.rectangle((0, 0, WIDTH, 10), ACCENT)
    image.paste(mark(44), (EDGE, 46))
    on.text((EDGE + 60, 68), card.site, INK, sans(28, MEDIUM), anchor="lm")
    on.text((WIDTH - EDGE, 68), card.section, QUIET, sans(26, REGULAR), anchor="rm")
    bottom = title(on, card.title, TITLES[-2:] if card.topology else TITLES[:-2])
    if card.command:
        screen(on, card, bottom + (20 if card.topology else 26))
    else:
        described(on, card.text, bottom + 22)
    about = PngImagePlugin.PngInfo()
    about.add_text("digest", card.digest)
    image = image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    written = io.BytesIO()
    image.save(written, "PNG", pnginfo=about, compress_level=9)
    return written.getvalue()


def title(on: ImageDraw.ImageDraw, text: str, sizes: Sequence[tuple[int, int]]) -> int:
    """The title, as big as its length lets it be; its lower edge."""
    room = WIDTH - 2 * EDGE
    for size, most in sizes:
        font = sans(size, BOLD)
        rows = list(wrapped(text, font, room))
        if len(rows) <= most:
            break
    top = 118
    for row in rows[:most]:
        on.text((EDGE, top + size), row, INK, font, anchor="ls")
        top += round(size * 1.25)
    return top


def described(on: ImageDraw.ImageDraw, text: str, top: int) -> None:
    """What the page says of itself."""
    font = sans(38, REGULAR)
    step = 62
    rows = list(wrapped(text, font, WIDTH - 2 * EDGE))
    most = (HEIGHT - EDGE - top) // step
    if len(rows) > most:
        rows[most - 1 :] = [rows[most - 1][:-1].rstrip() + "…"]
    for number, row in enumerate(rows):
        on.text((EDGE, top + number * step + 42), row, QUIET, font, anchor="ls")


def wrapped(text: str, font: ImageFont.FreeTypeFont, room: int) -> Iterator[str]:
    """Rows of a text: broken at spaces, and beside any Chinese character but before a stop."""
    row = ""
    for piece in pieces(text):
        if row and font.getlength(f"{row}{piece}".rstrip()) > room:
            yield row.rstrip()
            row = piece.lstrip()
        else:
            row += piece
    yield row.rstrip()


def pieces(text: str) -> Iterator[str]:
    """What of a text stays on one row."""
    piece = ""
    for char, after in zip(text, [*text[1:], " "], strict=False):
        piece += char
        wide = columns(char) == 2 or columns(after) == 2
        if char == " " or (
            wide and after not in "，。；：、？！）》」…·, " and char not in "（《「"
        ):
            yield piece
            piece = ""
    yield piece


# --- a terminal ---


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the screen: pieces of text, each with a colour, and whether it is a command's."""

    pieces: tuple[tuple[str, str], ...]
    strong: bool = False

    @property
    def columns(self) -> int:
        return sum(columns(char) for text, _ in self.pieces for char in text)


def screen(on: ImageDraw.ImageDraw, card: Card, top: int) -> None:
    """The command, what it printed, and below it the line that says who said so."""
    bottom, foot = HEIGHT - 44, 58
    on.rounded_rectangle((EDGE, top, WIDTH - EDGE, bottom), 16, SCREEN)
    left, room = EDGE + 30, WIDTH - 2 * EDGE - 60
    height = bottom - foot - top - 18
    size, shown, more = fitted(list(rows(card)), room, height)
    if card.topology:
        joined(on, card.topology)
        size, more = 22, 0
        shown = [clipped(next(rows(card)), int(room // mono(size, REGULAR).getlength("0")))]
    step, cell = round(size * LEADING), mono(size, REGULAR).getlength("0")
    for number, row in enumerate(shown):
        printed(on, row, left, top + 22 + number * step + size, size, cell)
    on.line((EDGE, bottom - foot, WIDTH - EDGE, bottom - foot), "#26323a", 2)
    middle = bottom - foot // 2
    sign, colour = STANDS[card.stands]
    on.text((left, middle), sign, colour, sans(22, BOLD), anchor="lm")
    on.text((left + 36, middle), card.says, PRINTED, sans(24, MEDIUM), anchor="lm")
    if more:
        end = (WIDTH - EDGE - 30, middle)
        on.text(end, f"… +{more}", FAINT, sans(24, REGULAR), anchor="rm")


def rows(card: Card) -> Iterator[Row]:
    """The lines of a command and its output, coloured as in a block."""
    for number, line in enumerate(visible(card.command).rstrip("\n").split("\n")):
        lead = "> " if number else card.prompt
        yield Row(((lead, FAINT), *coloured(line)), strong=True)
    if card.output:
        for line in visible(card.output).removesuffix("\n").split("\n"):
            yield Row(tuple(coloured(line)))


def visible(text: str) -> str:
    """A text without a character that one would not see, or that no font has."""

    def shown(char: str) -> str:
        known = char == "\n" or columns(char) == 2 or (not markup.hidden(char) and has(char))
        return char if known else markup.name(char)

    return "".join(map(shown, text.expandtabs()))


def coloured(line: str) -> Iterator[tuple[str, str]]:
    """The pieces of a line with their colours."""
    at = 0
    for span in (*markup.tokens(line), Span(len(line), len(line), "")):
        yield line[at : span.start], PRINTED
        yield line[span.start : span.end], KINDS.get(span.rule, PRINTED)
        at = span.end


def fitted(every: list[Row], room: int, height: int) -> tuple[int, list[Row], int]:
    """(size, rows that fit, how many lines do not): lines are whole if some size has room."""
    widths = {size: int(room // mono(size, REGULAR).getlength("0")) for size in SIZES}
    most = {size: height // round(size * LEADING) for size in SIZES}
    for size in SIZES:
        if len(every) <= most[size] and all(row.columns <= widths[size] for row in every):
            return size, every, 0
    for size in SIZES:
        parts = [list(folded(row, widths[size])) for row in every]
        whole = bisect_right([*accumulate(map(len, parts))], most[size])
        if whole == len(every):
            break
    return size, [row for part in parts[:whole] for row in part], len(every) - whole


def folded(row: Row, width: int) -> Iterator[Row]:
    """A row as rows of a width, broken behind a space if there is one; the others have a mark."""
    chars = [(char, colour) for text, colour in row.pieces for char in text]
    lead: tuple[tuple[str, str], ...] = ()
    start = 0
    while start < len(chars):
        end, room = start, width - 2 * bool(lead)
        while end < len(chars) and (room := room - columns(chars[end][0])) >= 0:
            end += 1
        if end < len(chars):
            spaces = (at for at in range(end, (start + end) // 2, -1) if chars[at - 1][0] == " ")
            end = next(spaces, end)
        yield Row((*lead, *chars[start:end]), row.strong)
        start, lead = end, ((FOLD, "#6b7b84"),)
    if not lead:
        yield row


def printed(
    on: ImageDraw.ImageDraw, row: Row, left: float, base: float, size: int, cell: float
) -> None:
    """A row, each character in its column."""
    font = mono(size, BOLD if row.strong else REGULAR)
    for text, colour in row.pieces:
        for char in text:
            wide = columns(char) == 2
            on.text((left, base), char, colour, sans(size, REGULAR) if wide else font, anchor="ls")
            left += columns(char) * cell


def has_room(topology: tuple[str, ...]) -> bool:
    """Whether a network can be drawn on a card."""
    return bool(network.shapes(topology, *AREA))


def clipped(row: Row, width: int) -> Row:
    """A row as far as it goes, with dots where it is cut."""
    if row.columns <= width:
        return row
    return Row((*next(folded(row, width - 1)).pieces, ("…", FAINT)), row.strong)


def joined(on: ImageDraw.ImageDraw, topology: tuple[str, ...]) -> None:
    """The network, as boxes with cables between them."""
    font = mono(network.SIZE, REGULAR)
    for shape in network.shapes(topology, *AREA):
        if isinstance(shape, network.Line):
            ends = (shape.x, shape.top, shape.x, shape.bottom)
            on.line(ends, KINDS["ip"] if shape.kind == "flow" else FAINT, 3)
            continue
        if shape.kind in LOOKS:
            edges = (shape.left, shape.top, shape.right, shape.bottom)
            fill, outline = LOOKS[shape.kind]
            on.rounded_rectangle(edges, 10, fill, outline, 2)
        middle, step = (shape.left + shape.right) / 2, network.SIZE + 3
        base = (shape.top + shape.bottom) / 2 - (len(shape.rows) - 1) * step / 2
        for number, (text, kind) in enumerate(shape.rows):
            colour = KINDS.get(kind, FAINT if kind == "note" else PRINTED)
            face = mono(network.SIZE, BOLD) if kind == "name" else font
            on.text((middle, base + number * step), text, colour, face, anchor="mm")


# --- the mark ---


def mark(size: int, paper: str | None = PAPER) -> Image.Image:
    """The site's mark, as in `mark.svg`; without paper, what is around it shows through."""
    finer = 8 * size / MARK

    def at(*units: float) -> tuple[float, ...]:
        return tuple(unit * finer for unit in units)

    shape = Image.new("L", (8 * size, 8 * size))
    on = ImageDraw.Draw(shape)
    line = round(3 * finer)
    for box in ((3, 4, 13, 13), (19, 19, 29, 28)):
        left, top, right, bottom = box
        edge = at(left - 1.5, top - 1.5, right + 1.5, bottom + 1.5)
        on.rounded_rectangle(edge, 3.5 * finer, outline=255, width=line)
    for x, y in ((8, 8.5), (24, 23.5)):
        on.ellipse(at(x - 2.1, y - 2.1, x + 2.1, y + 2.1), 255)
    on.line(at(8, 13, 8, 17), 255, line)
    on.arc(at(6.5, 8.5, 22.5, 25), 90, 180, 255, line)
    on.line(at(14.5, 23.5, 19, 23.5), 255, line)
    shape = shape.resize((size, size), Image.Resampling.LANCZOS)
    if paper is None:
        image = Image.new("RGBA", (size, size), "#0e8f8300")
        image.putalpha(shape)
        return image
    image = Image.new("RGB", (size, size), paper)
    image.paste("#0e8f83", mask=shape)
    return image
