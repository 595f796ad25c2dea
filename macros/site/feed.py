"""What a reader of the site may want to be told of, as Atom: what went wrong, what is printed anew.

A recording is written again only where a scene says something else, so its date is that of news.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from ..errors import harmless
from ..languages import Language, Languages
from ..model import Report
from ..pages import addresses
from ..pages.proof import said, standing
from .permalinks import Trees

NAME = "feed.xml"
MOST = 50
"""Entries in a feed, the newest."""
ATOM = "http://www.w3.org/2005/Atom"
Element, Child = ElementTree.Element, ElementTree.SubElement


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be told."""

    key: str
    """What makes it another than all others, in every language."""
    title: str
    when: str
    way: str
    """Below the language's root."""
    text: str


def write(new: Path, languages: Languages, trees: Trees, run: Mapping[str, Report]) -> None:
    """Write the feed of each language into a site."""
    for code, language in languages.items():
        shown = addresses.shown(trees[code])
        every = sorted(entries(language, shown, run), key=lambda one: (one.when, one.key))
        text = feed(language, list(reversed(every))[:MOST])
        (new / code / NAME).write_bytes(text)


def entries(
    language: Language, shown: Mapping[tuple[str, str], str], run: Mapping[str, Report]
) -> Iterator[Entry]:
    """What there is to be told of the steps that a language shows."""
    words = language.words
    for name, report in run.items():
        engine = report.provenance.engine
        ways = {
            step.id: f"{addresses.of_page(shown[name, step.id])}#{name}-{step.id}"
            for step in report.steps
            if (name, step.id) in shown
        }
        for step in report.steps:
            if standing(report, step).troubled and step.id in ways:
                key = f"{name} {step.id} {step.verdict} {report.when}"
                title = f"{name} {step.id}{words.colon}{said(report, step, words)}"
                yield Entry(key, title, report.when, ways[step.id], step.diff or step.output)
        if report.recorded and ways:
            title = words.feed.changed.format(name, engine)
            commands = "\n".join(step.command for step in report.steps if step.id in ways)
            key, way = f"{name} recorded {report.recorded}", next(iter(ways.values()))
            yield Entry(key, title, report.recorded, way, commands)


def feed(language: Language, every: list[Entry]) -> bytes:
    """The feed, whose links are from where it stands: it need not know where the site does."""
    words = language.words
    top = Element("feed", {"xmlns": ATOM, "xml:lang": language.code})
    Child(top, "title").text = words.feed.title
    Child(top, "id").text = urn(language.code)
    Child(top, "updated").text = every[0].when if every else "1970-01-01T00:00:00Z"
    Child(Child(top, "author"), "name").text = words.landing.name
    Child(top, "link", {"rel": "self", "href": NAME})
    Child(top, "link", {"rel": "alternate", "type": "text/html", "href": "./"})
    for one in every:
        entry = Child(top, "entry")
        Child(entry, "title").text = harmless(one.title)
        Child(entry, "id").text = urn(f"{language.code} {one.key}")
        Child(entry, "updated").text = one.when
        Child(entry, "link", {"rel": "alternate", "type": "text/html", "href": one.way})
        Child(entry, "content", {"type": "text"}).text = harmless(one.text)
    text: bytes = ElementTree.tostring(top, "utf-8", xml_declaration=True)
    return text


def urn(key: str) -> str:
    """A name for ever, of the same thing the same."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"netdocs {key}").urn
