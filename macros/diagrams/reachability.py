"""Who reaches whom, read from what ``curl`` said of one address after another. Pure text.

A line of an answer is what ``-w '%{url} %{http_code} %{exitcode}\\n'`` prints of a URL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ..languages import Words
from ..model import StepReport
from ..topology import Topology
from .description import Item

ANSWER = re.compile(
    r"^\w+://(?P<target>(?:\[(?P<six>[^]\s]+)\]|(?P<four>[^]\s/:]+))(?P<port>:\d+)?)/\S* "
    r"(?P<code>\d{3}) (?P<exit>\d+)$",
    re.MULTILINE,
)
KINDS = {0: "answered", 7: "unconnected", 28: "silent"}
"""What curl's exit codes mean here, by curl(1): 7, it could not connect; 28, time was up."""
MARKS = {"answered": "✓", "unconnected": "⊘", "silent": "✕", "failed": "!"}


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked: whose it is, and its address as it stands in the URL."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """Who asks, and what came of it for each target, as one of `MARKS`."""

    name: str
    came: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Everybody's answers, in the order of the steps and of what the first of them asks."""

    targets: tuple[Target, ...]
    rows: tuple[Row, ...]


def matrix(topology: Topology, steps: Sequence[StepReport]) -> Matrix:
    """The answers of some steps, each run at another place.

    Raises `LookupError` for a step that prints none, or not of what the first asks.
    """
    rows: list[Row] = []
    asked: list[re.Match[str]] = []
    for step in steps:
        found = [*ANSWER.finditer(step.output)]
        if not found:
            raise LookupError(
                f'step "{step.id}" says of no address whether it answered: name steps that run '
                "curl with -w '%{url} %{http_code} %{exitcode}\\n'"
            )
        asked = asked or found
        if [one["target"] for one in found] != [one["target"] for one in asked]:
            raise LookupError(f'step "{step.id}" does not ask what "{steps[0].id}" asks')
        came = tuple(KINDS.get(int(one["exit"]), "failed") for one in found)
        rows.append(Row(step.on.rpartition("/")[2], came))
    return Matrix(tuple(target(topology, one) for one in asked), tuple(rows))


def target(topology: Topology, asked: re.Match[str]) -> Target:
    """What a URL leads to; by its address alone where nothing in a topology has that."""
    address = asked["six"] or asked["four"]
    for space in topology.namespaces:
        if any(
            own.partition("/")[0] == address for link in space.interfaces for own in link.addresses
        ):
            name = ", ".join(space.containers) if space.name else space.host
            return Target(f"{name}{asked['port'] or ''}", asked["target"])
    return Target("", asked["target"])


def describe(table: Matrix, words: Words) -> tuple[Item, ...]:
    """The same as a list: who asks, below it who answered, and who did not."""
    return tuple(Item(row.name, below=tuple(came(table, row, words))) for row in table.rows)


def came(table: Matrix, row: Row, words: Words) -> Iterator[Item]:
    """What came of one's questions, those alike together."""
    pairs = zip(row.came, table.targets, strict=True)
    for kind, alike in groupby(
        sorted(pairs, key=lambda one: [*MARKS].index(one[0])), lambda one: one[0]
    ):
        names = words.diagram.also.join(one.name or one.address for _, one in alike)
        yield Item(f"{words.reach[kind]}{words.colon}{names}")
