"""How fast the build is, as ratios measured side by side in one run. Slow, and never a test."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from macros import build, engines, languages
from macros.errors import place
from macros.model import Ended, Result, Say
from macros.rigs import images
from macros.rigs.outer_engine import OuterEngine
from macros.rigs.own_engine import needed_engine
from macros.rigs.pipe import Pipe
from macros.rigs.rig import Rig
from macros.rigs.run import Progress, run_all, run_scene
from macros.scenes import scene
from macros.scenes.scene import Scene
from macros.site import stamp

from .paste import paste

ROUNDS = 3
PATIENCE = 60.0
PAUSE = 6.0
"""Seconds between two saves, in which what follows a save has ended: the check of all pages."""


class ExecRig(Rig):
    """A rig whose foreground commands go through `docker exec`: the floor."""

    def __init__(self, pipe: Pipe, url: str, container: str) -> None:
        super().__init__(pipe)
        self.url = url
        self.container = container
        self.spent = 0.0

    def run(self, step: str, on: str, command: str, timeout: float) -> Result:
        """The same command in the same host, by the docker command line."""
        host, _, inside = on.partition("/")
        if inside:
            find = f"docker inspect -f '{{{{.State.Pid}}}}' {inside}"
            command = f"nsenter --target=$({find}) --net bash -c {sh_quote(command)}"
        enter = self.enter(host)
        enter = [*enter[: enter.index("bash") - 2], "bash", "-c", command]
        start = time.monotonic()
        done = subprocess.run(
            ["docker", "--host", self.url, "exec", self.container, *enter],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout + 60, check=False,
        )  # fmt: skip
        self.spent += time.monotonic() - start
        output = done.stdout.decode("utf-8", "surrogateescape")
        return Result(step, command, output, done.returncode, Ended.EXIT)


def sh_quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def live(root: Path, say: Say, rigs: tuple[int, ...], names: tuple[str, ...] = ()) -> None:
    """(a) All scenes live, boot included, against the same commands one after the other."""
    scenes = list(scene.load_all(root, names).values())
    with needed_engine(lambda line: None) as engine:
        made = {one.name: images.ensure(engine, engines.named(one.engine), say) for one in scenes}
        floor = sum(played(engine, one, made[one.name]) for one in scenes)
        say(f"floor: {len(scenes)} scenes by docker exec, one after the other: {floor:.1f} s")
        for count in rigs or (build.rigs_side_by_side(),):
            spent: dict[str, float] = {}

            def tell(progress: Progress, spent: dict[str, float] = spent) -> None:
                kind = "steps" if progress.step else "boot"
                spent[kind] = spent.get(kind, 0.0) + progress.seconds

            start = time.monotonic()
            run_all(scenes, engine, lambda one: made[one.name], count, tell)
            took = time.monotonic() - start
            say(
                f"(a) live, {count} rigs side by side: {took:.1f} s = {took / floor:.2f}× the floor"
                f" (waited for boots {spent['boot']:.1f} s, for steps {spent['steps']:.1f} s,"
                " summed over rigs)"
            )


def closed(root: Path, say: Say, names: tuple[str, ...] = ()) -> None:
    """(d) All scenes live in closed rigs, against the same in open ones; rounds take turns."""
    scenes = list(scene.load_all(root, names).values())
    took: dict[bool, list[float]] = {True: [], False: []}
    with needed_engine(lambda line: None) as engine:
        for trusted in (True, False) * ROUNDS:
            outer = replace(engine, trusted=trusted)
            made = {
                one.name: images.ensure(outer, engines.named(one.engine), say) for one in scenes
            }
            start = time.monotonic()
            run_all(
                scenes, outer, partial(image_of, made),
                build.rigs_side_by_side(), lambda progress: None,
            )  # fmt: skip
            took[trusted].append(time.monotonic() - start)
    opened, shut = (statistics.median(took[trusted]) for trusted in (True, False))
    rounds = ", ".join(
        f"{one:.1f} / {other:.1f}" for one, other in zip(took[False], took[True], strict=True)
    )
    say(f"(d) closed rigs: {shut / opened:.2f}× open ones (median of {ROUNDS}; s: {rounds})")


def image_of(made: Mapping[str, images.Image], one: Scene) -> images.Image:
    return made[one.name]


def played(engine: OuterEngine, one: Scene, made: images.Image) -> float:
    """Seconds that a scene's commands take by `docker exec`, its hosts already booted."""
    progresses: list[Progress] = []
    with engine.rig(made.tag, one.name) as (container, pipe):
        rig = ExecRig(pipe, engine.url, container)
        run_scene(one, rig, made.provenance, progresses.append)
    return sum(progress.seconds for progress in progresses if progress.step)


