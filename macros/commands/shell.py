"""The reader's own lab: a scene's hosts, played up to a step, and a shell in one of them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

import click

from .. import engines, phrases
from ..errors import Mistake, Mistakes, RigBroken, place
from ..languages import terminal
from ..model import Result, Say
from ..rigs import images
from ..rigs.own_engine import needed_engine
from ..rigs.rig import Rig
from ..rigs.run import Playing, missing_needs
from ..scenes.scene import Scene
from ..scenes.step import Step
from ..verdicts.expect import fill, judge_step

LONGEST = 8 * 3600
"""Seconds after which a forgotten shell's rig ends by itself."""
CONTINUED = re.compile(r"\\\n\s*")
"""Where a command goes on in the next line."""
DETACH = "--detach-keys=ctrl-@,ctrl-@"
"""docker's own, Ctrl-P Ctrl-Q, would take Ctrl-P from the shell."""


def open_shell(scene: Scene, until: str | None, engine: str | None, on: str, say: Say) -> int:
    """Play a scene's steps up to and with `until` (None: only boot), then a shell on `on`.

    Gives the shell's exit status. Raises `Mistakes` for a step or host the scene does not
    have and where there is no terminal, `RigBroken` where there is no engine, or none that
    this scene can run on.
    """
    steps = chosen(scene, until, on)
    if not shutil.which("docker"):
        raise RigBroken("the docker command is not installed; on Debian: apt-get install docker.io")
    with needed_engine(say) as outer:
        made = images.ensure(outer, engines.named(scene.engine or engine), say)
        with outer.rig(made.tag, scene.name, LONGEST) as (container, pipe):
            rig = Rig(pipe)
            missing = missing_needs(scene, rig, made.provenance)
            for need in scene.needs:
                if need in missing:
                    why = phrases.reason(missing[need], terminal())
                    raise RigBroken(f"scene {scene.name} cannot run here: {why}")
            rig.boot(scene.boot())
            course = Playing(scene, rig, time.monotonic() + LONGEST, missing)
            for line in tour(course, steps):
                say(line)
            reachable(rig, on, until)
            for line in advice(course, steps, on):
                say(line)
            inside = rig.enter(on, history(course, steps, on))
            enter = ["docker", "--host", outer.url, "exec", DETACH, "-it", container, *inside]
            return subprocess.run(enter).returncode


def chosen(scene: Scene, until: str | None, on: str) -> Sequence[Step]:
    """The steps to play. Raises `Mistakes` with what cannot be asked for."""
    path, known, wrong = place(scene.name), [step.id for step in scene.steps], []
    host, _, container = on.partition("/")
    if until is not None and until not in known:
        wrong.append(Mistake(path, 0, f'no step "{until}"; write one of {", ".join(known)}'))
    if host not in ("lan", *scene.hosts) or on.endswith("/") or (host == "lan" and container):
        hosts = ", ".join(("lan", *scene.hosts, "h1/CONTAINER"))
        wrong.append(Mistake(path, 0, f'no host "{on}"; write one of {hosts}'))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        wrong.append(Mistake("scripts/shell", 0, "a shell needs a terminal: run it in one"))
    if wrong:
        raise Mistakes(wrong)
    return scene.steps[: known.index(until) + 1] if until else ()


def reachable(rig: Rig, on: str, until: str | None) -> None:
    """Raise `Mistakes` where a container that the shell is to be in does not run."""
    if "/" not in on:
        return
    done = rig.run("shell", on, "true", 30)
    if done.exit:
        host, _, container = on.partition("/")
        when = f"after step {until}" if until else "before the first step"
        lack = f'no container "{container}" runs on {host} {when}: write a later step, or {host}'
        raise Mistakes([Mistake("--on", 0, f"{lack}\n{printable(done.output).rstrip()}")])


# --- what is said ---


def tour(course: Playing, steps: Sequence[Step]) -> Iterator[str]:
    """Play steps one by one, and give what is to be said of each."""
    by_id = {step.id: step for step in steps}
    if not steps:
        ids = ", ".join(step.id for step in course.scene.steps)
        yield f"no step is played; scripts/shell {course.scene.name} STEP plays up to STEP: {ids}"
    for step in steps:
        count = len(course.results)
        course.play(step)
        if step.id in course.skipped:
            yield from (
                prompt(step, step.run),
                f"skipped: {phrases.reason(course.skipped[step.id], terminal())}",
            )
        elif command := course.running.get(step.id):
            yield from (prompt(step, command), "(it runs on beside the next steps)")
        for result in list(course.results.values())[count:]:
            yield from printed(course, by_id[result.step], result)


def printed(course: Playing, step: Step, result: Result) -> Iterator[str]:
    """A command as it ran, its output, and what did not hold."""
    yield prompt(step, result.command)
    if output := printable(result.output).rstrip("\n"):
        yield output
    for held in judge_step(step, result, course.captures):
        if not held.holds:
            sought = phrases.expectation(held, terminal())
            came = phrases.came(held.came, terminal())
            yield click.style(f"expected {sought}; came: {came}", fg="red")


def prompt(step: Step, command: str) -> str:
    """A command behind the prompt of where it ran."""
    return f"{click.style(f'{step.on}:~#', fg='cyan', bold=True)} {command}"


def printable(output: str) -> str:
    """An output as a terminal takes it: what is no UTF-8 is marked as such."""
    return output.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def advice(course: Playing, steps: Sequence[Step], on: str) -> Iterator[str]:
    """What to try in the shell, and how to leave it."""
    rest = course.scene.steps[len(steps) :]
    if following := next((step for step in rest if able(course, step)), None):
        where = "" if following.on == on else f" (on {following.on})"
        yield f"\ntry the next step{where}: {typed(course, following)}"
    elif steps:
        yield f"\ntry the last step again: {typed(course, steps[-1])}"
    yield f"a shell on {on}, the scene's commands in its history; leave it with Ctrl-D"


def able(course: Playing, step: Step) -> bool:
    """Whether a step can run here, and the values in its command are known."""
    return not course.reason_to_skip(step)


def typed(course: Playing, step: Step) -> str:
    """A step's command as one types it: its values filled in, on one line where it can be."""
    return CONTINUED.sub("", fill(step.run, course.captures)).strip()


def history(course: Playing, steps: Sequence[Step], on: str) -> list[str]:
    """The commands of the scene in this place: those that ran, or all where none did."""
    return [
        typed(course, step)
        for step in steps or course.scene.steps
        if step.on == on and able(course, step)
    ]
