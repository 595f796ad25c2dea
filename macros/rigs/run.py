"""Running scenes on rigs: every scene that was asked for, several side by side.

What a scene printed comes back as a Transcript; whether that is what was expected
is not said here, but for `within`, which tries again until it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from ..errors import RigBroken
from ..model import Provenance, Reason, Result, Transcript
from ..scenes.scene import Scene
from ..scenes.step import Step
from ..scenes.values import holds_for
from ..verdicts.expect import fill, judge_step, needed_captures, take_captures
from .images import Image
from .outer_engine import OuterEngine
from .pipe import Pipe
from .rig import Rig

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
"""Seconds between two tries of a step that has `within`: doubled from the first to the longest."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Something happened: for progress displays. `step` is "" for the boot and for the end."""

    scene: str
    step: str
    seconds: float
    of: int
    """Steps of the scene."""
    done: bool = False


AWAITED = 10.0
"""Seconds for which what a background step is expected to print is awaited, unless it says."""


OnProgress = Callable[[Progress], None]


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class Playing:
    """One scene under way: what is known so far."""

    scene: Scene
    rig: Rig
    deadline: float
    missing: Mapping[str, Reason]
    captures: dict[str, str] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    skipped: dict[str, Reason] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    running: dict[str, str] = field(default_factory=dict)

    def play(self, step: Step) -> None:
        """Run one step, then collect the background steps that were waiting for its end."""
        if reason := self.reason_to_skip(step):
            self.skipped[step.id] = reason
        elif self.left() <= 0:
            self.late.append(step.id)
        else:
            command = fill(step.run, self.captures)
            if step.background:
                self.begin(step, command)
            else:
                self.keep(step, self.attempt(step, command))
        for begun in self.scene.steps:
            if begun.background and begun.background.until == step.id and begun.id in self.running:
                self.collect(begun)

    def reason_to_skip(self, step: Step) -> Reason | None:
        for need in step.needs:
            if need in self.missing:
                return self.missing[need]
        for name in needed_captures(step):
            if name not in self.captures:
                return Reason("value", (name,))
        return None

    def left(self) -> float:
        return self.deadline - time.monotonic()

    def begin(self, step: Step, command: str) -> None:
        assert step.background
        self.running[step.id] = command
        patience = min(step.timeout, self.left())
        ready = fill(step.background.ready, self.captures, regex=True)
        if not self.rig.begin(step.id, step.on, command, ready, patience):
            self.collect(step)

    def collect(self, step: Step) -> None:
        """Wait until what a background step printed is what was expected, then end it."""
        command = self.running.pop(step.id)

        def peek(_: float) -> Result:
            return self.rig.peek(step.id, command)

        self.until_expected(step, peek, step.within or AWAITED)
        self.keep(step, self.rig.collect(step.id, command))

    def attempt(self, step: Step, command: str) -> Result:
        def run(timeout: float) -> Result:
            return self.rig.run(step.id, step.on, command, timeout)

        return self.until_expected(step, run, step.within or 0.0)

    def until_expected(self, step: Step, run: Callable[[float], Result], within: float) -> Result:
        """Try until every expectation holds, at most `within` seconds; the last result."""
        end = time.monotonic() + within
        pause = FIRST_PAUSE
        tries = 0
        while True:
            tries += 1
            result = replace(run(max(0.1, min(step.timeout, self.left()))), tries=tries)
            met = all(held.holds for held in judge_step(step, result, self.captures))
            if met or time.monotonic() + pause > end or self.left() <= 0:
                return result
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def keep(self, step: Step, result: Result) -> None:
        topology = self.rig.topology() if step.topology else ()
        self.results[step.id] = replace(result, topology=topology)
        self.captures |= take_captures(step, result, self.captures)

    def transcript(self, provenance: Provenance, broken: str = "") -> Transcript:
        steps = self.scene.steps
        return Transcript(
            scene=self.scene.name,
            digest=self.scene.digest,
            recorded=now(),
            provenance=provenance,
            results=tuple(self.results[s.id] for s in steps if s.id in self.results),
            skipped=tuple((s.id, self.skipped[s.id]) for s in steps if s.id in self.skipped),
            broken=broken,
            late=tuple(self.late),
        )


