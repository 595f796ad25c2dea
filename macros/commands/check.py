"""Everything that can be checked without an engine: code, scenes, pages, transcripts."""

from __future__ import annotations

import difflib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import autocorrect_py

from .. import build
from ..errors import Problem
from ..model import Mode
from ..pages import claims, pages
from ..scenes import scene

SCHEMA = scene.SCENES / "scene.schema.json"
Outcome = Iterator[str]
"""What is wrong, line by line; nothing where all is well."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is checked, and the function that says what is wrong with it."""

    name: str
    wrong: Callable[[Path, bool], Outcome]


def tool(*command: str, mend: tuple[str, ...] = ()) -> Callable[[Path, bool], Outcome]:
    """A check by a program, which gets `mend` instead of its last arguments to fix."""

    def wrong(root: Path, fix: bool) -> Outcome:
        done = subprocess.run(
            [*(mend if fix and mend else command)], cwd=root, capture_output=True, text=True
        )
        if done.returncode:
            yield from (done.stdout + done.stderr).strip().splitlines()

    return wrong


def shell(root: Path, fix: bool) -> Outcome:
    scripts = sorted(str(p) for p in (root / "scripts").iterdir() if p.is_file())
    yield from tool(str(Path(sys.executable).parent / "shellcheck"), "-x", *scripts, ".ci/run")(
        root, fix
    )


def schema(root: Path, fix: bool) -> Outcome:
    """The exported schema is that of the models."""
    text = json.dumps(scene.schema(), indent=2, ensure_ascii=False) + "\n"
    path = root / SCHEMA
    if fix:
        path.write_text(text)
    elif not path.exists() or path.read_text() != text:
        yield f"{SCHEMA}: not what the models say; scripts/check --fix writes it"


def chinese(root: Path, fix: bool) -> Outcome:
    """Spaces between Chinese and Latin, full-width punctuation, in every Chinese page."""
    for path in sorted((root / "docs/zh").rglob("*.md")):
        text = path.read_text()
        mended = autocorrect_py.format_for(text, "markdown")
        if mended != text and fix:
            path.write_text(mended)
        elif mended != text:
            name = str(path.relative_to(root))
            yield from difflib.unified_diff(
                text.splitlines(), mended.splitlines(), name, name, "", "scripts/check --fix", 0, ""
            )


def content(root: Path, fix: bool) -> Outcome:
    """Scenes, pages and transcripts fit together, and no literal in prose is unbacked."""
    order = build.Order(root, Mode.REPLAY)
    try:
        scenes = build.checked(root)
        outcome = build.conclude(order, scenes, build.read_recorded(root, scenes))
    except Problem as problem:
        yield from str(problem).splitlines()
        return
    yield from outcome.unrecorded
    for name, report in outcome.reports.items():
        for step in report.steps:
            for held in step.held:
                if not held.holds:
                    place = f"docs/scenes/{name}.yml:{held.line}"
                    yield f"{place}: the recording does not hold: {held.text}; came: {held.came}"
    for tree in pages.read_all(root).values():
        for page in tree.values():
            yield from map(str, claims.unbacked(page, outcome.reports))


CHECKS = (
    Check("format", tool(sys.executable, "-m", "ruff", "format", "--check", ".",
                         mend=(sys.executable, "-m", "ruff", "format", "."))),
    Check("lint", tool(sys.executable, "-m", "ruff", "check", ".",
                       mend=(sys.executable, "-m", "ruff", "check", "--fix", "."))),
    Check("types", tool(sys.executable, "-m", "mypy")),
    Check("types of the agent", tool(sys.executable, "-m", "mypy", "macros/rigs/image/agent.py")),
    Check("scripts", shell),
    Check("schema", schema),
    Check("chinese", chinese),
    Check("content", content),
)  # fmt: skip


def check(root: Path, fix: bool, say: Callable[[str], None]) -> bool:
    """Run every check, say what is wrong; whether all is well."""
    well = True
    for one in CHECKS:
        wrong = list(one.wrong(root, fix))
        say(f"{'wrong' if wrong else 'fine '} {one.name}")
        for line in wrong:
            say(f"      {line}")
        well = well and not wrong
    return well
