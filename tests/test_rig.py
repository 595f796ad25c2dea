"""Rigs on a real engine: the small world they give, and what a careless step can do to it."""

from __future__ import annotations

import json
import time

import pytest

from macros import engines
from macros.errors import RigBroken
from macros.model import Ended
from macros.rigs import images
from macros.rigs.outer_engine import LABEL, OuterEngine
from macros.rigs.rig import Rig

from .conftest import Boot, Spare

pytestmark = pytest.mark.docker


def output(rig: Rig, command: str, on: str = "h1", timeout: float = 20) -> str:
    return rig.run("step", on, command, timeout).output


def rigs(engine: OuterEngine) -> list[str]:
    return [container["Id"] for container in engine.containers(f"{LABEL}={engine.run}")]


def test_a_host_has_pinned_addresses_and_docker0_as_on_a_readers_machine(boot: Boot) -> None:
    with boot() as rig:
        addresses = json.loads(output(rig, "ip -j address"))
        found = {
            link["ifname"]: (link["address"], [a["local"] for a in link["addr_info"]])
            for link in addresses
        }
        assert found["eth0"][0] == "02:00:5e:00:53:0b"
        assert "198.51.100.11" in found["eth0"][1]
        assert found["docker0"][1] == ["172.17.0.1"]


def test_hosts_reach_each_other_and_nothing_else(boot: Boot) -> None:
    with boot(hosts=2) as rig:
        assert rig.run("s", "h1", "ping -c1 -W1 198.51.100.12", 10).exit == 0
        assert rig.run("s", "lan", "ping -c1 -W1 198.51.100.11", 10).exit == 0
        assert rig.run("s", "lan", "ping -c1 -W1 192.0.2.1", 10).exit != 0


def test_the_environment_is_pinned_and_output_keeps_its_order(boot: Boot) -> None:
    with boot() as rig:
        said = output(rig, "echo $LANG $TZ $COLUMNS $PWD; echo err >&2; hostname")
        assert said == "C.UTF-8 UTC 120 /root\nerr\nh1\n"


def test_sysctls_do_not_come_from_the_build_machine(boot: Boot) -> None:
    with boot() as rig:
        assert output(rig, "sysctl -n net.ipv4.ip_forward", on="lan") == "0\n"
        assert output(rig, "sysctl -n net.ipv4.ip_forward") == "1\n"
        assert rig.run("s", "h1", "sysctl -w kernel.panic=1", 10).exit != 0


def test_a_step_can_run_in_a_containers_network_namespace(boot: Boot) -> None:
    with boot() as rig:
        output(rig, "docker run -d --name web busybox sleep 600")
        assert "172.17.0.2/16" in output(rig, "ip -br address", on="h1/web")
        missing = rig.run("s", "h1/nobody", "ip address", 10)
        assert missing.exit != 0
        assert "nobody" in missing.output


def test_a_background_step_is_ready_read_and_interrupted(boot: Boot) -> None:
    with boot() as rig:
        assert rig.begin("sniff", "lan", "tcpdump -ln -i lan icmp", "listening on", 10)
        output(rig, "ping -c1 198.51.100.1")
        deadline = time.monotonic() + 10
        while "echo reply" not in rig.peek("sniff", "").output and time.monotonic() < deadline:
            time.sleep(0.05)
        done = rig.collect("sniff", "")
        assert "echo request" in done.output
        assert "packets captured" in done.output
        assert done.ended is Ended.EXIT


def test_output_is_read_to_its_end_however_late_it_comes(boot: Boot) -> None:
    with boot() as rig:
        done = rig.run("s", "h1", "(sleep 1; echo late) & echo early", 20)
        assert (done.output, done.ended) == ("early\nlate\n", Ended.EXIT)


def test_output_that_something_still_holds_open_is_told_to_be_cut(boot: Boot) -> None:
    with boot() as rig:
        done = rig.run("s", "h1", "sleep 7777 & echo early", 1)
        assert (done.output, done.ended) == ("early\n", Ended.CUT)
        assert output(rig, "pgrep -c sleep") == "1\n"
        quiet = rig.run("s", "h1", "sleep 7777 >/dev/null 2>&1 & echo early", 20)
        assert quiet.ended is Ended.EXIT


def test_a_host_cannot_write_to_the_machines_sys_nor_freeze_itself(boot: Boot) -> None:
    with boot() as rig:
        mounts = output(rig, "cat /proc/self/mounts")
        (options,) = [line.split()[3] for line in mounts.splitlines() if " /sys sysfs " in line]
        assert "ro" in options.split(",")
        assert "freezer" not in mounts
        queue = "f=$(ls -d /sys/block/*/queue/read_ahead_kb | head -n 1) && cat $f > $f"
        refused = rig.run("s", "h1", f"{queue} || echo 0 > /sys/kernel/mm/none", 10)
        assert "Read-only file system" in refused.output


def test_a_step_that_hangs_is_killed_with_all_it_started(boot: Boot) -> None:
    with boot() as rig:
        hung = rig.run("s", "h1", "setsid sleep 7777 & sleep 8888", 0.5)
        assert hung.ended is Ended.TIMEOUT
        assert output(rig, "pgrep -c 'sleep' || true") == "0\n"