Enough = Callable[[Playing], bool]
"""Asked after each step: whether the rest of the scene need not run."""


def never(course: Playing) -> bool:
    """Never enough: every step of a scene runs."""
    return False


def run_scene(
    scene: Scene, rig: Rig, provenance: Provenance, tell: OnProgress, enough: Enough = never
) -> Transcript:
    """Boot the scene's hosts and run its steps. A rig that breaks is told in the transcript."""
    course = Playing(scene, rig, time.monotonic() + scene.timeout, {})
    at = ""
    try:
        start = time.monotonic()
        course.missing = missing_needs(scene, rig, provenance)
        if reason := next((course.missing[n] for n in scene.needs if n in course.missing), None):
            course.skipped = {step.id: reason for step in scene.steps}
            return course.transcript(provenance)
        rig.boot(scene.boot())
        tell(Progress(scene.name, "", time.monotonic() - start, len(scene.steps)))
        for step in scene.steps:
            start, at = time.monotonic(), f"step {step.id}: "
            course.play(step)
            tell(Progress(scene.name, step.id, time.monotonic() - start, len(scene.steps)))
            if enough(course):
                break
    except RigBroken as error:
        return course.transcript(provenance, f"{at}{error}")
    return course.transcript(provenance)


def missing_needs(scene: Scene, rig: Rig, provenance: Provenance) -> dict[str, Reason]:
    """Need → why this kernel or engine does not meet it, for every need of a scene."""
    needs = {*scene.needs, *(need for step in scene.steps for need in step.needs)}
    comparisons = {need for need in needs if need.startswith("engine")}
    lacking = rig.missing(sorted(needs - comparisons))
    return {kind: Reason("kernel", (provenance.kernel, kind)) for kind in sorted(lacking)} | {
        need: Reason("engine", (need, provenance.engine))
        for need in comparisons
        if not holds_for(need, provenance.engine)
    }


def run_all(
    scenes: Iterable[Scene],
    engine: OuterEngine,
    image_of: Callable[[Scene], Image],
    side_by_side: int,
    tell: OnProgress,
    enough: Enough = never,
) -> dict[str, Transcript]:
    """Run scenes, several rigs side by side; a scene that fails does not stop another.

    On an interrupt every rig is let go, which ends it, before the interrupt goes on.
    """
    open_pipes: set[Pipe] = set()

    def play(scene: Scene) -> Transcript:
        image = image_of(scene)
        try:
            with engine.rig(image.tag, scene.name) as (_, pipe):
                open_pipes.add(pipe)
                try:
                    return run_scene(scene, Rig(pipe), image.provenance, tell, enough)
                finally:
                    open_pipes.discard(pipe)
        except RigBroken as error:
            return Transcript(
                scene.name, scene.digest, now(), image.provenance, (), broken=str(error)
            )
        finally:
            tell(Progress(scene.name, "", 0.0, len(scene.steps), done=True))

    with ThreadPoolExecutor(side_by_side) as pool:
        futures = {scene.name: pool.submit(play, scene) for scene in longest_first(scenes)}
        try:
            while any(not future.done() for future in futures.values()):
                wait(futures.values(), timeout=0.2)  # a wait without end would hold signals back
        except BaseException:
            for future in futures.values():
                future.cancel()
            while any(future.running() for future in futures.values()):
                for pipe in tuple(open_pipes):
                    pipe.hang_up()
                time.sleep(0.05)
            raise
    return {name: future.result() for name, future in futures.items()}


def longest_first(scenes: Iterable[Scene]) -> list[Scene]:
    """The scenes with most hosts and steps first, so that none of them is left for last."""
    return sorted(scenes, key=lambda scene: (-len(scene.hosts), -len(scene.steps), scene.name))
