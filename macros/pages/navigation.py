"""The navigation of each language, as the MkDocs files have it, with its lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import yaml
from mkdocs.utils.yaml import get_yaml_loader

from ..errors import Mistake, Mistakes
from ..languages import DEFAULT, Language, Languages
from ..scenes.messages import near
from .frontmatter import marked


@dataclass(frozen=True, slots=True)
class Entry:
    """A page, a link out of the site, or a section with entries of its own."""

    line: int
    title: str
    target: str = ""
    """`modes/bridge.md`, or `https://…`; "" for a section."""
    entries: tuple[Entry, ...] = ()

    @property
    def outside(self) -> bool:
        return "://" in self.target


def read(root: Path, config: str) -> tuple[Entry, ...]:
    """The navigation in a MkDocs file. Raises `Mistakes` for a file that cannot be read."""
    raw = (root / config).read_bytes()
    try:
        top = yaml.compose(raw.decode("utf-8-sig"), get_yaml_loader())
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Mistakes(
            [Mistake(config, line, "this is not UTF-8: save the file as UTF-8")]
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"broken YAML: {getattr(error, 'problem', None) or error}"
        raise Mistakes([Mistake(config, mark.line + 1 if mark else 0, what)]) from None
    pairs = top.value if isinstance(top, yaml.MappingNode) else []
    for key, value in pairs:
        if key.value == "nav" and isinstance(value, yaml.SequenceNode):
            return tuple(entry for node in value.value for entry in entries(config, node))
    what = 'it has no navigation: write "nav:" and a list of pages'
    raise Mistakes([Mistake(config, 0, what)])


def entries(config: str, node: yaml.Node) -> Iterator[Entry]:
    """What one item of a list says. Raises `Mistakes` for what is no entry."""
    line = int(node.start_mark.line) + 1
    if isinstance(node, yaml.ScalarNode):
        yield Entry(line, "", node.value)
        return
    if not isinstance(node, yaml.MappingNode):
        raise Mistakes(
            [Mistake(config, line, "write - page.md, - Title: page.md or - Title: and a list")]
        )
    for key, value in node.value:
        if isinstance(value, yaml.SequenceNode):
            inner = tuple(entry for one in value.value for entry in entries(config, one))
            yield Entry(line, key.value, "", inner)
        else:
            yield Entry(line, key.value, str(value.value))


def flat(nav: tuple[Entry, ...]) -> Iterator[Entry]:
    """The pages and links of a navigation in order, without its sections."""
    for entry in nav:
        if entry.entries:
            yield from flat(entry.entries)
        else:
            yield entry


def mistakes(
    root: Path, languages: Languages, names: Mapping[str, Collection[str]]
) -> Iterator[Mistake]:
    """Where a navigation does not fit the pages, or that of the default language.

    `names` are the pages there are, by their path below the language's directory.
    """
    navs: dict[str, tuple[Entry, ...]] = {}
    for code, language in languages.items():
        config = language.config
        if not (root / config).is_file():
            continue  # `languages.find` says it
        try:
            navs[config] = read(root, config)
        except Mistakes as error:
            yield from error.mistakes
            continue
        yield from unfit(language, list(flat(navs[config])), names[code])
        yield from active(config, navs[config])
    first, *others = navs.items() or [("", ())]
    for other in others if first[0] == DEFAULT else ():
        yield from unlike(first, other)


def unfit(language: Language, nav: list[Entry], names: Collection[str]) -> Iterator[Mistake]:
    """Entries without a page, and pages without an entry."""
    config = language.config
    first: dict[str, int] = {}
    meant: set[str] = set()
    for entry in nav:
        if entry.outside:
            continue
        if entry.target not in names:
            missing = [name for name in names if name not in {one.target for one in nav}]
            hint = near(entry.target, missing) or near(entry.target, names)
            meant.add(hint)
            cure = f'did you mean "{hint}"?' if hint else "write the page, or take this line away"
            what = f'no page docs/{language.code}/{entry.target} is there for "{entry.target}"'
            yield Mistake(config, entry.line, f"{what}: {cure}")
        elif entry.target in first:
            what = f'"{entry.target}" is in the navigation on line {first[entry.target]} already'
            yield Mistake(config, entry.line, f"{what}: keep one")
        first.setdefault(entry.target, entry.line)
    for name in names:
        if name not in first and name not in meant:
            what = f"docs/{language.code}/{name} is not in the navigation: add the line - {name}"
            yield Mistake(config, beside(name, nav), f"{what}, where it belongs, in each language")


def active(config: str, nav: tuple[Entry, ...]) -> Iterator[Mistake]:
    """Titles that are markup, which MkDocs puts into each page as it is, and links that run."""
    for entry in nav:
        if what := marked(entry.title):
            yield Mistake(config, entry.line, f'the title "{entry.title}" {what}')
        if entry.outside and not entry.target.startswith(("https://", "http://")):
            yield Mistake(config, entry.line, f'"{entry.target}" is no address: write https://…')
        yield from active(config, entry.entries)


def beside(name: str, nav: list[Entry]) -> int:
    """The line of the last page of the same folder; of the last page at all if there is none."""
    folder = name.rpartition("/")[0]
    lines = [one.line for one in nav]
    same = [one.line for one in nav if one.target.rpartition("/")[0] == folder]
    return max(same or lines, default=0)


def unlike(
    first: tuple[str, tuple[Entry, ...]], second: tuple[str, tuple[Entry, ...]]
) -> Iterator[Mistake]:
    """The first place where two navigations, by their files, differ in order or in sections."""
    (one, mine), (other, theirs) = first, second
    there = {entry.target for entry in flat(mine)} & {entry.target for entry in flat(theirs)}
    nothing = ("nothing", 0)
    for here, beyond in zip_longest(shape(mine, there), shape(theirs, there), fillvalue=nothing):
        if here[0] != beyond[0]:
            what = f"{here[0]} here, but {beyond[0]} at {other}:{beyond[1]}"
            yield Mistake(one, here[1], f"{what}; put both navigations in the same order")
            return


def shape(nav: tuple[Entry, ...], there: set[str], depth: int = 0) -> Iterator[tuple[str, int]]:
    """The entries whose targets are `there`, and the sections, each with its line."""
    for entry in nav:
        if entry.entries:
            yield f"a section of level {depth + 1}", entry.line
            yield from shape(entry.entries, there, depth + 1)
        elif entry.target in there:
            yield f"{entry.target} on level {depth + 1}", entry.line
