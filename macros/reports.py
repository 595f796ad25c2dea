"""The reports of a run as one JSON file: written by the build, read by each language's MkDocs.

Knows no scene and no transcript.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from .model import Report

RUN = "NETDOCS_RUN"
"""Environment variable: the file with the reports of the run this build shows."""
MISTAKES = "mistakes"
"""In a record of MkDocs' log: what is wrong with a page, as data."""
UNDRAWN = "undrawn"
"""Likewise: the address of a page that could not be drawn, and holds what is wrong."""


@cache
def form() -> TypeAdapter[dict[str, Report]]:
    """Reports by scene as JSON has them."""
    return TypeAdapter(dict[str, Report])


def save(path: Path, reports: Mapping[str, Report]) -> None:
    """Write reports; bytes that are not UTF-8 stay what they were."""
    path.write_text(json.dumps(form().dump_python({**reports}, mode="json")), "ascii")


def load(path: Path) -> dict[str, Report]:
    """Read what `save` wrote."""
    return form().validate_python(json.loads(path.read_text("ascii")))


def known(path: Path) -> Mapping[str, Report]:
    """Likewise, of a file that is read often."""
    return read_once(path, path.stat().st_mtime_ns)


@lru_cache(2)
def read_once(path: Path, when: int) -> Mapping[str, Report]:
    """The reports of a file as it was written then."""
    return load(path)