def replay(root: Path, say: Say) -> None:
    """(b) A replay build against plain MkDocs with the outputs pasted in."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        pasted = paste(root, Path(scratch))
        ours, plain = [], []
        for _ in range(ROUNDS):
            plain.append(cost(lambda: both_languages(pasted)))
            (root / stamp.NAME).unlink(missing_ok=True)
            ours.append(cost(lambda: run(root, "build", "--replay")))
    for number, kind in enumerate(("", " of a processor, which other work makes no longer")):
        a, b = (statistics.median(each[number] for each in rounds) for rounds in (ours, plain))
        say(f"(b) replay: {a:.2f} s against {b:.2f} s of plain mkdocs = {a / b:.2f}×{kind}")
    seconds = statistics.median(
        timed(lambda: run(root, "build", "--replay")) for _ in range(ROUNDS)
    )
    say(f"(b) replay again, nothing changed: {seconds:.2f} s")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    say(f"    largest process of all that ran: {peak:.0f} MB")


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that work of other processes takes, and seconds of a processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = timed(work)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def both_languages(root: Path) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "build", "-q", "-f", language.config,
             "-d", f"out/{language.code}"],
            cwd=root, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, stderr=subprocess.PIPE,
        )
        for language in languages.read(root).values()
    ]  # fmt: skip
    assert [child.wait() for child in children] == [0, 0]


def run(root: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "macros", *arguments],
        cwd=root, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def saving(root: Path, say: Say) -> None:
    """(c) From saving a page, and a scene, to the page that shows it."""
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        copy = Path(scratch)
        configs = (one.config for one in languages.read(root).values())
        for name in ("docs", "macros", "pyproject.toml", "requirements.txt", *configs):
            (shutil.copytree if (root / name).is_dir() else shutil.copy)(root / name, copy / name)
        page = copy / "docs/en/index.md"
        name, url = "bridge", "http://127.0.0.1:8765"
        written = copy / place(name)
        with served(copy, 8765):
            wait_for(f"{url}/en/", "<h1")
            time.sleep(PAUSE)
            page.write_text(page.read_text() + "\n\nsaved-at-last\n")
            seconds = timed(lambda: wait_for(f"{url}/en/", "saved-at-last"))
            say(f"(c) page saved → page there: {seconds:.2f} s")
            text = written.read_text()
            first = re.search(r"    run: (.*)\n", text)
            assert first
            changed = f"    run: {first[1]} && echo once-{{}}\n"
            written.write_text(text.replace(first[0], changed.format("more"), 1))
            wait_for(f"{url}/en/modes/bridge/", "once-more")
            run_time = scene_seconds(copy, name)
            time.sleep(PAUSE)
            written.write_text(text.replace(first[0], changed.format("again"), 1))
            seconds = timed(lambda: wait_for(f"{url}/en/modes/bridge/", "once-again"))
            say(f"(c) scene saved → page there: {seconds:.2f} s; its own run {run_time:.2f} s")


@contextlib.contextmanager
def served(root: Path, port: int) -> Iterator[None]:
    child = subprocess.Popen(
        [sys.executable, "-m", "macros", "serve", "--port", str(port)],
        cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        child.terminate()
        child.wait(30)


def wait_for(url: str, text: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=10) as answer:
            if text in answer.read().decode():
                return
        time.sleep(0.02)
    raise TimeoutError(f"{url} does not show {text}")


def scene_seconds(root: Path, name: str) -> float:
    one = scene.load_all(root, (name,))[name]
    with needed_engine(lambda line: None) as engine:
        made = images.ensure(engine, engines.named(one.engine), print)
        return timed(lambda: run_all([one], engine, lambda _: made, 1, lambda progress: None))
