"""One language made by MkDocs, in a process that does nothing else: see `rendering` for its data.

What is wrong comes as records of MkDocs' log. Ours carry their mistakes with them; those of
MkDocs are finished sentences, without arguments.
"""

from __future__ import annotations

import errno
import logging
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError, ConfigurationError
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from ..errors import Mistake, Mistakes
from ..reports import MISTAKES, RUN, UNDRAWN
from . import child
from .rendering import Job, Link, Rendered, Section

MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
"""Errors for which no page is to blame."""
DOC = re.compile(r"Doc file '([^'\s]+\.md)'")
QUOTED = re.compile(r"'([^'\s]+)'")


class Follower:
    """What MkDocs is at, and what it has found out: a plugin that changes nothing."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.docs = file.parent
        self.page = ""
        """The page that is being read or written, `modes/bridge.md`."""
        self.nav = Navigation([], [])

    def on_config(self, config: MkDocsConfig) -> None:
        self.docs = Path(config.docs_dir)

    def on_nav(self, nav: Navigation, **_: Any) -> None:
        self.nav = nav

    def on_pre_page(self, page: Page, **_: Any) -> None:
        self.page = page.file.src_uri

    def on_page_content(self, html: str, **_: Any) -> None:
        self.page = ""

    def on_page_context(self, context: Any, page: Page, **_: Any) -> None:
        self.page = page.file.src_uri

    def on_post_page(self, output: str, **_: Any) -> None:
        self.page = ""

    def mistake(self, what: str) -> Mistake:
        """A sentence of MkDocs', at the page that it is at or names and the line of what it quotes.

        It is all there is to go by.
        """
        what = " ".join(what.split())
        named = DOC.search(what)
        page = named[1] if named else self.page
        path = self.docs / page
        if not page or not path.is_file():
            return Mistake(self.file.name, 0, what)
        quoted = [one for one in QUOTED.findall(what) if one != page]
        lines = path.read_text("utf-8", errors="replace").splitlines()
        at = (n for n, line in enumerate(lines, 1) if any(one in line for one in quoted))
        return Mistake(path.relative_to(self.file.parent).as_posix(), next(at, 0), what)

    def blame(self, error: BaseException) -> Iterator[Mistake]:
        """What is wrong by what MkDocs raised. Raises `OSError` where the machine is at fault."""
        every = [one for one in chain(error) if not isinstance(one, Abort)]
        for one in every:
            if isinstance(one, OSError) and one.errno in MACHINE:
                raise OSError(one.errno, one.strerror, one.filename) from None
        for one in every:
            if isinstance(one, Mistakes):
                yield from one.mistakes
                return
        for one in every[:1]:
            own = isinstance(one, (BuildError, ConfigurationError))
            yield self.mistake(str(one) if own else f"{type(one).__name__}: {one}")


class Log(logging.Handler):
    """What MkDocs warns of, and which pages could not be drawn."""

    def __init__(self, follower: Follower) -> None:
        super().__init__(logging.WARNING)
        self.follower = follower
        self.mistakes: list[Mistake] = []
        self.undrawn: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == build.__module__ and record.levelno == logging.ERROR:
            return  # it is raised, too
        known = getattr(record, MISTAKES, None)
        self.mistakes += known or [self.follower.mistake(record.getMessage())]
        self.undrawn += filter(None, [getattr(record, UNDRAWN, "")])


@contextmanager
def heard(log: Log) -> Iterator[None]:
    """Listen to MkDocs, which then prints nothing itself."""
    logger = logging.getLogger("mkdocs")
    logger.propagate = False
    logger.addHandler(log)
    try:
        yield
    finally:
        logger.removeHandler(log)


def render(job: Job) -> Rendered:
    """Build one language into a directory; wrong pages are left undrawn, and told.

    Raises `OSError` where the machine is at fault.
    """
    child.limit_next()
    os.environ[RUN] = str(job.run)
    follower = Follower(job.config)
    log = Log(follower)
    with heard(log):
        try:
            config = load_config(
                str(job.config), site_dir=str(job.out), strict=False,
                site_url=job.url, use_directory_urls=job.directory_urls,
            )  # fmt: skip
            config.plugins["follower"] = follower
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
            config.plugins.on_shutdown()
        except (Exception, SystemExit) as error:  # a theme or a plugin may raise what it likes
            log.mistakes += follower.blame(error)
            return Rendered(tuple(log.mistakes or [follower.mistake(str(error))]))
    return Rendered(
        tuple(log.mistakes), True, tuple(log.undrawn), tuple(sections(follower.nav.items))
    )


def sections(items: Iterable[Any]) -> Iterator[Section]:
    """The sections of a navigation that hold pages."""
    for item in items:
        links = tuple(Link(page.url, str(page.title)) for page in pages([item]))
        if links:
            yield Section(str(item.title) if item.is_section else links[0].title, links)


def pages(items: Iterable[Any]) -> Iterator[Page]:
    """The pages of a navigation, in order."""
    for item in items:
        if item.is_page:
            yield item
        else:
            yield from pages(item.children or ())


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, and those that it came of."""
    while error:
        yield error
        error = error.__cause__ or error.__context__
