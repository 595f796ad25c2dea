"""Literals in prose that nothing backs: addresses, interfaces, versions. Reads pages and reports.

A literal is backed where a step of a scene shown on the page, or on one that was a part of it,
ran or printed it, or where its paragraph links to a source; what stands in a `!!! not-run`
block says so itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..errors import Mistake
from ..model import Report
from . import addresses, checks
from .source import Page

LITERALS = {
    "address": re.compile(r"(?<![\w.:])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w.]*\d)"),
    "IPv6 address": re.compile(r"(?<![\w:.])(?:[0-9a-f]{1,4}:){2,}[0-9a-f:]*(?:/\d{1,3})?"),
    "MAC address": re.compile(r"(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])"),
    "interface": re.compile(
        r"(?<![\w./-])(?:docker0|eth\d+|docker_gwbridge|br-\w+|veth[0-9a-f]+)\b"
    ),
    "version": re.compile(
        r"(?:Engine|Docker|Compose|kernel|内核|iptables|systemd|版本) (?P<v>\d+(?:\.\d+)+)"
    ),
}
LINK = re.compile(r"\]\(https?://|<https?://")
NOT_RUN = re.compile(r"!!! not-run")


def check(root: Path, reports: Mapping[str, Report]) -> list[Mistake]:
    """Every literal that nothing backs, on the pages whose scenes all have a report."""
    return [
        mistake
        for tree in checks.read_all(root).values()
        for name, page in tree.items()
        for parts in [addresses.whole(name, tree)]
        if named(parts) <= reports.keys()
        for mistake in unbacked(page, backing(parts, reports))
    ]


def named(pages: Iterable[Page]) -> set[str]:
    """The scenes that pages name."""
    return {scene for page in pages for one in page.references for scene in one.scenes}


def unbacked(page: Page, known: str) -> Iterator[Mistake]:
    """Every literal of a page that a text does not back."""
    for line, text in prose_lines(page):
        if LINK.search(text):
            continue
        for kind, pattern in LITERALS.items():
            for found in pattern.finditer(text):
                literal = found["v"] if "v" in found.re.groupindex else found[0]
                if not backed(literal, known):
                    what = f"{kind} {literal}: no step here backs it; show one, or link a source"
                    yield Mistake(page.path, line, what)


def backed(literal: str, known: str) -> bool:
    """Whether a literal stands in a text by itself, not as a part of another word.

    Behind an address there may be a port or the length of its network, and a version may be
    the beginning of one.
    """
    more = r"[.:]\w" if ":" in literal else r"\.\w" if literal.count(".") == 3 else "(?!)"
    return bool(re.search(rf"(?<![\w.]){re.escape(literal)}(?![\w-]|{more})", known))


def backing(pages: Iterable[Page], reports: Mapping[str, Report]) -> str:
    """All that the scenes shown on pages ran and printed, and by what."""
    texts: list[str] = []
    for name in named(pages):
        report = reports[name]
        texts.append(" ".join(map(str, (report.provenance.engine, report.provenance.kernel))))
        for step in report.steps:
            texts += [step.command, step.output, *(held.written for held in step.held)]
    return "\n".join(texts)


def prose_lines(page: Page) -> Iterator[tuple[int, str]]:
    """The lines of prose with their numbers, less those of `not-run` blocks."""
    text = "".join(part if isinstance(part, str) else part.macro for part in page.parts)
    inside = False
    for number, line in enumerate(text.split("\n"), page.above + 1):
        if NOT_RUN.match(line):
            inside = True
        elif line.strip() and not line.startswith("    "):
            inside = False
        if not inside:
            yield number, line
