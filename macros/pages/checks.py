"""All pages of all languages, checked at once before anything runs. Renders nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import ConfigurationError
from yaml import YAMLError

from ..errors import Mistake, place
from ..languages import find
from ..limit import LONG, PAGE, Late, limited
from ..scenes.messages import suggestion
from . import (
    addresses,
    folders,
    hypertext,
    imitations,
    links,
    navigation,
    promises,
    source,
    translations,
)  # fmt: skip
from .addresses import Given
from .hypertext import Hypertext
from .macros import MACROS, Names
from .source import Page
from .translations import Owed, Record

if TYPE_CHECKING:
    from ..scenes.scene import Scene

Tree = Mapping[str, Page]
"""Pages of one language by their path below its directory."""
Lines = list[tuple[str, int]]
"""What stands on a page as an author wrote it, each with its line."""


def read_all(root: Path) -> dict[str, Tree]:
    """Every page, taken apart."""
    return {language: read_tree(root, language) for language in find(root)[0]}


def read_tree(root: Path, language: str) -> Tree:
    """Every page of one language, taken apart."""
    return {name: taken_apart(root, path) for name, path in folders.pages(root, language).items()}


def taken_apart(root: Path, path: Path) -> Page:
    """One page; without its parts where that takes for ever."""
    try:
        with limited(PAGE):
            return source.read(root, path)
    except Late:
        name = path.relative_to(root).as_posix()
        return Page(name, mistakes=(Mistake(name, 0, LONG),))


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of all pages came to."""

    mistakes: list[Mistake]
    addresses: frozenset[str] = frozenset()
    """All that the site will have; none where something of it cannot be read."""


def check(root: Path, scenes: Mapping[str, Scene], broken: Collection[str] = ()) -> list[Mistake]:
    """Everything wrong with pages, navigation and addresses: see `check_all`."""
    return check_all(root, scenes, broken).mistakes


def check_all(root: Path, scenes: Mapping[str, Scene], broken: Collection[str] = ()) -> Checked:
    """Everything wrong with pages and navigation, and scenes that no page shows to their end.

    `broken` are scenes that are there and cannot be read: of those nothing is said.
    """
    trees = read_all(root)
    every = [page for tree in trees.values() for page in tree.values()]
    languages, wrong = find(root)
    wrong += [mistake for page in every for mistake in page.mistakes]
    wrong += folders.mistakes(root, trees)
    wrong += navigation.mistakes(root, languages, trees)
    for page in every:
        wrong += unknown_references(page, scenes, broken)
    record, broken_record = translations.read(root)
    wrong += broken_record
    first, *others = [*trees.items()] or [("", {})]
    for other in others:
        wrong += asymmetric(first, other, record)
    wrong += unshown_steps(every, scenes)
    made: dict[str, dict[str, Hypertext]] = {}
    wrong += written(root, trees, [*scenes, *broken], made)
    given = Given(made, scenes, addresses.read(root))
    whole = not broken and all(made.get(code, {}).keys() == trees[code].keys() for code in trees)
    wrong += promises.mistakes(root, given) if whole else ()
    return Checked(sorted(set(wrong)), frozenset(given.addresses()) if whole else frozenset())


def written(
    root: Path,
    trees: Mapping[str, Tree],
    scenes: Collection[str],
    every: dict[str, dict[str, Hypertext]],
) -> Iterator[Mistake]:
    """What is wrong with pages as Markdown makes them: links, and what no hand may write.

    `every` takes the pages of each language that could be made.
    """
    try:
        markdown = hypertext.markdown(root)
    except (OSError, ValueError, YAMLError, ConfigurationError):
        return  # the navigation is in the same file, and says it
    languages, _ = find(root)
    for code, tree in trees.items():
        label = languages[code].words.get("unrun", "")
        made = every.setdefault(code, {})
        for name, page in tree.items():
            try:
                if page.parts:
                    with limited(PAGE):
                        made[name] = hypertext.made(markdown, page)
            except RecursionError:
                what = "this is nested too deeply for Markdown: write fewer levels"
                yield Mistake(page.path, 0, what)
            except Late:
                yield Mistake(page.path, 0, LONG)
        yield from links.mistakes(made, tree, scenes)
        for one in made.values():
            try:
                with limited(PAGE):
                    yield from list(imitations.mistakes(one, label))
            except Late:
                yield Mistake(one.page.path, 0, LONG)


def unknown_references(
    page: Page, scenes: Mapping[str, Scene], broken: Collection[str]
) -> Iterator[Mistake]:
    """References to what no scene has."""
    for reference in page.references:
        macro = MACROS[reference.macro]
        if macro.names is Names.NONE:
            continue
        drawn = reference.named[: macro.topology]
        for name in sorted(reference.scenes.difference(broken)):
            scene = scenes.get(name)
            if scene is None:
                what = f'no scene "{name}": {suggestion(name, [*scenes, *broken])}'
                yield Mistake(page.path, reference.line, what)
                continue
            kind = "step" if macro.names is Names.STEPS else "value"
            known = [step.id for step in scene.steps]
            if kind == "value":
                known = [capture for step in scene.steps for capture in step.capture]
            for at, other in reference.named:
                if at == name and other not in known:
                    what = source.missing(name, kind, other, known)
                    yield Mistake(page.path, reference.line, what)
            for step in scene.steps:
                if (name, step.id) in drawn and not step.topology:
                    what = f'no topology is recorded after step "{step.id}" of scene "{name}"'
                    what += '; write "topology: true" in it'
                    yield Mistake(page.path, reference.line, what)


