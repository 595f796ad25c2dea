"""The mkdocs-macros module: gives each page its blocks and values. Starts nothing, only looks up.

The plugin calls `define_env` once a build and `on_pre_page_macros` for each page. Pages
are not rendered by the plugin's Jinja, which could reach Python: see `source.py`.
Heavy imports wait until they are needed, since the command line lives in this package too.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import reports
from .errors import Problem, Unrecorded
from .languages import read as read_languages
from .reports import DRAFT, RUN

if TYPE_CHECKING:
    from .model import Report
    from .pages.ways import Ways


def define_env(env: Any) -> None:
    """Load what this build shows; have Markdown link the glossary's terms."""
    from mkdocs.exceptions import PluginError

    from .pages.glossary import Terms

    try:
        root = Path(env.project_dir)
        env.reports = reports_for_build(root)
        languages = read_languages(root)
    except Problem as problem:
        raise PluginError(str(problem)) from problem
    extra = env.conf["extra"]
    extra["lang"] = language = Path(env.conf["docs_dir"]).name
    env.words = extra["words"] = languages[language].words
    extra["languages"] = languages
    env.terms = Terms(Path(env.conf["docs_dir"]))
    env.conf["markdown_extensions"].append(env.terms)


def on_pre_page_macros(env: Any) -> None:
    """Render the page ourselves, and keep the plugin from rendering what came out."""
    from mkdocs.exceptions import PluginError

    from .markup import escape
    from .pages import evidence
    from .pages.calls import render
    from .pages.source import read
    from .site.blocks import PLACE, Blocks

    env.page.meta[PLACE] = blocks = Blocks()
    try:
        root, language = Path(env.project_dir), env.conf["extra"]["lang"]
        page = read(root, Path(env.page.file.abs_src_path))
        env.markdown = render(
            page,
            env.reports,
            env.words,
            lambda: evidence.evidence(
                env.reports,
                evidence.places(root, language),
                evidence.not_run(root, language),
                env.page.file.src_uri,
                env.words,
            ),
            ways(env),
            blocks.put,
        )
    except Problem as problem:
        if DRAFT not in os.environ:
            raise PluginError(str(problem)) from problem
        undrawn = {"undrawn": env.page.file.dest_uri}
        logging.getLogger("mkdocs.macros").warning(str(problem), extra=undrawn)
        env.markdown = f"<pre>{escape(str(problem))}</pre>"
    env.terms.here = env.page.file.src_uri
    env.page.meta["render_macros"] = False


def ways(env: Any) -> Ways:
    """The ways from the page that is rendered; MkDocs has no page of another language."""
    from mkdocs.structure.files import File

    from .pages.ways import MACHINE, Ways

    docs, page = env.conf["docs_dir"], env.page.file
    machine = File(f"{MACHINE}.md", docs, page.dest_dir, env.conf["use_directory_urls"])
    there = (Path(docs) / machine.src_uri).is_file()
    top = "../" * (page.url.count("/") + 1)
    return Ways(top, machine.url_relative_to(page) if there else "")


def reports_for_build(root: Path) -> Mapping[str, Report]:
    """Reports by scene: of the run named by the environment, else of what is recorded.

    Raises `Mistakes` for scenes that are wrong, `Unrecorded` for transcripts that are.
    """
    if run := os.environ.get(RUN):
        return reports.load(Path(run))
    from . import outcome
    from .model import Mode
    from .scenes import scene

    scenes = scene.load_all(root)
    recorded = outcome.read_recorded(root, scenes)
    known = outcome.conclude(outcome.Order(root, Mode.REPLAY), scenes, recorded)
    if known.unrecorded:
        raise Unrecorded("\n".join(known.unrecorded))
    return known.reports
