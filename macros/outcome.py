"""What a build comes to: every scene judged, what is to be recorded recorded, the exit status.

Knows recordings and what ran; not how it ran, and no page.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .errors import TRANSCRIPTS, Exit, Unrecorded, named, place, recording
from .model import Mode, Package, Reason, Report, Shard, Transcript, Verdict
from .scenes.scene import Scene
from .verdicts import belief, steadiness, transcript
from .verdicts.confirmation import Confirmation, confirm
from .verdicts.judgement import judge_scene


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
    verify_all: bool = False
    """Trust no recording: every recorded output is run again, and must be the same."""
    shard: Shard | None = None
    """Run this part alone, and judge nothing; None: all of it."""


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
    packages: Mapping[str, tuple[Package, ...]] = field(default_factory=dict)
    """Of the images that scenes ran in, by digest."""


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
    confirmation: Confirmation | None = None
    """What became of the recordings, where none was to be trusted."""
    packages: Mapping[str, tuple[Package, ...]] = field(default_factory=dict)
    """Of the images that scenes ran in, by digest."""
    site: Path | None = None
    """Where the pages were put, None where none were made."""

    def verdicts(self) -> Counter[Verdict]:
        return Counter(step.verdict for report in self.reports.values() for step in report.steps)


def read_recorded(root: Path, scenes: Mapping[str, Scene]) -> Recordings:
    """What is recorded of these scenes; raises `Unrecorded` for transcripts of no scene."""
    if lines := orphans(root, scenes):
        raise Unrecorded("\n".join(lines))
    return recordings(root, scenes)


def unrecorded(scenes: Mapping[str, Scene], recorded: Recordings) -> list[str]:
    """What is wrong with the recordings of these scenes, a line each."""
    wrong = []
    for name, scene in scenes.items():
        known = recorded.transcripts.get(name)
        if not known or not transcript.fresh(scene, known):
            state = "stale" if known else "missing"
            cure = f"its transcript is {state}; scripts/build --record {name}"
            wrong.append(recorded.unreadable.get(name, f"{place(name)}: {cure}"))
    return wrong


def orphans(root: Path, scenes: Iterable[str]) -> list[str]:
    """What is wrong with transcripts of none of these scenes, a line each."""
    paths = transcript.orphans(root / TRANSCRIPTS, scenes)
    return [f"{TRANSCRIPTS}/{named(path.name)}: no scene owns it; delete it" for path in paths]


def recordings(root: Path, scenes: Mapping[str, Scene]) -> Recordings:
    """What is recorded of these scenes."""
    transcripts, unreadable = {}, {}
    for name, scene in scenes.items():
        path = root / recording(name)
        try:
            if os.path.lexists(path):
                transcripts[name] = believe(scene, transcript.read(path))
        except Unrecorded as problem:
            unreadable[name] = str(problem)
    return Recordings(transcripts, unreadable)


def believe(scene: Scene, known: Transcript) -> Transcript:
    """A transcript that says nothing against its scene's text, or is stale.

    Raises `Unrecorded` for one that belongs to that text by its digest alone.
    """
    if transcript.fresh(scene, known) and (why := belief.doubt(scene, known)):
        cure = f"scripts/build --record {scene.name}"
        raise Unrecorded(f"{recording(scene.name)}: no run of its scene, {why}; {cure}")
    return known


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
    for name, scene in scenes.items():
        known = recorded.transcripts.get(name)
        if name in played.first:
            reports[name] = judge_run(order, scene, known, played)
        elif known and transcript.fresh(scene, known):
            reports[name] = judge_scene(scene, known, Mode.REPLAY, None)
    missing = unrecorded({n: scene for n, scene in scenes.items() if n not in reports}, recorded)
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
    confirmed = None
    if order.verify_all:
        last = {**played.first, **played.second}
        confirmed = confirm({name: recorded.transcripts[name] for name in last}, last, reports)
    outcome = Outcome(
        reports, Exit.FINE, tuple(saved), tuple(kept), tuple(missing), confirmed, played.packages
    )
    return replace(outcome, status=status(order, outcome, played))


def judge_run(order: Order, scene: Scene, known: Transcript | None, played: Played) -> Report:
    """The report of a scene that ran, once or twice."""
    first = judge_scene(scene, played.first[scene.name], order.mode, known)
    second = played.second.get(scene.name)
    if second is None:
        return first
    if second.broken:
        return replace(first, notes=(*first.notes, Reason("second", (second.broken,))))
    return steadiness.settle(first, judge_scene(scene, second, order.mode, known))


def recordable(report: Report, printed: Transcript) -> bool:
    """Whether what a scene printed may be kept: it ran to its end, and holds."""
    bad = {Verdict.FAILED, Verdict.UNSTEADY}
    return not printed.broken and not any(step.verdict in bad for step in report.steps)


def status(order: Order, outcome: Outcome, played: Played) -> Exit:
    """The exit status of a build that came to an end."""
    verdicts = outcome.verdicts()
    ran = (*played.first.values(), *played.second.values())
    counts = order.strict_drift or order.mode is Mode.RECORD
    confirmed = outcome.confirmation or Confirmation()
    if verdicts[Verdict.FAILED] or confirmed.differs:
        return Exit.FAILED
    if any(printed.broken for printed in ran) or confirmed.unrun:
        return Exit.BROKEN
    if outcome.unrecorded:
        return Exit.UNRECORDED
    if counts and verdicts[Verdict.DRIFTED] + verdicts[Verdict.UNSTEADY]:
        return Exit.DRIFTED
    return Exit.FINE
