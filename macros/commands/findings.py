"""What a check finds, in one form: `path:line: rule: what is wrong; what mends it`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..errors import Mistake

PLACED = re.compile(
    r"(?P<path>[^\s:]+\.[a-z]+|[\w./-]*/[\w.-]+)(?::(?P<line>\d+))?(?::\d+)?: (?P<what>.*)"
)
"""A place, as all programs write it that are called."""
CODED = re.compile(
    r"(?:(?:error|warning|note|style): )?(?P<rule>[A-Z]+\d+)(?: \[\*\])?:? (?P<what>.*)"
)
"""What ruff and PyMarkdown say behind it: a rule's code first."""
BRACKETED = re.compile(r"(?:(?:error|warning|note): )?(?P<what>.*?) +\[(?P<rule>[\w-]+)\]")
"""What mypy and ShellCheck say: the code last."""
KINDS = (
    (r"docs/scenes/", "scene"),
    (r"docs/transcripts/", "transcript"),
    (r"docs/words/", "words"),
    (r"docs/translated\.toml", "translation"),
    (r"mkdocs.*\.yml", "navigation"),
    (r"docs/", "page"),
)
"""The rule of a mistake, by where it is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check has found."""

    path: str
    """"" where it is of no file."""
    line: int
    rule: str
    what: str
    """What is wrong, and what mends it."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return ": ".join(filter(None, (place, self.rule, self.what)))

    def annotation(self, level: str) -> str:
        """The same for GitHub, which shows it beside the line; `level` is error or notice."""
        facts = {"file": self.path, "line": str(self.line or 1), "title": self.rule}
        about = ",".join(f"{key}={escaped(fact, ':,')}" for key, fact in facts.items() if fact)
        return f"::{level} {about}::{escaped(self.what)}"


def escaped(text: str, also: str = "") -> str:
    """Text that ends no command of GitHub's, and begins none."""
    return "".join(f"%{ord(char):02X}" if char in f"%\r\n{also}" else char for char in text)


def of(mistake: Mistake) -> Finding:
    """A mistake in a scene or on a page."""
    place, _, what = str(mistake).partition(": ")
    path = place.removesuffix(f":{mistake.line}") if mistake.line else place
    return Finding(path, mistake.line, kind(path), what)


def kind(path: str) -> str:
    """The rule that a file's content is held to."""
    return next((name for pattern, name in KINDS if re.match(pattern, path)), "project")


def parse(lines: Iterable[str], rule: str = "", cure: str = "") -> Iterator[Finding]:
    """What programs say, and messages with a place; `rule` is for those that name none."""
    for line in lines:
        placed = PLACED.fullmatch(line)
        if placed is None:
            if line.strip():
                yield Finding("", 0, rule, line)
            continue
        path, number, what = placed["path"], int(placed["line"] or 0), placed["what"]
        own = rule or kind(path)
        if coded := CODED.fullmatch(what) or BRACKETED.fullmatch(what):
            own, what = (f"{rule} {coded['rule']}" if rule else coded["rule"]), coded["what"]
        yield Finding(path, number, own, f"{what}; {cure}" if cure else what)
