"""A rig is closed: each way out that a hostile step could try is asked for, and refused.

No way is walked: a call that were allowed would be one on the rig's own namespaces, a file
opened and not written, or the same value. In an open rig some of these are allowed, as
`test_the_open_rig_is_there_only_where_it_is_asked_for` sees: so the probes do ask.
"""

from __future__ import annotations

import io
import json
import struct
import tarfile
from collections.abc import Iterator
from dataclasses import replace

import pytest

from macros import engines
from macros.errors import RigBroken
from macros.rigs import images
from macros.rigs.ids import CAPABILITY, Chunks, of_root, shift
from macros.rigs.outer_engine import CAPABILITIES, LIMITS, OuterEngine
from macros.rigs.rig import Rig

from .conftest import Boot, Spare

CALLS = """
import ctypes, errno, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
def ask(does):
    try:
        result = does()
    except OSError as error:
        print("refused", errno.errorcode[error.errno])
    except ValueError as error:  # what Python makes of EPERM from setrlimit
        print("refused EPERM", error)
    else:
        print("ALLOWED", result)
def call(number, *arguments):
    if libc.syscall(number, *arguments) == -1:
        raise OSError(ctypes.get_errno(), "")
def write(path):
    os.close(os.open(path, os.O_WRONLY))
"""
"""What a probe may use; `number` is the call's on x86-64."""

PROBES = {
    "a device of the machine is made": "ask(lambda: os.mknod('/root/loop', 0o60600, 0x700))",
    "a raw disk is opened": "ask(lambda: write('/dev/vda'))",
    "the machine's memory is read": "ask(lambda: os.open('/dev/mem', os.O_RDONLY))",
    "its kernel's memory is read": "ask(lambda: os.open('/proc/kcore', os.O_RDONLY))",
    "what runs on a crash is named":
        "os.system('mount -t proc proc /mnt'); ask(lambda: write('/mnt/sys/kernel/core_pattern'))",
    "what loads modules is named": "ask(lambda: write('/proc/sys/kernel/modprobe'))",
    "a sysctl of the machine is set": "ask(lambda: write('/proc/sys/vm/swappiness'))",
    "a key of the console is pressed": "ask(lambda: write('/proc/sysrq-trigger'))",
    "a sysfs file is written, its mount made writable":
        "os.system('mount -o remount,rw /sys');"
        "ask(lambda: write('/sys/kernel/mm/transparent_hugepage/enabled'))",
    "a disk's queue is set":
        "d = os.listdir('/sys/block')[0];"
        "ask(lambda: write(f'/run/whole/sysfs/block/{d}/queue/read_ahead_kb'))",
    "the machine is sent to sleep": "ask(lambda: write('/sys/power/state'))",
    "a processor is taken away": "ask(lambda: write('/sys/devices/system/cpu/cpu1/online'))",
    "a device is allowed to a control group":
        "import glob; f = glob.glob('/sys/fs/cgroup/devices*/devices.allow');"
        "ask(lambda: os.write(os.open(f[0], os.O_WRONLY), b'b 7:0 rwm') if f else write('/none'))",
    "a key is added to the machine's ring": "ask(lambda: call(248, b'user', b'k', b'v', 1, -4))",
    "a ring is joined": "ask(lambda: call(250, 1, None))",
    "a socket past all network namespaces": "ask(lambda: socket.socket(40, 1))",
    "a BPF map is made":
        "map = [2, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 1] + [0] * 59;"
        "ask(lambda: call(321, 0, bytes(map), 72))",
    "the machine's processes are counted": "ask(lambda: call(298, bytes(128), -1, 0, -1, 0))",
    "the kernel's log is read": "ask(lambda: call(103, 3, ctypes.create_string_buffer(99), 99))",
    "a module is loaded": "ask(lambda: call(175, bytes(8), 8, b''))",
    "another kernel is loaded": "ask(lambda: call(246, 0, 0, None, 0))",
    "the clock is set": "ask(lambda: call(164, None, None) or call(227, 0, bytes(16)))",
    "ports of the machine are opened": "ask(lambda: call(172, 3))",
    "accounting is started": "ask(lambda: call(163, b'/root/acct'))",
    "a swap file is used": "ask(lambda: call(167, b'/root/swap', 0))",
    "page faults are taken over": "ask(lambda: call(323, 0))",
    "all file systems are watched": "ask(lambda: call(300, 0x4, 0))",
    "a file is opened by a handle of the machine's file system":
        "import glob; h = bytes([8, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);"
        "ask(lambda: call(304, os.open('/dev/null', os.O_RDONLY), h, 0))",
    "the root is taken away, to see what is below":
        "ask(lambda: call(166, b'/', 2))",
    "the kernel is told to spare it": ""
        "ask(lambda: os.write(os.open('/proc/self/oom_score_adj', os.O_WRONLY), b'-1000'))",
    "it takes a processor for itself":
        "ask(lambda: os.sched_setscheduler(0, 1, os.sched_param(9)))",
    "it goes before others": "ask(lambda: os.setpriority(0, 0, -19))",
    "a limit is raised": "import resource as r;"
        "ask(lambda: r.setrlimit(r.RLIMIT_NICE, (40, 40)))",
    "an id outside the namespace is taken": "ask(lambda: os.setuid(3_000_000_000))",
}  # fmt: skip

