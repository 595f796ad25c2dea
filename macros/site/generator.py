"""One language made by MkDocs, in a process that does nothing else: see `rendering` for its data.

What is wrong comes as records of MkDocs' log. Ours carry their mistakes with them; those of
MkDocs are finished sentences, without arguments.
"""

from __future__ import annotations

import errno
import logging
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from mkdocs.commands.build import _build_page, _populate_page, build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, BuildError, ConfigurationError
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from .. import reports
from ..errors import Mistake, Mistakes
from ..model import Report
from ..pages import behind, source
from ..pages.evidence import NOT_RUN
from ..pages.glossary import GLOSSARY
from ..reports import MISTAKES, RUN, UNDRAWN
from . import child, postings, sections
from .blocks import PLACE
from .rendering import Job, Link, Rendered, Section

ANCHORS = "#"
"""In the place of a page: links to anchors, of which MkDocs says which pages they are on."""
MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
"""Errors for which no page is to blame."""
DOCUMENTS = "documents"
"""Where what search finds of a page is, in the page."""
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
        self.files = Files([])
        self.env: Any = None
        """Of the theme's templates."""

    def on_config(self, config: MkDocsConfig) -> None:
        self.docs = Path(config.docs_dir)

    def on_nav(self, nav: Navigation, **_: Any) -> None:
        self.nav = nav

    def on_env(self, env: Any, files: Files, **_: Any) -> None:
        self.env, self.files = env, files

    def on_pre_page(self, page: Page, **_: Any) -> None:
        self.page = page.file.src_uri

    def on_page_content(self, html: str, page: Page, **_: Any) -> None:
        """Of blocks there is only what is searched: see `blocks`."""
        vars(page)[DOCUMENTS] = sections.documents(page, html)
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
    """What MkDocs warns of, by the page that it is at, and which pages could not be drawn."""

    def __init__(self, follower: Follower) -> None:
        super().__init__(logging.WARNING)
        self.follower = follower
        self.said: dict[str, list[Mistake]] = {}
        self.undrawn: list[str] = []

    @property
    def mistakes(self) -> list[Mistake]:
        return [mistake for each in self.said.values() for mistake in each]

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == build.__module__ and record.levelno == logging.ERROR:
            return  # it is raised, too
        anchors = ANCHORS if record.name == Page.__module__ else ""
        known = getattr(record, MISTAKES, None)
        self.said.setdefault(self.follower.page or anchors, []).extend(
            known or [self.follower.mistake(record.getMessage())]
        )
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


