"""Addresses that would be gone, and aliases that keep none: each mistake says what keeps it."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Mistake, place
from ..scenes.messages import near
from . import links
from .addresses import FILE, OF_SCENE, Given, moved, of_page, read, target
from .frontmatter import ALL, Alias
from .macros import MACROS

if TYPE_CHECKING:
    from ..scenes.scene import Scene

GONE = "was published, and would lead nowhere"
NEVER = f"what never was published: take it out of {FILE}"


def mistakes(root: Path, given: Given) -> Iterator[Mistake]:
    """Aliases that lead nowhere or to two places, and addresses that would be gone."""
    for language in given.books:
        yield from misleading(given, language)
    yield from claimed(given.scenes)
    yield from gone(root, given)


def misleading(given: Given, language: str) -> Iterator[Mistake]:
    """What is wrong with the aliases of a language's pages."""
    pages = given.pages(language)
    there = {of_page(name): f"docs/{language}/{name}" for name in pages}
    first: dict[str, str] = {}
    for name, page in pages.items():
        known = links.anchors(given.books[language][name], given.scenes)
        for alias in page.aliases:
            mine = f"{name}{alias.old}" if alias.new else of_page(alias.old)
            mine += alias.new if alias.old == ALL else ""
            if what := wrong(alias, name, given, language, known) or (
                f'"{alias.old}" is the address of {there[mine]}' if mine in there else
                f'"{alias.old}" is an alias in {first[mine]} already' if mine in first else ""
            ):  # fmt: skip
                yield Mistake(page.path, alias.line, f"aliases: {what}: take one away")
            first.setdefault(mine, f"{page.path}:{alias.line}")


def wrong(alias: Alias, name: str, given: Given, language: str, known: Collection[str]) -> str:
    """What is wrong with the alias of an id, "" if nothing; `known` are the ids of its page."""
    if not alias.new:
        return ""
    if alias.old == ALL and target(name, alias) == name:
        return f'"{ALL}" leads to the page that it is on; write another'
    if alias.old[1:] in known:
        return f'the page has "{alias.old}" itself'
    path, _, id = alias.new.partition("#")
    if (to := target(name, alias)) not in given.books[language]:
        return f'no page "{path}" is there for "{alias.old}"; write another'
    ids = links.anchors(given.books[language][to], given.scenes)
    if id and id not in ids:
        hint = f', did you mean "#{close}"' if (close := near(id, ids)) else ""
        return f'"{alias.new}" is no heading or step, but an alias or nothing{hint}; write another'
    return ""


def claimed(scenes: Mapping[str, Scene]) -> Iterator[Mistake]:
    """Old names of scenes and steps that another has."""
    names: dict[str, str] = dict.fromkeys(scenes, "")
    for scene in scenes.values():
        for old in scene.aliases:
            if old in names:
                what = f'the alias "{old}" is the name of another scene: take it away'
                yield Mistake(place(scene.name), scene.line, what)
            names.setdefault(old, scene.name)
        ids = {step.id for step in scene.steps}
        for step in scene.steps:
            for old in step.aliases:
                if old in ids:
                    what = f'the alias "{old}" is the id of another step: take it away'
                    yield Mistake(place(scene.name), step.line, what)
                ids.add(old)


def gone(root: Path, given: Given) -> Iterator[Mistake]:
    """Addresses that were published and are not given any more, each with what keeps it."""
    published, now = read(root), given.addresses()
    known = {*published}
    left = [one for one in published if one not in now]
    if not left:
        return
    told: set[str] = set()
    for about, mistake in (*lost_steps(left, known, now, given), *lost_pages(left, known, given)):
        told |= about
        yield mistake
    for one in left:
        if one not in told and kept(one, now, given) is None:
            what = f'"{one}" was published, and is not made any more: make it again'
            yield Mistake(FILE.as_posix(), published.index(one) + 1, what)


def kept(address: str, now: Collection[str], given: Given) -> str | None:
    """Where an address by an old page's path leads, fragment included; None if nowhere."""
    language, _, below = address.partition("/")
    path, mark, id = below.partition("#")
    if language not in given.books or path not in (old := moved(given.pages(language))):
        return None
    to = f"{language}/{of_page(old[path])}{mark}{id}"
    return to if to in now else None


Told = tuple[set[str], Mistake]
"""A mistake, and the addresses that it is about."""


