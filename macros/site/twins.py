"""What a site has for machines: a twin in Markdown beside each page, and `llms.txt` to find them.

One a language, and one at the top that leads to those. Knows reports and pages' files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..languages import Languages, Words
from ..model import Report
from ..pages import source
from ..pages.elsewhere import Elsewhere
from ..pages.macros import Showing
from ..pages.twin import NAME, twin
from .rendering import Section

LIST = "llms.txt"


def write(
    new: Path,
    root: Path,
    languages: Languages,
    contents: Mapping[str, Sequence[Section]],
    run: Mapping[str, Report],
    url: str,
) -> None:
    """Write all of them into a site."""
    for code, language in languages.items():
        elsewhere = Elsewhere(root, code)
        lines = [*head(language.words)]
        for section in contents[code]:
            lines += ["", f"## {section.title}", ""]
            for link in section.links:
                page = source.read(root, root / "docs" / code / link.source)
                address = f"{url}{code}/{link.address}" if url else "./"
                showing = Showing(run, language.words, elsewhere=elsewhere)
                text = twin(page, link.source, showing, address)
                put(new / code / link.address / NAME, text)
                way = f"{url}{code}/" if url else ""
                lines.append(f"- [{page.title}]({way}{link.address}{NAME}): {page.description}")
        put(new / code / LIST, "\n".join(lines) + "\n")
    landing = [language.words.landing for language in languages.values()]
    names = " · ".join(each.name for each in landing)
    lists = (
        f"- [{language.words.name}]({url}{code}/{LIST}): {language.words.landing.lead}"
        for code, language in languages.items()
    )
    put(new / LIST, "\n".join((f"# {names}", "", *lists)) + "\n")


def head(words: Words) -> Iterator[str]:
    """How a list begins."""
    yield from (f"# {words.landing.name}", "", f"> {words.landing.lead}")


def put(path: Path, text: str) -> None:
    """Write a text as bytes: what was printed is kept, and is not always UTF-8."""
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
