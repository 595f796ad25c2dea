"""The engines that hosts can run: a row of `engines.toml` each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .errors import Mistake, Mistakes


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that hosts can run, as `engines.toml` names it."""

    name: str
    suite: str
    version: str
    age: int = 0
    """Days after their date for which the suite's lists are valid at least; 0: as they say."""
    archive: str = ""
    """Where the base is made from: a dated snapshot's address; "": where Debian's stands."""
    base: str = ""
    """The base to pull, by digest: `debian@sha256:…`; "": none is pulled."""
    extra: tuple[str, ...] = ()
    """Packages that hosts of this engine get beside those of the Dockerfile."""


@cache
def known() -> dict[str, Engine]:
    """The engines by name; the first is the default."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {
        name: Engine(name, **{**entry, "extra": tuple(entry.get("extra", ()))})
        for name, entry in table.items()
    }


def named(name: str | None) -> Engine:
    """The engine of a name, a version or a suite (`28`, `28.5.2`, `forky`); the default for None.

    Raises `Mistakes` for one that is not named in the file.
    """
    for engine in known().values():
        if name is None or name in (engine.name, engine.version, engine.suite):
            return engine
    names = ", ".join(known())
    raise Mistakes([Mistake("--engine", 0, f'no engine "{name}"; write one of {names}')])
