"""The scripts as they are typed: options that are refused, odd machines, and what is said then."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from macros import cli as entry
from macros.commands import build, check
from macros.errors import Exit
from macros.site import site

from .conftest import Project
from .pages_project import REPOSITORY


def typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str]:
    """Exit status of `scripts/…` with these arguments, and what it says is wrong."""
    monkeypatch.setattr(sys, "argv", ["macros", *arguments])
    with pytest.raises(SystemExit) as ended:
        entry.run()
    return int(ended.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("check bridg", 'no scene "bridg": did you mean "bridge"?'),
        ("check --fix bridge", "leave out the rest"),
        ("build --replay --engine 99", 'no engine "99"; write one of 28, 26, 20'),
        ("build bridg", 'did you mean "bridge"?'),
        ("build --nope", "Usage: scripts/build [OPTIONS]"),
        ("shell", "Usage: scripts/shell [OPTIONS]"),
    ],
)
def test_what_cannot_be_done_is_refused_with_status_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: str,
    words: str,
) -> None:
    status, said = typed(monkeypatch, capsys, *arguments.split())
    assert status == Exit.WRONG
    assert words in said


@pytest.mark.parametrize(
    ("script", "status", "words"),
    [
        ("check --mutate --fix", Exit.WRONG, "--fix mends code and pages"),
        ("check --steady=1", Exit.WRONG, "Usage: scripts/check [OPTIONS] [SCENE]..."),
        ("check --mutate bridg", Exit.WRONG, 'no scene "bridg": did you mean "bridge"?'),
        ("bench --help", Exit.FINE, "--closed"),
    ],
)
def test_tools_are_reached_by_their_scripts(script: str, status: Exit, words: str) -> None:
    name, *arguments = script.split()
    done = subprocess.run(
        [REPOSITORY / "scripts" / name, *arguments],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == status
    assert words in done.stdout


def test_a_name_with_nothing_like_it_is_answered_with_a_few_not_with_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = typed(monkeypatch, capsys, "check", "qqqq")
    assert status == Exit.WRONG
    assert "those most like it are" in said
    assert len(said) < 300


def test_a_disk_that_cannot_be_written_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), "docs/transcripts")

    monkeypatch.setattr(build, "build", refuse)
    status, said = typed(monkeypatch, capsys, "build", "--replay")
    assert status == Exit.BROKEN
    assert said.splitlines()[-1] == "docs/transcripts: Read-only file system"


def read_only(root: Path, *command: str) -> tuple[int, str]:
    """Run a command in a project on a disk that cannot be written."""
    mounted = f"mount --bind {root} {root} && mount -o remount,bind,ro {root} && cd {root}"
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "bash", "-c", f'{mounted} && exec "$@"', "-",
         *command],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_a_read_only_project_is_told_and_still_checked(project: Project) -> None:
    tool = f"{check.__name__}.tool(sys.executable, '-m', 'mypy', 'x.py')"
    look = f"import sys, {check.__name__}; print(*{tool}(__import__('pathlib').Path('.'), False))"
    (project.root / "x.py").write_text("x: int = 1\n")
    status, said = read_only(project.root, sys.executable, "-c", look)
    assert (status, said.strip()) == (0, "")
    work = f"import pathlib, {site.__name__} as s; s.workplace(pathlib.Path('.')).__enter__()"
    status, said = read_only(project.root, sys.executable, "-c", work)
    assert "Read-only file system" in said


def test_files_are_utf8_whatever_the_locale_says() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONUTF8"}
    done = subprocess.run(
        [REPOSITORY / "scripts/ready", "--", "-c", "import sys; print(sys.flags.utf8_mode)"],
        env=environment | {"LC_ALL": "C.UTF-8"}, text=True, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    assert done.stdout == "1\n"


def test_a_checkout_has_unix_line_ends_everywhere() -> None:
    names = ["scripts/build", "docs/en/index.md", "docs/scenes/bridge.yml", "macros/build.py"]
    done = subprocess.run(
        ["git", "check-attr", "eol", "--", *names],
        cwd=REPOSITORY, text=True, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    assert [line.rpartition(": ")[2] for line in done.stdout.splitlines()] == ["lf"] * len(names)


TAKEN = """\
import atexit, os, signal, time
import click
from macros import cli, interrupts

interrupts.SECONDS = 0.2
atexit.register(time.sleep, 0.6)

@click.group()
def scripts():
    pass

@scripts.command()
def serve():
    try:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(9)
    except KeyboardInterrupt:
        print("ended")

cli.sys.argv = ["macros", "serve"]
cli.run(scripts)
"""


def test_a_command_that_takes_an_interrupt_for_its_end_may_end_in_its_own_time() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TAKEN], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")
