"""Everything that can be checked without an engine: code, scenes, pages, transcripts."""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import autocorrect_py

from .. import languages, phrases
from ..errors import SCENES, Exit, Mistakes, place
from ..files import write_whole
from ..languages import terminal
from ..model import Mode, Report, Say
from ..outcome import Order, conclude, orphans, recordings
from ..pages import addresses, checks, claims, drawable, folders, headings, terms, translations
from ..scenes import scene
from . import findings
from .findings import Finding

WITHOUT_CACHE = {"RUFF_NO_CACHE": "true", "MYPY_CACHE_DIR": os.devnull}
"""For tools on a disk that cannot be written."""
SCHEMA = SCENES / "scene.schema.json"
FIX = "scripts/check --fix"
MAYBE = f"{FIX} mends what it can of it"
LINK = re.compile(r"(?:\]\(|^\[[^\]]+\]: +)([^)#\s]+\.md)")
Outcome = Iterator[Finding]
"""What is wrong; nothing where all is well."""
Check = Callable[[Path, bool], Outcome]
"""Looks at a project, and fixes it where it is asked to and can."""
MARKDOWN = (
    "md001,md009,md010,md011,md012,md018,md019,md022,md031,md032,md037,md038,md039,md042,md047"
)
"""Rules of PyMarkdown: what Markdown publishes otherwise than it was meant, and stray blanks."""

RUFF = (sys.executable, "-m", "ruff")
LINTED = (sys.executable, "-m", "pymarkdown", "-d", "*", "-e", MARKDOWN,
          "--set", "extensions.front-matter.enabled=$!True")  # fmt: skip
FINE = ".cache/markdown"
"""Digests of pages in which nothing was wrong."""


def tool(*command: str, mend: tuple[str, ...] = (), cure: str = "") -> Check:
    """A check by a program, which gets `mend` instead to fix; what it says, with the cure."""

    def wrong(root: Path, fix: bool) -> Outcome:
        done = subprocess.run(
            [*(mend if fix and mend else command)],
            cwd=root,
            env=os.environ | ({} if os.access(root, os.W_OK) else WITHOUT_CACHE),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            lines = (done.stdout + done.stderr).replace(f"{root}/", "").strip().splitlines()
            yield from findings.parse(map(reformatted, lines), cure=cure)

    return wrong


def reformatted(line: str) -> str:
    """What ruff says of a file that it would format, as a line with a place."""
    return re.sub(r"^Would reformat: (.*)", r"\1: format: not as ruff formats it", line)


def shell(root: Path, fix: bool) -> Outcome:
    scripts = sorted(str(p.relative_to(root)) for p in (root / "scripts").iterdir() if p.is_file())
    # its wheel is not for every machine
    where = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if program := shutil.which("shellcheck", path=where):
        yield from tool(program, "-x", "-f", "gcc", *scripts, ".ci/run")(root, fix)
    else:
        what = "shellcheck is not installed; on Debian: apt-get install shellcheck"
        yield Finding("scripts", 0, "shellcheck", what)


def markdown(root: Path, fix: bool) -> Outcome:
    """What a page's Markdown makes of a slip; pages that were fine are not looked at again."""
    codes = languages.find(root)[0]
    pages = [path for code in codes for path in folders.pages(root, code).values()]
    digests = {
        path: sha256(f"{LINTED}\0".encode() + path.read_bytes()).hexdigest() for path in pages
    }
    known = root / FINE
    fine = set(known.read_text("utf-8").split()) if known.is_file() else set()
    if due := [path for path in pages if digests[path] not in fine]:
        names = [path.relative_to(root).as_posix() for path in due]
        mend = (*LINTED, "fix", *names)
        wrong = list(tool(*LINTED, "scan", *names, mend=mend, cure=MAYBE)(root, fix))
        yield from wrong
        ill = {finding.path for finding in wrong}
        if all(ill) and not fix:
            good = {digests[path] for path in pages if path.relative_to(root).as_posix() not in ill}
            with suppress(OSError):
                write_whole(known, "\n".join(sorted(good)).encode())


def workflows(root: Path, fix: bool) -> Outcome:
    """Who may do what in CI, and with what. Of zizmor's forms only JSON is the same everywhere:
    where `CI` is set, its plain lines are coloured."""
    program = str(Path(sys.executable).with_name("zizmor"))
    asked = (program, "--offline", "--no-progress", "--quiet", "--format", "json-v1", ".github")
    done = subprocess.run(asked, cwd=root, capture_output=True, text=True)
    if not done.stdout:
        said = done.stderr.splitlines() or [
            f"zizmor: said nothing, and ended with {done.returncode}"
        ]
        yield from findings.parse(said)
        return
    for one in json.loads(done.stdout):
        for where in one["locations"]:
            at = where["symbolic"]
            if at["kind"] == "Primary" and not one["ignored"]:
                path = at["key"]["Local"]["verbatim_path"]
                line = where["concrete"]["location"]["start_point"]["row"] + 1
                yield Finding(path, line, one["ident"], f"{one['desc']}; {one['url']} says how")


def schema(root: Path, fix: bool) -> Outcome:
    """The exported schema is that of the models."""
    text = json.dumps(scene.schema(), indent=2, ensure_ascii=False) + "\n"
    path = root / SCHEMA
    if fix:
        path.write_text(text, "utf-8")
    elif not path.exists() or path.read_text("utf-8") != text:
        yield Finding(str(SCHEMA), 0, "schema", f"not what the models say; {FIX}")


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
            lines = zip(text.splitlines(), mended.splitlines(), strict=False)
            for number, (line, right) in enumerate(lines, 1):
                if line != right:
                    name = path.relative_to(root).as_posix()
                    yield Finding(name, number, "typography", f"write: {right.strip()}; {FIX}")


def orphans_of(root: Path, fix: bool) -> Outcome:
    """Pages that no other page of their language links to: the navigation alone is no way."""
    for code, tree in checks.read_all(root).items():
        linked = {"index.md"}
        for name, page in tree.items():
            for _, line, fenced in headings.walk(page.body):
                targets = [] if fenced else LINK.findall(line)
                linked |= {posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
                           for target in targets} - {name}  # fmt: skip
        for name, page in tree.items():
            if name not in linked:
                index = posixpath.join("docs", code, posixpath.dirname(name), "index.md")
                what = f"no page links here; link it where a reader looks for it, as in {index}"
                yield Finding(page.path, 1, "orphan", what)


def words(root: Path, fix: bool) -> Outcome:
    """Each thing has one name, in every language that has rules."""
    for code in languages.find(root)[0]:
        for mistake in terms.mistakes(root, code):
            yield Finding(mistake.path, mistake.line, "term", mistake.what)


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
    if not wrong:
        wrong += drawable.mistakes(root, outcome.reports)
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
        if any(not call.scenes.isdisjoint(names) for call in page.references)
    }


