"""One build, from scenes to site: check, run or replay, judge, publish or say why not."""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import Exit, Mistakes, RigBroken, Unrecorded
from .model import Mode, Report, Transcript, Verdict
from .pages import pages
from .rigs import images
from .rigs.daemon import engine_to_use
from .rigs.engine import Engine
from .rigs.run import Tell, run_all
from .scenes import scene
from .scenes.scene import Scene
from .site import archive, site
from .verdicts import transcript
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
class Outcome:
    """What a build came to."""

    reports: Mapping[str, Report]
    status: Exit
    saved: tuple[str, ...] = ()
    """Scenes whose transcripts were written."""

    def verdicts(self) -> Counter[Verdict]:
        return Counter(step.verdict for one in self.reports.values() for step in one.steps)


def rigs_side_by_side() -> int:
    """Measured on two cores with 40 scenes: see `scripts/bench --rigs`."""
    return 2 * (os.cpu_count() or 1)


def build(order: Order, say: Say, tell: Tell) -> Outcome:
    """Run a whole build and publish `site/` where nothing failed.

    Raises `Mistakes` (before anything runs), `RigBroken`, `Unrecorded`.
    """
    everything = checked(order.root)
    scenes = scene.load_all(order.root, order.names) if order.names else everything
    recorded = read_recorded(order.root, everything)
    fresh: dict[str, Transcript] = {}
    if order.mode is not Mode.REPLAY:
        fresh = run_live(order, scenes, say, tell)
    outcome = conclude(order, everything, recorded, fresh)
    if outcome.status not in (Exit.FAILED, Exit.BROKEN):
        site.build(order.root, outcome.reports, say)
        if order.zipped:
            archive.write(order.root, outcome.reports, say)
    return outcome


def checked(root: Path) -> dict[str, Scene]:
    """Every scene; raises `Mistakes` with all that is wrong with scenes and with pages."""
    scenes = scene.load_all(root)
    if mistakes := pages.check(root, scenes):
        raise Mistakes(mistakes)
    return scenes


def read_recorded(root: Path, scenes: Mapping[str, Scene]) -> dict[str, Transcript]:
    """The transcripts that are there; raises `Unrecorded` for those edited by hand or orphaned."""
    directory = root / TRANSCRIPTS
    if lost := transcript.orphans(directory, scenes):
        raise Unrecorded("\n".join(f"{path}: no scene owns it; delete it" for path in lost))
    paths = {name: directory / f"{name}.json" for name in scenes}
    return {name: transcript.read(path) for name, path in paths.items() if path.exists()}


def run_live(
    order: Order, scenes: Mapping[str, Scene], say: Say, tell: Tell
) -> dict[str, Transcript]:
    """Run scenes on the engine there is; nothing of theirs is left on it afterwards."""
    with engine_to_use(say) as engine:
        if engine is None and order.mode is Mode.VERIFY:
            say("no Docker Engine answers and none can be started here: replaying the recordings")
            return {}
        if engine is None:
            raise RigBroken("no Docker Engine answers: start one, or set DOCKER_HOST")
        engine.sweep()
        return run_scenes(engine, order.engine, scenes, order.rigs, say, tell)


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
        scenes.values(), engine, lambda one: made[kinds[one.name]], uuid.uuid4().hex[:12],
        rigs or rigs_side_by_side(), tell,
    )  # fmt: skip


def conclude(
    order: Order,
    scenes: Mapping[str, Scene],
    recorded: Mapping[str, Transcript],
    fresh: Mapping[str, Transcript],
) -> Outcome:
    """Judge every scene, run now or replayed; record what is to be recorded.

    Raises `Unrecorded` naming every scene that neither ran nor has a fresh recording.
    """
    missing = [
        f"docs/scenes/{name}.yml: its transcript is {'stale' if name in recorded else 'missing'}; "
        f"scripts/build --record {name}"
        for name, one in scenes.items()
        if name not in fresh and not (name in recorded and transcript.fresh(one, recorded[name]))
    ]
    if missing:
        raise Unrecorded("\n".join(missing))
    reports = {
        name: report(one, fresh[name], order.mode, recorded.get(name))
        if name in fresh
        else report(one, recorded[name], Mode.REPLAY, None)
        for name, one in scenes.items()
    }
    saved = []
    if order.mode is Mode.RECORD:
        for name, printed in fresh.items():
            good = not printed.broken and all(
                step.verdict is not Verdict.FAILED for step in reports[name].steps
            )
            if good and transcript.save(order.root / TRANSCRIPTS, scenes[name], printed):
                saved.append(name)
    return Outcome(reports, status(order, reports, fresh), tuple(saved))


def status(order: Order, reports: Mapping[str, Report], fresh: Mapping[str, Transcript]) -> Exit:
    verdicts = {step.verdict for one in reports.values() for step in one.steps}
    if Verdict.FAILED in verdicts:
        return Exit.FAILED
    if any(printed.broken for printed in fresh.values()):
        return Exit.BROKEN
    if Verdict.DRIFTED in verdicts and order.strict_drift:
        return Exit.DRIFTED
    return Exit.FINE
