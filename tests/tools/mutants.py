"""Scenes that are wrong in one place each, made from right ones. Pure: nothing runs here.

What is changed, by kind:

- ``step``: a step that only sets up (`soundness.sets_up`) is left out. One whose capture a
  later step uses is not: that step could not run at all. Nor one that ends a background step.
- ``option``: an option of `docker run`, `docker create`, `docker network create` or `docker
  network connect`, a match of a firewall rule, a setting of `ip`. Options that no packet can
  tell are left: names (each later step would fail), `--rm`, `--init`, `-d`, volumes; and
  those that a step says change nothing (`same_without`).
- ``target``: DROP becomes ACCEPT, ACCEPT, RETURN and REJECT become DROP; the same in nftables.
- ``sysctl``: 0 becomes 1, 1 and 2 become 0, in a command and among a host's options. Another
  value is a time or a limit, which a scene sets so that it runs the same each time.
- ``host``: a key of daemon.json is left out; dockerd starts on a host where it is off, if a
  step there speaks of Docker or of its rules: on any other, "off" saves time and no more.
- ``question``: a step that shows an absence asks somebody who is not there. Where its control
  names the same target, both do: one alone is refused as the scene is read (`soundness`).
- ``since``: a scene that says from which engine on it holds runs on one before that; a step
  that asks for the version is not what must fail there.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.version import Version

from macros import engines
from macros.errors import place
from macros.scenes import absence, soundness
from macros.scenes.probes import Target, targets
from macros.scenes.scene import Host, Scene
from macros.scenes.step import Step
from macros.scenes.values import names

from .edits import TURNED, edits

UNUSED_PORT = "8999"
NOWHERE = "nowhere"
VERSION = re.compile(r"\bdocker (-\S+ )*(version|info|--version)|\bdockerd --version")
HOST_WORK = re.compile(r"\b(docker|dockerd|containerd)\b|\bip6?tables|\bnft\b")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A scene that is wrong in one place: what was changed, and where."""

    scene: Scene
    of: str
    """Name of the scene it was made from."""
    kind: str
    line: int
    what: str
    """``without -p 8080:80``, ``DROP → ACCEPT``."""
    step: str = ""
    """Id of the step that was changed; "" where it was a host or the engine."""

    @property
    def place(self) -> str:
        """Where it was changed: ``docs/scenes/x.yml:12``."""
        return place(self.of, self.line)

    def __str__(self) -> str:
        return f"{self.place}: {self.step}{': ' if self.step else ''}{self.what}"


def mutants(scene: Scene) -> list[Mutant]:
    """Every mutant of a scene, each under a name of its own."""
    made = [
        *without_steps(scene),
        *with_edits(scene),
        *with_other_hosts(scene),
        *with_other_questions(scene),
        *on_older_engine(scene),
    ]
    for number, one in enumerate(made, 1):
        one.scene._name = f"{scene.name}-mutant-{number}"
    return made


def changed(scene: Scene, runs: dict[str, str]) -> Scene:
    """A scene with other commands for some of its steps."""
    steps = tuple(
        step.model_copy(update={"run": runs[step.id]}) if step.id in runs else step
        for step in scene.steps
    )
    return scene.model_copy(update={"steps": steps})


def without_steps(scene: Scene) -> Iterator[Mutant]:
    """Each scene without one of its set-up steps."""
    awaited = {step.background.until for step in scene.steps if step.background}
    used = {
        name
        for step in scene.steps
        for name in names([step.run, [one.model_dump(by_alias=True) for one in step.expect]])
    }
    for step in scene.steps:
        needed = step.id in awaited or used & set(step.capture)
        if soundness.sets_up(step) and not step.background and not needed:
            rest = tuple(one for one in scene.steps if one is not step)
            mutant = scene.model_copy(update={"steps": rest})
            what = f"without this step: {shortened(step.run)}"
            yield Mutant(mutant, scene.name, "step", step.line, what, step.id)


