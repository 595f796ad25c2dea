"""The site while it is being written: an edited page is rendered, an edited scene runs again.

What was not edited is shown from its recording. Each language has a process of its
own that keeps MkDocs loaded, so that a page is back in a moment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from mkdocs.livereload import LiveReloadServer

from .. import RUN
from ..build import TRANSCRIPTS, run_scenes
from ..commands.summary import told
from ..errors import Problem
from ..model import Mode, Report, Transcript
from ..pages.words import Language
from ..rigs.daemon import engine_to_use
from ..rigs.engine import Engine
from ..rigs.run import Tell
from ..scenes import scene
from ..scenes.scene import Scene
from ..verdicts import reports, transcript
from ..verdicts.report import report
from . import front, site

Say = Callable[[str], None]
SCENES = str(scene.SCENES)
WATCHED = (SCENES, *(f"docs/{language}" for language in site.LANGUAGES), "docs/theme",
           *site.LANGUAGES.values())  # fmt: skip
POLLED = 0.3
"""Seconds between two looks at the watched files."""


def render(config: str, out: str, run: str) -> str:
    """Build one language in this process; what went wrong, or ""."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    os.environ[RUN] = run
    try:
        loaded = load_config(config, site_dir=out)
        loaded.plugins.on_startup(command="serve", dirty=False)
        build(loaded)
        loaded.plugins.on_shutdown()
    except (MkDocsException, SystemExit) as error:
        return str(error)
    return ""


@dataclass(slots=True)
class Studio:
    """The state of a site being written."""

    root: Path
    place: Path
    engine_name: str | None
    say: Say
    tell: Tell
    stack: ExitStack
    engine: Engine | None = None
    workers: dict[Language, ProcessPoolExecutor] = field(default_factory=dict)
    seen: dict[str, Scene] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    stamps: dict[str, frozenset[tuple[str, int]]] = field(default_factory=dict)

    @property
    def out(self) -> Path:
        return self.place / "site"

    def open_workers(self) -> None:
        for language in site.LANGUAGES:
            pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
            self.workers[language] = self.stack.enter_context(pool)

    def update_scenes(self) -> None:
        """Run the scenes whose text has changed, and judge again those whose expectations have."""
        scenes = scene.load_all(self.root)
        changed = {name: one for name, one in scenes.items() if self.seen.get(name) != one}
        recorded = {name: self.recording(one) for name, one in changed.items()}
        first = not self.seen
        stale = {n: s for n, s in changed.items() if not (first and recorded[n])}
        printed = self.run(stale) if stale else {}
        for name, one in changed.items():
            kept = recorded[name]
            if name in printed:
                self.reports[name] = report(one, printed[name], Mode.VERIFY, kept)
            elif kept:
                self.reports[name] = report(one, kept, Mode.REPLAY, None)
            for step in self.reports[name].steps if name in self.reports else ():
                for line in told(self.reports[name], step):
                    self.say(line)
        self.seen = scenes
        for name in set(self.reports) - set(scenes):
            del self.reports[name]

    def recording(self, one: Scene) -> Transcript | None:
        path = self.root / TRANSCRIPTS / f"{one.name}.json"
        found = transcript.read(path) if path.exists() else None
        return found if found and transcript.fresh(one, found) else None

    def run(self, scenes: dict[str, Scene]) -> dict[str, Transcript]:
        if self.engine is None:
            self.engine = self.stack.enter_context(engine_to_use(self.say))
        if self.engine is None:
            self.say(f"no Docker Engine: {', '.join(scenes)} cannot run again")
            return {}
        return run_scenes(self.engine, self.engine_name, scenes, 0, self.say, self.tell)

    def render(self, languages: Iterable[Language]) -> None:
        """Build languages side by side, then what stands beside them."""
        run = self.place / "run.json"
        reports.save(run, self.reports)
        futures = {
            language: self.workers[language].submit(
                render, str(self.root / site.LANGUAGES[language]),
                str(self.out / language), str(run),
            )
            for language in languages
        }  # fmt: skip
        for future in futures.values():
            if said := future.result():
                self.say(said)
        front.write(self.out, self.root, site.LANGUAGES, self.reports, "")

    def changed(self) -> set[str]:
        """Which of the watched folders and files are not as they were at the last call."""
        stamps = {name: stamp(self.root / name) for name in WATCHED}
        old, self.stamps = self.stamps, stamps
        return {name for name in WATCHED if old.get(name) != stamps[name]}

    def update(self) -> None:
        """Run and render what the last edit asks for, and nothing else."""
        changed = self.changed()
        if SCENES in changed:
            try:
                self.update_scenes()
            except Problem as problem:
                self.say(str(problem))
        alone = {f"docs/{language}": language for language in site.LANGUAGES}
        if changed <= set(alone):
            self.render([alone[name] for name in changed])
        else:
            self.render(site.LANGUAGES)


def stamp(path: Path) -> frozenset[tuple[str, int]]:
    """What tells one state of a file, or of all files of a folder, from another."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return frozenset((str(file), file.stat().st_mtime_ns) for file in files)


def serve(root: Path, engine: str | None, host: str, port: int, say: Say, tell: Tell) -> None:
    """Serve the site until Ctrl-C. Raises `Problem` where it cannot be built at all."""
    with ExitStack() as stack:
        place = stack.enter_context(site.workplace(root))
        studio = Studio(root, place, engine, say, tell, stack)
        studio.open_workers()
        studio.update_scenes()
        studio.render(site.LANGUAGES)
        studio.changed()
        server = LiveReloadServer(
            studio.update, host, port, str(studio.out), polling_interval=POLLED
        )
        stack.callback(server.shutdown)
        for name in WATCHED:
            server.watch(str(root / name))
        say(f"serving on http://{host}:{port}/")
        server.serve()
