"""A Docker Engine of our own, started where the machine has none. Knows no images, no scenes.

It has no network of its own, so the machine's addresses, rules and sysctls stay as
they were. Several builds may use one at once: each holds a shared lock while it
does, and the last to leave stops it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from ..errors import RigBroken
from ..model import Say
from . import remains
from .client import breaking
from .outer_engine import IDLE, OuterEngine, find, new_run
from .reaper import reaping

RUN = Path("/run/docker-networking-docs")
DATA = Path("/var/lib/docker-networking-docs")
SOCKET = f"unix://{RUN}/docker.sock"
CGROUPS = Path("/sys/fs/cgroup")
PIDFILE = RUN / "dockerd.pid"
LOG = RUN / "dockerd.log"
GROUP = "docker-networking-docs"
"""The control group of all rigs."""
WEIGHT = 16
"""The group's share of a busy machine's processors, in ordinary processes. The kernel weighs a
group as one process, unless told: beside eight others all rigs together would get a ninth, and
Docker gives up the output of a container after 2 s (moby, daemon/monitor.go)."""
OPTIONS = [
    "--bridge=none",
    "--iptables=false",
    "--ip6tables=false",
    "--ip-forward=false",
    "--ip-masq=false",
    f"--host={SOCKET}",
    f"--data-root={DATA}",
    f"--exec-root={RUN}/exec",
    f"--pidfile={PIDFILE}",
    f"--cgroup-parent=/{GROUP}",
    "--exec-opt=native.cgroupdriver=cgroupfs",
]


NO_ENGINE = "no Docker Engine answers"


def can_start() -> bool:
    """Whether this user on this machine could start an engine."""
    return os.geteuid() == 0 and shutil.which("dockerd") is not None


@contextmanager
def engine_to_use(say: Say) -> Iterator[OuterEngine | None]:
    """The engine named or local, else one of our own; None where none can be had.

    A local one that cannot run rigs counts as none. Raises `RigBroken` where the one that is
    named cannot. What runs on it is removed in the end, also if this process is killed.
    """
    if engine := find(say):
        with (
            locked("using", fcntl.LOCK_SH) if engine.url == SOCKET else nullcontext(),
            closing(engine.client),
            reaping(engine.url, engine.run, engine.left),
            accounting(engine.url, engine.left, say),
        ):
            yield engine
    elif can_start():
        run, left = new_run(), list[str]()
        with (
            reaping(SOCKET, run, left),
            accounting(SOCKET, left, say),
            own_engine(say, left) as own,
        ):
            yield replace(own, run=run, left=left)
    else:
        yield None


@contextmanager
def needed_engine(say: Say) -> Iterator[OuterEngine]:
    """The same, where nothing can be done without one: raises `RigBroken`."""
    with engine_to_use(say) as engine:
        if engine is None:
            raise RigBroken(f"{NO_ENGINE}: start one, or set DOCKER_HOST")
        yield engine


@contextmanager
def accounting(url: str, left: list[str], say: Say) -> Iterator[None]:
    """Raise `RigBroken` for what an engine's API says; tell which rigs could not be removed."""
    try:
        with breaking(url):
            yield
    except BaseException as error:
        if left:
            error.add_note(what_is_left(url, left))
        raise
    if left:
        say(what_is_left(url, left))


def what_is_left(url: str, left: list[str]) -> str:
    """That rigs are left, and what becomes of them."""
    rigs = " and ".join(container[:12] for container in left)
    end = f"what runs ends by itself within {IDLE} s, scripts/clean removes the rest"
    return f"left on the engine at {url}, which does not answer: rig {rigs}; {end}"


@contextmanager
def locked(name: str, kind: int) -> Iterator[None]:
    with (RUN / name).open("w") as file:
        fcntl.flock(file, kind)
        yield


