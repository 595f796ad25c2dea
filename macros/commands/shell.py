"""The reader's own lab: a scene's hosts, played up to a step, and a shell in one of them."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable

from ..errors import Mistake, Mistakes, RigBroken
from ..rigs import images
from ..rigs.daemon import engine_to_use
from ..rigs.rig import Rig
from ..rigs.run import Course, what_is_missing
from ..scenes.scene import Scene

LONGEST = 8 * 3600
"""Seconds after which a forgotten shell's rig ends by itself."""


def open_shell(
    scene: Scene, until: str | None, engine: str | None, on: str, say: Callable[[str], None]
) -> int:
    """Play a scene's steps up to and with `until` (None: only boot), then a shell on host `on`.

    Gives the shell's exit status. Raises `Mistakes` for a step or host the scene does not
    have, `RigBroken` where there is no engine.
    """
    known = [step.id for step in scene.steps]
    if until is not None and until not in known:
        what = f'no step "{until}"; write one of {", ".join(known)}'
        raise Mistakes([Mistake(f"docs/scenes/{scene.name}.yml", 0, what)])
    if on not in ("lan", *scene.hosts):
        what = f'no host "{on}"; write one of {", ".join(("lan", *scene.hosts))}'
        raise Mistakes([Mistake(f"docs/scenes/{scene.name}.yml", 0, what)])
    if not shutil.which("docker"):
        raise RigBroken("the docker command is not installed; on Debian: apt-get install docker.io")
    with engine_to_use(say) as outer:
        if outer is None:
            raise RigBroken("no Docker Engine answers: start one, or set DOCKER_HOST")
        made = images.ensure(outer, images.kind(scene.engine or engine), say)
        with outer.rig(made.tag, scene.name, LONGEST) as (container, pipe):
            rig = Rig(pipe)
            missing = what_is_missing(scene, rig, made.provenance)
            rig.boot(scene.boot())
            course = Course(scene, rig, time.monotonic() + scene.timeout, missing)
            for step in scene.steps[: known.index(until) + 1 if until else 0]:
                course.play(step)
                say(f"[{step.on}]$ {step.run}")
                if result := course.results.get(step.id):
                    say(result.output.rstrip("\n"))
            say(f"a shell on {on}; leave it with Ctrl-D, and everything is gone")
            enter = ["docker", "--host", outer.url, "exec", "-it", container, *rig.enter(on)]
            return subprocess.run(enter).returncode
