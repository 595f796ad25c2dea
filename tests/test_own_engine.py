"""Our own engine: what waiting for its end means where nobody reaps."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from macros.rigs.outer_engine import OuterEngine
from macros.rigs.own_engine import CGROUPS, GROUP, SOCKET, WEIGHT, bury, ends, own_engine, weigh


def test_a_process_that_nobody_reaps_is_gone_once_it_has_ended() -> None:
    with subprocess.Popen(["true"]) as process:
        assert ends(process.pid, 10)  # a zombie until the block is left


def test_a_process_that_lives_is_given_up_after_its_time() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        start = time.monotonic()
        assert not ends(process.pid, 0.2)
        assert time.monotonic() - start >= 0.2
        process.kill()


def test_of_an_engine_that_was_killed_no_end_stays_open(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    opened = set(os.listdir("/proc/self/fd"))
    assert OuterEngine.at(f"unix://{path}") is None
    assert set(os.listdir("/proc/self/fd")) == opened


@pytest.mark.docker
def test_all_rigs_together_weigh_as_many_processes_not_as_one() -> None:
    weigh()
    written = [*CGROUPS.glob(f"cpu*/{GROUP}/cpu.shares"), *CGROUPS.glob(f"{GROUP}/cpu.weight")]
    assert written
    assert {path.read_text().strip() for path in written} <= {str(WEIGHT * 1024), str(WEIGHT * 100)}


@pytest.mark.docker
def test_our_engine_while_it_runs_is_never_taken_for_dead() -> None:
    with own_engine(lambda line: None):  # it may run already, for somebody else
        assert list(bury()) == []
        engine = OuterEngine.at(SOCKET)
        assert engine
        with closing(engine.client):
            assert engine.client.ping()
