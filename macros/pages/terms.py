"""One word for one thing: what the rules of `docs/terms/xx.toml` find in pages and words.

A rule is a row of data. Of what a page runs, and of what it links to and is addressed by, no
rule says anything: code, calls, targets and ids.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import Mistake
from ..languages import file_of
from . import folders, frontmatter
from .headings import fenced_lines

UNSAID = re.compile(r"`[^`\n]+`|\{\{\{.*?\}\}\}|(?<=\])\([^)\s]*\)|\{#[\w-]+\}|https?://[^\s)>]+")
"""What is not prose."""
NAMES = "names"
"""The file of rules for products and protocols."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that are not used, and those that are."""

    wrong: re.Pattern[str]
    say: str
    example: str
    """A sentence that it finds."""
    fine: tuple[str, ...] = ()
    """Texts in which it is no mistake."""

    def found(self, line: str) -> str:
        """The first words of a line that are not used; "" if there are none."""
        for text in self.fine:
            line = line.replace(text, " " * len(text))
        found = self.wrong.search(line)
        return found[0] if found else ""


def place(code: str) -> str:
    """Where the rules of a language are written."""
    return f"docs/terms/{code}.toml"


def table(root: Path, code: str) -> dict[str, Any]:
    """What is said of the words of a language; nothing where it has no such file."""
    path = root / place(code)
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def read(root: Path, code: str) -> tuple[Rule, ...]:
    """The rules of a language, and those of names, which are the same in all."""
    return tuple(
        Rule(re.compile(row["wrong"]), row["say"], row["example"], tuple(row.get("fine", ())))
        for name in (code, NAMES)
        for row in table(root, name).get("rule", ())
    )


def narrow(root: Path, code: str) -> dict[str, str]:
    """Terms that are common words, too, and where each is the term: regexes."""
    return {row["term"]: row["where"] for row in table(root, code).get("narrow", ())}


def mistakes(root: Path, code: str) -> Iterator[Mistake]:
    """Every word of a language's pages, and of its words, that its rules do not use."""
    rules = read(root, code)
    for path in folders.pages(root, code).values():
        name = path.relative_to(root).as_posix()
        text = path.read_text("utf-8", errors="replace")
        above = frontmatter.read(name, text).above
        inside = fenced_lines("\n".join(text.split("\n")[above:]))
        for number, line in enumerate(text.split("\n"), 1):
            for what in () if number - above in inside else unused(rules, line):
                yield Mistake(name, number, what)
    words = root / file_of(code)
    text = words.read_text("utf-8", errors="replace") if words.is_file() else ""
    for number, line in enumerate(text.split("\n"), 1):
        for what in unused(rules, line.partition("#")[0]):
            yield Mistake(file_of(code), number, what)


def unused(rules: Sequence[Rule], line: str) -> Iterator[str]:
    """What the rules say of a line."""
    prose = UNSAID.sub(lambda part: " " * len(part[0]), line)
    for rule in rules:
        if found := rule.found(prose):
            yield f'"{found}" is not used: write {rule.say}'