def shortened(run: str) -> str:
    """A command on one line, as far as it fits there."""
    line = " ".join(run.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


def with_edits(scene: Scene) -> Iterator[Mutant]:
    """Each scene with one other word, or one word less, in one of its commands."""
    for step in scene.steps:
        same = {f"without {text}" for text in step.same_without}
        for edit in (one for one in edits(step.run) if one.what not in same):
            mutant = changed(scene, {step.id: edit.apply(step.run)})
            yield Mutant(mutant, scene.name, edit.kind, step.line, edit.what, step.id)


def with_other_hosts(scene: Scene) -> Iterator[Mutant]:
    """Each scene with one other option of a host."""
    for name, host in scene.hosts.items():
        for what, other, kind in other_options(scene, name, host):
            hosts = {**scene.hosts, name: other}
            mutant = scene.model_copy(update={"hosts": hosts})
            yield Mutant(mutant, scene.name, kind, host.line or 1, f"{name}: {what}")


def other_options(scene: Scene, name: str, host: Host) -> Iterator[tuple[str, Host, str]]:
    """Each other way a host could be: what is changed, the host, the kind of change."""
    for key, value in host.sysctl.items():
        if new := TURNED.get(str(value)):
            turned = {**host.sysctl, key: new}
            yield f"{key}={value} → {new}", host.model_copy(update={"sysctl": turned}), "sysctl"
    works = any(on_host(step, name) and HOST_WORK.search(step.run) for step in scene.steps)
    if host.dockerd is None and works:
        yield "dockerd starts", host.model_copy(update={"dockerd": {}}), "host"
    for key in host.dockerd or ():
        rest = {one: old for one, old in (host.dockerd or {}).items() if one != key}
        yield f"daemon.json without {key}", host.model_copy(update={"dockerd": rest}), "host"


def on_host(step: Step, name: str) -> bool:
    """Whether a step runs on a host, or in a container there."""
    return step.on.partition("/")[0] == name


def with_other_questions(scene: Scene) -> Iterator[Mutant]:
    """Each scene in which a negative step asks an address, a name or a port that is not there."""
    steps = {step.id: step for step in scene.steps}
    for step in filter(absence.is_negative, scene.steps):
        control = steps.get(step.control or "")
        asked = {(one.host, one.port): one for one in targets(step.run)}
        for target in asked.values():
            if control and told_by(control, step, target):
                continue
            for part, new in elsewhere(scene, step, target):
                changes = {step.id: replaced(step.run, part, new)}
                if control and absence.names_target(control.run, target):
                    changes[control.id] = replaced(control.run, part, new)
                both = f", in {control.id} too" if control and control.id in changes else ""
                yield Mutant(
                    changed(scene, changes), scene.name, "question", step.line,
                    f"{part} → {new}{both}", step.id,
                )  # fmt: skip


def told_by(control: Step, step: Step, target: Target) -> bool:
    """Whether a control must print the target, so that with another it is refused as it is read."""
    return not (
        control.run == step.run
        or absence.reads_trace(control)
        or absence.names_target(control.run, target)
    )


def replaced(run: str, part: str, new: str) -> str:
    """A command with another host or port wherever it names this one."""
    return re.sub(absence.word_pattern(part), new, run)


def elsewhere(scene: Scene, step: Step, target: Target) -> Iterator[tuple[str, str]]:
    """Each part of a target, host or port, and what is not there instead.

    Not where the step's own expectations name that part: they would not hold. Nor where the
    step says that another does as well (`same_without`).
    """
    said = " ".join(absence.plain(str(one.value)) for one in step.expect)
    same = step.same_without
    if not (target.host in same or target.host in said) and (new := nobody(scene, target.host)):
        yield target.host, new
    if target.port_at and not (target.port in same or target.port in said):
        yield target.port, UNUSED_PORT


def nobody(scene: Scene, host: str) -> str:
    """An address of the same subnet that the scene does not name, or a name nobody has.

    "" for loopback, of which every address is there.
    """
    bare, percent, zone = host.partition("%")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return "" if host == "localhost" else f"{NOWHERE}-{host}"
    if address.is_loopback:
        return ""
    text = " ".join(step.run for step in scene.steps)
    for last in range(253, 1, -1):
        near = ipaddress.ip_address(int(address) // 256 * 256 + last)
        if type(near) is type(address) and str(near) not in text:
            return f"{near}{percent}{zone}"
    return ""


def on_older_engine(scene: Scene) -> Iterator[Mutant]:
    """A scene that holds since some engine, on the newest one before that."""
    if scene.since is None:
        return
    known = {name: Version(kind.version) for name, kind in engines.known().items()}
    older = {name: one for name, one in known.items() if one < Version(scene.since)}
    if not older:
        return
    name = max(older, key=lambda one: older[one])
    steps = tuple(
        step.model_copy(
            update={
                "needs": without_engines(step.needs),
                "expect": () if VERSION.search(step.run) else step.expect,
            }
        )
        for step in scene.steps
    )
    mutant = scene.model_copy(
        update={"engine": name, "needs": without_engines(scene.needs), "steps": steps}
    )
    what = f"on Engine {older[name]}, before {scene.since}"
    yield Mutant(mutant, scene.name, "since", 1, what)


def without_engines(needs: tuple[str, ...]) -> tuple[str, ...]:
    """What is needed besides an engine."""
    return tuple(one for one in needs if not one.startswith("engine"))
