"""What no hand may write in a page: consoles, this project's own looks, what is active.

A console that a reader sees was printed by a host. The one exception says so itself: what
stands in a `!!! not-run` admonition. All else is refused that is not known to be inert.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from ..errors import Mistake
from ..scenes.messages import suggestion
from .headings import fenced_lines
from .hypertext import VOID, Code, Element, Hypertext
from .macros import MACROS
from .source import Page

ADVICE = "not-run"
"""The class of the admonition in which commands may stand that no host ran."""
ADMONITION = re.compile(
    r'[ \t>]*(?:!!!|\?\?\?\+?)[ \t]*(?P<kinds>[\w -]+?)[ \t]*(?:"(?P<title>.*)")?[ \t]*'
)
SHOW = 'write {{{ steps("scene", "step") }}}'
CURE = f'a console comes from a host: {SHOW}, or indent it by four below !!! {ADVICE} "…"'
PROMPT = re.compile(
    r"^[ \t]*(?:\$|[\w.\[-]+@[^\s$#]*[^$#\n]{0,30}[$#]|(?:root|h\d|lan)[^\s$#]*[$#])[ \t]+\S",
    re.MULTILINE,
)
SPAN = re.compile(r"(?<!`)(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
INERT = frozenset({"abbr", "br", "del", "details", "dfn", "div", "ins", "kbd", "mark", "small",
                   "span", "sub", "summary", "sup", "u", "wbr"})  # fmt: skip
"""Elements that may be written as HTML."""
MADE = INERT | {"a", "blockquote", "code", "dd", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5",
                "h6", "hr", "img", "li", "ol", "p", "pre", "strong", "table", "tbody", "td", "th",
                "thead", "tr", "ul"}  # fmt: skip
"""Elements that Markdown makes."""
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "details": {"open"},
    "td": {"style", "data-label"},
    "th": {"style"},
}
ALIGNED = re.compile(r"text-align: (?:left|right|center);")
KINDS = frozenset({"note", "abstract", "info", "tip", "success", "question", "warning", "failure",
                   "danger", "bug", "example", "quote", ADVICE})  # fmt: skip
"""Of admonitions."""
CLASSES = {
    "div": {"admonition", "footnote"} | KINDS,
    "details": KINDS,
    "p": {"admonition-title"},
    "a": {"paste", "headerlink", "footnote-ref", "footnote-backref"},
    "pre": {"highlight"},
    "code": {"highlight"},
}
"""The classes that Markdown gives to what it makes; every other is this project's or Material's."""
HIDDEN = re.compile(r"<[!?]|</[^a-zA-Z]")
FOOTNOTE = re.compile(r"fn(?:ref)?\d*:")


def mistakes(made: Hypertext, label: str) -> Iterator[Mistake]:
    """Everything in a page that only a host or this project may write.

    `label` is how the title of an admonition begins for what was not run.
    """
    page = made.page
    for code in made.codes:
        if ADVICE not in code.around and (what := console(code)):
            yield Mistake(page.path, made.code_line(code), what)
    yield from unlabelled(page, label)
    raw = Raw(page)
    yield from raw.mistakes()
    if made.hidden:
        yield from unseen(page)
    told = MADE | {tag for tag, _ in raw.tags}
    for element in made.elements:
        if element.tag not in told:
            yield Mistake(page.path, made.line(f"<{element.tag}"), refused(element.tag))
        for sought, what in worn(element):
            yield Mistake(page.path, made.line(sought), what)
    yield from taken(page)


def console(code: Code) -> str:
    """Why a code block cannot be told from one that a host printed, "" if it can."""
    if not code.language:
        return f"a code block without a language looks like a console; {CURE}, or name its language"
    lexer = lexer_of(code.language)
    if lexer is None:
        return f'no language "{code.language}" is known, so this looks like a console; {CURE}'
    if of_consoles(lexer):
        return f'a block of "{code.language}" looks like a console; {CURE}'
    if PROMPT.search(code.text):
        return f"a line begins like a prompt; {CURE}"
    return ""


def lexer_of(language: str) -> Lexer | None:
    """What knows a language; None where nothing does."""
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


def of_consoles(lexer: Lexer) -> bool:
    """Whether a language is one of shells, of their sessions, or of plain text."""
    family = type(lexer).__module__.rpartition(".")[2]
    named = lexer.name.lower()
    return family in ("shell", "special") or "console" in named or "session" in named


def unlabelled(page: Page, label: str) -> Iterator[Mistake]:
    """Admonitions for what was not run whose title does not begin by saying so."""
    inside = fenced_lines(page.body)
    for number, line in enumerate(page.body.split("\n"), 1):
        found = None if number in inside else ADMONITION.fullmatch(line)
        if not found or ADVICE not in found["kinds"].split():
            continue
        if found["kinds"] != ADVICE or not (found["title"] or "").startswith(label):
            what = f'what was not run must say so first: write !!! {ADVICE} "{label}"'
            yield Mistake(page.path, page.above + number, what)


class Raw(HTMLParser):
    """The HTML that is written in a page, outside code."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.tags: list[tuple[str, int]] = []
        """The elements in order, and the lines of the body they start on."""
        self.open: list[tuple[str, int]] = []
        self.stray: list[tuple[str, int]] = []
        self.feed(prose(page.body))
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if self.tags[-1:] == [(tag, self.getpos()[0])] and tag not in VOID:
            self.open.append(self.tags[-1])

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if ":" not in tag and "@" not in tag:  # <https://…> is a link
            self.tags.append((tag, self.getpos()[0]))

    def handle_endtag(self, tag: str) -> None:
        for index in reversed(range(len(self.open))):
            if self.open[index][0] == tag:
                self.stray += self.open[index + 1 :]
                del self.open[index:]
                return
        self.stray.append((f"/{tag}", self.getpos()[0]))

    def mistakes(self) -> Iterator[Mistake]:
        """Elements that are not inert, and those that do not end."""
        path, above = self.page.path, self.page.above
        for tag, line in self.tags:
            if tag not in INERT:
                yield Mistake(path, above + line, refused(tag))
        for tag, line in (*self.open, *self.stray):
            if tag in INERT:
                yield Mistake(path, above + line, f"<{tag}> never ends: write </{tag}>")
            elif tag.startswith("/"):
                yield Mistake(path, above + line, f"<{tag}> ends nothing: take it away")


