"""One build, from scenes to site: check, run or replay, judge, publish or say why not."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .errors import Exit, Mistakes, RigBroken, Unrecorded
from .model import Mode, Report, Transcript, Verdict
from .pages import claims, pages
from .rigs import images
from .rigs.daemon import engine_to_use
from .rigs.engine import Engine
from .rigs.run import Tell, run_all
from .scenes import scene
from .scenes.scene import Scene
from .site import archive, site
from .verdicts import steadiness, transcript
from .verdicts.report import report

TRANSCRIPTS = Path("docs/transcripts")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What a build is asked to do."""

    root: Path
    mode: Mode
    names: tuple[str, ...] = ()
    """Scenes to run; none means all. The others are replayed."""
    engine: str | None = None
    strict_drift: bool = False
    rigs: int = 0
    """Rigs side by side; 0 means as many as serve best here."""
    zipped: bool = False
    """Write `site.zip` beside `site/`."""


@dataclass(frozen=True, slots=True)
class Recordings:
    """What is recorded: the transcripts that can be read, and what is wrong with the others."""

    transcripts: Mapping[str, Transcript]
    unreadable: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Played:
    """What ran in this build: scene → what it printed."""

    first: Mapping[str, Transcript] = field(default_factory=dict)
    second: Mapping[str, Transcript] = field(default_factory=dict)
    """Of the scenes that were looked at once more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build came to."""

    reports: Mapping[str, Report]
    status: Exit
    saved: tuple[str, ...] = ()
    """Scenes whose transcripts were written."""
    kept: tuple[str, ...] = ()
    """Scenes whose transcripts hold more than this machine can run, and were left as they are."""
    unrecorded: tuple[str, ...] = ()
    """What is wrong with the transcripts of scenes that did not run, a line each."""
    site: Path | None = None
    """Where the pages were put, None where none were made."""

    def verdicts(self) -> Counter[Verdict]:
        return Counter(step.verdict for one in self.reports.values() for step in one.steps)


def rigs_side_by_side() -> int:
    """Measured on two cores with 40 scenes: see `scripts/bench --rigs`."""
    return 2 * (os.cpu_count() or 1)


def build(order: Order, say: Say, tell: Tell) -> Outcome:
    """Run a whole build and publish it: in `site/`, or beside it where something failed.

    Where there is no `site/` yet, there is one afterwards, whatever failed. Raises `Mistakes`
    (before anything runs), `RigBroken`, `Unrecorded`.
    """
    everything = checked(order.root)
    scenes = scene.load_all(order.root, order.names) if order.names else everything
    recorded = read_recorded(order.root, everything)
    if recorded.unreadable and order.mode is Mode.VERIFY:
        raise Unrecorded("\n".join(recorded.unreadable.values()))
    played = Played()
    if order.mode is not Mode.REPLAY:
        played = run_live(order, scenes, recorded, say, tell)
    outcome = conclude(order, everything, recorded, played)
    if outcome.unrecorded:
        return outcome
    bad = outcome.status in (Exit.FAILED, Exit.BROKEN)
    if not bad and (unbacked := claims.check(order.root, outcome.reports)):
        if outcome.saved:
            say(f"recorded: {', '.join(sorted(outcome.saved))}")
        raise Mistakes(unbacked)
    name = site.FAILED if bad and (order.root / site.SITE).exists() else site.SITE
    site.build(order.root, outcome.reports, say, name)
    if order.zipped and not bad:
        archive.write(order.root, outcome.reports, say)
    return replace(outcome, site=order.root / name)


def checked(root: Path) -> dict[str, Scene]:
    """Every scene; raises `Mistakes` with all that is wrong with scenes and with pages."""
    scenes, wrong = scene.read_all(root)
    wrong += pages.check(root, scenes, {Path(one.path).stem for one in wrong})
    if wrong:
        raise Mistakes(wrong)
    return scenes


def read_recorded(root: Path, scenes: Iterable[str]) -> Recordings:
    """What is recorded of these scenes; raises `Unrecorded` for transcripts of no scene."""
    if lost := orphans(root, scenes):
        raise Unrecorded("\n".join(lost))
    return recordings(root, scenes)


def orphans(root: Path, scenes: Iterable[str]) -> list[str]:
    """What is wrong with transcripts of none of these scenes, a line each."""
    lost = transcript.orphans(root / TRANSCRIPTS, scenes)
    return [f"{TRANSCRIPTS}/{path.name}: no scene owns it; delete it" for path in lost]


def recordings(root: Path, scenes: Iterable[str]) -> Recordings:
    """What is recorded of these scenes."""
    transcripts, unreadable = {}, {}
    for name in scenes:
        path = root / TRANSCRIPTS / f"{name}.json"
        try:
            if path.exists():
                transcripts[name] = transcript.read(path)
        except Unrecorded as problem:
            unreadable[name] = str(problem)
    return Recordings(transcripts, unreadable)


