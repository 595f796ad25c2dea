"""The site as a whole: its languages built side by side, then published in one move.

Knows reports and MkDocs; not how the reports came about.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from .. import reports
from ..errors import Mistake, Mistakes, Problem
from ..interrupts import undisturbed
from ..languages import Language, Languages, read
from ..model import Package, Report, Say
from ..reports import RUN
from . import child, places, toplevel
from .places import FAILED, PREFIX, SITE

PLACE = re.compile(r"(docs/\S+?):(\d+): (.*)")
FULL = f"[Errno {errno.ENOSPC}]"
LOGGED = re.compile(r"^(\w+) +-  ?(.*(?:\n[ ]+\S.*)*)", re.MULTILINE)
"""A line of MkDocs' log, with those below that are indented."""
TOLD_BELOW = re.compile(r"Error reading page '[^']*':$")
"""What MkDocs says before it says why."""
DOC = re.compile(r"Doc file '([^'\s]+\.md)'")
QUOTED = re.compile(r"'([^'\s]+)'")


@dataclass(frozen=True, slots=True)
class Published:
    """What a build put in place."""

    site: Path
    pages: Mapping[str, int]


def build(
    root: Path,
    run: Mapping[str, Report],
    say: Say,
    name: str = SITE,
    packages: Mapping[str, Sequence[Package]] = MappingProxyType({}),
) -> Published:
    """Build each language and all that stands beside them, and put it in place of `site/`.

    `name` may be `FAILED` instead; a good site takes the failed one away.
    `packages` are as in `materials.write`.

    Raises `Mistakes` for what MkDocs finds wrong with a page and for a place that is not a
    build's, `Problem` for a disk that is full; the site that was there is then as it was.
    """
    site = root / name
    places.check(root, SITE, FAILED)
    languages = read(root)
    try:
        with workplace(root) as place:
            reports.save(place / "run.json", run)
            new = place / "site"
            say(f"building the pages, {' and '.join(languages)} side by side")
            render(root, languages, new, place / "run.json")
            pages = toplevel.write(new, root, languages, run, base_url(), packages)
            publish(new, site, place)
            if name == SITE:
                shutil.rmtree(root / FAILED, ignore_errors=True)
    except OSError as error:
        raise Problem(f"{error.filename or site}: {error.strerror}; site/ is as it was") from error
    return Published(site, pages)


def base_url() -> str:
    """Where the site will stand, ending in a slash; "" if that is not known."""
    url = os.environ.get("SITE_URL", "")
    return url and url.rstrip("/") + "/"


@contextmanager
def locked(directory: Path, kind: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Hold a lock on a directory; raises `BlockingIOError` where `kind` says not to wait."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


@contextmanager
def workplace(root: Path) -> Iterator[Path]:
    """A directory of this build's own, on the file system of `site/`; gone in the end.

    Clears away what builds that were killed have left.
    """
    with ExitStack() as stack:
        with locked(root):
            list(swept(root))
            place = Path(tempfile.mkdtemp(prefix=PREFIX, dir=root))
            stack.callback(shutil.rmtree, place, ignore_errors=True)
            stack.enter_context(locked(place))
        yield place


def sweep(root: Path) -> Iterator[str]:
    """Clear away what builds that were killed have left; says what."""
    with locked(root):
        yield from swept(root)


def swept(root: Path) -> Iterator[str]:
    """Of `sweep`, where the root is locked."""
    for left in filter(places.ours, root.glob(f"{PREFIX}*")):
        if clear(left, root / SITE):
            yield f"removed {left.name}"


def clear(left: Path, site: Path) -> bool:
    """Remove what a dead build left; give back the site if it died between the two renames.

    Whether it is gone.
    """
    try:
        with locked(left, fcntl.LOCK_EX | fcntl.LOCK_NB):
            before = left / "before"
            if before.exists() and not places.strange(before) and not os.path.lexists(site):
                before.rename(site)
            shutil.rmtree(left, ignore_errors=True)
            return not left.exists()
    except BlockingIOError:
        return False  # its build is at work


def publish(new: Path, site: Path, place: Path) -> None:
    """Put a finished site in the place of the one that is there."""
    before = place / ("before" if site.name == SITE else "failed-before")
    with locked(site.parent), undisturbed():
        places.check(site.parent, site.name)
        had = site.exists()
        if had:
            site.rename(before)
        try:
            new.rename(site)
        except BaseException:
            if had and not site.exists():
                before.rename(site)
            raise


def render(root: Path, languages: Languages, new: Path, run: Path, *options: str) -> None:
    """Run MkDocs for each language at once, with these options of `mkdocs build`.

    Raises `Mistakes` with what any of them says, `OSError` where the disk is full.
    """
    with ExitStack() as stack:
        processes = {
            code: stack.enter_context(mkdocs(root, language, new / code, run, *options))
            for code, language in languages.items()
        }
        said = {code: process.communicate()[0] for code, process in processes.items()}
    if any(FULL in text for text in said.values()):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(new))
    wrong = [
        mistake
        for code, process in processes.items()
        if process.returncode
        for mistake in complaints(said[code], languages[code], root)
    ]
    if wrong:
        raise Mistakes(wrong)


@contextmanager
def mkdocs(
    root: Path, language: Language, out: Path, run: Path, *options: str
) -> Iterator[subprocess.Popen[str]]:
    """A build of one language under way; killed if it is left before its end."""
    url = base_url() and f"{base_url()}{language.code}/"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "macros.site.child",
            "build",
            "--strict",
            "-f",
            language.config,
            "-d",
            str(out),
            *options,
        ],
        cwd=root,
        env={
            **os.environ,
            RUN: str(run),
            child.STARTER: str(os.getpid()),
            "SITE_URL": url,
            "NO_MKDOCS_2_WARNING": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    with process:
        try:
            yield process
        finally:
            process.kill()  # nothing, where it has ended


def complaints(said: str, language: Language, root: Path) -> list[Mistake]:
    """All that MkDocs complains of, by page and line where they can be known."""
    found = [
        Mistake(place[1], int(place[2]), place[3])
        for line in said.splitlines()
        if (place := PLACE.search(line))
    ]
    for level, what in LOGGED.findall(said):
        told = PLACE.search(what) or TOLD_BELOW.match(what)
        if level in ("WARNING", "ERROR", "CRITICAL") and not told:
            found.append(complaint(" ".join(what.split()), language, root))
    everything = f"mkdocs build fails:\n{said.strip()[-2000:]}"
    return found or [Mistake(language.config, 0, everything)]


def complaint(what: str, language: Language, root: Path) -> Mistake:
    """One of MkDocs' warnings, at the page it names and the line that holds what it quotes."""
    doc = DOC.search(what)
    path = f"docs/{language.code}/{doc[1]}" if doc else language.config
    quoted = [one for one in QUOTED.findall(what) if not doc or one != doc[1]]
    if not (root / path).is_file():
        return Mistake(language.config, 0, what)
    lines = (root / path).read_text("utf-8", errors="replace").splitlines()
    at = (n for n, line in enumerate(lines, 1) if any(one in line for one in quoted))
    return Mistake(path, next(at, 0), what)
