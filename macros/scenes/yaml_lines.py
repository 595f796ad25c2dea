"""YAML as data that knows its lines. Knows nothing of scenes.

Read by the core schema of YAML 1.2: only `true` and `false` are booleans, so `on` and
`off` stay text, and 22:22 is no number. Keys are text. Anchors are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from ..errors import Mistake, Mistakes

Place = tuple[str | int, ...]
"""The way from the top of a document to a value: ``("steps", 0, "run")``."""
TAG = "tag:yaml.org,2002:"
QUOTE = 'a text that holds ": " or " #", or starts with a sign, goes in quotes or below "|"'
INDENT = 'indent each key as far as the first one beside it, and each item as far as its "-"'
SPACES = "indent with spaces: there is a tab in this line"
KEY = re.compile(r"[ ]*(?:- +)*[\w-]+")
DEEPEST = 32
"""Levels of lists and mappings: a scene needs 6, and daemon.json few more."""


class LinedDict(dict[str, Any]):
    """A mapping, the line it starts on, and the line of each key; lines are 1-based."""

    def __init__(self, line: int, items: dict[str, Any], at: dict[str, int]) -> None:
        super().__init__(items)
        self.line = line
        self.at = at


class LinedList(list[Any]):
    """A sequence and the line of each item, 1-based."""

    def __init__(self, items: Iterable[Any], at: list[int]) -> None:
        super().__init__(items)
        self.at = at


class Core(yaml.CSafeLoader):
    """PyYAML's loader with the implicit types of YAML 1.2."""


Core.yaml_implicit_resolvers = {}

for kind, pattern, first in (
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", "true|True|TRUE|false|False|FALSE", ["t", "T", "f", "F"]),
    ("int", "[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    Core.add_implicit_resolver(TAG + kind, re.compile(f"^(?:{pattern})$"), first)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document being read: mistakes gather here instead of ending it."""

    path: str
    mistakes: list[Mistake] = field(default_factory=list)

    def wrong(self, place: yaml.Node | yaml.Event, message: str) -> None:
        """Note a mistake at the line of a node."""
        self.mistakes.append(Mistake(self.path, line(place), message))

    def refuse(self, text: str) -> None:
        """Note what could make a small file endless: aliases, and levels without number.

        It looks at the events of the parser, which come one by one; nodes nest, and the
        composer in C crashes on a hundred thousand levels.
        """
        depth = 0
        for event in yaml.parse(text, Loader=Core):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                self.wrong(event, f"*{event.anchor} is an alias: write the value out here")
            if depth > DEEPEST:
                self.wrong(event, f"this is more than {DEEPEST} levels deep: write less")
                return

    def value(self, node: yaml.Node) -> Any:
        """The data of a node."""
        match node:
            case yaml.MappingNode():
                return self.mapping(node)
            case yaml.SequenceNode(value=nodes):
                return LinedList(map(self.value, nodes), list(map(line, nodes)))
            case _:
                return self.scalar(node)

    def mapping(self, node: yaml.MappingNode) -> LinedDict:
        """The data of a mapping; of a key that is there twice, the first."""
        items: dict[str, Any] = {}
        at: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.wrong(key, "a key must be one word")
            elif key.value in items:
                first = at[key.value]
                self.wrong(key, f'"{key.value}" is here twice, first on line {first}: keep one')
            else:
                items[key.value] = self.value(value)
                at[key.value] = line(key)
        return LinedDict(line(node), items, at)

    def scalar(self, node: yaml.Node) -> str | int | float | bool | None:
        """The data of a single value, by its tag."""
        text = str(node.value)
        try:
            match node.tag.removeprefix(TAG):
                case "str":
                    return text
                case "null":
                    return None
                case "bool":
                    return text.lower() == "true"
                case "int":
                    return int(text)
                case "float":
                    return float(text)
        except ValueError:
            self.wrong(node, f'"{text[:40]}" is no {node.tag.removeprefix(TAG)}: write it as text')
            return None
        self.wrong(node, f"the tag {node.tag} means nothing here: leave it out")
        return None


def line(place: yaml.Node | yaml.Event) -> int:
    """Where a node or an event starts, 1-based."""
    mark = place.start_mark
    return int(mark.line) + 1 if mark else 1


def parse(source: bytes, path: str) -> Any:
    """One YAML document as data, mappings as `LinedDict`, sequences as `LinedList`.

    Raises `Mistakes` for what is no YAML, and for keys that are there twice.
    """
    reading = Reading(path)
    data = None
    try:
        text = source.decode("utf-8-sig")
        reading.refuse(text)
        if not reading.mistakes and (root := yaml.compose(text, Loader=Core)):
            data = reading.value(root)
    except UnicodeDecodeError as error:
        at, message = source.count(b"\n", 0, error.start) + 1, "save the file as UTF-8"
        reading.mistakes.append(Mistake(path, at, f"this is not UTF-8: {message}"))
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line + 1 if error.problem_mark else 0
        message = ", ".join(filter(None, (error.context, error.problem)))
        reading.mistakes.append(Mistake(path, at, f"broken YAML: {message}; {cure(error, text)}"))
    except yaml.YAMLError as error:
        message = " ".join(str(error).split())
        reading.mistakes.append(Mistake(path, 0, f"broken YAML: {message}; {QUOTE}"))
    if reading.mistakes:
        raise Mistakes(reading.mistakes)
    return data


def cure(error: yaml.MarkedYAMLError, text: str) -> str:
    """What most likely mends a text that is no YAML."""
    mark, fault = error.problem_mark, error.problem or ""
    line = text.split("\n")[mark.line] if mark else ""
    before = line[: mark.column] if mark else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return SPACES
    key = KEY.fullmatch(before) if "mapping values" in fault else KEY.match(f"{line} :")
    if "indicator" in fault or (key and ("mapping values" in fault or "expected key" in fault)):
        return INDENT
    return QUOTE


def find(data: Any, place: Iterable[str | int]) -> tuple[Place, int]:
    """The part of a place that is really there, and its line; what is not there is left out."""
    known: Place = ()
    at = getattr(data, "line", 1)
    for part in place:
        match data, part:
            case LinedDict(), str() if part in data:
                at, data = data.at[part], data[part]
            case LinedList(), int() if part < len(data):
                at, data = data.at[part], data[part]
            case _:
                continue
        known += (part,)
    return known, at
