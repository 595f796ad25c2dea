"""One build, from scenes to site: check, run or replay, judge, publish or say why not."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from . import engines
from .errors import Exit, Mistakes, RigBroken, Unrecorded
from .model import Mode, Say, Transcript
from .outcome import Order, Outcome, Played, Recordings, conclude, read_recorded, unrecorded
from .pages import claims, pages
from .rigs import images
from .rigs.daemon import NO_ENGINE, engine_to_use
from .rigs.engine import Engine
from .rigs.run import Tell, run_all
from .scenes import scene
from .scenes.scene import Scene
from .site import archive, places, site
from .verdicts import steadiness
from .verdicts.report import report


def rigs_side_by_side() -> int:
    """Measured on two cores with 40 scenes: see `scripts/bench --rigs`."""
    return 2 * (os.cpu_count() or 1)


def build(order: Order, say: Say, tell: Tell) -> Outcome:
    """Run a whole build and publish it: in `site/`, or beside it where something failed.

    Where there is no `site/` yet, there is one afterwards, whatever failed. Raises `Mistakes`
    (before anything runs), `RigBroken`, `Unrecorded`.
    """
    places.check(order.root)
    everything = checked(order.root)
    scenes = scene.load_all(order.root, order.names) if order.names else everything
    recorded = read_recorded(order.root, everything)
    if recorded.unreadable and order.mode is Mode.VERIFY:
        raise Unrecorded("\n".join(recorded.unreadable.values()))
    if order.verify_all and (lines := unrecorded(everything, recorded)):
        raise Unrecorded("\n".join(lines))
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
    name = places.FAILED if bad and (order.root / places.SITE).exists() else places.SITE
    site.build(order.root, outcome.reports, say, name, played.packages)
    if order.zipped and not bad:
        archive.write(order.root, outcome.reports, say, played.packages)
    return replace(outcome, site=order.root / name)


def checked(root: Path) -> dict[str, Scene]:
    """Every scene; raises `Mistakes` with all that is wrong with scenes and with pages."""
    scenes, wrong = scene.read_all(root)
    wrong += pages.check(root, scenes, {Path(one.path).stem for one in wrong})
    if wrong:
        raise Mistakes(wrong)
    return scenes


def run_live(
    order: Order, scenes: Mapping[str, Scene], recorded: Recordings, say: Say, tell: Tell
) -> Played:
    """Run scenes on the engine there is; nothing of theirs is left on it afterwards.

    What failed or drifted runs once more, before it is accused.
    """
    with engine_to_use(say) as engine:
        if engine is None and order.verify_all:
            raise RigBroken(f"{NO_ENGINE}, and --verify-all trusts no recording")
        if engine is None and order.mode is Mode.VERIFY:
            say(f"{NO_ENGINE} and none can be started here: replaying the recordings")
            return Played()
        if engine is None:
            raise RigBroken(f"{NO_ENGINE}: start one, or set DOCKER_HOST")
        for line in engine.sweep():
            say(line)
        first = run_scenes(engine, order.engine, scenes, order.rigs, say, tell)
        made = sorted({one.provenance.image for one in first.values()})
        packages = {image: images.packages(engine, image) for image in made}
        again = {
            name: scenes[name]
            for name, printed in first.items()
            if not printed.broken
            and steadiness.suspicious(
                report(scenes[name], printed, order.mode, recorded.transcripts.get(name))
            )
        }
        if not again:
            return Played(first, packages=packages)
        say(f"a second look before an accusation: {', '.join(sorted(again))}")
        second = run_scenes(engine, order.engine, again, order.rigs, say, tell)
        return Played(first, second, packages)


def run_scenes(
    engine: Engine,
    default: str | None,
    scenes: Mapping[str, Scene],
    rigs: int,
    say: Say,
    tell: Tell,
) -> dict[str, Transcript]:
    """Make the images that are missing, then run scenes on them; `rigs` as in `Order`."""
    kinds = {name: engines.kind(one.engine or default) for name, one in scenes.items()}
    made = {kind: images.ensure(engine, kind, say) for kind in dict.fromkeys(kinds.values())}
    say(f"running {len(scenes)} scenes on Docker Engine {engine.version} at {engine.url}")
    if engine.trusted:
        say("  in open rigs, as asked for: root in a scene is root of that machine")
    if missing := engine.missing_limits():
        say(f"  without limits that its kernel or control groups lack: {', '.join(missing)}")
    return run_all(
        scenes.values(), engine, lambda one: made[kinds[one.name]],
        rigs or rigs_side_by_side(), tell,
    )  # fmt: skip
