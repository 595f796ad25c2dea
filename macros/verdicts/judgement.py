"""What a build says of a scene: each step judged, and compared with what is recorded. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from ..model import (
    Held,
    HostOption,
    Mode,
    Reason,
    Report,
    Result,
    Span,
    StepReport,
    Transcript,
    Verdict,
)
from ..scenes.scene import Scene
from ..scenes.step import Step
from .drift import drift
from .expect import judge_step, not_ended, take_captures, taken
from .normalize import spans
from .transcript import fresh


def judge_scene(
    scene: Scene, transcript: Transcript, mode: Mode, recorded: Transcript | None
) -> Report:
    """Judge what a scene printed; in verify, beside what is recorded of the same scene text."""
    captures: dict[str, str] = {}
    judged: dict[str, tuple[tuple[Held, ...], tuple[Span, ...]]] = {}
    for step in scene.as_they_end():
        if result := transcript.result(step.id):
            judged[step.id] = judge_step(step, result, captures), taken(step, result, captures)
            captures |= take_captures(step, result, captures)
    comparable = recorded if recorded and fresh(scene, recorded) else None
    return Report(
        scene=scene.name,
        mode=mode,
        when=transcript.recorded,
        provenance=transcript.provenance,
        steps=tuple(
            report(step, result, *judged[step.id], recorded_result(mode, comparable, step))
            if (result := transcript.result(step.id))
            else report_skipped(scene, step, transcript)
            for step in scene.steps
        ),
        values=tuple(captures.items()),
        hosts=tuple(scene.hosts),
        options=tuple(options(scene)),
        notes=tuple(notes(scene, transcript, mode, comparable)),
        aliases=scene.aliases,
        recorded=known.recorded
        if (known := transcript if mode is not Mode.VERIFY else recorded)
        else "",
    )


def options(scene: Scene) -> Iterator[HostOption]:
    """What a scene sets on its hosts before the first step."""
    for name, host in scene.hosts.items():
        for key, value in host.sysctl.items():
            yield HostOption(name, "sysctl", f"{key}={value}")
        if host.dockerd is None:
            yield HostOption(name, "dockerd", "off")
        elif host.dockerd:
            yield HostOption(name, "daemon.json", json.dumps(host.dockerd))


def recorded_result(mode: Mode, recorded: Transcript | None, step: Step) -> Result | None:
    """What a step printed when it was recorded, where that is to be compared."""
    return recorded.result(step.id) if recorded and mode is Mode.VERIFY else None


def report(
    step: Step,
    result: Result,
    held: tuple[Held, ...],
    taken: tuple[Span, ...],
    old: Result | None,
) -> StepReport:
    """The report of a step that ran. What failed is failed, drifted or not."""
    diff = drift(old, result) if old else ""
    broken = any(not expectation.holds for expectation in held)
    verdict = Verdict.FAILED if broken else Verdict.DRIFTED if diff else Verdict.PASSED
    return StepReport(
        id=step.id,
        on=step.on,
        command=result.command,
        output=result.output,
        exit=result.exit,
        verdict=verdict,
        line=step.line,
        held=held,
        spans=spans(result.output, result.command),
        diff=diff,
        taken=taken,
        topology=result.topology,
        tries=result.tries,
        yours=tuple(step.yours.items()),
        aliases=step.aliases,
    )


def report_skipped(scene: Scene, step: Step, transcript: Transcript) -> StepReport:
    """The report of a step that did not run: skipped, but failed where the scene ran too long."""
    skipped = StepReport(
        step.id, step.on, step.run, "", 0, Verdict.SKIPPED, line=step.line, aliases=step.aliases
    )
    if step.id in transcript.late:
        over = not_ended("timeout", f"{scene.timeout:g}s", step.line, "over")
        return replace(skipped, verdict=Verdict.FAILED, held=(over,))
    stopped = Reason("broken", (transcript.broken,)) if transcript.broken else Reason("unrun")
    return replace(skipped, reason=dict(transcript.skipped).get(step.id, stopped))


def notes(
    scene: Scene, transcript: Transcript, mode: Mode, recorded: Transcript | None
) -> Iterator[Reason]:
    """What a contributor should know of the scene as a whole."""
    if transcript.broken:
        yield Reason("broken", (transcript.broken,))
    if mode is Mode.VERIFY and not recorded:
        yield Reason("unrecorded", (f"scripts/build --record {scene.name}",))
