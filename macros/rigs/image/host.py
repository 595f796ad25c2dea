"""One Docker host: namespaces, a root file system of its own, dockerd. Knows no commands."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import cgroups
import confinement
from shell import Broken, sh

LIVES = "/run/hosts"
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "USER": "root",
    "SHELL": "/bin/bash",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "dumb",
    "COLUMNS": "120",
}


class Host:
    """A set of namespaces with a root file system of its own, and, where asked, dockerd."""

    def __init__(self, name: str, limits: dict[str, int]) -> None:
        self.name = name
        self.cgroups = cgroups.create_limited(name, limits["host_processes"], limits["host_memory"])
        ready, tell = os.pipe()
        unshare = ["unshare", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--fork"]
        self.process = subprocess.Popen(
            cgroups.inside(self.cgroups, [*unshare, sys.executable, __file__, name]),
            env={**os.environ, "DISK": str(limits["disk"]), "TELL": str(tell)},
            pass_fds=[tell],
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
        )
        os.close(tell)
        told = os.read(ready, 4096)  # one write: unshare holds the pipe open, no end of file comes
        os.close(ready)
        if told != b"ready":
            raise Broken(f"host {name} did not come up: {told.decode()}")
        if "" in cgroups.hierarchies():
            cgroups.make_leaf(self.cgroups[0], "init")
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        self.pid = int(Path(children).read_text().split()[0])
        self.dockerd = False

    def enter(self, *argv: str) -> list[str]:
        """The command line that runs `argv` as a root login on this host would."""
        inside = ["nsenter", f"--target={self.pid}", "--mount", "--uts", "--ipc", "--net", "--pid"]
        settings = [f"{key}={value}" for key, value in ENVIRONMENT.items()]
        return [*inside, "--cgroup", "--root", "env", "-i", "-C", "/root", *settings, *argv]

    def write(self, path: str, text: str) -> None:
        target = Path(f"/proc/{self.pid}/root{path}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def start_dockerd(self, config: dict[str, object]) -> None:
        if config:
            self.write("/etc/docker/daemon.json", json.dumps(config, indent=2) + "\n")
        sh(*self.enter("service", "docker", "start"))
        self.dockerd = True

    def docker_answers(self) -> bool:
        client = http.client.HTTPConnection("docker")
        client.sock = socket.socket(socket.AF_UNIX)
        client.sock.settimeout(5)
        try:
            client.sock.connect(f"/proc/{self.pid}/root/run/docker.sock")
            client.request("GET", "/_ping")
            return client.getresponse().status == 200
        except OSError:
            return False
        finally:
            client.close()

    def docker_lives(self) -> bool:
        """Whether the dockerd that the init script started is still there."""
        root = Path(f"/proc/{self.pid}/root")
        try:
            pid = (root / "run/docker-ssd.pid").read_text().strip()
        except OSError:
            return False
        return (root / "proc" / pid).exists()

    def log(self) -> str:
        """The last lines of dockerd's log."""
        path = Path(f"/proc/{self.pid}/root/var/log/docker.log")
        return "\n".join(path.read_text().splitlines()[-8:]) if path.exists() else ""


def init(name: str, memory: int, tell: int) -> None:
    """PID 1 of a host: lay out its root file system, say so, then reap orphans for ever."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    home, root = f"{LIVES}/{name}", f"{LIVES}/{name}/root"
    sh("mount", "--make-rprivate", "/")
    os.makedirs(home, exist_ok=True)
    sh("mount", "-t", "tmpfs", "-o", f"size={memory},mode=755", name, home)
    for part in ("root", "upper", "work", "docker"):
        os.mkdir(f"{home}/{part}")
    layers = f"lowerdir={confinement.IMAGE},upperdir={home}/upper,workdir={home}/work"
    if confinement.is_closed():
        layers += ",userxattr"  # trusted.* belongs to the machine's root (overlayfs.rst)
    sh("mount", "-t", "overlay", "-o", layers, name, root)
    sh("mount", "--rbind", "/dev", f"{root}/dev")
    sh("mount", "-t", "proc", "proc", f"{root}/proc")
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "run", f"{root}/run")
    mount_whole(f"{root}/run/whole")
    sh("mount", "--bind", f"{root}/run/whole/sysfs", f"{root}/sys")
    sh("mount", "-o", "remount,ro,bind", f"{root}/sys")
    sh("mount", "--bind", f"{home}/docker", f"{root}/var/lib/docker")
    mount_cgroups(f"{root}/sys/fs/cgroup")
    if not confinement.is_closed():
        guard_machine(root)
    os.chdir(root)
    sh("busybox", "pivot_root", ".", "mnt")  # nothing of the rig's own is left below
    sh("umount", "--lazy", "/mnt")
    os.makedirs("/run/lock", exist_ok=True)
    socket.sethostname(name)
    replace("/etc/hostname", f"{name}\n")
    replace("/etc/hosts", f"127.0.0.1\tlocalhost\n::1\tlocalhost\n127.0.1.1\t{name}\n")
    replace("/etc/resolv.conf", "nameserver 198.51.100.1\n")
    sh("ip", "link", "set", "lo", "up")
    os.write(tell, b"ready")
    os.close(tell)
    while True:
        signal.sigwait({signal.SIGCHLD})
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def replace(path: str, text: str) -> None:
    """Write a file anew: the one there is the outer engine's, and may belong to its root."""
    Path(path).unlink(missing_ok=True)
    Path(path).write_text(text)


def mount_whole(where: str) -> None:
    """Mount proc and sysfs with nothing over them, aside.

    A namespace below may mount one only where it sees one that is whole (mount_too_revealing in
    the kernel's fs/namespace.c): `ip netns exec` and an engine without root do. In a closed rig
    their files belong to somebody else, however they are mounted.
    """
    for kind, options in (("proc", "rw"), ("sysfs", "rw" if confinement.is_closed() else "ro")):
        os.makedirs(f"{where}/{kind}")
        sh("mount", "-t", kind, "-o", options, kind, f"{where}/{kind}")


def mount_cgroups(where: str) -> None:
    """Mount the cgroup hierarchies as this host's cgroup namespace shows them.

    All but the freezer, by which a step could stop its host for ever.
    """
    mounted = cgroups.hierarchies()
    if "" in mounted:
        sh("mount", "-t", "cgroup2", "cgroup2", where)
        return
    sh("mount", "-t", "tmpfs", "-o", "mode=755", "cgroup", where)
    for controllers in mounted.keys() - {"freezer"}:
        os.mkdir(f"{where}/{controllers}")
        options = "none,name=systemd" if controllers == "systemd" else controllers
        sh("mount", "-t", "cgroup", "-o", options, "cgroup", f"{where}/{controllers}")


def guard_machine(root: str) -> None:
    """Keep a careless step of an open rig from what no namespace holds: sysctls, and sysrq."""
    proc = f"{root}/proc"
    sh("mount", "--bind", f"{proc}/sys", f"{proc}/sys")
    sh("mount", "-o", "remount,ro,bind", f"{proc}/sys")
    sh("mount", "--bind", f"{root}/run/whole/proc/sys/net", f"{proc}/sys/net")
    if os.path.exists(f"{proc}/sysrq-trigger"):
        sh("mount", "--bind", "/dev/null", f"{proc}/sysrq-trigger")


if __name__ == "__main__":
    tell_fd = int(os.environ["TELL"])
    try:
        init(sys.argv[1], int(os.environ["DISK"]), tell_fd)
    except (Broken, OSError) as error:
        os.write(tell_fd, str(error).encode())
        raise
