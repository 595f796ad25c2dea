"""The front matter of a page: its title, its description, and what else may stand there.

MkDocs puts both into the head of the built page as they are, so they are plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mkdocs.utils.meta import META_RE, YAML_RE

from ..errors import Mistake, Mistakes
from ..scenes.yaml_lines import LinedDict, LinedList, parse

NEEDED = ("title", "description")
ALLOWED = frozenset({*NEEDED, "aliases", "hide", "search"})
PARTS = frozenset({"footer", "navigation", "toc"})
"""Of a page, that it may hide."""
MARKUP = re.compile(r'[<>"`]|\*\*|\]\(|\{\{|&#?\w+;')
OLD_PAGE = re.compile(r"(?:[a-z0-9-]+/)*[a-z0-9-]+\.md")
OLD_ID = re.compile(r"#[A-Za-z][\w-]*")
ALL = "#*"
"""All old ids that another page has now."""
OTHER = re.compile(r"[a-z0-9./-]+\.md")
NEW = re.compile(r"(?:[a-z0-9./-]+\.md)?(?:#[A-Za-z][\w-]*)?")
ALIAS = (
    'write an old path of the page, modes/old.md, or "#old-id": "#new-id", '
    'or "#*": "other.md" for all that another page has now'
)
EXAMPLE = 'write "---", "title: …", "description: …", "---" above the text'


@dataclass(frozen=True, slots=True)
class Alias:
    """An old address of a page, or of a place on it."""

    line: int
    old: str
    """`modes/old.md`, from the language's root; `#old-id`; `ALL`."""
    new: str = ""
    """Where an old id leads, as a link on the page: `#new-id`, `../modes/other.md#id`; of `ALL`
    the other page."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a page says of itself, and the text below."""

    body: str
    above: int = 0
    """Lines of the file above the body."""
    title: str = ""
    description: str = ""
    mistakes: tuple[Mistake, ...] = ()
    aliases: tuple[Alias, ...] = ()


def read(name: str, text: str) -> FrontMatter:
    """Take the front matter off a page; what is wrong with it is told by the page's lines."""
    found = YAML_RE.match(text)
    if not found:
        what = f"the page has no front matter: {EXAMPLE}"
        if text.startswith("---"):
            what = 'the front matter never ends: write "---" on a line below it'
        elif META_RE.match(text):
            what = f"MkDocs takes this line for front matter and hides it: {EXAMPLE}"
        return FrontMatter(text, mistakes=(Mistake(name, 1, what),))
    body = text[found.end() :].lstrip("\n")
    above = text[: len(text) - len(body)].count("\n")
    try:
        data = parse(found[1].encode(), name)
    except Mistakes as error:
        wrong = [Mistake(name, one.line + 1, f"front matter: {one.what}") for one in error.mistakes]
        return FrontMatter(body, above, mistakes=tuple(wrong))
    if not isinstance(data, LinedDict):
        return FrontMatter(body, above, mistakes=(Mistake(name, 1, EXAMPLE),))
    title, description = (said if isinstance(said := data.get(key), str) else "" for key in NEEDED)
    mistakes, old = tuple(refused(name, data)), tuple(aliases(data))
    return FrontMatter(body, above, title, description, mistakes, old)


def aliases(data: LinedDict) -> Iterator[Alias]:
    """The old addresses that front matter names, as far as they are written as they should be."""
    written = data.get("aliases")
    if not isinstance(written, LinedList):
        return
    for one, line in zip(written, (at + 1 for at in written.at), strict=True):
        match one:
            case str() if OLD_PAGE.fullmatch(one):
                yield Alias(line, one)
            case LinedDict():
                for old, new in one.items():
                    if all(isinstance(each, str) and each for each in (old, new)) and (
                        (OLD_ID.fullmatch(old) and NEW.fullmatch(new))
                        or (old == ALL and OTHER.fullmatch(new))
                    ):
                        yield Alias(line, old, new)


def refused(name: str, data: LinedDict) -> Iterator[Mistake]:
    """What is wrong with what a page says of itself."""
    allowed = ", ".join(sorted(ALLOWED))
    for key in sorted(data.keys() - ALLOWED):
        what = f'front matter "{key}" is not allowed; write one of {allowed}'
        yield Mistake(name, data.at[key] + 1, what)
    for key, form in FORMS.items():
        if key in data and (what := form(data[key])):
            yield Mistake(name, data.at[key] + 1, f'front matter: "{key}" {what}')
    for key in NEEDED:
        if what := unfit(data, key):
            yield Mistake(name, data.at.get(key, 0) + 1, f'front matter: "{key}" {what}')


def hidden(value: Any) -> str:
    """What is wrong with the parts that a page hides, "" if nothing."""
    if isinstance(value, list) and all(isinstance(one, str) and one in PARTS for one in value):
        return ""
    return f"is a list of {', '.join(sorted(PARTS))}: write [toc]"


def sought(value: Any) -> str:
    """What is wrong with how a page is searched, "" if nothing."""
    if isinstance(value, dict) and len(value) == 1:
        if isinstance(value.get("exclude"), bool):
            return ""
        boost = value.get("boost")
        if isinstance(boost, int | float) and not isinstance(boost, bool) and 0 < boost <= 100:
            return ""
    return "is one of two: write {boost: 0.5}, or {exclude: true}"


def former(value: Any) -> str:
    """What is wrong with the old addresses of a page, "" if nothing."""
    if not isinstance(value, LinedList) or not value:
        return f"is a list: {ALIAS}"
    meant = sum(len(one) if isinstance(one, LinedDict) else 1 for one in value)
    read = len(list(aliases(LinedDict(0, {"aliases": value}, {}))))
    return "" if read == meant else f"holds what is no address: {ALIAS}"


FORMS = {"aliases": former, "hide": hidden, "search": sought}


def unfit(data: Mapping[str, Any], key: str) -> str:
    """What is wrong with a text of the front matter, "" if nothing."""
    value = data.get(key)
    if value is None or value == "":
        return "is missing: write it, one line of plain text"
    if not isinstance(value, str):
        return "must be text: put it in quotes"
    return marked(value)


def marked(text: str) -> str:
    """What of a text is no plain text on one line, "" if all is."""
    if odd := next((one for one in text if not one.isprintable()), ""):
        return f"is one line of plain text: take {odd!a} out of it"
    if markup := MARKUP.search(text):
        return f"is plain text: take {markup[0]!r} out of it"
    return ""
