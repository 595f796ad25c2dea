"""The pages made by Zensical beside those of MkDocs: what of their content is missing.

Material for MkDocs is maintained until May 2027; Zensical is what comes after it. Of our theme
nothing is taken along: what is compared is what a page says.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from macros import reports
from macros.door import reports_for_build
from macros.languages import read
from macros.model import Say
from macros.reports import RUN
from macros.site import site

OURS = re.compile(r"^  (?:custom_dir|alternate): .*\n", re.MULTILINE)
"""Lines of mkdocs.yml by which our theme comes in."""
FOR_SEARCH = re.compile(r"\bdata-search-\w+$")
ADDRESS = "https://site.example/"


@dataclass(frozen=True, slots=True)
class Content:
    """What a page says, each as often as it says it."""

    ids: Counter[str]
    blocks: Counter[str]
    values: Counter[str]
    sentences: Counter[str]
    terms: Counter[str]
    """Words linked to the glossary."""


def content(html: str, address: str) -> Content:
    """What the article of a page says; links count by where they lead to."""
    article = LexborHTMLParser(html).css_first("article")
    if not article:
        return Content(*(Counter[str]() for _ in range(5)))
    every = article.traverse()
    ids = Counter(one.attributes["id"] or "" for one in every if "id" in one.attributes)
    blocks = Counter(alike(one, address) for one in article.css("figure.scene"))
    values = Counter(alike(one, address) for one in article.css("code.value"))
    terms = Counter(one.text() for one in article.css("a.term"))
    for one in article.css("figure.scene, .headerlink"):
        one.decompose()
    said = (" ".join(one.text().split()) for one in article.css("h1, h2, h3, h4, p, td, dt, li"))
    return Content(ids, blocks, values, Counter(filter(None, said)), terms)


def alike(node: LexborNode, address: str) -> str:
    """An element, the same whatever search keeps of it and however its links are written."""
    for one in [node, *node.traverse()]:
        attributes = one.attrs
        for name, text in dict(attributes).items():
            if FOR_SEARCH.search(name):
                del attributes[name]
            elif name == "href":
                attributes[name] = urljoin(address, text or "")
    return node.html or ""


def missing(built: Path, other: Path) -> Iterator[tuple[str, str, Counter[str], Counter[str]]]:
    """By page and kind: all that one site says, and what of it the other does not say."""
    for path in sorted(built.rglob("index.html")):
        name = path.relative_to(built)
        address = f"{ADDRESS}{name.as_posix().removesuffix('index.html')}"
        there = content(path.read_text("utf-8"), address)
        beside = other / name
        yield name.as_posix(), "pages", Counter([""]), Counter([""] * (not beside.is_file()))
        if beside.is_file():
            here = content(beside.read_text("utf-8"), address)
            for kind in Content.__slots__:
                wanted = getattr(there, kind)
                yield name.as_posix(), kind, wanted, wanted - getattr(here, kind)


def check(root: Path, say: Say) -> int:
    """Build each language with both, and say what is missing; the exit status."""
    languages = read(root)
    with tempfile.TemporaryDirectory(prefix="zensical-") as scratch:
        place = Path(scratch)
        tool, copy = place / "tool", place / "project"
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--only-binary", ":all:", "--target", str(tool), "zensical"],
            check=True, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        version = next(tool.glob("zensical-*.dist-info")).name.split("-")[1].removesuffix(".dist")
        reports.save(place / "run.json", reports_for_build(root))
        site.render(root, languages, place / "mkdocs", place / "run.json")
        for name in ("docs", "macros", *(each.config for each in languages.values())):
            (shutil.copytree if (root / name).is_dir() else shutil.copy)(root / name, copy / name)
        config = copy / "mkdocs.yml"
        config.write_text(OURS.sub("", config.read_text("utf-8")), "utf-8")
        counted: dict[str, list[int]] = {}
        for code, language in languages.items():
            made = subprocess.run(
                [sys.executable, "-m", "zensical", "build", "--clean", "-f", language.config],
                cwd=copy, capture_output=True, text=True, check=False,
                env=os.environ | {RUN: str(place / "run.json"), "PYTHONPATH": str(tool)},
            )  # fmt: skip
            if made.returncode:
                say((made.stdout + made.stderr).strip()[-2000:])
                return 1
            for page, kind, wanted, lost in missing(place / "mkdocs" / code, copy / "site" / code):
                counts = counted.setdefault(kind, [0, 0])
                counts[0] += wanted.total()
                counts[1] += lost.total()
                for one in list(lost)[:3]:
                    say(f"{code}/{page}: {kind} missing: {one[:120]}")
    say(f"Zensical {version}, of what MkDocs makes:")
    for kind, (all_of, lost_of) in counted.items():
        say(f"  {kind}: {lost_of} of {all_of} missing")
    return int(any(lost for _, lost in counted.values()))
