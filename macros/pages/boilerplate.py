"""The rules that know what of an output says nothing: the rows of `boilerplate.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from ..model import Span


def table() -> list[dict[str, Any]]:
    """The rows as they are written."""
    rows: list[dict[str, Any]] = tomllib.loads(
        Path(__file__).with_suffix(".toml").read_text("utf-8")
    )["row"]
    return rows


@cache
def pattern() -> re.Pattern[str]:
    """All rows as one: where two claim a piece, the first has it."""
    return re.compile("|".join(f"(?:{row['find']})" for row in table()), re.MULTILINE)


def spans(output: str) -> list[Span]:
    """The pieces of an output that say nothing, in order and apart; none with a newline."""
    return [Span(*match.span(), "q") for match in pattern().finditer(output)]
