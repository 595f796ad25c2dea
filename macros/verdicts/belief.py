"""What a transcript says against the text of its scene: its steps, commands, reasons to skip.

A seal is no signature: who edits a transcript can seal it again. What does not follow from
the scene is refused here; what a host printed can be proved by a run alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Reason, Result, Transcript
from ..scenes.scene import Scene
from ..scenes.step import Step
from ..scenes.values import holds_for
from ..topology import parse
from .expect import fill, needed_captures, take_captures


def doubt(scene: Scene, transcript: Transcript) -> str:
    """The first thing that a fresh transcript says and its scene does not, "" if none."""
    return next(doubts(scene, transcript), "")


def doubts(scene: Scene, transcript: Transcript) -> Iterator[str]:
    """Everything of that kind; what stands behind a first one may come of it."""
    known = [step.id for step in scene.steps]
    for steps in (
        [result.step for result in transcript.results],
        [name for name, _ in transcript.skipped],
    ):
        if steps != [name for name in known if name in steps]:
            yield "its steps are not those of the scene, each once and in their order"
    skipped = dict(transcript.skipped)
    ended = set(known if transcript.broken else transcript.late) - {*skipped}
    captures: dict[str, str] = {}
    for step in scene.steps:
        result = transcript.result(step.id)
        if step.id in ended and result is None:
            continue
        if (result is None) is (step.id not in skipped):
            yield f'step "{step.id}" both ran and was skipped, or neither'
        elif result:
            yield from compare(scene, step, result, captures)
            captures |= take_captures(step, result, captures)
        elif skipped[step.id] not in reasons(scene, step, transcript, captures):
            yield f'step "{step.id}" is skipped for a reason that the scene does not give'


def compare(scene: Scene, step: Step, result: Result, captures: dict[str, str]) -> Iterator[str]:
    """What a result says and its step does not."""
    if result.command != fill(step.run, captures):
        yield f'step "{step.id}" has another command than the scene'
    if result.tries > 1 and not (step.within or step.background):
        yield f'step "{step.id}" was tried more than once, and says no "within"'
    if bool(result.topology) is not step.topology:
        yield f'step "{step.id}" has a topology that it does not ask for, or lacks one'
    elif result.topology and (odd := hosts(result.topology) - {"lan", *scene.hosts}):
        yield f'step "{step.id}" draws "{min(odd)}", which is no host of the scene'


def hosts(lines: tuple[str, ...]) -> set[str]:
    """The hosts that a topology is of."""
    topology = parse(lines)
    return {space.host for space in topology.namespaces} | {port.host for port in topology.ports}


def reasons(
    scene: Scene, step: Step, transcript: Transcript, captures: dict[str, str]
) -> Iterator[Reason]:
    """Why a step may not have run, as a run says it."""
    provenance = transcript.provenance
    for need in (*scene.needs, *step.needs):
        if not need.startswith("engine"):
            yield Reason("kernel", (provenance.kernel, need))
        elif not holds_for(need, provenance.engine):
            yield Reason("engine", (need, provenance.engine))
    for name in needed_captures(step) - captures.keys():
        yield Reason("value", (name,))