@contextmanager
def own_engine(say: Say, left: list[str] | None = None) -> Iterator[OuterEngine]:
    """Our own engine, started if it does not run yet, stopped when nobody uses it any more.

    What is `left` on it goes with it. Raises `RigBroken` with the end of its log where it does
    not come up.
    """
    RUN.mkdir(parents=True, exist_ok=True)
    with locked("starting", fcntl.LOCK_EX), ExitStack() as using:
        using.enter_context(locked("using", fcntl.LOCK_SH))
        engine = OuterEngine.at(SOCKET) or start(say)
        using.callback(engine.client.close)
        leaving = using.pop_all()
    try:
        yield engine
    finally:
        if leave(leaving) and left:
            left.clear()


def leave(using: ExitStack | None = None) -> bool:
    """Let go of our engine; stop it if nobody else uses it; whether it is stopped."""
    with locked("starting", fcntl.LOCK_EX):
        if using:
            using.close()
        with suppress(BlockingIOError), locked("using", fcntl.LOCK_EX | fcntl.LOCK_NB):
            stop()
            return True
    return False


def start(say: Say) -> OuterEngine:
    say(f"starting a Docker Engine of our own ({SOCKET})")
    stop()  # what an engine that was killed left behind
    weigh()
    with LOG.open("wb") as log:
        command = ["setsid", "--fork", "dockerd", *OPTIONS]  # it outlives us: others may use it
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and "failed to start daemon" not in log_text():
        if engine := OuterEngine.at(SOCKET):
            return engine
        time.sleep(0.1)
    stop()
    tail = "\n".join(log_text().splitlines()[-10:])
    raise RigBroken(f"dockerd does not start; the end of {LOG}:\n{tail}")


def weigh() -> None:
    """Give the group of all rigs its weight, on control groups of version 1 and 2."""
    for controllers, file, ordinary in (("cpu", "shares", 1024), ("cpu,cpuacct", "shares", 1024),
                                        ("", "weight", 100)):  # fmt: skip
        group = CGROUPS / controllers / GROUP
        if (group.parent / "cgroup.procs").exists():
            with suppress(OSError):  # the machine does not let us: rigs then weigh as one process
                group.mkdir(exist_ok=True)
                (group / f"cpu.{file}").write_text(str(WEIGHT * ordinary))


def log_text() -> str:
    return LOG.read_text(errors="replace")


def stop(patience: float = 10) -> list[str]:
    """Stop our engine and the containerd it started, by their ids; wait until they are gone.

    Says what else was left of it, and is gone.
    """
    for pidfile in (PIDFILE, RUN / "exec/containerd/containerd.pid"):
        try:
            pid = int(pidfile.read_text())
            name = Path(f"/proc/{pid}/comm").read_text().strip()
            if name not in ("dockerd", "containerd"):
                continue
            os.kill(pid, signal.SIGTERM)
            if not ends(pid, patience):
                os.kill(pid, signal.SIGKILL)
                ends(pid, patience)
        except (OSError, ValueError):
            pass  # it is gone already
        pidfile.unlink(missing_ok=True)
    return list(remains.clear((RUN, DATA), GROUP))


def bury(everything: bool = False) -> Iterator[str]:
    """Remove what is left of our own engine (with its data, where `everything` is asked for).

    Says what. Nothing is touched while it answers, or anybody is about to use it.
    """
    if os.geteuid() or not RUN.exists():
        return
    with locked("starting", fcntl.LOCK_EX):
        try:
            with locked("using", fcntl.LOCK_EX | fcntl.LOCK_NB):
                if engine := OuterEngine.at(SOCKET):
                    engine.client.close()
                    raise BlockingIOError
                yield from stop()
                if everything and DATA.exists():
                    shutil.rmtree(DATA)
                    yield f"removed {DATA}"
        except BlockingIOError:
            if everything:
                yield f"left {DATA}: the engine whose data it is runs"


def ends(pid: int, patience: float) -> bool:
    """Wait until a process has ended, also one that nobody reaps; whether it has."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
