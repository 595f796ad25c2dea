"""A signal at any moment: all is ended in 5 s, with its status, nothing is left or lost."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ..conftest import Project
from .conftest import children, lives, wait_until

pytestmark = pytest.mark.usefixtures("tape", "nothing_left")
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def pages(process: subprocess.Popen[str]) -> set[int]:
    """The processes that build pages."""
    return {pid for pid in children(process.pid) if b"spawn_main" in command(pid)}


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def ended(process: subprocess.Popen[str], *numbers: signal.Signals) -> None:
    """That a build ends as the signals say: of those that come at once, any may be the first."""
    started = children(process.pid)
    process.send_signal(numbers[-1])
    said, _ = process.communicate(timeout=5)  # the promise
    if said or process.returncode > 0:  # else the first line of ours was not yet reached
        assert process.returncode in {128 + number for number in numbers}, said
    else:
        assert process.returncode in {-number for number in numbers}
    assert "Traceback" not in said
    assert "Error" not in said
    wait_until(lambda: not any(map(lives, started)), 5)


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("seconds", [0.05, 0.3, 0.8])
def test_while_it_starts(built: Project, number: signal.Signals, seconds: float) -> None:
    before = built.snapshot()
    process = built.start("build", "--replay")
    time.sleep(seconds)
    ended(process, number)
    assert built.snapshot() == before


@pytest.mark.parametrize("number", SIGNALS)
def test_while_pages_are_built(built: Project, number: signal.Signals) -> None:
    before = built.snapshot()
    process = built.start("build", "--replay")
    wait_until(lambda: len(pages(process)) == 2)
    time.sleep(0.5)
    ended(process, number)
    assert built.snapshot() == before


@pytest.mark.parametrize("number", SIGNALS)
def test_twice_and_once_more(built: Project, number: signal.Signals) -> None:
    before = built.snapshot()
    process = built.start("build", "--replay")
    wait_until(lambda: len(pages(process)) == 2)
    process.send_signal(number)
    time.sleep(0.01)
    ended(process, number, signal.SIGINT)
    assert built.snapshot() == before


def finished(root: Path) -> bool:
    return any(root.glob(".site-*/site/verdicts.json"))


@pytest.mark.parametrize("number", SIGNALS)
def test_while_it_is_published_there_is_the_old_site_or_the_new(
    built: Project, number: signal.Signals
) -> None:
    process = built.start("build", "--replay")
    wait_until(lambda: finished(built.root))
    process.send_signal(number)
    said, _ = process.communicate(timeout=5)
    assert "Traceback" not in said
    assert process.returncode in (0, 128 + number), said
    old, new = (built.root / "site" / name for name in ("marker", "en/index.html"))
    assert old.exists() != new.exists()


def bomb(project: Project) -> None:
    """A page that takes as long as it may."""
    page = project.root / "docs/en/index.md"
    page.write_text(page.read_text() + "\n" + "[" * 200_000 + "\n")


@pytest.mark.parametrize("number", SIGNALS)
def test_while_markdown_looks_for_the_end_of_a_page(built: Project, number: signal.Signals) -> None:
    bomb(built)
    process = built.start("build", "--replay")
    time.sleep(4)
    ended(process, number)


Moment = Callable[[Project, "subprocess.Popen[str]"], object]
KILLED: dict[str, Moment] = {
    "while pages are built": lambda project, process: len(pages(process)) == 2,
    "while it is published": lambda project, process: finished(project.root),
}


@pytest.mark.parametrize("moment", KILLED.values(), ids=KILLED)
def test_killed_its_children_die_with_it_and_the_next_build_clears_up(
    built: Project, moment: Moment
) -> None:
    process = built.start("build", "--replay")
    wait_until(lambda: moment(built, process))
    started = children(process.pid)
    process.kill()
    process.communicate(timeout=5)
    wait_until(lambda: not any(map(lives, started)), 5)
    status, said = built.run("clean", DOCKER_HOST="unix:///no/such/socket")
    assert status == 3  # there is no engine there; the folders are for all that
    status, said = built.run("build", "--replay")
    assert status == 0, said
