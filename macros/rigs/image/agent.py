#!/usr/bin/env python3
"""The inside of a rig: boots hosts, runs commands in them, answers on stdout.

Runs as PID 1 of the rig's container, on Python ≥ 3.11 and the standard library
alone. Requests come as JSON lines on stdin, each is answered by one JSON line.
When stdin ends, or nothing is asked for IDLE seconds, whoever asked is gone: this
process exits, and with it goes the whole rig. It knows hosts and commands; of scenes
and expectations it knows nothing.

    boot     {hosts, limits}              → {}              hosts are up, dockerd answers
    kinds    {kinds}                      → {missing}       link kinds the kernel lacks
    run      {on, command, timeout}       → {output, exit, ended}
    enter    {on, history}                → {argv}          how to open a shell on a host
    begin    {name, on, command, ready, timeout} → {ready}  a background command
    peek     {name}                       → {output}        what it has printed so far
    collect  {name, timeout}              → {output, exit, ended}   SIGINT, wait, read
    topology {}                           → {hosts: {name: what survey.py says}}
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import confinement
from command import Command, encode
from host import Host
from shell import Broken, sh

SYSCTLS = {
    "net.ipv4.ip_forward": "0",
    "net.ipv6.conf.all.forwarding": "0",
    "net.ipv6.conf.default.forwarding": "0",
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.conf.default.rp_filter": "0",
    "net.ipv4.conf.all.route_localnet": "0",
    "net.ipv4.conf.default.route_localnet": "0",
    "net.ipv4.ping_group_range": "0 2147483647",
    "net.ipv6.conf.all.disable_ipv6": "0",
    "net.ipv6.conf.default.disable_ipv6": "0",
    "net.ipv6.conf.default.accept_dad": "0",
    "net.ipv6.conf.default.router_solicitations": "0",
}
"""What a new network namespace would take from the machine, set to the kernel's own defaults
(who may ping: to systemd's, since the kernel's own cannot be told in a user namespace);
duplicate address detection and router solicitation are off, so that addresses are there at once."""


class Rig:
    """The hosts, the wire between them, and what runs there."""

    def __init__(self) -> None:
        self.hosts: dict[str, Host] = {}
        self.background: dict[str, Command] = {}
        self.limits: dict[str, int] = {}

    def boot(self, hosts: dict[str, dict[str, Any]], limits: dict[str, int]) -> dict[str, Any]:
        self.limits = limits
        for name in ("lan", *hosts):
            self.hosts[name] = Host(name, limits)
        self.wire(hosts)
        for name, options in hosts.items():
            store = f"/proc/{self.hosts[name].pid}/root/var/lib/docker"
            if os.path.isdir("/rig/seed"):
                sh("cp", "-a", "/rig/seed/.", store)
            if options["dockerd"] is not None:
                self.hosts[name].start_dockerd(options["dockerd"])
        for host in self.hosts.values():
            self.await_dockerd(host)
        return {}

    def await_dockerd(self, host: Host, timeout: float = 30) -> None:
        deadline = time.monotonic() + timeout
        while host.dockerd and not host.docker_answers():
            if time.monotonic() > deadline or not host.docker_lives():
                raise Broken(f"dockerd on {host.name} does not answer:\n{host.log()}")
            time.sleep(0.02)

    def wire(self, hosts: dict[str, dict[str, Any]]) -> None:
        """Pin the sysctls of every network namespace, then join the hosts to the bridge `lan`."""
        lan = self.hosts["lan"]
        for name, host in self.hosts.items():
            wanted = SYSCTLS | hosts.get(name, {}).get("sysctl", {})
            sh(*host.enter("sysctl", "-q", *(f"{key}={value}" for key, value in wanted.items())))
        sh(*lan.enter("ip", "link", "add", "lan", "address", "02:00:5e:00:53:01", "type", "bridge"))
        sh(*lan.enter("ip", "address", "add", "198.51.100.1/24", "dev", "lan"))
        sh(*lan.enter("ip", "link", "set", "lan", "up"))
        for name in hosts:
            number = 10 + int(name.removeprefix("h"))
            pid, mac = self.hosts[name].pid, f"02:00:5e:00:53:{number:02x}"
            peer = ["peer", "name", "eth0", "address", mac, "netns", str(pid)]
            sh("nsenter", f"--target={lan.pid}", "--net",
               "ip", "link", "add", name, "type", "veth", *peer)  # fmt: skip
            sh(*lan.enter("ip", "link", "set", name, "master", "lan", "up"))
            enter = self.hosts[name].enter
            sh(*enter("ip", "address", "add", f"198.51.100.{number}/24", "dev", "eth0"))
            sh(*enter("ip", "link", "set", "eth0", "up"))
            sh(*enter("ip", "route", "add", "default", "via", "198.51.100.1"))

    def kinds(self, kinds: list[str]) -> dict[str, Any]:
        """Which of these link kinds `ip link add type …` does not know in this kernel."""
        probe = ["unshare", "--net", "sh", "-ec"]
        script = "ip link add p0 type veth peer name p1; ip link add link p0 name q0 type {} {}"
        detail = {"vlan": "id 1", "vxlan": "id 1 dstport 4789", "veth": "peer name q1"}
        missing = []
        for kind in kinds:
            done = subprocess.run(
                [*probe, script.format(kind, detail.get(kind, ""))], capture_output=True, text=True
            )
            if done.returncode and re.search("Unknown device type|not supported", done.stderr):
                missing.append(kind)
        return {"missing": missing}

    def command(self, on: str, command: str) -> Command:
        host = self.hosts[on.partition("/")[0]]
        argv = self.within(on, ["bash", "-c", command])
        return Command(host, host.enter(*argv), self.limits)

    def run(self, on: str, command: str, timeout: float) -> dict[str, Any]:
        return self.command(on, command).wait(timeout)

    def enter(self, on: str, history: list[str]) -> dict[str, Any]:
        host = self.hosts[on.partition("/")[0]]
        host.write("/root/.bash_history", "".join(f"{line}\n" for line in history))
        shell = ["bash", "--rcfile", "/rig/bashrc", "-i"]
        inside = ["nsenter", "--target=1", "--user", "--mount", "--net"]
        argv = host.enter("TERM=xterm-256color", f"RIG={on}", *self.within(on, shell))
        return {"argv": [*(inside if confinement.is_closed() else ()), *argv]}

    def within(self, on: str, argv: list[str]) -> list[str]:
        """The command line that runs `argv` on a host, or in a container's network there."""
        _, _, container = on.partition("/")
        if not container:
            return argv
        find = f"docker inspect -f '{{{{.State.Pid}}}}' {shlex.quote(container)}"
        join = f'pid=$({find}) && exec nsenter --target="$pid" --net "$@"'
        return ["bash", "-c", join, "bash", *argv]

    def begin(self, name: str, on: str, command: str, ready: str, timeout: float) -> dict[str, Any]:
        self.background[name] = self.command(on, command)
        return {"ready": self.background[name].matches(ready, timeout)}

    def peek(self, name: str) -> dict[str, Any]:
        return {"output": encode(self.background[name].output)}

    def collect(self, name: str, timeout: float) -> dict[str, Any]:
        command = self.background.pop(name)
        command.interrupt_unless_over()
        return command.wait(timeout)

    def topology(self) -> dict[str, Any]:
        survey = ("unshare", "--mount", "python3", "/rig/survey.py")
        found = {name: json.loads(sh(*host.enter(*survey))) for name, host in self.hosts.items()}
        return {"hosts": found}


