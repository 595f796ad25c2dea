"""One command running in a host, limited and killable as a whole. Knows no scenes."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import threading
import time
from contextlib import suppress

import cgroups
from host import Host
from shell import Broken

OWN_END = 0.2
"""Seconds in which a background command that is about to end by itself may do so first."""
LAST = 10.0
"""Seconds in which what was killed must be gone."""
LOOK = 2.0
"""Seconds of a processor that one look at an output may take."""


class Command:
    """A command running in a host, in a cgroup of its own, its output being read."""

    count = 0

    def __init__(self, host: Host, argv: list[str], limits: dict[str, int]) -> None:
        Command.count += 1
        name = f"{host.name}/inside/step-{Command.count}"
        self.cgroups = cgroups.create(name)
        cgroups.limit(self.cgroups, limits["processes"], limits["memory"])
        self.room = limits["output"]
        self.output = bytearray()
        self.over = False
        self.closed = False
        self.process = subprocess.Popen(
            cgroups.inside(self.cgroups, argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        assert self.process.stdout
        while chunk := os.read(self.process.stdout.fileno(), 65536):
            if self.closed:
                continue  # a daemon goes on writing: it must not die of SIGPIPE
            self.output += chunk[: self.room - len(self.output)]
            if len(self.output) >= self.room:
                self.over = self.closed = True
                cgroups.kill(self.cgroups)

    def wait(self, timeout: float) -> dict[str, object]:
        """Wait for the end of the command and of its output, at most `timeout` seconds.

        Then it is killed, with all it started; where it ended and something that it started
        still holds the output open, that lives on, and the output is told to be cut. Nothing
        printed is ever given up for being late. Raises `Broken` for what cannot be killed.
        """
        deadline = time.monotonic() + timeout
        ended = "exit"
        try:
            self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            ended = "timeout"
            self.kill()
        if ended == "exit":
            self.reader.join(max(0.0, deadline - time.monotonic()))
            if self.reader.is_alive():
                ended = "cut"
        else:
            self.reader.join(LAST)
        self.closed = True
        cgroups.remove_if_empty(self.cgroups)
        status = self.process.returncode
        return {
            "output": encode(self.output),
            "exit": status if status >= 0 else 128 - status,
            "ended": "output" if self.over else ended,
        }

    def kill(self) -> None:
        cgroups.kill(self.cgroups)
        try:
            self.process.wait(LAST)
        except subprocess.TimeoutExpired:
            raise Broken(f"process {self.process.pid} does not die of SIGKILL") from None

    def matches(self, pattern: str, timeout: float) -> bool:
        """Wait until the output matches, at most `timeout` seconds or the output's end.

        Raises `Broken` where one look takes longer than it may: `re` goes through some outputs
        for ever, but hears of signals meanwhile.
        """

        def late(*_: object) -> None:
            raise Broken(f'to look for "ready" takes longer than {LOOK:g} s: {pattern[:200]}')

        def found() -> bool:
            signal.setitimer(signal.ITIMER_PROF, LOOK)
            try:
                return regex.search(self.output) is not None
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)

        signal.signal(signal.SIGPROF, late)
        deadline = time.monotonic() + timeout
        regex = re.compile(pattern.encode(), re.MULTILINE)
        while not found():
            if time.monotonic() > deadline or not self.reader.is_alive():
                return found()
            time.sleep(0.01)
        return True

    def interrupt_unless_over(self) -> None:
        """SIGINT to every process of the command, as Ctrl-C in a terminal sends it.

        A command that is about to end by itself, such as `tcpdump -c 2`, may do so first.
        """
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(OWN_END)
        for pid in (self.cgroups[0] / "cgroup.procs").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGINT)


def encode(output: bytes | bytearray) -> str:
    return base64.b64encode(output).decode()
