"""What a page owes its translations: which sections are behind those of another language.

`docs/translated.toml` holds, a line a section, what it was in every language when all of them
were last declared to say the same: a digest of each paragraph. No language is the source: where
one has changed since and another has not, the other is behind.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from ..errors import Mistake
from ..files import write_whole
from . import folders, source
from .source import Page

FILE = "docs/translated.toml"
ABOUT = f"""\
# {FILE}: what each section was when its languages were last declared to say the same,
# as a digest of each paragraph. Written by scripts/translated; after a conflict keep both sides'
# lines, and have it write again the sections that both sides name.
"""
DIGITS = 6
CONFLICT = re.compile(r"^(<{7}|={7}|>{7})", re.MULTILINE)

Record = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Page → heading id → language → digests, spaces between them."""
Versions = Mapping[str, Page]
"""One page in each language that has it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it, up to the next one."""

    line: int
    last: int
    paragraphs: tuple[tuple[int, str], ...]
    """(line, text), the heading the first of them."""

    @property
    def digests(self) -> str:
        return " ".join(digest(text) for _, text in self.paragraphs)


class Kind(StrEnum):
    """How a language is behind another."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Owed:
    """A section that a language owes, and what it is to be translated from."""

    kind: Kind
    id: str
    language: str
    """The one that is behind."""
    source: str
    """The one that is ahead."""
    line: int = 0
    """Of the section that is behind; 0 where it is missing."""
    at: int = 0
    """Of the one that is ahead, likewise."""
    before: str = ""
    """The id of the first section behind a missing one that is there; "" for the page's end."""
    paragraphs: tuple[tuple[int, str], ...] = ()
    """What is new or changed in the language that is ahead."""
    gone: int = 0
    """How many paragraphs are there no more."""


def digest(paragraph: str) -> str:
    """What a paragraph is remembered by: how its lines are broken does not count."""
    return sha256(" ".join(paragraph.split()).encode()).hexdigest()[:DIGITS]


def sections(page: Page) -> dict[str, Section]:
    """The sections of a page by their ids; the first has its title and description, too."""
    lines = page.body.split("\n")
    headings = [heading for heading in page.headings if heading.id]
    ends = [*(heading.line - 1 for heading in headings[1:]), page.above + len(lines)]
    cut: dict[str, Section] = {}
    for heading, last in zip(headings, ends, strict=False):
        first = heading.line if cut else page.above + 1
        own = paragraphs(lines[first - 1 - page.above : last - page.above], first)
        front = () if cut else ((1, f"{page.title}\n{page.description}"),)
        cut.setdefault(heading.id, Section(heading.line, last, (*front, *own)))
    return cut


def paragraphs(lines: list[str], first: int) -> Iterator[tuple[int, str]]:
    """The paragraphs of some lines, each with its line."""
    start = 0
    for number, line in enumerate([*lines, ""]):
        if not line.strip():
            if text := "\n".join(lines[start:number]).strip("\n"):
                yield first + start, text
            start = number + 1


def read(root: Path) -> tuple[Record, list[Mistake]]:
    """What is remembered, and what is wrong with the file; nothing where there is none."""
    path = root / FILE
    if not path.is_file():
        return {}, []
    try:
        text = path.read_text("utf-8")
        record = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        what = f"broken TOML: {error}; restore the file, then run scripts/translated PAGE"
        if isinstance(error, tomllib.TOMLDecodeError) and (mark := CONFLICT.search(text)):
            line = text.count("\n", 0, mark.start()) + 1
            what = "a conflict: keep both sides' lines, then run scripts/translated PAGE#ID for "
            return {}, [Mistake(FILE, line, f"{what}each section that both name")]
        return {}, [Mistake(FILE, 0, what)]
    whole = all(
        isinstance(digests, str)
        for page in record.values()
        for row in (page.values() if isinstance(page, dict) else [{"": 0}])
        for digests in (row.values() if isinstance(row, dict) else [0])
    )
    what = "not what scripts/translated writes: restore the file"
    return (record, []) if whole else ({}, [Mistake(FILE, 0, what)])