def test_a_step_that_forks_without_end_is_stopped_and_the_host_lives_on(boot: Boot) -> None:
    with boot() as rig:
        bomb = rig.run("s", "h1", "b() { b | b & }; b; sleep 60", 2)
        assert bomb.ended in (Ended.TIMEOUT, Ended.OUTPUT)
        assert output(rig, "docker run --rm busybox echo alive") == "alive\n"


def test_a_step_that_prints_without_end_is_cut_off(boot: Boot) -> None:
    with boot() as rig:
        flood = rig.run("s", "h1", "yes", 30)
        assert flood.ended is Ended.OUTPUT
        assert len(flood.output) == 256 << 10


def test_a_step_that_fills_the_disk_fills_only_its_hosts(boot: Boot, engine: OuterEngine) -> None:
    with boot(hosts=2) as rig:
        full = rig.run("s", "h1", "dd if=/dev/zero of=/root/big bs=1M count=4096", 60)
        assert full.exit != 0
        assert output(rig, "echo fine > /root/small && cat /root/small", on="h2") == "fine\n"


def test_a_step_that_eats_memory_is_killed_and_the_host_lives_on(boot: Boot) -> None:
    with boot() as rig:
        eater = rig.run("s", "h1", "python3 -c 'x = bytearray(800 << 20)'", 30)
        assert eater.exit != 0
        assert output(rig, "docker run --rm busybox echo alive") == "alive\n"


def test_a_step_that_kills_dockerd_or_removes_docker0_breaks_its_own_host_only(boot: Boot) -> None:
    with boot(hosts=2) as rig:
        output(rig, "pkill -x dockerd; while pgrep -x dockerd; do sleep 0.1; done")
        assert "Cannot connect to the Docker daemon" in output(rig, "docker ps")
        output(rig, "ip link delete docker0", on="h2")
        assert rig.run("s", "h2", "docker ps", 10).exit == 0


def test_dockerd_can_be_restarted_by_a_step(boot: Boot) -> None:
    with boot() as rig:
        assert rig.run("s", "h1", "service docker restart", 30).exit == 0
        deadline = time.monotonic() + 20
        while rig.run("s", "h1", "docker ps", 10).exit and time.monotonic() < deadline:
            time.sleep(0.1)
        assert rig.run("s", "h1", "docker ps", 10).exit == 0


def test_a_daemon_that_sets_bad_options_is_told_with_its_log(boot: Boot) -> None:
    with pytest.raises(RigBroken, match="no-such-option"), boot(dockerd={"no-such-option": 1}):
        pass


def test_nothing_is_left_when_the_block_is_left_by_an_error(
    boot: Boot, engine: OuterEngine
) -> None:
    def leave_by_an_error() -> None:
        with boot():
            assert rigs(engine)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        leave_by_an_error()
    assert not rigs(engine)


def test_a_rig_ends_by_itself_when_whoever_asked_is_gone(
    engine: OuterEngine, image: images.Image
) -> None:
    attached = engine.rig(image.tag, "orphan")
    _, pipe = attached.__enter__()
    Rig(pipe).boot({"h1": {"dockerd": {}, "sysctl": {}}})
    pipe.close()
    deadline = time.monotonic() + 10
    while rigs(engine) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not rigs(engine)
    attached.__exit__(None, None, None)


def test_a_rig_that_is_asked_nothing_ends_by_itself(
    engine: OuterEngine, image: images.Image
) -> None:
    with engine.rig(image.tag, "idle", idle=1) as (container, _):
        deadline = time.monotonic() + 15
        while container in rigs(engine) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert container not in rigs(engine)


def test_the_kernels_missing_link_kinds_are_told(boot: Boot) -> None:
    with boot() as rig:
        assert "no-such-kind" in rig.missing(["veth", "bridge", "no-such-kind"])
        assert "veth" not in rig.missing(["veth", "bridge"])


@pytest.mark.parametrize("name", list(engines.known()))
def test_every_named_engine_starts_and_runs_a_container(engine: OuterEngine, name: str) -> None:
    kind = engines.named(name)
    made = images.ensure(engine, kind, print)
    assert made.provenance.engine == kind.version
    with engine.rig(made.tag, "test") as (_, pipe):
        rig = Rig(pipe)
        rig.boot({"h1": {"dockerd": {}, "sysctl": {}}})
        version = output(rig, "docker version --format '{{.Server.Version}}'")
        assert version.startswith(kind.version)
        assert output(rig, "docker run --rm busybox echo hi") == "hi\n"


def test_rigs_run_on_an_engine_that_knows_only_cgroup_version_2(
    spare: Spare, image: images.Image
) -> None:
    assert spare.engine.client.info()["CgroupVersion"] == "2"
    with spare.engine.rig(image.tag, "v2") as (_, pipe):
        rig = Rig(pipe)
        rig.boot({"h1": {"dockerd": {}, "sysctl": {}}})
        assert "cgroup2" in output(rig, "stat -fc %T /sys/fs/cgroup")
        assert output(rig, "docker run --rm busybox echo hi") == "hi\n"
        assert rig.run("s", "h1", "setsid sleep 99 & sleep 99", 0.5).ended is Ended.TIMEOUT
        assert output(rig, "pgrep -c sleep || true") == "0\n"
