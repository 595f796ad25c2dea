#!/usr/bin/env python3
"""What a host's network is made of, as `ip` and `docker inspect` say it: one JSON object.

Runs inside a host, in a mount namespace of its own, and leaves nothing behind. Tells; draws
no conclusion: which interface is whose peer is for the reader of the answer to find out.

    {"containers": [{"name", "inode", "mode", "ports", "networks"}, …],
     "namespaces": [{"name", "inode", "ids": {name: nsid}, "address": […], "route": […]}, …]}

A namespace is named `host`, or by its file in Docker's own directory, or `@` and its name for
`ip netns`; `ids` are the numbers under which it knows the others, which is what `link_netnsid` in
its addresses speaks of.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

DOCKERS = Path("/run/docker/netns")
NAMED = Path("/run/netns")
"""Where `ip netns` looks for namespaces."""


def said(*argv: str) -> Any:
    """What a program says in JSON; an empty list where it fails or says nothing."""
    done = subprocess.run(argv, capture_output=True, text=True)
    return json.loads(done.stdout or "[]") if not done.returncode else []


def containers() -> Any:
    """Every running container, oldest first; none where dockerd does not answer."""
    done = subprocess.run(["docker", "ps", "-q", "--no-trunc"], capture_output=True, text=True)
    ids = done.stdout.split()
    told = said("docker", "inspect", *reversed(ids)) if ids else []
    return [one for one in told if os.path.exists(f"/proc/{one['State']['Pid']}/ns/net")]


def inside(running: Any) -> dict[str, str]:
    """The namespaces of a host: name → a file that stands for it, each namespace once."""
    files = {"host": "/proc/self/ns/net"}
    files |= {path.name: str(path) for path in sorted(DOCKERS.glob("*"))}
    files |= {one["Id"][:12]: f"/proc/{one['State']['Pid']}/ns/net" for one in running}
    files |= named()
    seen: set[int] = set()
    found = {}
    for name, file in files.items():
        inode = os.stat(file).st_ino
        if inode not in seen:
            seen.add(inode)
            found[name] = file
    return found


def named() -> dict[str, str]:
    """What `ip netns` knows: name → an open file, as the directory is about to be covered."""
    kernel = os.stat("/proc/self/ns/net").st_dev  # a name that is no namespace's is a plain file
    mounted = [path for path in sorted(NAMED.glob("*")) if path.stat().st_dev == kernel]
    return {
        f"@{path.name}": f"/proc/{os.getpid()}/fd/{os.open(path, os.O_RDONLY)}" for path in mounted
    }


def namespace(name: str, file: str) -> dict[str, Any]:
    """One namespace, seen from inside."""
    enter = ("nsenter", f"--net={file}")
    address = said(*enter, "ip", "-j", "-d", "address")  # first: it draws numbers for peers'
    known = said(*enter, "ip", "-j", "netns", "list")
    return {
        "name": name,
        "inode": os.stat(file).st_ino,
        "ids": {one["name"]: one["id"] for one in known if "id" in one},
        "address": address,
        "route": said(*enter, "ip", "-j", "route"),
    }


def about(container: Any) -> dict[str, Any]:
    """What of a container concerns its network."""
    settings = container["NetworkSettings"]
    return {
        "name": container["Name"].removeprefix("/"),
        "inode": os.stat(f"/proc/{container['State']['Pid']}/ns/net").st_ino,
        "mode": container["HostConfig"]["NetworkMode"],
        "ports": settings["Ports"],
        "networks": {name: one["NetworkID"] for name, one in settings["Networks"].items()},
    }


def main() -> None:
    running = containers()
    files = inside(running)
    existed = NAMED.exists()
    NAMED.mkdir(exist_ok=True)
    subprocess.run(["mount", "-n", "-t", "tmpfs", "names", str(NAMED)], check=True)
    for name, file in files.items():
        target = file.replace("self", str(os.getpid())) if name == "host" else file
        (NAMED / name).symlink_to(target)
    found = [namespace(name, file) for name, file in files.items()]
    print(json.dumps({"containers": [*map(about, running)], "namespaces": found}))
    subprocess.run(["umount", "-n", str(NAMED)], check=True)
    if not existed:
        NAMED.rmdir()


if __name__ == "__main__":
    main()
