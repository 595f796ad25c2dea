"""The door for MkDocs: what mkdocs-macros is given of this package. Starts nothing, only looks up.

`define_env` registers the macros of `pages/macros.py`. A page is rendered by the plugin's own
Jinja, once its reader has read it and found nothing but text and calls; what Jinja is asked to
compile beside that, its gate refuses. Zensical knows `define_env` alone, and asks once a page.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.utils import get_relative_url

from . import outcome, reports
from .errors import Mistake, Mistakes, Problem, Unrecorded
from .languages import otherwise
from .languages import read as read_languages
from .markup import escape
from .model import Mode, Report
from .pages import behind, folders, source, translations
from .pages.calls import UNLIKE, Drawing
from .pages.elsewhere import Elsewhere
from .pages.glossary import PAGE, terms
from .pages.macros import MACROS, Showing
from .pages.ways import EVIDENCE, MACHINE, Ways
from .reports import MISTAKES, RUN, UNDRAWN
from .scenes import scene
from .site.blocks import PLACE, Blocks


class Bare:
    """All that the plugin's Jinja is told of a page."""

    def __init__(self, *, rendered: bool) -> None:
        self.meta: dict[str, bool] = {} if rendered else {"render_macros": False}


class Door:
    """What this build shows, and the page that is being drawn."""

    def __init__(self, env: Any) -> None:
        self.env = env
        self.root = Path(env.project_dir)
        self.docs = self.root / env.conf["docs_dir"]
        self.reports = reports_for_build(self.root)
        self.languages = languages = read_languages(self.root)
        self.record: translations.Record = {}
        extra = env.conf["extra"]
        extra["languages"], extra["lang"] = languages, self.docs.name
        extra["otherwise"] = otherwise(languages)
        extra["words"] = self.words = languages[self.docs.name].words
        self.look()
        self.terms = terms(self.docs)
        self.drawing: Drawing | None = None

    def look(self) -> None:
        """See which pages other languages have, and what is declared of them."""
        self.record = translations.read(self.root)[0]
        names = {code: folders.pages(self.root, code).keys() for code in self.languages}
        self.env.conf["extra"]["names"] = names

    def call(self, macro: str, *args: str) -> str:
        """What stands for a call on the page."""
        if self.drawing is None:
            # Zensical says of no page that it begins: blocks stay in it. It takes what HTML
            # links to as relative to the page's file, as Markdown's links are.
            name = self.env.page.path
            self.drawing = self.drawn(name, name)
            if self.drawing.wrong:
                raise Mistakes(self.drawing.wrong)
        return self.drawing.call(macro, *args)

    def drawn(self, name: str, url: str, put: Any = str) -> Drawing:
        """A page, read once more, whose calls are to be drawn."""
        page = source.read(self.root, self.docs / name)
        showing = Showing(
            self.reports, self.words, self.ways(url), Elsewhere(self.root, self.docs.name)
        )
        showing.behind = behind.marks(self.root, self.languages, self.record, self.docs.name, name)
        return Drawing(page, showing, put)

    def ways(self, url: str) -> Ways:
        """The ways from a page; MkDocs has no page of another language."""
        ending = "/" if self.env.conf["use_directory_urls"] else ".html"
        top = "../" * (url.count("/") + 1)

        def stands(name: str) -> str:
            folder = ending == "/" and (name == "index" or name.endswith("/index"))
            return name.removesuffix("index") if folder else f"{name}{ending}"

        def page(name: str) -> str:
            return str(get_relative_url(stands(name) or ".", url))

        def abroad(language: str, name: str) -> str:
            return f"{top}{language}/{stands(name)}"

        machine, evidence = (
            page(name) if (self.docs / f"{name}.md").is_file() else ""
            for name in (MACHINE, EVIDENCE)
        )
        repository = str(self.env.conf["extra"].get("repository") or "").rstrip("/")
        if not repository.startswith("https://"):
            repository = ""
        return Ways(top, machine, evidence, page, abroad, repository)


def define_env(env: Any) -> None:
    """Register the macros, and nothing else."""
    try:
        env.door = door = Door(env)
    except Problem as problem:
        raise PluginError(str(problem)) from problem
    for tools in (env.variables, env.macros, env.filters):
        tools.clear()
    for name in MACROS:
        env.macro(partial(door.call, name), name)
    if page := getattr(env, "page", None):  # that of Zensical, for which this is called
        PAGE.set((door.terms, page.path))


def on_pre_page_macros(env: Any) -> None:
    """Read the page; what its reader has not accepted, byte for byte, is not rendered."""
    env.page.meta[PLACE] = blocks = Blocks()
    file = env.page.file
    drawing = env.door.drawing = env.door.drawn(file.src_uri, env.page.url, blocks.put)
    if env.markdown != drawing.page.body.lstrip("\n"):
        drawing.wrong.append(Mistake(drawing.page.path, 0, UNLIKE))
    if edit := drawing.showing.ways.edit(drawing.page.path):
        env.page.edit_url = edit
    env.variables.clear()
    env.variables["page"] = Bare(rendered=not drawing.wrong)
    PAGE.set((env.door.terms, file.src_uri))


def on_post_page_macros(env: Any) -> None:
    """Give the page out; one that is wrong holds what is wrong."""
    try:
        env.markdown = env.door.drawing.whole(env.markdown)
    except Mistakes as problem:
        wrong = {MISTAKES: problem.mistakes, UNDRAWN: env.page.file.dest_uri}
        logging.getLogger("mkdocs.macros").warning(str(problem), extra=wrong)
        env.markdown = f"<pre>{escape(str(problem))}</pre>"


def reports_for_build(root: Path) -> Mapping[str, Report]:
    """Reports by scene: of the run named by the environment, else of what is recorded.

    Raises `Mistakes` for scenes that are wrong, `Unrecorded` for transcripts that are.
    """
    if run := os.environ.get(RUN):
        return reports.known(Path(run))
    return recorded(root)


@lru_cache(1)
def recorded(root: Path) -> Mapping[str, Report]:
    """The reports of what is recorded."""
    scenes = scene.load_all(root)
    known = outcome.conclude(
        outcome.Order(root, Mode.REPLAY), scenes, outcome.read_recorded(root, scenes)
    )
    if known.unrecorded:
        raise Unrecorded("\n".join(known.unrecorded))
    return known.reports
