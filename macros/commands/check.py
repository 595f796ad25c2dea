"""Everything that can be checked without an engine: code, scenes, pages, transcripts."""

from __future__ import annotations

import difflib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import autocorrect_py

from .. import languages, phrases
from ..errors import SCENES, Exit, Mistakes, place
from ..languages import terminal
from ..model import Mode, Report, Say
from ..outcome import Order, conclude, orphans, recordings
from ..pages import addresses, checks, claims, folders, terms, translations
from ..scenes import scene

WITHOUT_CACHE = {"RUFF_NO_CACHE": "true", "MYPY_CACHE_DIR": os.devnull}
"""For tools on a disk that cannot be written."""
SCHEMA = SCENES / "scene.schema.json"
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
            [*(mend if fix and mend else command)],
            cwd=root,
            env=os.environ | ({} if os.access(root, os.W_OK) else WITHOUT_CACHE),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            yield from (done.stdout + done.stderr).strip().splitlines()

    return wrong


def shell(root: Path, fix: bool) -> Outcome:
    scripts = sorted(str(p) for p in (root / "scripts").iterdir() if p.is_file())
    # its wheel is not for every machine
    where = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if program := shutil.which("shellcheck", path=where):
        yield from tool(program, "-x", *scripts, ".ci/run")(root, fix)
    else:
        yield "shellcheck is not installed; on Debian: apt-get install shellcheck"


def workflows(root: Path, fix: bool) -> Outcome:
    """Who may do what in CI, and with what."""
    program = str(Path(sys.executable).with_name("zizmor"))
    yield from tool(program, "--offline", "--no-progress", "--quiet", ".github")(root, fix)


def schema(root: Path, fix: bool) -> Outcome:
    """The exported schema is that of the models."""
    text = json.dumps(scene.schema(), indent=2, ensure_ascii=False) + "\n"
    path = root / SCHEMA
    if fix:
        path.write_text(text, "utf-8")
    elif not path.exists() or path.read_text("utf-8") != text:
        yield f"{SCHEMA}: not what the models say; scripts/check --fix writes it"


def typography(root: Path, fix: bool) -> Outcome:
    """Spaces between Chinese and Latin, full-width punctuation, in languages that ask for it."""
    codes = [code for code in languages.find(root)[0] if terms.table(root, code).get("autocorrect")]
    for path in (path for code in codes for path in folders.pages(root, code).values()):
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # told beside all else that is wrong with pages
        mended = autocorrect_py.format_for(text, "markdown")
        if mended != text and fix:
            path.write_text(mended, "utf-8")
        elif mended != text:
            name = str(path.relative_to(root))
            yield from difflib.unified_diff(
                text.splitlines(), mended.splitlines(), name, name, "", "scripts/check --fix", 0, ""
            )


def words(root: Path, fix: bool) -> Outcome:
    """Each thing has one name, in every language that has rules."""
    for code in languages.find(root)[0]:
        yield from map(str, terms.mistakes(root, code))


@dataclass(frozen=True, slots=True)
class Content:
    """What is wrong with scenes, pages and transcripts, by the exit status that each has."""

    mistakes: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()
    owed: tuple[str, ...] = ()
    """What languages owe each other: told, and no mistake."""

    @property
    def status(self) -> Exit:
        """The exit status of the first kind of which there is any: that of a build, too."""
        return next((status for _, status, wrong in self.named() if wrong), Exit.FINE)

    def named(self) -> tuple[tuple[str, Exit, tuple[str, ...]], ...]:
        """Each kind with its name and its status, the first the one that counts."""
        return (
            ("scenes and pages", Exit.WRONG, self.mistakes),
            ("recordings", Exit.FAILED, self.failed),
            ("transcripts", Exit.UNRECORDED, self.unrecorded),
        )


def content(root: Path, names: Collection[str] = (), *, fix: bool = False) -> Content:
    """Whether scenes, pages and transcripts fit together; all that does not, at once.

    With `names`, of those scenes and of the pages that show them alone; with `fix`, new
    addresses are written down. Raises `Mistakes` for names that no scene has.
    """
    scenes, wrong = scene.read_all(root)
    if unknown := scene.unknown(root, names):
        raise Mistakes(unknown)
    checked = checks.check_all(root, scenes, {Path(mistake.path).stem for mistake in wrong})
    wrong += checked.mistakes
    if not wrong:
        if fix:
            addresses.extend(root, checked.addresses)
        wrong += addresses.unlisted(root, checked.addresses)
    chosen = {name: scenes[name] for name in scenes if not names or name in names}
    outcome = conclude(Order(root, Mode.REPLAY), chosen, recordings(root, chosen))
    unrecorded = (*orphans(root, scene.files(root)), *outcome.unrecorded)
    wrong += claims.check(root, outcome.reports)
    if names:
        about = {place(name) for name in names} | showing(root, names)
        wrong = [mistake for mistake in wrong if mistake.path in about]
    failed = tuple(broken(outcome.reports))
    record, _ = translations.read(root)
    owed = () if names else tuple(map(str, translations.notices(checks.read_all(root), record)))
    return Content(tuple(map(str, sorted(set(wrong)))), failed, unrecorded, owed)


def broken(reports: Mapping[str, Report]) -> Iterator[str]:
    """Expectations that a recording does not hold."""
    for name, report in reports.items():
        for step in report.steps:
            for held in step.unmet:
                sought = phrases.expectation(held, terminal())
                came = phrases.came(held.came, terminal())
                message = f"the recording does not hold: {sought}; came: {came}"
                yield f"{place(name, held.line)}: {message}"


def showing(root: Path, names: Collection[str]) -> set[str]:
    """The pages that show one of these scenes."""
    return {
        page.path
        for tree in checks.read_all(root).values()
        for page in tree.values()
        if any(call.args and call.args[0] in names for call in page.references)
    }


CHECKS = (
    Check("format", tool(sys.executable, "-m", "ruff", "format", "--check", ".",
                         mend=(sys.executable, "-m", "ruff", "format", "."))),
    Check("lint", tool(sys.executable, "-m", "ruff", "check", ".",
                       mend=(sys.executable, "-m", "ruff", "check", "--fix", "."))),
    Check("types", tool(sys.executable, "-m", "mypy")),
    Check("types of the agent", tool(sys.executable, "-m", "mypy", "macros/rigs/image/agent.py")),
    Check("scripts", shell),
    Check("workflows", workflows),
    Check("schema", schema),
    Check("typography", typography),
    Check("terms", words),
)  # fmt: skip


def check(root: Path, fix: bool, names: Collection[str], say: Say) -> Exit:
    """Run every check, say what is wrong; the exit status, that of the content first.

    With `names`, only what concerns these scenes is checked.
    """
    style = False
    for item in () if names else CHECKS:
        style |= tell(item.name, list(item.wrong(root, fix)), say)
    checked = content(root, names, fix=fix)
    for name, _, wrong in checked.named():
        tell(name, wrong, say)
    if checked.owed:
        tell("translations", checked.owed, say, "owed ")
    return checked.status or (Exit.FAILED if style else Exit.FINE)


def tell(name: str, wrong: Sequence[str], say: Say, mark: str = "wrong") -> bool:
    """Say how one check came out; whether something is wrong."""
    say(f"{mark if wrong else 'fine '} {name}")
    for line in wrong:
        say(f"      {line}")
    return bool(wrong)
