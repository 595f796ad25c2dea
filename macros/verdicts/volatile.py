"""The rules that know what of an output will be another next time: the rows of `volatile.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PART = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """A volatile piece: what the group ``v`` of a pattern matches, or all it matches."""

    name: str
    """Also the key of what a reader is told of such a piece."""
    pattern: re.Pattern[str]
    command: re.Pattern[str] | None = None
    """Where given, the rule is only for outputs of commands that this is found in."""

    @property
    def group(self) -> str | int:
        """The group of the pattern that is the piece."""
        return "v" if "v" in self.pattern.groupindex else 0


def table() -> dict[str, Any]:
    """The rows as they are written, and the parts of patterns that have a name."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def rules(written: dict[str, Any]) -> Iterator[Rule]:
    """The rules of a table."""
    parts = written["parts"]
    for row in written["rule"]:
        pattern = PART.sub(lambda part: str(parts[part[1]]), row["find"])
        command = re.compile(row["command"]) if "command" in row else None
        yield Rule(row["name"], re.compile(pattern, re.MULTILINE), command)


RULES = tuple(rules(table()))
"""Ids before what they are part of: where two rules claim a piece, the first has it."""