NOT_THERE = ("the root is taken away, to see what is below", "an id outside the namespace is taken")
"""There is nothing below, and no such id."""


@pytest.fixture(scope="module")
def closed(boot: Boot) -> Iterator[Rig]:
    with boot() as rig:
        yield rig


def python(rig: Rig, code: str) -> str:
    rig.run("s", "h1", f"cat > /root/probe.py <<'END'\n{CALLS}\n{code}\nEND", 10)
    return rig.run("s", "h1", "unshare --mount python3 /root/probe.py", 20).output


@pytest.mark.docker
@pytest.mark.parametrize("what", PROBES)
def test_no_step_can_see_to_it_that(closed: Rig, what: str) -> None:
    said = python(closed, PROBES[what])
    verdict, why = said.splitlines()[-1].split()[:2]
    assert verdict == "refused", said
    not_there = {"EINVAL"} if what in NOT_THERE else {"ENOENT", "ENOSYS"}
    assert why in {"EPERM", "EACCES"} | not_there, said


@pytest.mark.docker
def test_root_in_a_host_is_nobody_outside_and_may_what_hosts_need(closed: Rig) -> None:
    ids = closed.run("s", "h1", "cat /proc/self/uid_map", 10).output.split()
    assert ids == ["0", str(images.ROOT_ID), str(1 << 31)]
    held = closed.run("s", "h1", "capsh --print | sed -n 's/Bounding set =//p'", 10).output.strip()
    assert set(held.split(",")) == {f"cap_{name.lower()}" for name in CAPABILITIES}


@pytest.mark.docker
def test_a_host_sees_no_file_system_of_the_machine_and_no_process_but_its_own(closed: Rig) -> None:
    mounts = closed.run("s", "h1", "cut -d' ' -f3 /proc/self/mounts | sort -u", 10).output.split()
    kinds = {"cgroup", "cgroup2", "devpts", "mqueue", "nsfs", "overlay", "proc", "sysfs", "tmpfs"}
    assert set(mounts) <= kinds
    devices = closed.run("s", "h1", "cat /proc/self/mountinfo | grep ' / / '", 10).output
    assert devices.count("\n") == 1, devices  # the host's own root, and nothing below it
    first = closed.run("s", "h1", "tr '\\0' ' ' < /proc/1/cmdline", 10).output
    assert "host.py" in first
    assert "agent" not in closed.run("s", "h1", "ps ax", 10).output
    found = closed.run("s", "h1", "find /sys/fs/cgroup -name release_agent -o -name '*freez*'", 10)
    assert found.output == ""


@pytest.mark.docker
def test_what_leaves_a_steps_control_group_is_held_by_its_hosts(boot: Boot) -> None:
    leave = "for f in /sys/fs/cgroup/{pids/,}cgroup.procs; do echo $$ > $f; done"
    bomb = "for i in $(seq 3000); do sleep 30 & done; wait"
    with boot() as rig:
        rig.run("s", "h1", "for f in /sys/fs/cgroup/pids*/pids.max /sys/fs/cgroup/pids.max; do"
                           " echo max > $f; done", 10)  # fmt: skip
        rig.run("s", "h1", f"exec 2>/dev/null; {leave}; ulimit -u unlimited; {bomb}", 8)
        running = int(rig.run("s", "lan", "ls -d /proc/[0-9]* | wc -l", 10).output)
        assert running < 200  # `lan` is a host of its own
        assert rig.run("s", "lan", "true", 10).exit == 0


@pytest.mark.docker
def test_rigs_are_closed_on_cgroup_version_2_too(spare: Spare, image: images.Image) -> None:
    with spare.engine.rig(image.tag, "v2") as (_, pipe):
        rig = Rig(pipe)
        rig.boot({"h1": {"dockerd": {}, "sysctl": {}}})
        assert rig.run("s", "h1", "cat /proc/self/uid_map", 10).output.split()[1] != "0"
        assert rig.run("s", "h1", "docker run --rm busybox echo hi", 20).output == "hi\n"
        assert "refused" in python(rig, PROBES["what runs on a crash is named"])


