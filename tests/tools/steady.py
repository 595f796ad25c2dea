"""Whether scenes say the same each time: each runs often, also on a machine that is busy.

Rounds take turns: as many rigs as a build has, twice as many, and as many as a build has
with one core kept busy by something else. What differs in normal form is told.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from macros.build import rigs_side_by_side, run_scenes
from macros.commands.summary import text
from macros.errors import Exit, place
from macros.languages import terminal
from macros.model import Mode, Say, Transcript, Verdict
from macros.phrases import blame
from macros.rigs.own_engine import needed_engine
from macros.scenes import scene
from macros.scenes.scene import Scene
from macros.verdicts import steadiness
from macros.verdicts.judgement import judge_scene


@dataclass(slots=True)
class Seen:
    """What a step said in all rounds: normal form and verdict → the outputs, as printed."""

    place: str
    outputs: dict[tuple[str, int, Verdict], list[str]] = field(default_factory=dict)


def steady(root: Path, rounds: int, names: tuple[str, ...], engine: str | None, say: Say) -> Exit:
    """Run scenes (none named: all) so many times; say what was ever not the same.

    Raises `RigBroken` where there is no engine.
    """
    scenes = scene.load_all(root, names)
    seen: dict[tuple[str, str], Seen] = {}
    broken: list[str] = []
    with needed_engine(say) as outer:
        for number in range(rounds):
            rigs, busy = ways()[number % len(ways())]
            say(f"round {number + 1} of {rounds}: {rigs} rigs{', one core busy' if busy else ''}")
            with busy_core() if busy else idle():
                printed = run_scenes(outer, engine, scenes, rigs, say, lambda beat: None)
            broken += [f"{name}: {one.broken}" for name, one in printed.items() if one.broken]
            note(seen, scenes, printed)
    return tell(seen, broken, rounds, say)


def ways() -> tuple[tuple[int, bool], ...]:
    """How rounds are run, in turn: rigs side by side, and whether one core is kept busy."""
    usual = rigs_side_by_side()
    return (usual, False), (2 * usual, False), (usual, True)


@contextmanager
def busy_core() -> Iterator[None]:
    """Keep one core busy with something else."""
    busy = f"import os\nwhile os.getppid() == {os.getpid()}: pass"
    with subprocess.Popen([sys.executable, "-c", busy]) as process:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        try:
            yield
        finally:
            process.kill()


@contextmanager
def idle() -> Iterator[None]:
    """Leave the cores alone."""
    yield


def note(
    seen: dict[tuple[str, str], Seen],
    scenes: Mapping[str, Scene],
    printed: Mapping[str, Transcript],
) -> None:
    """Keep what each step of a round said."""
    for name, transcript in printed.items():
        if transcript.broken:
            continue
        for step in judge_scene(scenes[name], transcript, Mode.RECORD, None).steps:
            which = f"{place(name, step.line)}: step {step.id}"
            known = seen.setdefault((name, step.id), Seen(which))
            variant = (*steadiness.normal(step), step.verdict)
            known.outputs.setdefault(variant, []).append(step.output or blame(step, terminal()))


def tell(seen: Mapping[tuple[str, str], Seen], broken: list[str], rounds: int, say: Say) -> Exit:
    """Say every step that was not the same each time, then the counts."""
    changing = {key: one for key, one in sorted(seen.items()) if len(one.outputs) > 1}
    failed = {
        key: one
        for key, one in seen.items()
        if {verdict for *_, verdict in one.outputs} == {Verdict.FAILED}
    }
    for one in {**changing, **failed}.values():
        say(one.place)
        for (_, status, verdict), outputs in one.outputs.items():
            say(f"  {len(outputs)} of {rounds}: {verdict}, exit status {status}")
            for line in text(outputs[0].rstrip("\n"), "      "):
                say(line)
    for line in broken:
        say(line)
    say(
        f"{len({name for name, _ in seen})} scenes, {len(seen)} steps, {rounds} rounds: "
        f"{len(changing)} steps not the same each time, {len(failed)} failed each time, "
        f"{len(broken)} rigs broken"
    )
    if failed:
        return Exit.FAILED
    return Exit.BROKEN if broken else Exit.DRIFTED if changing else Exit.FINE