def lost_steps(
    left: Collection[str], known: Collection[str], now: Collection[str], given: Given
) -> Iterator[Told]:
    """Steps and scenes whose names are gone."""
    lost = [tuple(one.split("/")[1:3]) for one in left if one.startswith("s/")]
    for name in dict.fromkeys(scene for scene, _ in lost):
        steps = [step for scene, step in lost if scene == name]
        if scene := given.scenes.get(name):
            new = [one for one in scene.steps if f"s/{name}/{one.id}/" in {*now} - {*known}]
            for number, step in enumerate(steps):
                by = near(step, [one.id for one in new])
                to = next((one for one in new if one.id == by), None)
                to = to or (new[number] if len(new) == len(steps) else None)
                which = f'of "{to.id}"' if to else "of the step that shows it now"
                key = f"aliases: [{', '.join((*(to.aliases if to else ()), step))}]"
                what = f"s/{name}/{step}/ {GONE}: write as a key {which}: {key}"
                about = {one for one in left if of_step(one, name, step)}
                yield about, Mistake(place(name), to.line if to else 0, f"{what}; {NEVER}")
        else:
            fresh = [one for one in given.scenes.values() if not any(
                f"s/{one.name}/{step.id}/" in known for step in one.steps)]  # fmt: skip
            ids = {*steps}
            to_scene = max(
                fresh, key=lambda one: len(ids & {step.id for step in one.steps}), default=None
            )
            path = place(to_scene.name) if to_scene else "docs/scenes"
            what = f"s/{name}/ {GONE}: write at the top of the scene"
            old = (*(to_scene.aliases if to_scene else ()), name)
            about = {one for one in left if any(of_step(one, name, step) for step in steps)}
            about |= {one for one in left if one in {form.format(name) for form in OF_SCENE}}
            about |= {one for one in left if one.endswith(f"#scene-{name}")}
            yield about, Mistake(path, 0, f"{what}: aliases: [{', '.join(old)}]; {NEVER}")


def of_step(address: str, scene: str, step: str) -> bool:
    """Whether an address is one of those that a step has."""
    path, _, id = address.partition("#")
    if id:
        return id == f"{scene}-{step}" or id.startswith(
            tuple(f"{row.drawn}-{scene}-{step}" for row in MACROS.values() if row.drawn)
        )
    return f"/{scene}/{step}/" in path


def lost_pages(left: Collection[str], known: Collection[str], given: Given) -> Iterator[Told]:
    """Pages and ids that are gone: one mistake for each page that can keep them."""
    told = {one for one in left if one.split("/")[0] in given.books}
    told = {one for one in told if one.partition("#")[0].endswith("/")}
    steps = {tuple(one.split("/")[1:3]) for one in left if one.startswith("s/")}
    told -= {one for one in told if any(of_step(one, *step) for step in steps)}
    for language in given.books:
        pages, old = given.pages(language), moved(given.pages(language))
        mine = sorted(one.removeprefix(f"{language}/") for one in told
                      if one.startswith(f"{language}/"))  # fmt: skip
        keeps: dict[str, tuple[list[str], list[Alias]]] = {}
        about: dict[str, set[str]] = {}
        for path in dict.fromkeys(one.partition("#")[0] for one in mine):
            stands = {of_page(name): name for name in pages}
            to = stands.get(path) or old.get(path) or heir(path, language, known, given)
            if to is None:
                continue
            addresses, aliases = keeps.setdefault(to, ([], []))
            if path in mine and path not in old:
                about.setdefault(to, set()).add(f"{language}/{path}badge.svg")
                about[to].update(
                    f"{language}/{one}" for one in mine if one.partition("#")[0] == path
                )
                addresses.append(path)
                aliases.append(Alias(0, f"{(path or './').removesuffix('/')}.md"))
            ids = given.ids(language, to)
            there = f"{language}/{of_page(to)}#"
            fresh = [one.id for one in pages[to].headings if there + one.id not in known]
            lost = [one.partition("#")[2] for one in mine if one.startswith(f"{path}#")]
            lost = [id for id in lost if id not in ids]
            for id in lost:
                pair = fresh[0] if len(fresh) == len(lost) == 1 else ""
                addresses.append(f"{path}#{id}")
                aliases.append(Alias(0, f"#{id}", heir_of_id(id, pair, fresh, to, language, given)))
        for to, (addresses, aliases) in keeps.items():
            if aliases:
                page = pages[to]
                every = ", ".join(map(written, (*page.aliases, *aliases)))
                listed = ", ".join(f"{language}/{one}" for one in addresses)
                what = f"{listed} {GONE}: write in the front matter: aliases: [{every}]; {NEVER}"
                line = page.aliases[0].line if page.aliases else 1
                here = {f"{language}/{one}" for one in addresses}
                yield here | about.get(to, set()), Mistake(page.path, line, what)


def heir(path: str, language: str, known: Collection[str], given: Given) -> str | None:
    """The page that a page is now that is gone: a new one, by what it shares with it."""
    start = f"{language}/{path}#"
    ids = {one.removeprefix(start) for one in known if one.startswith(start)}
    names = list(given.books[language])
    new = [name for name in names if f"{language}/{of_page(name)}" not in known] or names
    return max(new, key=lambda name: len(ids & given.ids(language, name)), default=None)


def heir_of_id(
    id: str, pair: str, fresh: Iterable[str], to: str, language: str, given: Given
) -> str:
    """Where an id leads that a page has no more: to another of it, or to where it has gone."""
    if pair or (pair := near(id, fresh)):
        return f"#{pair}"
    for name, made in given.books[language].items():
        if id in links.anchors(made, given.scenes):
            return f"{posixpath.relpath(name, posixpath.dirname(to) or '.')}#{id}"
    first = next(iter(given.books[language][to].page.headings), None)
    return f"#{first.id}" if first else "#"


def written(alias: Alias) -> str:
    """An alias as it is written in a list."""
    return f'"{alias.old}": "{alias.new}"' if alias.new else alias.old