@pytest.mark.docker
def test_ip_netns_exec_works_in_a_closed_rig(closed: Rig) -> None:
    done = closed.run("s", "h1", "ip netns add blue && ip netns exec blue ip -br link", 10)
    assert (done.exit, done.output.split()[0]) == (0, "lo")


@pytest.mark.docker
def test_the_open_rig_is_there_only_where_it_is_asked_for(
    engine: OuterEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIG_TRUSTED", "1")
    trusting = OuterEngine.at(engine.url)
    assert trusting
    assert trusting.trusted
    assert not engine.trusted
    made = images.ensure(trusting, engines.named(None), print)
    with trusting.rig(made.tag, "open") as (_, pipe):
        rig = Rig(pipe)
        rig.boot({"h1": {"dockerd": {}, "sysctl": {}}})
        assert rig.run("s", "h1", "cat /proc/self/uid_map", 10).output.split()[1] == "0"
        assert rig.run("s", "h1", "docker run --rm busybox echo hi", 20).output == "hi\n"
        assert rig.run("s", "h1", "sysctl -w kernel.panic=1", 10).exit != 0
        for what in ("a device of the machine is made", "what runs on a crash is named"):
            assert "ALLOWED" in python(rig, PROBES[what])  # so the probes do ask
    trusting.client.close()


@pytest.mark.docker
def test_limits_that_the_machine_cannot_hold_are_told(engine: OuterEngine) -> None:
    assert replace(engine, limits=()).missing_limits() == [
        "Memory", "MemorySwap", "PidsLimit", "NanoCpus"
    ]  # fmt: skip
    about = engine.client.info()
    lacking = {name for can, (name, _) in LIMITS.items() if not about.get(can)}
    assert set(engine.missing_limits()) == lacking


@pytest.mark.docker
def test_a_runtime_that_the_engine_does_not_have_is_told(
    engine: OuterEngine, image: images.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIG_RUNTIME", "no-such-runtime")
    other = OuterEngine.at(engine.url)
    assert other
    with pytest.raises(RigBroken, match="no-such-runtime"), other.rig(image.tag, "runtime"):
        pass
    other.client.close()


@pytest.mark.docker
def test_where_no_user_namespace_can_be_made_nothing_runs_unless_it_is_trusted(
    engine: OuterEngine, image: images.Image
) -> None:
    other = OuterEngine.at(engine.url)
    assert other
    profile = json.loads(other.profile(image.tag))
    for rule in profile["syscalls"]:
        rule["names"] = [name for name in rule["names"] if name != "unshare"]
    other.profiles[image.tag] = json.dumps(profile)
    with other.rig(image.tag, "none") as (_, pipe), pytest.raises(RigBroken, match="--trusted"):
        Rig(pipe).boot({"h1": {"dockerd": {}, "sysctl": {}}})
    other.client.close()


def test_ids_of_a_root_are_shifted_and_capabilities_with_them() -> None:
    capability = struct.pack("<5I", 0x02000001, 0x2000, 0, 0, 0)
    source = io.BytesIO()
    with tarfile.open(fileobj=source, mode="w", format=tarfile.PAX_FORMAT) as tar:
        entry = tarfile.TarInfo("bin/ping")
        entry.size, entry.uid, entry.gid, entry.mode = 2, 0, 5, 0o755
        entry.pax_headers = {CAPABILITY: capability.decode("utf-8", "surrogateescape")}
        tar.addfile(entry, io.BytesIO(b"hi"))
    data, target = source.getvalue(), io.BytesIO()
    chunks = (data[at : at + 700] for at in range(0, len(data), 700))
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as packed:
        shift(io.BufferedReader(Chunks(chunks)), packed, 1000, below="rig/")
    with tarfile.open(fileobj=io.BytesIO(target.getvalue())) as found:
        (entry,) = found.getmembers()
        assert (entry.name, entry.uid, entry.gid) == ("rig/bin/ping", 1000, 1005)
        content = found.extractfile(entry)
        assert content
        assert content.read() == b"hi"
        shifted = entry.pax_headers[CAPABILITY].encode("utf-8", "surrogateescape")
        assert struct.unpack("<6I", shifted) == (0x03000001, 0x2000, 0, 0, 0, 1000)
    with pytest.raises(ValueError, match="unknown revision"):
        of_root("\0\0\0\1", 1)
