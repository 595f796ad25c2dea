"""`scripts/shell` on a terminal: what is played and said, and the shell that opens."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from macros.rigs.outer_engine import OuterEngine

from .conftest import Project

SCENE = """\
steps:
  - id: web
    run: |
      docker run -d --name web --network none \\
        busybox sleep 1000
    expect: [{matches: "[0-9a-f]{64}"}]
  - id: listens
    run: echo heard; sleep 1000
    background: {ready: heard, until: asks}
    expect: [{contains: heard}]
  - id: asks
    run: docker inspect -f '{{.State.Pid}}' web
    capture: {pid: "(\\\\d+)"}
    expect: [{matches: "\\\\d+"}]
  - id: old
    needs: ["engine<1"]
    run: echo never
    expect: [{equals: never}]
  - id: shown
    run: echo pid @{pid}
    expect: [{contains: pid}]
  - id: wrong
    run: echo one
    expect: [{equals: two}]
  - id: inside
    on: h1/web
    run: ip -br link
    expect: [{contains: lo}]
"""
PROMPT = r"h1:~#"
PATIENCE = 120.0
"""Seconds after which what was waited for counts as never coming."""
CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\r")


class Terminal:
    """`scripts/shell` under way on a terminal of its own."""

    def __init__(self, project: Project, *arguments: str, **environment: str) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "macros", "shell", *arguments],
            cwd=project.root, env=project.environment(environment),
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.raw = b""
        self.seen = 0

    @property
    def said(self) -> str:
        """All that was written to the terminal, without its colours."""
        return CONTROLS.sub("", self.raw.decode(errors="replace"))

    def read(self, seconds: float) -> bool:
        """Take what comes next, if anything does in time; whether more may come."""
        if select.select([self.master], [], [], seconds)[0]:
            try:
                piece = os.read(self.master, 65536)
            except OSError:  # the last who had it open has gone
                return False
            self.raw += piece
            return bool(piece)
        return self.process.poll() is None

    def until(self, pattern: str) -> str:
        """Wait until what was said since the last wait matches; that part."""
        deadline = time.monotonic() + PATIENCE
        before = self.seen
        while not (found := re.search(pattern, self.said[before:], re.DOTALL)):
            assert time.monotonic() < deadline, self.said
            assert self.read(0.2), self.said
        self.seen = before + found.end()
        return self.said[before : self.seen]

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def ask(self, command: str) -> str:
        """Type a command, give what it printed.

        Then wait for the prompt: what is typed before it, a terminal that no line is edited on
        takes, and an end of input is lost with it.
        """
        self.type(f"{command}; echo do''ne\n")
        return self.until(r"\ndone\n[^\n]*[#$] ")

    def status(self) -> int:
        """The exit status, once it has ended."""
        deadline = time.monotonic() + PATIENCE
        while self.read(0.2):
            assert time.monotonic() < deadline, self.said
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        os.close(self.master)


@contextmanager
def terminal(project: Project, *arguments: str, **environment: str) -> Iterator[Terminal]:
    opened = Terminal(project, *arguments, **environment)
    try:
        yield opened
    finally:
        opened.close()
    assert "Traceback" not in opened.said


@pytest.fixture
def lab(project: Project) -> Project:
    project.scene("tiny", SCENE)
    project.scene("never", "needs: [engine<1]\n" + SCENE)
    return project


def test_without_a_terminal_nothing_boots(lab: Project) -> None:
    status, said = lab.run("shell", "tiny", "web", DOCKER_HOST="unix:///nonexistent/docker.sock")
    assert status == 2
    assert said == "scripts/shell: a shell needs a terminal: run it in one\n"


def test_a_step_and_a_place_that_are_not_there_are_told_at_once(lab: Project) -> None:
    status, said = lab.run("shell", "tiny", "wob", "--on", "h7")
    assert status == 2
    assert 'no step "wob"; write one of web, listens, asks' in said
    assert 'no host "h7"; write one of lan, h1' in said


@pytest.mark.docker
def test_the_tour_shows_commands_as_they_ran_and_the_shell_is_a_comfortable_one(
    lab: Project, engine: OuterEngine
) -> None:
    with terminal(lab, "tiny", "wrong", DOCKER_HOST=engine.url) as shell:
        said = shell.until("leave it with Ctrl-D\n")
        assert re.search(r"h1:~# docker run -d --name web --network none \\\n", said)
        assert re.search(r"h1:~# docker run [^#]*\n[0-9a-f]{64}\n", said)
        assert re.search(r"h1:~# echo pid (\d+)\npid \1\n", said)
        assert "h1:~# echo heard; sleep 1000\n(it runs on beside the next steps)\n" in said
        assert "h1:~# echo heard; sleep 1000\nheard\n" in said
        assert "h1:~# echo never\nskipped: needs engine<1, this is " in said
        assert 'expected equals: "two"; came: ' in said
        assert "try the next step (on h1/web): ip -br link\n" in said
        shell.until(PROMPT)
        assert b"\x1b[1;36mh1\x1b[0m:\x1b[1;34m~\x1b[0m# " in shell.raw
        shell.type("\x1b[A")
        shell.until("echo one")
        # Ctrl-U: bash 5.2 gives, by chance, no prompt at a Ctrl-C right behind a line that it drew
        history = shell.ask("\x15history")
        assert re.search(r" docker run -d --name web --network none busybox sleep 1000\n", history)
        assert re.search(r" echo pid \d+\n", history)
        assert "never" not in history
        assert "h1:/etc#" in shell.ask("cd /etc") + shell.ask("true")
        assert "/usr/bin/less" in shell.ask("command -v less")
        assert "\n7\n" in shell.ask("echo '{\"a\": 7}' | jq .a")
        shell.type("docker netw\t")
        shell.until("docker network ")
        shell.type("\x15exit 7\n")
        assert shell.status() == 7


@pytest.mark.docker
def test_a_shell_opens_inside_a_container_and_beside_the_hosts(
    lab: Project, engine: OuterEngine
) -> None:
    with terminal(lab, "tiny", "web", "--on", "h1/web", DOCKER_HOST=engine.url) as shell:
        shell.until("h1/web:~#")
        inside = shell.ask("ip -br link")
        assert "lo " in inside
        assert "eth0" not in inside
        shell.type("\x04")
        assert shell.status() == 0
    with terminal(lab, "tiny", "--on", "lan", DOCKER_HOST=engine.url) as shell:
        said = shell.until("lan:~#")
        assert "no step is played; scripts/shell tiny STEP plays up to STEP: web, listens" in said
        assert "198.51.100.1/24" in shell.ask("ip -br address")
        shell.type("\x04")
        assert shell.status() == 0


@pytest.mark.docker
def test_what_cannot_run_here_says_so_and_opens_nothing(lab: Project, engine: OuterEngine) -> None:
    with terminal(lab, "never", "web", DOCKER_HOST=engine.url) as shell:
        assert shell.status() == 3
        assert "scene never cannot run here: needs engine<1, this is " in shell.said
    with terminal(lab, "tiny", "--on", "h1/web", DOCKER_HOST=engine.url) as shell:
        assert shell.status() == 2
        assert '--on: no container "web" runs on h1 before the first step' in shell.said