LEVELS = {"error": "wrong", "notice": "owed "}
PROGRAMS: dict[str, Check] = {
    "format": tool(*RUFF, "format", "--check", ".", mend=(*RUFF, "format", "."), cure=FIX),
    "lint": tool(*RUFF, "check", "--quiet", "--output-format", "concise", ".",
                 mend=(*RUFF, "check", "--quiet", "--output-format", "concise", "--fix", "."),
                 cure=MAYBE),
    "types": tool(sys.executable, "-m", "mypy", "--no-error-summary"),
    "types of the agent": tool(sys.executable, "-m", "mypy", "--no-error-summary",
                               "macros/rigs/image/agent.py"),
    "scripts": shell,
    "workflows": workflows,
    "Markdown": markdown,
}  # fmt: skip
CHECKS: dict[str, Check] = {
    "schema": schema,
    "typography": typography,
    "terms": words,
    "orphans": orphans_of,
}


def check(root: Path, fix: bool, names: Collection[str], say: Say) -> Exit:
    """Run every check, say what is wrong; the exit status, that of the content first.

    With `names`, only what concerns these scenes is checked. Where GitHub runs it, each finding
    is shown beside its line, too.
    """
    style = False
    for name, outcome in ({} if names else run(root, fix)).items():
        style |= tell(name, outcome, say)
    checked = content(root, names, fix=fix)
    for name, _, wrong in checked.named():
        tell(name, list(findings.parse(wrong)), say)
    if checked.owed:
        tell("translations", list(findings.parse(checked.owed, "translation")), say, "notice")
    return checked.status or (Exit.FAILED if style else Exit.FINE)


def run(root: Path, fix: bool) -> dict[str, list[Finding]]:
    """What each check finds: programs side by side with ours, but in turn where they write."""
    with ThreadPoolExecutor(1 if fix else os.cpu_count()) as pool:
        running = {
            name: pool.submit(lambda wrong: list(wrong(root, fix)), wrong)
            for name, wrong in PROGRAMS.items()
        }
        if fix:
            wait(running.values())
        own = {name: list(wrong(root, fix)) for name, wrong in CHECKS.items()}
        return {name: future.result() for name, future in running.items()} | own


def tell(name: str, wrong: Sequence[Finding], say: Say, level: str = "error") -> bool:
    """Say how one check came out; whether something is wrong."""
    say(f"{LEVELS[level] if wrong else 'fine '} {name}")
    for finding in wrong:
        say(f"      {finding}")
        if os.environ.get("GITHUB_ACTIONS") == "true":
            say(finding.annotation(level))
    return bool(wrong)