class Language:
    """A language as MkDocs last made it, kept so that a page can be made again by itself."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.follower = Follower(job.config)
        self.log = Log(self.follower)
        self.config = MkDocsConfig()
        self.texts: Mapping[str, bytes] = {}
        self.pages: dict[str, source.Page] = {}
        self.behind: behind.Marked = {}
        self.orphans: tuple[Mistake, ...] = ()

    @property
    def door(self) -> Any:
        """What our macros show: see `macros/door.py`."""
        return next(one.door for one in self.config.plugins.values() if hasattr(one, "door"))

    def make(self) -> Rendered:
        """Make every page; those that are wrong are left undrawn, and told."""
        job = self.job
        with heard(self.log):
            try:
                self.config = load_config(
                    str(job.config), site_dir=str(job.out), strict=False,
                    site_url=job.url, use_directory_urls=job.directory_urls,
                )  # fmt: skip
                self.look()
                self.config.plugins["follower"] = self.follower
                self.config.plugins.on_startup(command="build", dirty=False)
                build(self.config)
                self.config.plugins.on_shutdown()
                self.index()
            except (Exception, SystemExit) as error:  # a theme or a plugin may raise what it likes
                wrong = [*self.log.mistakes, *self.follower.blame(error)]
                return Rendered(job.out, tuple(wrong or [self.follower.mistake(str(error))]))
        return self.rendered()

    def rendered(self) -> Rendered:
        """What there is now."""
        navigation = tuple(parts(self.follower.nav.items))
        wrong, undrawn = (*self.log.mistakes, *self.orphans), tuple(self.log.undrawn)
        return Rendered(self.job.out, wrong, True, undrawn, navigation)

    def index(self) -> None:
        """Write what search finds, of all pages as they are now."""
        docs = Path(self.config.docs_dir)
        root, code = docs.parents[1], docs.name
        pages = [file.page for file in self.follower.files.documentation_pages()]
        every = [each for page in pages for each in vars(page).get(DOCUMENTS, ())]
        index = postings.Index(every, postings.spoken(root, code))
        postings.write(Path(self.config.site_dir), index)
        self.orphans = tuple(index.orphans(root, code))

    def look(self) -> None:
        """See how the pages are written now."""
        docs, root = Path(self.config.docs_dir), self.job.config.parent
        every = sorted(path for path in docs.rglob("*") if path.is_file())
        self.texts = {path.relative_to(docs).as_posix(): path.read_bytes() for path in every}
        self.pages = {
            name: source.read(root, docs / name) for name in self.texts if name.endswith(".md")
        }
        self.behind = behind.every(root, docs.name)

    def make_again(self, run: Path, out: Path) -> Rendered | None:
        """Make the pages again that would not be as they are; None where that is not enough."""
        run_now = reports.known(run)
        due = self.due(run_now)
        if due is None:
            return None
        self.door.reports = run_now
        self.door.look()
        self.log.undrawn = []
        follower, log = self.follower, self.log
        with heard(log):
            drawn = [page for name in due if (page := self.page_again(name))]
            if len(drawn) + len(log.undrawn) < len(due):
                return None
            for page in drawn:
                self.write(page, out)
            log.said[ANCHORS] = []
            for file in follower.files.documentation_pages():
                level = self.config.validation.links.anchors
                file.page.validate_anchor_links(files=follower.files, log_level=level)
            self.config.plugins.on_post_build(config=self.config)
            self.index()
        again = tuple(page.file.dest_uri for page in drawn)
        return replace(self.rendered(), out=out, again=again)

    def due(self, shown: Mapping[str, Report]) -> list[str] | None:
        """The pages that are to be made again for these reports; None where it takes them all."""
        texts, pages, marks, before = self.texts, self.pages, self.behind, self.door.reports
        self.look()
        if texts.keys() != self.texts.keys():
            return None
        edited = {name for name in texts if texts[name] != self.texts[name]}
        edited |= {name for name in self.behind if marks.get(name) != self.behind[name]}
        if GLOSSARY in edited or not edited <= self.pages.keys():
            return None
        scenes = {name for name in {*shown, *before} if shown.get(name) != before.get(name)}
        around = scenes or any(seen(pages[name]) != seen(self.pages[name]) for name in edited)
        return [
            name
            for name, page in self.pages.items()
            if name in edited
            or any(one.scenes & scenes if one.args else around for one in page.references)
        ]

    def page_again(self, name: str) -> Page | None:
        """Read a page again; it stays as it is where it is wrong, or changes others."""
        page = self.follower.files.get_file_from_path(name).page
        before, told, undrawn = dict(vars(page)), shown(page), len(self.log.undrawn)
        self.log.said.pop(name, None)
        _populate_page(page, self.config, self.follower.files)
        if len(self.log.undrawn) == undrawn and shown(page) == told:
            return page
        vars(page).update(before)
        return None

    def write(self, page: Page, out: Path) -> None:
        """Write a page into a folder."""
        follower, files = self.follower, self.follower.files.documentation_pages()
        vars(page.file)["abs_dest_path"] = str(out / page.file.dest_uri)  # a cached property
        _build_page(page, self.config, files, follower.nav, follower.env)


def seen(page: source.Page) -> object:
    """What other pages show of a page."""
    return page.references, page.body.count(NOT_RUN)


def shown(page: Page) -> tuple[str, dict[str, Any]]:
    """What other pages show of a page, in their navigation."""
    return str(page.title), {**page.meta, **dict.fromkeys(OWN)}


OWN = (PLACE, "description")
"""What no other page shows of a page's front matter."""
kept: dict[Path, Language] = {}
"""What was last made here, by its MkDocs file."""


def render(job: Job) -> Rendered:
    """Make one language; of one that was made here, only what would not be as it is.

    Raises `OSError` where the machine is at fault.
    """
    child.limit_next()
    os.environ[RUN] = str(job.run)
    language = kept.pop(job.config, None)
    rendered = None
    if language and not job.everything:
        with suppress(Exception, SystemExit):  # to make it all mends it, or says what is wrong
            rendered = language.make_again(job.run, job.out)
    if not language or not rendered:
        language = Language(job)
        rendered = language.make()
    if rendered.whole:
        kept[job.config] = language
    return rendered


def parts(items: Iterable[Any]) -> Iterator[Section]:
    """The sections of a navigation that hold pages."""
    for item in items:
        links = tuple(Link(page.url, str(page.title), page.file.src_uri) for page in pages([item]))
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