def write(root: Path, record: Record) -> None:
    """Remember, page by page and id by id."""
    text = [ABOUT]
    for page, rows in sorted(record.items()):
        text.append(f'\n["{page}"]\n')
        for id, row in sorted(rows.items()):
            of = ", ".join(f'{code} = "{digests}"' for code, digests in sorted(row.items()))
            text.append(f"{id} = {{ {of} }}\n")
    write_whole(root / FILE, "".join(text).encode())


def versions(trees: Mapping[str, Mapping[str, Page]], name: str) -> Versions:
    """A page in the languages that have it."""
    return {code: tree[name] for code, tree in trees.items() if name in tree}


def owed(page: Versions, rows: Mapping[str, Mapping[str, str]]) -> tuple[list[Owed], list[str]]:
    """What languages owe each other of one page, and the ids of which nothing is declared.

    `rows` is what is remembered of it.
    """
    cut = {code: sections(version) for code, version in page.items()}
    owes: list[Owed] = []
    undeclared: list[str] = []
    for id in dict.fromkeys(id for each in cut.values() for id in each):
        then = rows.get(id, {})
        now = {code: each[id].digests if id in each else "" for code, each in cut.items()}
        there = [code for code in cut if now[code]]
        ahead = [code for code in cut if code in then and now[code] != then[code]]
        late = {code for code in cut if code not in then}
        source = next((code for code in ahead if now[code]), "")
        missing = [code for code in cut if not now[code] and (code in late or source)]
        owes += [debt(id, cut, code, source or there[0], then) for code in missing]
        if ahead:
            behind = [code for code in there if code not in ahead and code not in late]
            owes += [debt(id, cut, code, source or ahead[0], then) for code in behind]
        if not missing and (late or len(ahead) == len(cut)):
            undeclared.append(id)
    return owes, undeclared


def debt(
    id: str,
    cut: Mapping[str, Mapping[str, Section]],
    language: str,
    source: str,
    then: Mapping[str, str],
) -> Owed:
    """How a section of a language is behind that of another."""
    mine, theirs = cut[language].get(id), cut[source].get(id)
    if theirs is None:
        assert mine
        return Owed(Kind.REMOVED, id, language, source, mine.line)
    known = then.get(source, "").split()
    new = tuple(one for one in theirs.paragraphs if digest(one[1]) not in known)
    left = {digest(text) for _, text in theirs.paragraphs}
    gone = sum(each not in left for each in known)
    if mine:
        return Owed(Kind.CHANGED, id, language, source, mine.line, theirs.line, "", new, gone)
    order = list(cut[source])
    follows = order[order.index(id) + 1 :]
    before = next((each for each in follows if each in cut[language]), "")
    return Owed(Kind.ADDED, id, language, source, 0, theirs.line, before, theirs.paragraphs)


def debts(
    trees: Mapping[str, Mapping[str, Page]], record: Record
) -> dict[str, tuple[list[Owed], list[str]]]:
    """Of every page that more than one language has, what `owed` says."""
    names = sorted({name for tree in trees.values() for name in tree})
    several = {name: page for name in names if len(page := versions(trees, name)) > 1}
    return {name: owed(page, record.get(name, {})) for name, page in several.items()}


def excused(page: Page, owes: list[Owed]) -> list[range]:
    """The lines of a page in sections that a language owes: they need not be as in others."""
    cut = sections(page)
    ids = {owing.id for owing in owes}
    return [range(cut[id].line, cut[id].last + 1) for id in ids if id in cut]


