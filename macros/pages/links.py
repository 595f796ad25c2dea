"""Links between pages, found where they are written: to files, to anchors, out of the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from urllib.parse import SplitResult, unquote, urlsplit

from ..errors import Mistake
from ..model import anchors as anchors_of
from ..scenes.messages import near, suggestion
from .hypertext import Hypertext
from .macros import MACROS
from .source import Reference

OUT = ("http", "https", "mailto")
"""Schemes of links that leave the site."""
EVIDENCE = "evidence"


def mistakes(
    tree: Mapping[str, Hypertext], names: Iterable[str], scenes: Collection[str]
) -> Iterator[Mistake]:
    """Every link of one language that leads nowhere.

    `tree` holds the pages that can be read, `names` all there are, both by their path
    below the language's directory.
    """
    known = {name: anchors(made, scenes) for name, made in tree.items()}
    every = {name: known.get(name) for name in names}
    for name, made in tree.items():
        for tag, target in dict.fromkeys(targets(made)):
            if what := wrong(name, tag, target, every):
                for line in made.lines(written(target)):
                    yield Mistake(made.page.path, line or made.near(target), what)


def targets(made: Hypertext) -> Iterator[tuple[str, str]]:
    """What the links and images of a page point at."""
    for element in made.elements:
        if element.tag in ("a", "img") and "headerlink" not in element.classes:
            target = element.attributes.get("href", element.attributes.get("src"))
            if target is not None:
                yield element.tag, target


def written(target: str) -> re.Pattern[str]:
    """A link's target as it stands in a line."""
    return re.compile(rf"(?:[(<\"'=]|:\s+){re.escape(target)}(?=[)>\"'\s]|$)")


def anchors(made: Hypertext, scenes: Collection[str]) -> frozenset[str]:
    """All ids of a page, with those that its calls draw."""
    drawn: set[str] = set()
    for one in made.page.references:
        if one.macro == EVIDENCE:
            drawn.update(f"scene-{name}" for name in scenes)
        drawn.update(anchor for names in of_call(one) for anchor in anchors_of(*names))
    return made.ids | drawn


def of_call(call: Reference) -> Iterator[tuple[Sequence[str], ...]]:
    """The names that each id is made of that a call draws."""
    macro = MACROS[call.macro]
    if macro.shown:
        yield from (([scene], [step]) for scene, step in call.named)
    elif macro.drawn:
        [(scene, _), *_] = call.named
        yield ([macro.drawn], [scene], *([step] for _, step in call.named[: macro.named]))


def wrong(page: str, tag: str, target: str, known: Mapping[str, frozenset[str] | None]) -> str:
    """What is wrong with a link on a page, "" if nothing."""
    try:
        to = urlsplit(target)
    except ValueError:
        return f'"{target}" is no address: write another'
    if tag == "img":
        return f'image "{target}": a page holds no pictures but those that are drawn by a call'
    if to.scheme or to.netloc:
        return outside(target, to)
    if to.path.startswith("/"):
        return f'"{target}" is absolute: {relative(page, to.path.lstrip("/"), known)}'
    if not to.path:
        return lost(target, to.fragment, known[page])
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(to.path)))
    if path not in known or to.path.endswith("/"):
        return f'no page "{target}" is there: {relative(page, path, known)}'
    return lost(target, to.fragment, known[path])


def outside(target: str, to: SplitResult) -> str:
    """What is wrong with a link out of the site."""
    if to.scheme in OUT:
        return ""
    return f'"{target}" is no link for a page: write https://…, or the path of another page'


def lost(target: str, fragment: str, ids: frozenset[str] | None) -> str:
    """What is wrong with the anchor of a link; nothing is said of a page that cannot be read."""
    if not fragment or ids is None or unquote(fragment) in ids:
        return ""
    return (
        f'"{target}": no heading or step there has the id "{fragment}": {suggestion(fragment, ids)}'
    )


def relative(page: str, path: str, known: Mapping[str, frozenset[str] | None]) -> str:
    """What to write for a path that no page has."""
    stem = path.rstrip("/").removesuffix(".html").removesuffix(".md")
    for name in (f"{stem}.md", f"{stem}/index.md", near(path, known)):
        if name in known:
            way = posixpath.relpath(name, posixpath.dirname(page) or ".")
            return f'write "{way}"'
    return "write the path of a page's file, from this one: ../modes/bridge.md"