def prose(body: str) -> str:
    """A text with its code blanked, line by line."""
    inside = fenced_lines(body)
    lines = ["" if n in inside else line for n, line in enumerate(body.split("\n"), 1)]
    return SPAN.sub(lambda span: re.sub(r"[^\n]", " ", span[0]), "\n".join(lines))


def unseen(page: Page) -> Iterator[Mistake]:
    """Comments, declarations and instructions, in which a browser may see elements."""
    lines = enumerate(prose(page.body).split("\n"), 1)
    found = [page.above + number for number, line in lines if HIDDEN.search(line)]
    for line in found or [0]:
        yield Mistake(page.path, line, "a page holds no comments, and no <! or <?: take it away")


def refused(tag: str) -> str:
    """Why an element may not be written."""
    if tag in ("figure", "figcaption", "pre", "samp", "svg", "button", "code"):
        return f"hand-written <{tag}> looks like what a host printed: {SHOW}"
    return f"<{tag}> is no element that a page may hold: put it in backticks, or write &lt;{tag}>"


def worn(element: Element) -> Iterator[tuple[str, str]]:
    """Attributes that nobody may write: the text to look for in the source, and what is wrong."""
    known = CLASSES.get(element.tag, set())
    for name in element.classes:
        language = element.tag == "code" and name.startswith("language-")
        if name in known or language:
            continue
        if "admonition" in element.classes or element.tag == "details":
            yield name, f'no admonition "{name}": {suggestion(name, KINDS)}'
            continue
        yield name, f'the class "{name}" is not for a page to give: outputs come from hosts, {SHOW}'
    for name, value in element.attributes.items():
        allowed = {"class", "id", "title", "lang", "dir"} | ATTRIBUTES.get(element.tag, set())
        if name not in allowed or (name == "style" and not ALIGNED.fullmatch(value)):
            yield name, f'the attribute "{name}" is not for a page to give: take it away'
    id = element.attributes.get("id", "")
    if id and not re.fullmatch("h[1-6]", element.tag) and not FOOTNOTE.match(id):
        yield id, f'the id "{id}" is on no heading: give ids to headings alone'


def taken(page: Page) -> Iterator[Mistake]:
    """Headings with the id of a step that the page shows."""
    steps = {
        f"{scene}-{step}"
        for one in page.references
        if MACROS[one.macro].block
        for scene, step in one.named
    }
    for heading in page.headings:
        if heading.id in steps:
            what = f"the id {{#{heading.id}}} is that of a step shown here: choose another"
            yield Mistake(page.path, heading.line, what)
