"""Whether expectations would notice: each scene runs again without one of its set-up steps.

A set-up step is one that nothing is expected of and nothing is captured from; where all
else still holds without it, the scene asserts less than it seems to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..build import run_scenes
from ..errors import RigBroken
from ..model import Mode, Verdict
from ..rigs.daemon import engine_to_use
from ..scenes import scene
from ..scenes.scene import Scene
from ..scenes.step import Step
from ..verdicts.report import report


@dataclass(frozen=True, slots=True)
class Survivor:
    """A scene whose expectations all hold although a step of it was left out."""

    scene: str
    step: Step

    def __str__(self) -> str:
        place = f"docs/scenes/{self.scene}.yml:{self.step.line}"
        return f"{place}: without step {self.step.id} everything still holds: {self.step.run}"


def set_up(one: Scene) -> Iterator[Step]:
    """The steps that can be left out."""
    awaited = {step.background.until for step in one.steps if step.background}
    for step in one.steps:
        if not (step.expect or step.capture or step.id in awaited):
            yield step


def without(one: Scene, left_out: Step, name: str) -> Scene:
    """The scene less one step, under a name of its own."""
    steps = tuple(step for step in one.steps if step is not left_out)
    mutant = one.model_copy(update={"steps": steps})
    mutant._name = name
    return mutant


def mutants(scenes: Mapping[str, Scene]) -> dict[str, tuple[Scene, Survivor]]:
    """Every scene without each of its set-up steps, by a name of its own."""
    return {
        name: (without(one, step, name), Survivor(one.name, step))
        for one in scenes.values()
        for step in set_up(one)
        for name in [f"{one.name}-without-{step.id}"]
    }


def mutate(root: Path, names: tuple[str, ...], say: Callable[[str], None]) -> list[Survivor]:
    """Run every mutant; the ones nothing noticed. Raises `RigBroken` where there is no engine."""
    made = mutants(scene.load_all(root, names))
    with engine_to_use(say) as engine:
        if engine is None:
            raise RigBroken("no Docker Engine answers: start one, or set DOCKER_HOST")
        ran = run_scenes(
            engine, None, {name: one for name, (one, _) in made.items()}, 0, say, lambda beat: None
        )
    verdicts = {
        name: {step.verdict for step in report(one, ran[name], Mode.RECORD, None).steps}
        for name, (one, _) in made.items()
    }
    say(f"{len(made)} mutants of {len({s.scene for _, s in made.values()})} scenes")
    return [
        survivor
        for name, (_, survivor) in made.items()
        if verdicts[name] <= {Verdict.PASSED} and not ran[name].broken
    ]
