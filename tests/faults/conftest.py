"""A project with a site and a recording, without an engine; and what may be left of a build."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from macros.model import Ended, Provenance, Result, Transcript
from macros.rigs.outer_engine import OuterEngine
from macros.scenes import scene
from macros.verdicts import transcript

from ..conftest import Project

BY = Provenance(
    engine="28.5.2", containerd="2.1.9", runc="1.3.6", kernel="6.18.44",
    firewall="iptables (nf_tables)", iptables="1.8.13", iproute2="7.2.0",
    image=f"sha256:{'0a' * 32}",
)  # fmt: skip
HOLDING = "site/marker"
Tape = Callable[..., None]


def children(pid: int) -> set[int]:
    """The processes that a process has started and that live, and those that they have."""
    found = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for each in map(int, path.read_text().split()):
            found |= {each, *children(each)}
    return found


def lives(pid: int) -> bool:
    """Whether a process is there, and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def wait_until(true: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so; fail where it does not come to be."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it does not come to be"
        time.sleep(0.01)


@pytest.fixture
def built(project: Project) -> Project:
    """A project with a site that must survive what comes."""
    (project.root / "site").mkdir()
    (project.root / HOLDING).write_text("the site that was there")
    return project


@pytest.fixture
def tape(built: Project) -> Tape:
    """Record that the scene's only step printed this, as if a rig had."""

    def taped(output: str, *drawn: str) -> None:
        one = scene.load(built.root / "docs/scenes/tiny.yml", built.root)
        (step,) = one.steps
        result = Result("hello", step.run, output, 0, Ended.EXIT)
        printed = Transcript("tiny", one.digest, "2026-11-24T02:57:00Z", BY, (result,))
        transcript.write(built.root / "docs/transcripts/tiny.json", printed)

    taped("hello from h1\n")
    return taped


@pytest.fixture
def nothing_left(built: Project) -> Iterator[None]:
    """Once the test is over: no temporary folder, no process that works in the project."""
    yield
    assert not list(built.root.glob(".site-*"))
    for path in Path("/proc").glob("[0-9]*/cwd"):
        there = path_of(path).startswith(str(built.root))
        assert not (there and lives(int(path.parent.name))), path


def path_of(link: Path) -> str:
    """Where a process works; "" where that is not to be known."""
    try:
        return str(link.readlink())
    except OSError:
        return ""


@pytest.fixture(scope="package")
def recording(tmp_path_factory: pytest.TempPathFactory, engine: OuterEngine) -> Project:
    """A project that was built and recorded, to be copied only."""
    first = Project(tmp_path_factory.mktemp("recording"))
    status, said = first.run("build", "--record", DOCKER_HOST=engine.url)
    assert status == 0, said
    return first


@pytest.fixture
def recorded(built: Project, recording: Project) -> Project:
    shutil.rmtree(built.root / "site")
    for folder in ("site", "docs/transcripts"):
        shutil.copytree(recording.root / folder, built.root / folder, dirs_exist_ok=True)
    return built
