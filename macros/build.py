"""Scenes run or replayed, judged, recorded. Knows no page and no site."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from . import engines, shards
from .errors import Mistake, Mistakes, RigBroken, Unrecorded
from .model import Mode, Package, Say, Transcript
from .outcome import Order, Outcome, Played, Recordings, conclude, read_recorded, unrecorded
from .rigs import images
from .rigs.client import breaking
from .rigs.outer_engine import OuterEngine
from .rigs.own_engine import NO_ENGINE, engine_to_use
from .rigs.run import OnProgress, run_all
from .scenes.scene import Scene, load_all
from .shards import Brought
from .verdicts import steadiness
from .verdicts.judgement import judge_scene


def rigs_side_by_side() -> int:
    """Measured on two cores with 40 scenes: see `scripts/bench --rigs`."""
    return 2 * (os.cpu_count() or 1)


def run_or_replay(
    order: Order, everything: Mapping[str, Scene], say: Say, tell: OnProgress
) -> Outcome:
    """Run what is to run of all scenes, judge them all, record what is to be recorded.

    Raises `Mistakes` for a name that no scene has, `RigBroken`, `Unrecorded`.
    """
    scenes = asked(order, everything)
    recorded = trusted(order, everything)
    played = Played()
    if order.mode is not Mode.REPLAY:
        played = run_live(order, scenes, recorded, say, tell)
    return conclude(order, everything, recorded, played)


def run_shard(order: Order, everything: Mapping[str, Scene], say: Say, tell: OnProgress) -> Brought:
    """Run one machine's part of what is to run, and judge nothing. Raises as `run_or_replay`."""
    assert order.shard
    recorded = trusted(order, everything)
    scenes = shards.part(asked(order, everything), order.shard)
    played = run_live(order, scenes, recorded, say, tell) if scenes else Played()
    return Brought(order.shard, order.mode, order.engine, order.names, played)


def judge_shards(order: Order, everything: Mapping[str, Scene], paths: Iterable[Path]) -> Outcome:
    """What several machines ran, judged and recorded as if this one had.

    Raises `Mistakes` for what does not fit together, or not the scenes; else as `run_or_replay`.
    """
    reports, all_of_it = shards.merge(paths)
    order = replace(
        order, mode=all_of_it.mode, engine=all_of_it.engine, names=all_of_it.names, shard=None
    )
    if order.verify_all and order != Order(order.root, Mode.VERIFY, verify_all=True):
        raise Mistakes(
            [Mistake("--verify-all", 0, "these are reports of a part of what is recorded")]
        )
    recorded = trusted(order, everything)
    shards.check(order, asked(order, everything), recorded, reports)
    return conclude(order, everything, recorded, all_of_it.played)


def asked(order: Order, everything: Mapping[str, Scene]) -> Mapping[str, Scene]:
    """The scenes to run. Raises `Mistakes` for a name that none has."""
    return load_all(order.root, order.names) if order.names else everything


def trusted(order: Order, everything: Mapping[str, Scene]) -> Recordings:
    """What is recorded, where it is fit to be compared with. Raises `Unrecorded`."""
    recorded = read_recorded(order.root, everything)
    if recorded.unreadable and order.mode is Mode.VERIFY:
        raise Unrecorded("\n".join(recorded.unreadable.values()))
    if order.verify_all and (lines := unrecorded(everything, recorded)):
        raise Unrecorded("\n".join(lines))
    return recorded


def run_live(
    order: Order, scenes: Mapping[str, Scene], recorded: Recordings, say: Say, tell: OnProgress
) -> Played:
    """Run scenes on the engine there is; nothing of theirs is left on it afterwards.

    What failed or drifted runs once more, before it is accused.
    """
    with engine_to_use(say) as engine:
        if engine is None and order.verify_all:
            raise RigBroken(f"{NO_ENGINE}, and --verify-all trusts no recording")
        if engine is None and order.shard:
            raise RigBroken(f"{NO_ENGINE}, and a shard is run, never replayed")
        if engine is None and order.mode is Mode.VERIFY:
            say(f"{NO_ENGINE} and none can be started here: replaying the recordings")
            return Played()
        if engine is None:
            raise RigBroken(f"{NO_ENGINE}: start one, or set DOCKER_HOST")
        for line in engine.sweep():
            say(line)
        first = run_scenes(engine, order.engine, scenes, order.rigs, say, tell)
        packages = packages_of(engine, {printed.provenance.image for printed in first.values()})
        again = {
            name: scenes[name]
            for name, printed in first.items()
            if not printed.broken
            and steadiness.suspicious(
                judge_scene(scenes[name], printed, order.mode, recorded.transcripts.get(name))
            )
        }
        if not again:
            return Played(first, packages=packages)
        say(f"a second look before an accusation: {', '.join(sorted(again))}")
        second = run_scenes(engine, order.engine, again, order.rigs, say, tell)
        return Played(first, second, packages)


def packages_of(engine: OuterEngine, digests: Collection[str]) -> dict[str, tuple[Package, ...]]:
    """What images hold; nothing where their engine does not answer any more."""
    packages = {}
    for digest in () if engine.left else sorted(digests):
        with suppress(RigBroken), breaking(engine.url):
            packages[digest] = images.packages(engine, digest)
    return packages


def run_scenes(
    engine: OuterEngine,
    default: str | None,
    scenes: Mapping[str, Scene],
    rigs: int,
    say: Say,
    tell: OnProgress,
) -> dict[str, Transcript]:
    """Make the images that are missing, then run scenes on them; `rigs` as in `Order`."""
    wanted = {name: engines.named(scene.engine or default) for name, scene in scenes.items()}
    made = {kind: images.ensure(engine, kind, say) for kind in dict.fromkeys(wanted.values())}
    say(f"running {len(scenes)} scenes on Docker Engine {engine.version} at {engine.url}")
    if engine.trusted:
        say("  in open rigs, as asked for: root in a scene is root of that machine")
    if missing := engine.missing_limits():
        say(f"  without limits that its kernel or control groups lack: {', '.join(missing)}")
    return run_all(
        scenes.values(), engine, lambda scene: made[wanted[scene.name]],
        rigs or rigs_side_by_side(), tell,
    )  # fmt: skip