def notices(trees: Mapping[str, Mapping[str, Page]], record: Record) -> Iterator[Mistake]:
    """What languages owe each other, with what to do: no mistakes, a page may be ahead."""
    for name, (owes, undeclared) in debts(trees, record).items():
        page = versions(trees, name)
        yield from (told(name, page, owing) for owing in owes)
        if undeclared:
            what = f"{{#{'}, {#'.join(undeclared)}}} changed in all languages, or nothing is "
            what += "declared of it; where all say the same now, run scripts/translated "
            asked = " ".join(f"{name}#{id}" for id in undeclared)
            path, version = next((each.path, each) for each in page.values())
            line = sections(version)[undeclared[0]].line
            yield Mistake(path, line, f"{what}{asked}")
    for code, other, name in alone(trees):
        what = "only here: translate it, or leave that to others; write the same page at "
        yield Mistake(f"docs/{other}/{name}", 0, f"{what}docs/{code}/{name}")


def told(name: str, page: Versions, owing: Owed) -> Mistake:
    """A debt for who pays it."""
    mine, theirs = page[owing.language].path, page[owing.source].path
    if owing.kind is Kind.REMOVED:
        what = f"{{#{owing.id}}} is gone from {theirs}: take it away here, or put it back there"
        return Mistake(mine, owing.line, what)
    if owing.kind is Kind.ADDED:
        where = f"above {{#{owing.before}}}" if owing.before else "at the end"
        what = f"{{#{owing.id}}} is only at {theirs}:{owing.at}: write it here, {where}"
        line = sections(page[owing.language])[owing.before].line if owing.before else 0
        return Mistake(mine, line, what)
    lines = ", ".join(f":{line}" for line, _ in owing.paragraphs)
    changes = [f"new or changed there: {lines}"] if lines else []
    changes += [f"paragraphs gone there: {owing.gone}"] if owing.gone else []
    what = f"{{#{owing.id}}} is behind {theirs}:{owing.at} ({'; '.join(changes) or 'order'}): "
    what += f"write it here, too; where there is nothing to write, scripts/translated {name}"
    return Mistake(mine, owing.line, f"{what}#{owing.id}")


def alone(trees: Mapping[str, Mapping[str, Page]]) -> Iterator[tuple[str, str, str]]:
    """(a language without a page, the first that has it, the page)."""
    for name in sorted({name for tree in trees.values() for name in tree}):
        has = [code for code, tree in trees.items() if name in tree]
        yield from ((code, has[0], name) for code in trees if code not in has)


def declare(
    trees: Mapping[str, Mapping[str, Page]], record: Record, asked: list[tuple[str, str]]
) -> tuple[Record, list[Mistake]]:
    """What is remembered once these (page, id; "" for all of it) are declared to say the same.

    What no page has any more is forgotten.
    """
    new: dict[str, dict[str, Mapping[str, str]]] = {}
    cut = {
        name: {code: sections(page) for code, page in versions(trees, name).items()}
        for name in sorted({name for tree in trees.values() for name in tree})
    }
    for name, each in cut.items():
        ids = {id for one in each.values() for id in one}
        new[name] = {id: row for id, row in record.get(name, {}).items() if id in ids}
    wrong: list[Mistake] = []
    for name, id in asked:
        for code in trees:
            if code not in cut.get(name, {}):
                wrong.append(Mistake(f"docs/{code}/{name}", 0, "this page is missing: write it"))
        each = cut.get(name, {})
        for part in [id] if id else dict.fromkeys(part for one in each.values() for part in one):
            lacking = [code for code, one in each.items() if part not in one]
            what = f"there is no {{#{part}}} here: write it, or take it away in all languages"
            wrong += [Mistake(f"docs/{code}/{name}", 0, what) for code in lacking]
            if each and not lacking:
                new[name][part] = {code: one[part].digests for code, one in each.items()}
    return {name: rows for name, rows in new.items() if rows}, wrong


def versions_of(root: Path, languages: Mapping[str, object], name: str) -> Versions:
    """A page in the languages that have it, read anew."""
    paths = {code: root / folders.DOCS / code / name for code in languages}
    return {code: source.read(root, path) for code, path in paths.items() if path.is_file()}