def run_live(
    order: Order, scenes: Mapping[str, Scene], recorded: Recordings, say: Say, tell: Tell
) -> Played:
    """Run scenes on the engine there is; nothing of theirs is left on it afterwards.

    What failed or drifted runs once more, before it is accused.
    """
    with engine_to_use(say) as engine:
        if engine is None and order.mode is Mode.VERIFY:
            say("no Docker Engine answers and none can be started here: replaying the recordings")
            return Played()
        if engine is None:
            raise RigBroken("no Docker Engine answers: start one, or set DOCKER_HOST")
        engine.sweep()
        first = run_scenes(engine, order.engine, scenes, order.rigs, say, tell)
        again = {
            name: scenes[name]
            for name, printed in first.items()
            if not printed.broken
            and steadiness.suspicious(
                report(scenes[name], printed, order.mode, recorded.transcripts.get(name))
            )
        }
        if not again:
            return Played(first)
        say(f"a second look before an accusation: {', '.join(sorted(again))}")
        return Played(first, run_scenes(engine, order.engine, again, order.rigs, say, tell))


def run_scenes(
    engine: Engine,
    default: str | None,
    scenes: Mapping[str, Scene],
    rigs: int,
    say: Say,
    tell: Tell,
) -> dict[str, Transcript]:
    """Make the images that are missing, then run scenes on them; `rigs` as in `Order`."""
    kinds = {name: images.kind(one.engine or default) for name, one in scenes.items()}
    made = {kind: images.ensure(engine, kind, say) for kind in dict.fromkeys(kinds.values())}
    say(f"running {len(scenes)} scenes on Docker Engine {engine.version} at {engine.url}")
    return run_all(
        scenes.values(), engine, lambda one: made[kinds[one.name]],
        rigs or rigs_side_by_side(), tell,
    )  # fmt: skip


def conclude(
    order: Order,
    scenes: Mapping[str, Scene],
    recorded: Recordings,
    played: Played | None = None,
) -> Outcome:
    """Judge every scene, run now or replayed; record what is to be recorded.

    A scene that neither ran nor has a fresh recording has no report, but a line that says so.
    """
    played = played or Played()
    reports: dict[str, Report] = {}
    unrecorded = []
    for name, one in scenes.items():
        known = recorded.transcripts.get(name)
        if name in played.first:
            reports[name] = judged(order, one, known, played)
        elif known and transcript.fresh(one, known):
            reports[name] = report(one, known, Mode.REPLAY, None)
        else:
            state = "stale" if known else "missing"
            cure = f"its transcript is {state}; scripts/build --record {name}"
            unrecorded.append(recorded.unreadable.get(name, f"docs/scenes/{name}.yml: {cure}"))
    saved, kept = [], []
    for name in played.first if order.mode is Mode.RECORD else ():
        printed = played.second.get(name) or played.first[name]
        if not recordable(reports[name], printed):
            continue
        known = recorded.transcripts.get(name)
        if name not in order.names and known and transcript.poorer(printed, known):
            kept.append(name)
        elif transcript.save(order.root / TRANSCRIPTS, scenes[name], printed):
            saved.append(name)
    outcome = Outcome(reports, Exit.FINE, tuple(saved), tuple(kept), tuple(unrecorded))
    return replace(outcome, status=status(order, outcome, played))


def judged(order: Order, one: Scene, known: Transcript | None, played: Played) -> Report:
    """The report of a scene that ran, once or twice."""
    first = report(one, played.first[one.name], order.mode, known)
    second = played.second.get(one.name)
    if second is None:
        return first
    if second.broken:
        notes = (*first.notes, f"the second look: {second.broken}")
        return replace(first, notes=notes)
    return steadiness.settle(first, report(one, second, order.mode, known))


def recordable(said: Report, printed: Transcript) -> bool:
    """Whether what a scene printed may be kept: it ran to its end, and holds."""
    bad = {Verdict.FAILED, Verdict.UNSTEADY}
    return not printed.broken and not any(step.verdict in bad for step in said.steps)


def status(order: Order, outcome: Outcome, played: Played) -> Exit:
    """The exit status of a build that came to an end."""
    verdicts = outcome.verdicts()
    ran = (*played.first.values(), *played.second.values())
    counts = order.strict_drift or order.mode is Mode.RECORD
    if verdicts[Verdict.FAILED]:
        return Exit.FAILED
    if any(printed.broken for printed in ran):
        return Exit.BROKEN
    if outcome.unrecorded:
        return Exit.UNRECORDED
    if counts and verdicts[Verdict.DRIFTED] + verdicts[Verdict.UNSTEADY]:
        return Exit.DRIFTED
    return Exit.FINE
