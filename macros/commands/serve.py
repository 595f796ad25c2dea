"""The site while it is being written: an edited page is rendered, an edited scene runs again.

What was not edited is shown from its recording. What is wrong is told, on the terminal and
on every page; what it keeps from being drawn is shown as it last was. Nothing that is wrong
in a project ends this, or hides a page.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import build, engines, errors, outcome, reports
from ..errors import Mistake, Problem, RigBroken, place
from ..languages import Language, Languages, read
from ..model import Mode, Provenance, Reason, Report, Say, Transcript, Verdict
from ..pages import behind, checks, claims
from ..rigs.outer_engine import OuterEngine
from ..rigs.own_engine import NO_ENGINE, engine_to_use
from ..rigs.run import OnProgress, now
from ..scenes.scene import Scene, files, read_all
from ..site import policy, site, toplevel
from ..site.renderer import Renderer
from ..site.rendering import Job, Rendered, Section
from ..site.server import Server, serving
from ..site.watch import Watch
from ..verdicts import transcript
from ..verdicts.judgement import judge_scene
from .summary import describe_step

SCENES, TRANSCRIPTS = map(str, (errors.SCENES, errors.TRANSCRIPTS))
WATCHED = ("docs/*", "mkdocs*.yml")
"""As `Path.glob` has them: whatever languages there are, or come to be."""
NOBODY = Provenance("none", "", "", "", "", "", "", "")
"""Of a scene that did not run."""
NOT_RUN = "not run again"
"""In the place of a value of such a scene."""


@dataclass(slots=True)
class Studio:
    """The state of a site being written."""

    root: Path
    place: Path
    """A directory of its own, for what is built."""
    engine_name: str | None
    say: Say
    tell: OnProgress
    stack: ExitStack
    server: Server
    languages: Languages = field(default_factory=dict)
    """As they were last read without a mistake."""
    renderers: dict[str, Renderer] = field(default_factory=dict)
    engine: OuterEngine | None = None
    scenes: dict[str, Scene] = field(default_factory=dict)
    """As they were last read without a mistake."""
    printed: dict[str, Transcript] = field(default_factory=dict)
    """What scenes printed here, each the last time it ran."""
    reports: dict[str, Report] = field(default_factory=dict)
    judged: dict[str, tuple[tuple[object, ...], Report]] = field(default_factory=dict)
    """Each report, and what it was made from."""
    unread: list[str] = field(default_factory=list)
    """What is wrong with transcripts."""
    unrun: dict[str, str] = field(default_factory=dict)
    """Scenes that are not as they last ran, and could not run again: why."""
    saved: dict[str, Report] | None = None
    """The reports that pages were last made with."""
    due: set[str] = field(default_factory=set)
    """Languages that are not rendered as they are now."""
    anew: set[str] = field(default_factory=set)
    """Of these, those of which more than pages changed."""
    drawn: dict[str, Path] = field(default_factory=dict)
    """The last good site of each language."""
    marked: dict[str, behind.Marked] = field(default_factory=dict)
    """What the pages of each language last owed another."""
    contents: dict[str, tuple[Section, ...]] = field(default_factory=dict)
    """The navigation of it."""
    blank: dict[str, set[str]] = field(default_factory=dict)
    """Pages of it that never were right: they hold what is wrong."""
    wrong: tuple[str, ...] = ()
    """What was last told to be wrong."""
    whole: Path | None = None
    """The site that is shown."""
    count: int = 0

    def renderer(self, language: str) -> Renderer:
        """The process of a language."""
        if language not in self.renderers:
            self.renderers[language] = Renderer(self.root)
            self.stack.callback(self.renderers[language].close)
        return self.renderers[language]

    def update(self, changed: set[str]) -> None:
        """Run and render what an edit asks for and nothing else; show it, and what is wrong."""
        start, wrong = time.monotonic(), []
        try:
            if changed & {SCENES, TRANSCRIPTS}:
                self.update_scenes()
            pages = {f"docs/{language}": language for language in self.languages}
            self.due |= {pages[name] for name in changed & set(pages)}
            if changed - {SCENES, TRANSCRIPTS, *pages}:
                self.languages = read(self.root)
                self.due |= set(self.languages)
                self.anew |= set(self.languages)
            wrong += self.render([code for code in self.languages if code in self.due], start)
        except Problem as problem:
            wrong += str(problem).splitlines()
        except OSError as error:
            wrong.append(f"{error.filename or self.place}: {error.strerror}")
        except Exception as error:  # a theme or a page may make any library raise: it must be told
            wrong.append(f"the site cannot be put together: {type(error).__name__}: {error}")
        self.conclude(tuple(dict.fromkeys(wrong)))

    def conclude(self, wrong: tuple[str, ...]) -> None:
        """Tell what is wrong, or that nothing is any more; then show it, and the new site."""
        for line in wrong:
            self.say(line)
        if self.wrong and not wrong:
            self.say("nothing is wrong any more")
        self.wrong = wrong
        self.server.show(self.whole, wrong)
        self.tidy()

    # --- what is wrong ---

    def mistakes(self) -> list[Mistake]:
        """Everything that is wrong with scenes and pages."""
        scenes, wrong = read_all(self.root)
        wrong += checks.check(self.root, scenes, {Path(mistake.path).stem for mistake in wrong})
        return sorted({*wrong, *claims.check(self.root, self.reports)})

    def failures(self) -> Iterator[str]:
        """What is wrong with transcripts and outputs."""
        yield from self.unread
        for name, why in self.unrun.items():
            yield f"{place(name)}: edited, and not run again: {why}"
        for report in self.reports.values():
            for step in report.steps:
                if step.verdict is Verdict.FAILED:
                    yield from describe_step(report, step)

    # --- scenes ---

    def update_scenes(self) -> None:
        """Run the scenes that are not as they last ran, and judge all by what they last printed."""
        self.scenes = self.read_scenes()
        known = outcome.recordings(self.root, self.scenes)
        recorded = known.transcripts
        orphans = outcome.orphans(self.root, files(self.root))
        self.unread = [*orphans, *known.unreadable.values()]
        last = {name: self.last_printed(scene, recorded) for name, scene in self.scenes.items()}
        stale = {name: scene for name, scene in self.scenes.items() if last[name] is None}
        self.unrun = {}
        last |= self.run(stale) if stale else {}
        before, self.reports = self.reports, {
            name: self.judge_once(scene, last[name], recorded.get(name))
            for name, scene in self.scenes.items()
        }  # fmt: skip
        for name, report in self.reports.items():
            if before and report != before.get(name):
                self.tell_news(report)
        if self.reports != before:
            self.due |= set(self.languages)

    def tell_news(self, report: Report) -> None:
        """Say what an edited scene came to; what failed is said with all that is wrong."""
        for step in report.steps:
            if step.verdict is not Verdict.FAILED:
                for line in describe_step(report, step):
                    self.say(line)

    def read_scenes(self) -> dict[str, Scene]:
        """The scenes; one that is wrong as it last was, if it ever was right."""
        scenes, _ = read_all(self.root)
        wrong = files(self.root).keys() - scenes.keys()
        return scenes | {name: scene for name, scene in self.scenes.items() if name in wrong}

    def last_printed(self, scene: Scene, recorded: Mapping[str, Transcript]) -> Transcript | None:
        """The last that a scene, as it is written now, printed: here, or when it was recorded."""
        known = (self.printed.get(scene.name), recorded.get(scene.name))
        fit = [printed for printed in known if printed and transcript.fresh(scene, printed)]
        return max(fit, key=lambda printed: printed.recorded, default=None)

    def run(self, scenes: dict[str, Scene]) -> dict[str, Transcript]:
        """Run scenes; what kept one from running is kept, and told."""
        why, printed = NO_ENGINE, {}
        try:
            if self.engine is None:
                self.engine = self.stack.enter_context(engine_to_use(self.say))
            if self.engine:
                printed = build.run_scenes(
                    self.engine, self.engine_name, scenes, 0, self.say, self.tell
                )
        except RigBroken as broken:
            why, self.engine = str(broken), None
        good = {name: result for name, result in printed.items() if not result.broken}
        self.printed |= good
        self.unrun = {
            name: printed[name].broken if name in printed else why
            for name in scenes
            if name not in good
        }
        return good

    def judge_once(
        self, scene: Scene, last: Transcript | None, recorded: Transcript | None
    ) -> Report:
        """The report of a scene; the one that was made before, where it was made from the same."""
        live = last is self.printed.get(scene.name)
        asked = (scene, last, live, recorded if live else None, self.unrun.get(scene.name))
        known = self.judged.get(scene.name)
        if not known or known[0] != asked:
            self.judged[scene.name] = known = (asked, self.judge(scene, last, recorded))
        return known[1]

    def judge(self, scene: Scene, last: Transcript | None, recorded: Transcript | None) -> Report:
        """The report of a scene by what it last printed; skipped where it did not run so."""
        if last is None:
            reason = Reason("edited", (self.unrun[scene.name].splitlines()[0],))
            skipped = tuple((step.id, reason) for step in scene.steps)
            nothing = Transcript(scene.name, scene.digest, now(), NOBODY, (), skipped)
            values = tuple((name, NOT_RUN) for step in scene.steps for name in step.capture)
            return replace(judge_scene(scene, nothing, Mode.REPLAY, None), values=values)
        if last is self.printed.get(scene.name):
            return judge_scene(scene, last, Mode.VERIFY, recorded)
        return judge_scene(scene, last, Mode.REPLAY, None)

    # --- pages ---

    def render(self, languages: Sequence[str], start: float) -> list[str]:
        """Make languages, then those that are behind them as they were not; all that is wrong."""
        drawn, wrong = self.draw(languages, start)
        marked = {code: behind.every(self.root, code) for code in self.languages}
        late = [code for code in marked if code not in languages and code in self.marked
                and marked[code] != self.marked[code]]  # fmt: skip
        self.marked = marked
        if late:
            more, broken = self.draw(late, time.monotonic())
            drawn, wrong = [*drawn, *more], [*wrong, *broken]
        mistakes = self.mistakes()
        places = {(mistake.path, mistake.line) for mistake in mistakes}
        more = [mistake for mistake in drawn if (mistake.path, mistake.line) not in places]
        return [*map(str, mistakes), *self.failures(), *wrong, *map(str, more)]

    def draw(self, languages: Sequence[str], start: float) -> tuple[list[Mistake], list[str]]:
        """Make languages side by side, as far as they changed, and show them.

        What is wrong with their pages, and with their processes.
        """
        self.count += 1
        run = self.place / "run.json"
        if news := self.reports != self.saved:
            reports.save(run, self.reports)
            self.saved = self.reports
        futures = {
            code: self.renderer(code).render(self.job(language, run))
            for code, language in self.languages.items()
            if code in languages
        }
        self.anew |= set(languages)  # each until it is taken: what is lost is in no later answer
        drawn: list[Mistake] = []
        wrong = []
        parts = bool(self.whole)
        for code, future in futures.items():
            try:
                rendered = site.result(code, future)
            except Problem as problem:
                self.renderers[code].reopen()
                wrong.append(f"{problem}; save a page again")
                continue
            drawn += rendered.mistakes
            if rendered.whole:
                parts = self.take(code, rendered) and parts
        if languages:
            self.put_together(news, parts)
            self.say(f"rendered {', '.join(languages)} ({time.monotonic() - start:.2f} s)")
            self.server.show(self.whole, self.wrong)  # what is wrong now takes longer to find
        return drawn, wrong

    def job(self, language: Language, run: Path) -> Job:
        """What is asked of a language's process."""
        out = self.place / f"{language.code}-{self.count}"
        return Job(self.root / language.config, out, run, everything=language.code in self.anew)

    def take(self, language: str, rendered: Rendered) -> bool:
        """Take a language's new site, or some new pages of it; whether these are all.

        Its wrong pages stay as they last were, if they ever were.
        """
        if rendered.again is not None:
            policy.seal_again(rendered.out, self.drawn[language], rendered.again)
            self.blank[language].difference_update(rendered.again)
        else:
            blank, old, new = set(rendered.undrawn), self.drawn.get(language), rendered.out
            for page in rendered.undrawn:
                if old and page not in self.blank[language] and (old / page).exists():
                    shutil.copyfile(old / page, new / page)
                    blank.remove(page)
            self.drawn[language], self.blank[language] = new, blank
            self.contents[language] = rendered.sections
        self.due.discard(language)
        self.anew.discard(language)
        return rendered.again is not None

    def put_together(self, news: bool, parts: bool) -> None:
        """Make a site of the last good one of each language, and what stands beside them.

        `news`: there are other reports; `parts`: of all languages, no more than pages is new.
        """
        whole = self.place / f"site-{self.count}"
        shown = self.languages, self.contents, self.reports
        if parts and self.whole:
            shutil.copytree(self.whole, whole, symlinks=True, copy_function=os.link)
            if news:
                toplevel.of_run_again(whole, self.root, *shown)
        else:
            whole.mkdir()
            for language, path in self.drawn.items():
                (whole / language).symlink_to(path)
            if len(self.drawn) == len(self.languages):
                toplevel.write(whole, self.root, *shown, "", {}, edited=True)
        self.whole = whole

    def tidy(self) -> None:
        """Remove what is not shown any more."""
        kept = {self.whole, *self.drawn.values()}
        for path in self.place.iterdir():
            if path.is_dir() and path not in kept:
                shutil.rmtree(path, ignore_errors=True)


def serve(root: Path, engine: str | None, host: str, port: int, say: Say, tell: OnProgress) -> None:
    """Serve the site until Ctrl-C.

    Raises `Mistakes` for an address or an engine that cannot be had, `Problem` where nothing
    can be written.
    """
    engines.named(engine)
    try:
        with ExitStack() as stack:
            server = stack.enter_context(serving(host, port, say))
            try:
                place = stack.enter_context(site.workplace(root))
            except OSError as error:
                where = error.filename or root
                raise Problem(f"{where}: {error.strerror}; serving takes a place there") from error
            say(f"serving on {server.url}; Ctrl-C ends it")
            studio = Studio(root, place, engine, say, tell, stack, server)
            watch = Watch(root, WATCHED)
            edited = watch.changed()
            while True:
                studio.update(edited)
                edited = watch.next_edit()
    except KeyboardInterrupt:
        return
