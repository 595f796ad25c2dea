"""A rig as a scene sees it: hosts that are up, commands run in them. Knows no Docker API."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from ..errors import RigBroken
from ..model import Ended, Result
from ..topology import check_lines, lines
from .survey import distil

Limits = Mapping[str, int]
STEP_LIMITS: Limits = {
    "processes": 512,
    "memory": 512 << 20,
    "output": 256 << 10,
    "host_processes": 1024,
    "host_memory": 1 << 30,
    "disk": 512 << 20,
}
"""Of each step: processes, bytes of memory, bytes printed. Of each host, with whatever its steps
have left running or had dockerd start: processes, bytes of memory, bytes of its disk."""
SLACK = 30.0
"""Seconds beyond a command's own time after which a rig that says nothing counts as broken."""


class Conversation(Protocol):
    """What a rig is talked to through: `engine.Pipe`, or a plain fake in a test."""

    def ask(self, line: bytes, timeout: float, longest: int = ...) -> bytes: ...


class Rig:
    """The hosts of one scene. Every method raises `RigBroken` where the rig itself fails."""

    def __init__(self, pipe: Conversation) -> None:
        self.pipe = pipe
        self.longest = longest_answer(STEP_LIMITS)

    def ask(self, do: str, patience: float = 0.0, **request: Any) -> dict[str, Any]:
        line = json.dumps({"do": do, **request}).encode()
        with understood():
            answer = json.loads(self.pipe.ask(line, patience + SLACK, self.longest))
            if "broken" in answer:
                raise RigBroken(f"the rig broke: {answer['broken']}")
            return dict(answer)

    def boot(self, hosts: dict[str, dict[str, Any]], limits: Limits = STEP_LIMITS) -> None:
        """Boot hosts: name → ``{"dockerd": daemon.json or None, "sysctl": {key: value}}``."""
        self.longest = longest_answer(limits)
        self.ask("boot", 60, hosts=hosts, limits=dict(limits))

    def missing(self, kinds: Sequence[str]) -> frozenset[str]:
        """Which of these link kinds (``macvlan``, ``ipvlan``, …) the kernel does not have."""
        if not kinds:
            return frozenset()
        with understood():
            return frozenset(map(str, self.ask("kinds", kinds=list(kinds))["missing"]))

    def run(self, step: str, on: str, command: str, timeout: float) -> Result:
        """Run a command to its end, or kill it after `timeout` seconds."""
        answer = self.ask("run", timeout, on=on, command=command, timeout=timeout)
        return result(step, command, answer)

    def begin(self, step: str, on: str, command: str, ready: str, timeout: float) -> bool:
        """Start a command in the background; whether its output matched `ready` in time."""
        answer = self.ask(
            "begin", timeout, name=step, on=on, command=command, ready=ready, timeout=timeout
        )
        with understood():
            return bool(answer["ready"])

    def topology(self) -> tuple[str, ...]:
        """What the networks of all hosts, and of their containers, are made of now: its lines."""
        with understood():
            return check_lines(lines(distil(self.ask("topology", 60)["hosts"])))

    def enter(self, on: str, history: Sequence[str] = ()) -> list[str]:
        """The command line that opens a shell, from inside the rig's container.

        `on` as in a scene: ``h1``, ``lan``, ``h1/web``; `history` are its earlier commands.
        """
        with understood():
            return list(map(str, self.ask("enter", on=on, history=list(history))["argv"]))

    def peek(self, step: str, command: str) -> Result:
        """What a background command has printed so far."""
        return result(step, command, self.ask("peek", name=step) | {"exit": 0, "ended": "exit"})

    def collect(self, step: str, command: str, timeout: float = 5.0) -> Result:
        """Interrupt a background command as Ctrl-C does, and read all it printed."""
        return result(step, command, self.ask("collect", timeout, name=step, timeout=timeout))


@contextmanager
def understood() -> Iterator[None]:
    """Raise `RigBroken` for an answer that is not of the form that `image/agent.py` documents."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = f"its answer makes no sense, {type(error).__name__}: {str(error)[:200]}"
        raise RigBroken(f"the rig broke: {why}") from error


def longest_answer(limits: Limits) -> int:
    """Bytes of the longest answer, which holds one output in base64."""
    return 2 * limits["output"] + (4 << 20)


def result(step: str, command: str, answer: dict[str, Any]) -> Result:
    """What a command gave, from the agent's answer."""
    with understood():
        output = base64.b64decode(answer["output"], validate=True).decode(
            "utf-8", "surrogateescape"
        )
        return Result(step, command, output, int(answer["exit"]), Ended(answer["ended"]))