def serve() -> None:
    rig = Rig()
    verbs = (
        rig.boot, rig.kinds, rig.run, rig.enter, rig.begin, rig.peek, rig.collect, rig.topology,
    )  # fmt: skip
    by_name: dict[str, Callable[..., dict[str, Any]]] = {verb.__name__: verb for verb in verbs}
    idle = int(os.environ["IDLE"])
    signal.alarm(idle)
    for line in sys.stdin:
        request = json.loads(line)
        signal.alarm(idle + int(request.get("timeout", 0)))
        try:
            answer = by_name[request.pop("do")](**request)
        except Exception as error:  # whatever it was, the build must hear of it
            answer = {"broken": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


def versions() -> None:
    """Print what this image holds, read off the programs themselves, when it is built."""

    def version(*argv: str) -> str:
        found = re.search(r"v?(\d+(?:\.\d+)+)", sh(*argv))
        return found[1] if found else "unknown"

    backend = re.search(r"\((\w+)\)", sh("iptables", "--version"))
    print(json.dumps({
        "engine": version("dockerd", "--version"),
        "containerd": version("containerd", "--version"),
        "runc": version("runc", "--version"),
        "firewall": f"iptables ({backend[1] if backend else 'unknown'})",
        "iptables": version("iptables", "--version"),
        "iproute2": version("ip", "-V"),
        "package": sh("dpkg-query", "--show", "--showformat=${Package} ${Version}", "docker.io"),
    }))  # fmt: skip


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["versions"]:
            versions()
        case _:
            if not confinement.is_closed():
                try:
                    confinement.prepare()
                except (Broken, OSError) as error:
                    sys.exit(f"no user namespace closes it: {error}; --trusted runs it open")
            signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
            signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
            serve()