def asymmetric(
    first: tuple[str, Tree], other: tuple[str, Tree], record: Record
) -> Iterator[Mistake]:
    """Where a language differs from the default one in pages, headings, blocks or values.

    One may be ahead of the other in a folder, or between two headings: that is owed, and no
    mistake. Where each has what the other has not, an address is misspelt.
    """
    (default, pages), (language, translated) = first, other
    lacking = sorted(pages.keys() ^ translated.keys())
    for name in lacking:
        there, missing, tree = default, language, pages
        if name in translated:
            there, missing, tree = language, default, translated
        folder = name.rpartition("/")[0]
        if any(one not in tree and one.rpartition("/")[0] == folder for one in lacking):
            yield Mistake(
                f"docs/{there}/{name}", 0, f"write the same page at docs/{missing}/{name}"
            )
    for name in sorted(pages.keys() & translated.keys()):
        both = {default: pages[name], language: translated[name]}
        owes, _ = translations.owed(both, record.get(name, {}))
        yield from differences(pages[name], translated[name], owes)


def differences(one: Page, other: Page, owes: list[Owed]) -> Iterator[Mistake]:
    """The first heading, the first block, and each value in which two translations differ.

    What a section holds that one of them owes is not held against it.
    """
    yield from unlike(ahead(one, other), ahead(other, one), one, other)
    mine, theirs = (translations.excused(page, owes) for page in (one, other))
    yield from unlike(outside(blocks(one), mine), outside(blocks(other), theirs), one, other)
    pairs = ((one, mine, other), (other, theirs, one))
    for page, excused, translation in pairs:
        there = {value for value, _ in values(translation)}
        for value, line in outside(values(page), excused):
            if value not in there:
                what = f"{value} is not in {translation.path}; all languages show the same values"
                yield Mistake(page.path, line, what)


def unlike(mine: Lines, theirs: Lines, one: Page, other: Page) -> Iterator[Mistake]:
    """The first of some lines in which two pages differ."""
    for here, there in zip_longest(mine, theirs, fillvalue=("nothing", 0)):
        if here[0] != there[0]:
            place = f"{other.path}:{there[1]}" if there[1] else other.path
            what = f"{here[0]} here, but {there[0]} at {place}"
            yield Mistake(one.path, here[1], f"{what}; make them the same")
            return


def outside(lines: Lines, excused: list[range]) -> Lines:
    """Those lines that stand in none of some ranges."""
    return [one for one in lines if not any(one[1] in lines for lines in excused)]


def ahead(page: Page, other: Page) -> Lines:
    """The headings of a page, but for those by which it alone is ahead.

    These have ids that the other page has not, and stand where that has none of its own.
    """
    mine, theirs = ([heading.id for heading in one.headings] for one in (page, other))
    strangers = {before(theirs, id, mine) for id in theirs if id not in mine}
    return [
        line
        for line, heading in zip(headings(page), page.headings, strict=True)
        if heading.id in theirs or before(mine, heading.id, theirs) in strangers
    ]


def before(ids: list[str], id: str, known: list[str]) -> str:
    """The last id before one that another page knows, too; "" where there is none."""
    return next((one for one in reversed(ids[: ids.index(id)]) if one in known), "")


def headings(page: Page) -> Lines:
    """What must be the same in all languages, as an author wrote it, with its line."""
    return [(f"{'#' * one.level} … {{#{one.id}}}", one.line) for one in page.headings]


def blocks(page: Page) -> Lines:
    """The console blocks, likewise."""
    return [(str(one), one.line) for one in page.references if MACROS[one.macro].block]


def values(page: Page) -> Lines:
    """The values, likewise."""
    return [(str(one), one.line) for one in page.references if not MACROS[one.macro].block]


def unshown_steps(pages: list[Page], scenes: Mapping[str, Scene]) -> Iterator[Mistake]:
    """Scenes that no page shows, and steps after the last one shown.

    A step before a shown one is its set-up; one after it runs for nobody.
    """
    used: dict[str, set[str]] = {}
    for page in pages:
        for scene_name, step_or_value in (named for one in page.references for named in one.named):
            used.setdefault(scene_name, set()).add(step_or_value)
    for name, scene in scenes.items():
        path = place(name)
        if name not in used:
            what = f'no page shows it; write {{{{{{ steps("{name}", …) }}}}}} in one, or delete it'
            yield Mistake(path, 0, what)
            continue
        for step in reversed(scene.steps):
            if {step.id, *step.capture} & used[name]:
                break
            what = f'no page shows step "{step.id}" or one after it; show it or delete it'
            yield Mistake(path, step.line, what)
