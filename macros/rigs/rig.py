"""A rig as a scene sees it: hosts that are up, commands run in them. Knows no Docker API."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..diagrams.distil import distil
from ..diagrams.topology import Topology
from ..errors import RigBroken
from ..model import Ended, Result

Limits = Mapping[str, int]
STEP_LIMITS: Limits = {
    "processes": 512,
    "memory": 512 << 20,
    "output": 256 << 10,
    "disk": 512 << 20,
}
"""Of each step: processes, bytes of memory, bytes printed; and bytes of each host's disk."""
SLACK = 30.0
"""Seconds beyond a command's own time after which a rig that says nothing counts as broken."""


class Conversation(Protocol):
    """What a rig is talked to through: `engine.Pipe`, or a plain fake in a test."""

    def ask(self, line: bytes, timeout: float) -> bytes: ...


class Rig:
    """The hosts of one scene. Every method raises `RigBroken` where the rig itself fails."""

    def __init__(self, pipe: Conversation) -> None:
        self.pipe = pipe

    def ask(self, do: str, patience: float = 0.0, **request: Any) -> dict[str, Any]:
        line = json.dumps({"do": do, **request}).encode()
        answer: dict[str, Any] = json.loads(self.pipe.ask(line, patience + SLACK))
        if "broken" in answer:
            raise RigBroken(f"the rig broke: {answer['broken']}")
        return answer

    def boot(self, hosts: dict[str, dict[str, Any]], limits: Limits = STEP_LIMITS) -> None:
        """Boot hosts: name → ``{"dockerd": daemon.json or None, "sysctl": {key: value}}``."""
        self.ask("boot", 60, hosts=hosts, limits=dict(limits))

    def missing(self, kinds: Sequence[str]) -> frozenset[str]:
        """Which of these link kinds (``macvlan``, ``ipvlan``, …) the kernel does not have."""
        return frozenset(self.ask("kinds", kinds=list(kinds))["missing"]) if kinds else frozenset()

    def run(self, step: str, on: str, command: str, timeout: float) -> Result:
        """Run a command to its end, or kill it after `timeout` seconds."""
        answer = self.ask("run", timeout, on=on, command=command, timeout=timeout)
        return result(step, command, answer)

    def begin(self, step: str, on: str, command: str, ready: str, timeout: float) -> bool:
        """Start a command in the background; whether its output matched `ready` in time."""
        answer = self.ask(
            "begin", timeout, name=step, on=on, command=command, ready=ready, timeout=timeout
        )
        return bool(answer["ready"])

    def topology(self) -> Topology:
        """What the networks of all hosts, and of their containers, are made of now."""
        return distil(self.ask("topology", 60)["hosts"])

    def enter(self, on: str) -> list[str]:
        """The command line that opens a shell on a host, from inside the rig's container."""
        return list(self.ask("enter", on=on)["argv"])

    def peek(self, step: str, command: str) -> Result:
        """What a background command has printed so far."""
        return result(step, command, self.ask("peek", name=step) | {"exit": 0, "ended": "exit"})

    def collect(self, step: str, command: str, timeout: float = 5.0) -> Result:
        """Interrupt a background command as Ctrl-C does, and read all it printed."""
        return result(step, command, self.ask("collect", timeout, name=step, timeout=timeout))


def result(step: str, command: str, answer: dict[str, Any]) -> Result:
    output = base64.b64decode(answer["output"]).decode("utf-8", "surrogateescape")
    return Result(step, command, output, answer["exit"], Ended(answer["ended"]))
