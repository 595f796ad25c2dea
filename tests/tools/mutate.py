"""Whether expectations would notice: each mutant of a scene runs, and some step must fail.

A mutant runs until its first step fails. Its steps keep the whole of their `within`: a step
that failed only because it got less time than the scene gives it would count as noticed.
For the same reason a scene must hold as it is before its mutants run, a rig that broke or
ran out of the scene's time is tried once more, and what breaks twice is not noticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from macros import engines
from macros.build import rigs_side_by_side
from macros.errors import Exit, Mistake, Mistakes, place
from macros.languages import terminal
from macros.model import Result, Say, Transcript
from macros.phrases import expectation, reason
from macros.rigs import images
from macros.rigs.outer_engine import OuterEngine
from macros.rigs.own_engine import needed_engine
from macros.rigs.run import OnProgress, Playing, run_all
from macros.scenes import scene
from macros.scenes.scene import Scene
from macros.verdicts.expect import judge_step, take_captures

from .mutants import Mutant, mutants

BARREN = "no mutant can be made of this scene: nothing is set up in it, no option, no question"


class Fate(StrEnum):
    """What became of a mutant, or of a scene as it is."""

    NOTICED = "noticed"
    SURVIVED = "survived"
    BROKEN = "broken"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Finding:
    """A mutant, and what became of it."""

    mutant: Mutant
    fate: Fate
    why: str = ""
    """The step that failed, or why it did not run."""

    def __str__(self) -> str:
        return f"{self.mutant}{f': {self.why}' if self.why else ''}"


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of every mutant."""

    findings: tuple[Finding, ...]

    def of(self, fate: Fate) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.fate is fate)

    @property
    def status(self) -> Exit:
        """Failed where a mutant survives, broken where one could not be tried."""
        if self.of(Fate.SURVIVED):
            return Exit.FAILED
        return Exit.BROKEN if self.of(Fate.BROKEN) else Exit.FINE

    def lines(self) -> list[str]:
        """What is said at the end: survivors, what broke or did not run, and the counts."""
        made = Counter(one.mutant.kind for one in self.findings)
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(made.items()))
        scenes = len({one.mutant.of for one in self.findings})
        counts = ", ".join(f"{len(self.of(fate))} {fate}" for fate in Fate)
        return [
            *(f"{one}: nothing notices" for one in self.of(Fate.SURVIVED)),
            *(f"{one.mutant}: broken: {one.why}" for one in self.of(Fate.BROKEN)),
            *(f"{one.mutant}: not run: {one.why}" for one in self.of(Fate.NOT_RUN)),
            f"{len(self.findings)} mutants of {scenes} scenes ({kinds}): {counts}",
        ]


def mutate(root: Path, names: tuple[str, ...], rigs: int, say: Say, tell: OnProgress) -> Tally:
    """Run every mutant of these scenes, or of all; what became of each.

    Raises `Mistakes` where a named scene has none, `RigBroken` where there is no engine.
    """
    scenes = scene.load_all(root, names)
    made = {name: mutants(one) for name, one in scenes.items()}
    if barren := [name for name in names if not made[name]]:
        raise Mistakes([Mistake(place(name), 0, BARREN) for name in barren])
    with needed_engine(say) as engine:
        as_they_are = play(engine, scenes, rigs, say, tell)
        findings = [
            finding
            for name, one in scenes.items()
            for finding in unfit(one, made[name], as_they_are[name])
        ]
        done = {id(one.mutant) for one in findings}
        left = [one for each in made.values() for one in each if id(one) not in done]
        findings += run_mutants(engine, left, rigs, say, tell)
    return Tally(tuple(sorted(findings, key=lambda one: (one.mutant.of, one.mutant.line))))


def unfit(one: Scene, made: list[Mutant], printed: Transcript) -> Iterator[Finding]:
    """The mutants that would show nothing, by what became of their scene as it is, or of a step."""
    fate, why = judged(one, printed)
    skipped = dict(printed.skipped)
    for mutant in made:
        if fate is Fate.NOT_RUN:
            yield Finding(mutant, Fate.NOT_RUN, why)
        elif fate is not Fate.SURVIVED:
            yield Finding(mutant, Fate.NOT_RUN, f"its scene does not hold as it is: {why}")
        elif mutant.step in skipped:
            yield Finding(mutant, Fate.NOT_RUN, reason(skipped[mutant.step], terminal()))


def run_mutants(
    engine: OuterEngine, made: list[Mutant], rigs: int, say: Say, tell: OnProgress
) -> list[Finding]:
    """Run mutants, those that broke once more; what became of each."""
    by_name = {one.scene.name: one for one in made}
    fates = verdicts(engine, by_name, rigs, say, tell)
    broken = {name: by_name[name] for name, (fate, _) in fates.items() if fate is Fate.BROKEN}
    if broken:
        fates |= verdicts(engine, broken, rigs, say, tell)
    return [Finding(by_name[name], *fate) for name, fate in fates.items()]


def verdicts(
    engine: OuterEngine, made: Mapping[str, Mutant], rigs: int, say: Say, tell: OnProgress
) -> dict[str, tuple[Fate, str]]:
    """What became of each of these mutants, and why."""
    printed = play(engine, {name: one.scene for name, one in made.items()}, rigs, say, tell)
    return {name: judged(one.scene, printed[name]) for name, one in made.items()}


def play(
    engine: OuterEngine, scenes: Mapping[str, Scene], rigs: int, say: Say, tell: OnProgress
) -> dict[str, Transcript]:
    """Run scenes, each until a step of it fails."""
    kinds = {name: engines.named(one.engine) for name, one in scenes.items()}
    made = {kind: images.ensure(engine, kind, say) for kind in dict.fromkeys(kinds.values())}
    say(f"running {len(scenes)} scenes on Docker Engine {engine.version} at {engine.url}")
    return run_all(
        scenes.values(), engine, lambda one: made[kinds[one.name]],
        rigs or rigs_side_by_side(), tell, fails,
    )  # fmt: skip


def fails(course: Playing) -> bool:
    """Whether a step of a scene under way has failed."""
    return bool(first_failure(course.scene, course.results))


def judged(one: Scene, printed: Transcript) -> tuple[Fate, str]:
    """What became of a scene that ran until its first failure, and what says so."""
    if said := first_failure(one, {result.step: result for result in printed.results}):
        return Fate.NOTICED, said
    if printed.broken:
        return Fate.BROKEN, printed.broken
    if printed.late:
        return Fate.BROKEN, f"out of the scene's time at {printed.late[0]}"
    if not printed.results:
        return Fate.NOT_RUN, next(
            (reason(why, terminal()) for _, why in printed.skipped), "no step ran"
        )
    return Fate.SURVIVED, ""


def first_failure(one: Scene, results: Mapping[str, Result]) -> str:
    """The first step that failed, in the order they end, and what of it did not hold."""
    captures: dict[str, str] = {}
    for step in one.as_they_end():
        if result := results.get(step.id):
            for held in judge_step(step, result, captures):
                if not held.holds:
                    return f"{step.id}: {expectation(held, terminal())}"
            captures |= take_captures(step, result, captures)
    return ""
