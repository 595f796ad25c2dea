"""Engines and rigs that die, freeze or say nothing; what they leave is found and told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event

import pytest

from macros.errors import RigBroken
from macros.rigs import client, owner, remains
from macros.rigs.client import Client, breaking
from macros.rigs.images import Image
from macros.rigs.outer_engine import LABEL, OWNER, OuterEngine

from ..conftest import PAGE, SCENE, Project, Spare
from ..test_pipe import Door, serving
from .conftest import lives, wait_until

LONG = SCENE.replace("echo", "sleep 20; echo").replace("    expect", "    timeout: 25s\n    expect")


def under_way(project: Project, engine: OuterEngine, scene: str) -> subprocess.Popen[str]:
    """A build whose rig runs its first step."""
    project.scene("tiny", scene)
    process = project.start("build", DOCKER_HOST=engine.url)
    wait_until(lambda: any(runs(engine, rig, "sleep 20") for rig in project.rigs(engine)))
    return process


def runs(engine: OuterEngine, container: str, command: str) -> bool:
    """Whether a process of this command line is in a container."""
    try:
        found = engine.client.top(container, "-eo pid,args")["Processes"]
    except client.APIError:  # it does not run yet
        return False
    return any(args == command for _, args in found)


def pid_of(engine: OuterEngine, container: str) -> int:
    return int(engine.client.inspect_container(container)["State"]["Pid"])


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


Break = Callable[[OuterEngine, str], None]
BREAKS: dict[str, Break] = {
    "is removed": lambda engine, rig: engine.client.remove_container(rig, force=True),
    "is killed": lambda engine, rig: os.kill(pid_of(engine, rig), signal.SIGKILL),
    "loses its shim": lambda engine, rig: os.kill(parent_of(pid_of(engine, rig)), signal.SIGKILL),
}


@pytest.mark.docker
@pytest.mark.parametrize("harm", BREAKS.values(), ids=BREAKS)
def test_a_rig_that_is_gone_is_told_with_its_step(
    built: Project, engine: OuterEngine, harm: Break
) -> None:
    before = built.snapshot()
    process = under_way(built, engine, LONG)
    (rig,) = built.rigs(engine)
    harm(engine, rig)
    said, _ = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in said) == (3, False), said
    assert "docs/scenes/tiny.yml: step hello: the rig broke: it is gone" in said
    assert built.snapshot() == before
    wait_until(lambda: not built.rigs(engine))


@pytest.mark.docker
def test_an_engine_that_is_killed_breaks_the_run(built: Project, spare: Spare) -> None:
    process = under_way(built, spare.engine, LONG)
    spare.stop(signal.SIGKILL)
    said, _ = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in said) == (3, False), said
    pidfile = spare.place / "exec/containerd/containerd.pid"
    containerd = int(pidfile.read_text())
    with suppress(ProcessLookupError):  # it may have died with its engine
        os.kill(containerd, signal.SIGKILL)
    wait_until(lambda: not lives(containerd))
    (spare.place / "docker.sock").unlink()
    pidfile.unlink()  # nobody reaps here: the next dockerd would wait for a zombie
    spare.start()
    assert built.run("clean", DOCKER_HOST=spare.url)[0] == 0
    assert not built.rigs(spare.engine)


@pytest.mark.docker
def test_a_ready_that_takes_for_ever_breaks_its_rig(built: Project, engine: OuterEngine) -> None:
    scene = (
        f"steps:\n  - id: slow\n    run: echo {'a' * 40}!; sleep 99\n"
        "    background: {ready: '(a+)+$', until: hello}\n    expect: [{contains: a!}]\n"
    )
    built.scene("tiny", scene + SCENE.removeprefix("steps:\n"))
    status, said = built.run("build", DOCKER_HOST=engine.url)
    assert status == 3, said
    assert "docs/scenes/tiny.yml: step slow: the rig broke: Broken: to look for" in said
    assert "longer than 2 s: (a+)+$" in said


@pytest.fixture
def frozen(spare: Spare, built: Project) -> Iterator[Callable[[], None]]:
    """What stops an engine; in the end it goes on."""
    yield lambda: spare.process.send_signal(signal.SIGSTOP)
    spare.process.send_signal(signal.SIGCONT)
    wait_until(lambda: not built.rigs(spare.engine), 200)


@pytest.fixture
def paused(engine: OuterEngine, built: Project) -> Iterator[Callable[[], None]]:
    """What pauses the rig."""

    def pause() -> None:
        (rig,) = built.rigs(engine)
        engine.client.pause(rig)

    yield pause
    wait_until(lambda: not built.rigs(engine), 200)


@pytest.mark.long
@pytest.mark.docker
def test_a_rig_that_is_paused_is_given_up(
    built: Project, engine: OuterEngine, paused: Callable[[], None]
) -> None:
    process = under_way(built, engine, LONG)
    paused()
    said, _ = process.communicate(timeout=120)
    assert (process.returncode, "Traceback" in said) == (3, False), said
    assert "step hello: the rig broke: it does not answer within 55 s" in said


@pytest.mark.long
@pytest.mark.docker
def test_an_engine_that_is_frozen_is_given_up(
    built: Project, spare: Spare, frozen: Callable[[], None]
) -> None:
    process = under_way(built, spare.engine, LONG)
    frozen()
    said, _ = process.communicate(timeout=180)
    assert (process.returncode, "Traceback" in said) == (3, False), said
    assert "step hello: the rig broke: it does not answer within 55 s" in said
    assert f"left on the engine at {spare.url}, which does not answer: rig" in said


@pytest.mark.docker
def test_ctrl_c_while_the_rig_is_paused(
    built: Project, engine: OuterEngine, paused: Callable[[], None]
) -> None:
    process = under_way(built, engine, LONG)
    paused()
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=5)
    assert (process.returncode, "Traceback" in said) == (130, False), said
    assert not list(built.root.glob(".site-*"))


@pytest.mark.docker
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_engine_is_frozen(
    built: Project, spare: Spare, frozen: Callable[[], None], number: signal.Signals
) -> None:
    process = under_way(built, spare.engine, LONG)
    frozen()
    time.sleep(1)
    process.send_signal(number)
    said, _ = process.communicate(timeout=5)
    assert (process.returncode, "Traceback" in said) == (128 + number, False), said
    assert "nothing is left behind" not in said
    assert "scripts/clean removes" in said


# --- the API ---


class FullDoor(Door):
    """An engine whose disk is full."""

    def do_GET(self) -> None:
        """Answer as it does: it says what it is, and no more."""
        if self.path.endswith(("/version", "/info")):
            super().do_GET()
            return
        body = json.dumps({"message": "no space left on device"}).encode()
        self.send_response(500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET


class SilentDoor(Door):
    """An engine that says what it is, and then nothing."""

    def do_GET(self) -> None:
        """Answer the first two requests."""
        if self.path.endswith(("/version", "/info")):
            super().do_GET()
            return
        time.sleep(1)


def test_what_an_engines_api_refuses_is_a_sentence() -> None:
    with serving(FullDoor) as url:
        engine = OuterEngine.at(url)
        assert engine
        with pytest.raises(RigBroken, match="broke: no space left on device"), breaking(url):
            engine.client.containers()
        engine.client.close()


def test_a_build_on_an_engine_whose_disk_is_full_is_broken(built: Project) -> None:
    with serving(FullDoor) as url:
        status, said = built.run("build", DOCKER_HOST=url)
    assert (status, "Traceback" in said) == (3, False), said
    assert "no space left on device" in said


def test_an_engine_that_did_not_answer_once_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "PATIENCE", 0.2)
    with serving(SilentDoor) as url:
        asked = Client(url, "1.44", Event())
        with pytest.raises(RigBroken, match=r"does not answer within 0\.2 s"):
            asked.containers()
        with pytest.raises(RigBroken, match="does not answer any more"):
            Client(url, "1.44", asked.silent).containers()
        asked.close()


# --- what is left ---


def test_a_process_is_known_by_more_than_its_id() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        name = owner.of(process.pid)
        assert owner.lives(name) is True
        process.kill()
    assert owner.lives(name) is False
    machine, space, pid, _ = owner.of(os.getpid()).split("/")
    assert owner.lives(f"{machine}/{space}/{pid}/1") is False
    assert owner.lives(f"another/{space}/{pid}/1") is None
    assert owner.lives("") is None


SAY = "import os; from macros.rigs import owner; print(owner.of(os.getpid()))"
DEAD = subprocess.run(
    [sys.executable, "-c", SAY], capture_output=True, text=True, check=True
).stdout.strip()
LEFT = {
    "only created, of a dead build": (DEAD, False, True),
    "running, of a dead build": (DEAD, True, True),
    "only created, of a build at work": (owner.of(os.getpid()), False, False),
    "running, of a build at work": (owner.of(os.getpid()), True, False),
    "running, of another machine": ("another/1/1/1", True, False),
}


@pytest.mark.docker
@pytest.mark.parametrize(("of", "runs", "gone"), LEFT.values(), ids=LEFT)
def test_clean_finds_at_once_what_is_left_and_nothing_that_is_at_work(
    built: Project, engine: OuterEngine, image: Image, of: str, runs: bool, gone: bool
) -> None:
    made = engine.client.create_container(
        image.tag, "sleep 99", labels={LABEL: "x", OWNER: of}
    )["Id"]  # fmt: skip
    try:
        if runs:
            engine.client.start(made)
        status, said = built.run("clean", DOCKER_HOST=engine.url)
        assert status == 0, said
        left = [one["Id"] for one in engine.containers()]
        assert (made not in left) is gone
        assert (f"removed rig {made[:12]}" in said) is gone
    finally:
        client.remove(engine.client, made)


@pytest.mark.docker
def test_what_a_dead_engine_leaves_on_the_machine_is_removed(tmp_path: Path) -> None:
    place, group = tmp_path / "dead", f"docker-networking-docs-dead-{os.getpid()}"
    place.mkdir()
    mounted = place / "mounted"
    mounted.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(mounted)], check=True)
    shim = tmp_path / "containerd-shim-runc-v2"
    shim.symlink_to("/bin/sleep")
    tops = [top for top in remains.CGROUPS.glob("*") if (top / "cgroup.procs").exists()]
    made = [top / group / "rig/h1" for top in tops if top.name in ("pids", "freezer", "memory")]
    for path in made or [remains.CGROUPS / group / "rig/h1"]:
        path.mkdir(parents=True)
    inside = subprocess.Popen(["sleep", "99"])
    for path in made:
        (path / "cgroup.procs").write_text(str(inside.pid))
        if (path / "freezer.state").exists():
            (path / "freezer.state").write_text("FROZEN")
    beside = subprocess.Popen(["bash", "-c", f"exec -a {shim} sleep 99 {place}/x || exec sleep 99"])
    said = list(remains.clear((place,), group))
    for process in (inside, beside):
        process.kill()
        process.wait()
    assert f"unmounted {mounted}" in said
    assert f"removed process {inside.pid} of a dead engine" in said or inside.returncode == -9
    assert not mounted.is_mount()
    assert not remains.groups_named(group)
    assert list(remains.clear((place,), group)) == []


# --- steps ---

HARM = {
    "hangs": "sleep 1000",
    "forks without end": "b() { b | b & }; b; sleep 1000",
    "prints without end": "yes",
    "fills the disk": "dd if=/dev/zero of=/root/big bs=1M count=9999",
    "kills dockerd": "pkill -x dockerd; sleep 1; docker ps",
    "removes docker0": "ip link delete docker0; docker run --rm busybox true",
    "kills all it can": "kill -9 -1; docker ps",
    "prints one line without end": "tr '\\0' x </dev/zero",
    "stops itself": "kill -STOP $$",
    "holds its output open": "sleep 999 & echo x",
    "fills its memory": "head -c 2G /dev/zero | tail",
    "closes its output": "exec >&- 2>&-; sleep 999",
    "makes name spaces without end": "for i in $(seq 2000); do unshare -n true; done; sleep 99",
    "ends all it can": "kill -9 1; kill -9 -1; reboot -f; sleep 99",
    "freezes its group": "echo 1 >/sys/fs/cgroup/cgroup.freeze; sleep 99",
}


@pytest.mark.docker
@pytest.mark.parametrize("command", HARM.values(), ids=HARM)
def test_a_step_that_does_harm_fails_alone(
    recorded: Project, engine: OuterEngine, command: str
) -> None:
    harm = f"steps:\n  - id: harm\n    run: {json.dumps(command)}\n    timeout: 3s\n"
    recorded.scene("harm", harm + "    expect: [{contains: never printed}]\n")
    recorded.page(PAGE + '\n{{{ steps("harm", "harm") }}}\n')
    before = recorded.snapshot()
    status, said = recorded.run("build", DOCKER_HOST=engine.url)
    assert (status, "Traceback" in said) == (1, False), said
    assert "docs/scenes/harm.yml:2: step harm failed" in said
    assert "tiny.yml" not in said
    wait_until(lambda: not recorded.rigs(engine), 20)
    assert recorded.snapshot() == before
