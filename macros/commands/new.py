"""A new page or scene, in every language, from one template: what it writes passes all checks.

A scene begins as a copy of one that is recorded, recording included: what it printed was printed
by these commands. It is stale once they are edited, and recorded like any other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import TRANSCRIPTS, Mistake, Mistakes, place, recording
from ..files import write_whole
from ..languages import Language, Languages, Words, read
from ..model import Say
from ..pages import addresses, checks, folders, frontmatter, navigation, translations
from ..scenes import scene
from ..scenes.messages import suggestion
from ..verdicts import transcript
from .translated import named

LIKE = "home"
"""The scene that is copied unless another is named: one port, three steps."""
COMMENT = re.compile(r"\A(#.*\n)*")
ROW = re.compile(r"(\||[-*] ).*\]\([a-z0-9-]+\.md[)#]")
LINK = re.compile(r"\[[^\]]*\]\(")
PAGE = """\
---
title: {title}
description: {words.new.description}
---

# {title} {{#{id}}}

{words.new.lead}

{section}
## {words.new.next} {{#next}}

- [{up}](index.md)
"""
SECTION = """\
## {title} {{#{id}}}

{words.new.shows}

{{{{{{ steps({names}) }}}}}}
"""


@dataclass(slots=True)
class Draft:
    """What is to be written, and what keeps it from being written."""

    root: Path
    languages: Languages = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """By path from the root."""
    wrong: list[Mistake] = field(default_factory=list)

    def refuse(self, about: str, what: str) -> None:
        self.wrong.append(Mistake(about, 0, what))

    def text(self, name: str) -> str:
        return self.texts.get(name) or (self.root / name).read_text("utf-8")

    def insert(self, name: str, line: int, text: str) -> None:
        """Put lines below a line of a file."""
        lines = self.text(name).splitlines(keepends=True)
        self.texts[name] = "".join((*lines[:line], text, *lines[line:]))


def page(root: Path, name: str, like: str, say: Say) -> None:
    """Start `folder/name` in every language, with a scene. Raises `Mistakes`, writing nothing."""
    draft = Draft(root, read(root))
    name = name.removesuffix(".md")
    folder, _, stem = name.rpartition("/")
    above = f"{folder}/" if folder else ""
    if not all(map(folders.NAME.fullmatch, name.split("/"))) or stem in (*folders.TAKEN, "index"):
        draft.refuse(name, "name it folder/page, in lower-case letters, digits and single dashes")
    steps = copied(draft, stem, like)
    for code, language in draft.languages.items():
        path, index = f"docs/{code}/{name}.md", f"docs/{code}/{above}index.md"
        if (root / path).exists():
            draft.refuse(path, "this page is there: choose another name")
        if not (root / index).is_file():
            draft.refuse(index, "no such page: write the page of the folder first")
        if draft.wrong:
            continue
        title = titled(stem)
        section = SECTION.format(title=language.words.new.first, id="what", words=language.words,
                                 names=steps)  # fmt: skip
        up = frontmatter.read(index, draft.text(index)).title
        draft.texts[path] = PAGE.format(title=title, id=stem, words=language.words, up=up,
                                        section=section)  # fmt: skip
        listed(draft, index, f"{stem}.md", title, language.words)
        entered(draft, language, f"{name}.md")
    finish(draft, {f"{name}.md": "", f"{above}index.md": ""}, stem, say)


def scene_on(root: Path, name: str, shown: str, like: str, say: Say) -> None:
    """Start a scene, shown by a new section of a page, in every language. Raises as `page`."""
    draft = Draft(root, read(root))
    shown, _ = named(shown, draft.languages)
    steps = copied(draft, name, like)
    for code, language in draft.languages.items():
        path = f"docs/{code}/{shown}"
        if not (root / path).is_file():
            known = folders.pages(root, code)
            draft.refuse(path, f"no such page: {suggestion(shown, known)}")
            continue
        section = SECTION.format(title=titled(name), id=name, words=language.words, names=steps)
        text = draft.text(path)
        if f"{{#{name}}}" in text:
            draft.refuse(path, f"{{#{name}}} is a heading here already: choose another name")
        last = re.search(r"^## .*\{#next\}$", text, re.MULTILINE)
        line = text.count("\n", 0, last.start()) if last else text.count("\n")
        draft.insert(path, line, f"{section}\n" if last else f"\n{section}")
    finish(draft, {shown: name}, name, say)


def copied(draft: Draft, name: str, like: str) -> str:
    """A scene and its recording under another name; what a page calls to show all of it."""
    known = scene.files(draft.root)
    if name in known or not folders.NAME.fullmatch(name):
        draft.refuse(place(name), "there is a scene of that name, or it is none: choose another")
    if like not in known:
        draft.refuse(place(like), f"no such scene: {suggestion(like, known)}")
    if draft.wrong:
        return ""
    original = scene.load_all(draft.root, (like,))[like]
    printed = transcript.read(draft.root / recording(like))
    comment = f"# A copy of {like}: what {name} shows goes here, in one line.\n"
    draft.texts[place(name)] = COMMENT.sub(comment, draft.text(place(like)), count=1)
    beside = draft.root / TRANSCRIPTS / f".{name}.json"
    transcript.write(beside, replace(printed, scene=name))
    draft.texts[recording(name)] = beside.read_text("utf-8")
    beside.unlink()
    return ", ".join(f'"{each}"' for each in (name, *(step.id for step in original.steps)))


def titled(name: str) -> str:
    """A title that is to be written over."""
    return name.replace("-", " ").capitalize()


def listed(draft: Draft, index: str, target: str, title: str, words: Words) -> None:
    """Link a page from that of its folder, in the first list or table of pages there."""
    lines = draft.text(index).splitlines()
    rows = [number for number, line in enumerate(lines) if ROW.match(line)]
    last = next((row for row in rows if row + 1 not in rows), len(lines) - 1)
    link = f"[{title}]({target})"
    text = f"- {link}\n" if rows else f"\n- {link}\n"
    if rows and lines[last].startswith("|"):
        cells = lines[last].strip().strip("|").split(" | ")
        text = (
            f"| {' | '.join(link if LINK.search(cell) else words.new.cell for cell in cells)} |\n"
        )
    draft.insert(index, last + 1, text)


def entered(draft: Draft, language: Language, name: str) -> None:
    """Put a page into a navigation, below the last of its folder."""
    entries = list(navigation.flat(navigation.read(draft.root, language.config)))
    folder = name.rpartition("/")[0]
    if not any(entry.target.rpartition("/")[0] == folder for entry in entries):
        draft.refuse(language.config, f"no page of {folder}/ is in the navigation: write one there")
        return
    line = navigation.beside(name, entries)
    before = draft.text(language.config).splitlines()[line - 1]
    indent = before[: len(before) - len(before.lstrip())]
    draft.insert(language.config, line, f"{indent}- {name}\n")


def finish(draft: Draft, pages: Mapping[str, str], name: str, say: Say) -> None:
    """Write it all, declare the new text the same in all languages, say what is to be done."""
    if draft.wrong:
        raise Mistakes(draft.wrong)
    before = {path: (draft.root / path).exists() for path in draft.texts}
    record, wrong = translations.read(draft.root)
    fresh = [] if wrong else list(sections(draft, pages, record))
    for path, text in draft.texts.items():
        write_whole(draft.root / path, text.encode())
        say(f"{'edited' if before[path] else 'wrote '} {path}")
    if not wrong:
        record, _ = translations.declare(checks.read_all(draft.root), record, fresh)
        translations.write(draft.root, record)
        say(f"edited {translations.FILE}")
    if addresses.read(draft.root):
        scenes, unread = scene.read_all(draft.root)
        broken = {Path(mistake.path).stem for mistake in unread}
        addresses.extend(draft.root, checks.check_all(draft.root, scenes, broken).addresses)
        say(f"edited {addresses.FILE}")
    say("next: scripts/serve, and write over what the template says, in one language or in all;")
    say(f"  edit docs/scenes/{name}.yml, then scripts/build --record {name}, where an engine is")


def sections(
    draft: Draft, pages: Mapping[str, str], record: translations.Record
) -> Iterator[tuple[str, str]]:
    """What is the same in all languages now: all that is new, and what was so and is edited."""
    languages: Collection[str] = draft.languages
    trees = checks.read_all(draft.root)
    for name, id in pages.items():
        version = translations.versions(trees, name)
        owes, undeclared = translations.owed(version, record.get(name, {}))
        if len(version) < len(languages):
            yield name, ""
            continue
        pending = {owing.id for owing in owes} | {*undeclared}
        cut = next(translations.sections(each) for each in version.values())
        yield from ((name, each) for each in cut if each not in pending)
        if id:
            yield name, id
