"""Fixtures: the engine and the image of rigs, and small projects to build."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from macros import engines
from macros.rigs import images, owner
from macros.rigs.outer_engine import OWNER, OuterEngine
from macros.rigs.own_engine import engine_to_use
from macros.rigs.rig import Rig

from .pages_project import LANGUAGES, configure

Boot = Callable[..., AbstractContextManager[Rig]]


@pytest.fixture(scope="session")
def engine() -> Iterator[OuterEngine]:
    """The Docker Engine outside. There is one wherever these tests run: none is a failure."""
    with engine_to_use(print) as found:
        assert found, "no Docker Engine answers, and none can be started: see README"
        yield found


@pytest.fixture(scope="session")
def image(engine: OuterEngine) -> images.Image:
    return images.ensure(engine, engines.named(None), print)


@pytest.fixture(scope="session")
def boot(engine: OuterEngine, image: images.Image) -> Boot:
    """``with boot(hosts=2, dockerd=…) as rig``: a rig whose hosts are up."""

    @contextmanager
    def booted(hosts: int = 1, dockerd: dict[str, object] | None = None) -> Iterator[Rig]:
        with engine.rig(image.tag, "test") as (_, pipe):
            rig = Rig(pipe)
            options = {"dockerd": {} if dockerd is None else dockerd, "sysctl": {}}
            rig.boot({f"h{number + 1}": options for number in range(hosts)})
            yield rig

    return booted


class Spare:
    """A second engine, in a mount namespace that knows only cgroup version 2; it may be killed."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.url = f"unix://{place}/docker.sock"
        mounts = (
            "mount --make-rprivate / && { umount -R /sys/fs/cgroup || true; } && "
            "mount -t cgroup2 cgroup2 /sys/fs/cgroup && echo ready && exec sleep infinity"
        )
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "bash", "-c", mounts], stdout=subprocess.PIPE, text=True
        )
        assert self.holder.stdout
        assert self.holder.stdout.readline() == "ready\n"
        self.start()

    def start(self) -> None:
        inside = ["nsenter", f"--target={self.holder.pid}", "--mount"]
        options = [
            "--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false",
            "--ip-masq=false", f"--host={self.url}", f"--data-root={self.place}/data",
            f"--exec-root={self.place}/exec", f"--pidfile={self.place}/pid",
        ]  # fmt: skip
        with (self.place / "log").open("wb") as log:
            self.process = subprocess.Popen([*inside, "dockerd", *options], stderr=log)
        deadline = time.monotonic() + 40
        while not (found := OuterEngine.at(self.url)) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert found, (self.place / "log").read_text()[-2000:]
        self.engine = found

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.engine.client.close()
        self.process.send_signal(number)
        self.process.wait(30)


@pytest.fixture(scope="session")
def spare(
    engine: OuterEngine, image: images.Image, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Spare]:
    """The second engine, with the image of rigs already on it."""
    place = tmp_path_factory.mktemp("spare")
    other = Spare(place)
    saved = place / "image.tar"
    with saved.open("wb") as file:
        for chunk in engine.client.get_image(image.tag):
            file.write(chunk)
    with saved.open("rb") as file:
        list(other.engine.client.load_image(file))
    saved.unlink()
    yield other
    other.stop()
    other.holder.kill()
    other.holder.communicate()
    shutil.rmtree(place, ignore_errors=True)


FOR_TESTS = ("env", "--default-signal=INT")
AS_READY_DOES = (*FOR_TESTS, "--block-signal=INT,TERM")
SCENE = """\
steps:
  - id: hello
    run: echo hello from $(hostname)
    expect: [{equals: hello from h1}]
"""
PAGE = """\
---
title: Home
description: One step.
---

# Home {#home}

{{{ steps("tiny", "hello") }}}
"""


class Project:
    """A small site of its own, built by the project's own code."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.started: set[str] = set()
        """The processes it started, as their rigs name them."""
        configure(root, "  - index.md\n")
        self.scene("tiny", SCENE)
        self.page(PAGE)

    def scene(self, name: str, text: str) -> Path:
        path = self.root / f"docs/scenes/{name}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def page(self, text: str, name: str = "index.md") -> None:
        for language in LANGUAGES:
            path = self.root / "docs" / language / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def start(
        self, *arguments: str, module: str = "macros", **environment: str
    ) -> subprocess.Popen[str]:
        before = AS_READY_DOES if module == "macros" else FOR_TESTS
        process = subprocess.Popen(
            [*before, sys.executable, "-m", module, *arguments],
            cwd=self.root, env=self.environment(environment), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.started.add(owner.of(process.pid))
        return process

    def rigs(self, engine: OuterEngine) -> list[str]:
        """The rigs of this project's builds; others may use the engine, too."""
        found = engine.containers(OWNER)
        return [each["Id"] for each in found if each["Labels"][OWNER] in self.started]

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Exit status and everything said by ``python -m macros …`` in this project."""
        process = self.start(*arguments, **environment)
        said, _ = process.communicate(timeout=300)
        return process.returncode, said

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        import os

        return os.environ | more

    def snapshot(self) -> dict[str, bytes]:
        """Every file of the project that a build could have touched."""
        paths = [*self.root.glob("site/**/*"), *self.root.glob("docs/transcripts/*")]
        return {str(p.relative_to(self.root)): p.read_bytes() for p in paths if p.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    yield Project(tmp_path)
    shutil.rmtree(tmp_path, ignore_errors=True)
