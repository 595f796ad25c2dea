"""The site as a whole: its languages built side by side, then published in one move.

Knows reports and MkDocs; not how the reports came about.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from .. import reports
from ..errors import Mistakes, Problem
from ..interrupts import undisturbed
from ..languages import Languages, read
from ..model import Package, Report, Say
from . import child, places, stamp, toplevel
from .places import FAILED, PREFIX, SITE
from .renderer import Renderer
from .rendering import Job, Rendered, Section


@dataclass(frozen=True, slots=True)
class Published:
    """What a build put in place."""

    site: Path
    pages: Mapping[str, int]
    digest: str
    """Of all that is in it: see `stamp.tree`."""


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
            contents = render(root, languages, new, place / "run.json")
            pages = toplevel.write(new, root, languages, contents, run, base_url(), packages)
            digest = stamp.tree(new)
            publish(new, site, place)
            if name == SITE:
                shutil.rmtree(root / FAILED, ignore_errors=True)
    except OSError as error:
        raise Problem(f"{error.filename or site}: {error.strerror}; site/ is as it was") from error
    return Published(site, pages, digest)


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


def render(
    root: Path, languages: Languages, new: Path, run: Path, *, directory_urls: bool = True
) -> dict[str, tuple[Section, ...]]:
    """Have MkDocs make each language, all at once; their navigations.

    Raises `Mistakes` with all that it warns of, `OSError` where the machine is at fault,
    `Problem` where a process does not come to its end.
    """
    with ExitStack() as stack:
        under_way: dict[str, Future[Rendered]] = {}
        for code, language in languages.items():
            url = base_url() and f"{base_url()}{code}/"
            renderer = Renderer(root)
            stack.callback(renderer.close)
            job = Job(root / language.config, new / code, run, url, directory_urls)
            under_way[code] = renderer.render(job)
        rendered = {code: result(code, future) for code, future in under_way.items()}
    if wrong := [mistake for one in rendered.values() for mistake in one.mistakes]:
        raise Mistakes(wrong)
    return {language: one.sections for language, one in rendered.items()}


def result(language: str, future: Future[Rendered]) -> Rendered:
    """What a rendering came to, once it has ended. Raises as `render` does."""
    try:
        return future.result()
    except BrokenExecutor:
        why = f"it was killed, it crashed, or it took longer than {child.SECONDS} s"
        raise Problem(f"the process that renders {language} has ended: {why}") from None
