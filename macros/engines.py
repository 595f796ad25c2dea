"""The engines that hosts can run: a row of `engines.toml` each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .errors import Mistake, Mistakes

DAY = 24 * 60 * 60
FILE = Path(__file__).with_suffix(".toml")
DEBIANS = "docker.io"
"""What Debian calls the engine's package."""


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
    source: str = field(default="", repr=False)
    """Where the engine is from, as apt has it behind `deb`; "": from the suite itself."""
    key: str = field(default="", repr=False)
    """The key that signs that source, in ASCII armor."""
    packages: tuple[str, ...] = field(default=(DEBIANS,), repr=False)
    """The engine's packages, its own first: ``docker-ce``, or with a version as apt takes it."""

    @property
    def valid(self) -> int:
        """Seconds for which lists are valid at least: apt's Acquire::Min-ValidTime."""
        return self.age * DAY

    @property
    def package(self) -> str:
        """The engine's own package."""
        return self.packages[0].partition("=")[0]


@cache
def known() -> dict[str, Engine]:
    """The engines by name; the first is the default."""
    return rows(FILE.read_text("utf-8"))


def rows(text: str) -> dict[str, Engine]:
    """The engines that a table has. Raises `Mistakes` for one from a source nobody signs."""
    engines = {}
    for name, entry in tomllib.loads(text).items():
        lists = {key: tuple(entry[key]) for key in ("extra", "packages") if key in entry}
        engines[name] = engine = Engine(name, **{**entry, **lists})
        if len({bool(engine.source), bool(engine.key), engine.packages != (DEBIANS,)}) > 1:
            message = f'"{name}": an engine that Debian has not takes source, key and packages'
            raise Mistakes([Mistake(f"macros/{FILE.name}", 0, message)])
    return engines


def named(name: str | None) -> Engine:
    """The engine of a name, a version or a suite (`28`, `28.5.2`, `forky`); the default for None.

    Raises `Mistakes` for one that is not named in the file.
    """
    for engine in known().values():
        if name is None or name in (engine.name, engine.version, engine.suite):
            return engine
    names = ", ".join(known())
    raise Mistakes([Mistake("--engine", 0, f'no engine "{name}"; write one of {names}')])
