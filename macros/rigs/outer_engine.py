"""The Docker Engine outside, which runs the rigs: found or started, never guessed.

It knows containers and images, not scenes.
"""

from __future__ import annotations

import io
import os
import tarfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import IO, Any

from packaging.version import Version

from ..errors import RigBroken
from ..interrupts import undisturbed
from ..model import Say
from . import owner
from .client import APIError, Client, DockerException, ImageNotFound, NotFound, remove
from .pipe import Pipe

LABEL = "docker-networking-docs.run"
"""Label of everything created here; its value is the run's id. What lacks it is never touched."""
OWNER = f"{LABEL}.owner"
"""Label of each container: the process that started it, as `owner` names it."""
MADE_FROM = "docker-networking-docs.made-from"
"""Label of our images: the SHA-256 of what each was made from. A name alone is never believed."""
LOCAL = "unix:///var/run/docker.sock"
TRUSTED, RUNTIME = "RIG_TRUSTED", "RIG_RUNTIME"
"""What says, beside `DOCKER_HOST`, how rigs run: whether open, and by which OCI runtime."""
OLDEST_API = Version("1.41")
"""Docker Engine 20.10."""
AGENT = ["python3", "-u", "/rig/agent.py"]
PROFILE = "/rig/seccomp.json"
IDLE = 120
"""Seconds without a request after which a rig ends by itself: its engine died, or its starter."""
LIMITS = {
    "MemoryLimit": ("Memory", 1536 << 20),
    "SwapLimit": ("MemorySwap", 1536 << 20),
    "PidsLimit": ("PidsLimit", 2048),
    "CpuCfsQuota": ("NanoCpus", 2_000_000_000),
}
"""Of each rig: bytes of memory, processes, billionths of a CPU; by what an engine's info says of
whether its kernel and cgroups can limit that."""
UNFIT = {"rootless": "a rootless engine", "userns": "one with userns-remap"}
"""By its security options: rigs make their own user namespace, and need an id 0."""
CAPABILITIES = [
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL",
    "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP",
    "SETUID", "SYS_ADMIN", "SYS_CHROOT", "SYS_PTRACE",
]  # fmt: skip
"""What namespaces, mounts, dockerd and the capabilities it gives its own containers take."""


def new_run() -> str:
    """An id that no run has had."""
    return uuid.uuid4().hex[:12]


def labels(run: str) -> dict[str, str]:
    """Of a container: the run that it belongs to, and this process."""
    return {LABEL: run, OWNER: owner.of(os.getpid())}


@dataclass(frozen=True, slots=True)
class OuterEngine:
    """A Docker Engine to run rigs on."""

    url: str
    version: str
    kernel: str
    limits: tuple[tuple[str, int], ...]
    client: Client
    trusted: bool = False
    """Whether what runs in its rigs is trusted: they are then not closed by a user namespace."""
    runtime: str = ""
    """The OCI runtime of rigs, as its daemon.json names it; "" is its own choice."""
    run: str = field(default_factory=new_run)
    """Id of what this process runs there: the label's value."""
    left: list[str] = field(default_factory=list)
    """Rigs that could not be removed."""
    profiles: dict[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def at(cls, url: str) -> OuterEngine | None:
        """The engine at a URL, None where nothing answers.

        Raises `RigBroken` for one that is too old or rootless: a rig needs real capabilities.
        """
        if url.startswith("unix://") and not Path(url.removeprefix("unix://")).exists():
            return None
        with ExitStack() as opened:
            try:
                client = Client(url, "auto", Event())
                opened.callback(client.close)
                about = client.info()
            except APIError as error:
                raise RigBroken(f"{url}: {error}") from error
            except (DockerException, OSError, RigBroken):
                return None
            if Version(client.api_version) < OLDEST_API:
                old = about["ServerVersion"]
                raise RigBroken(f"{url}: Docker Engine 20.10 or newer is needed, this is {old}")
            unfit = about.get("SecurityOptions") or ()
            for name, kind in UNFIT.items():
                if any(f"name={name}" in option for option in unfit):
                    raise RigBroken(f"{url}: {kind} cannot run rigs; set DOCKER_HOST to another")
            opened.pop_all()
        limits = tuple(limit for can, limit in LIMITS.items() if about.get(can))
        return cls(
            url, about["ServerVersion"], about["KernelVersion"], limits, client,
            trusted=bool(os.environ.get(TRUSTED)), runtime=os.environ.get(RUNTIME, ""),
        )  # fmt: skip

    def missing_limits(self) -> list[str]:
        """Which limits of rigs this engine's kernel and control groups cannot hold."""
        return [name for name, _ in LIMITS.values() if name not in dict(self.limits)]

    # --- images ---

    def has(self, image: str, made_from: str) -> bool:
        """Whether an image is there that says it was made from this."""
        try:
            about = self.client.inspect_image(image)
        except ImageNotFound:
            return False
        return bool((about["Config"].get("Labels") or {}).get(MADE_FROM) == made_from)

    def digest(self, image: str) -> str:
        return str(self.client.inspect_image(image)["Id"])

    def pull(self, image: str) -> bool:
        """Pull an image, `NAME@sha256:…`, where a registry answers; False where none does."""
        name, digest = image.split("@")
        try:
            self.client.pull(name, tag=digest)
            self.client.inspect_image(image)
        except (DockerException, OSError):
            return False
        return True

    def import_root(self, path: Path, image: str, changes: Sequence[str] = ()) -> None:
        """Make an image of a root file system's tar, with instructions as in a Dockerfile."""
        repository, tag = image.split(":")
        self.client.import_image_from_file(
            str(path), repository=repository, tag=tag, changes=[f"LABEL {LABEL}=image", *changes]
        )

    def export_root(self, image: str) -> Iterator[bytes]:
        """An image's root file system, as the chunks of a tar."""
        container = self.client.create_container(image, "-", labels=labels(self.run))["Id"]
        try:
            yield from self.client.export(container)
        finally:
            self.client.remove_container(container, force=True)

    def build(
        self, context: IO[bytes], image: str, arguments: dict[str, str], made_from: str = ""
    ) -> Iterator[str]:
        """Build a tar of a context, give what the build says line by line.

        Its steps run in containers, with the machine's network: the archive must be reached.
        Raises `RigBroken` with the last lines of a build that fails.
        """
        lines: list[str] = []
        answers = self.client.build(
            fileobj=context, custom_context=True, tag=image, buildargs=arguments,
            network_mode="host", rm=True, forcerm=True, decode=True,
            labels={LABEL: "image", MADE_FROM: made_from},
        )  # fmt: skip
        for answer in answers:
            if "error" in answer:
                tail = "".join(lines[-15:])
                raise RigBroken(f"building {image} failed: {answer['error']}\n{tail}")
            line = answer.get("stream", "")
            lines.append(line)
            yield line.rstrip("\n")

    def read(self, image: str, path: str) -> bytes:
        """The content of one file of an image."""
        with undisturbed():  # between its creation and its id, nobody could remove it
            container = self.client.create_container(image, "-", labels=labels(self.run))["Id"]
            try:
                chunks, _ = self.client.get_archive(container, path)
                with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as archive:
                    file = archive.extractfile(archive.getmembers()[0])
                    assert file
                    return file.read()
            finally:
                self.client.remove_container(container, force=True)

    def profile(self, image: str) -> str:
        """The seccomp profile that an image holds for rigs made of it."""
        if image not in self.profiles:
            self.profiles[image] = self.read(image, PROFILE).decode()
        return self.profiles[image]

    # --- rigs ---

    @contextmanager
    def rig(self, image: str, name: str, idle: int = IDLE) -> Iterator[tuple[str, Pipe]]:
        """A rig's container, started: its id and its pipe. Gone when the block is left.

        It has no network and a read-only root, and ends by itself when its pipe closes,
        or is asked nothing for `idle` seconds.
        """
        client = Client(self.url, self.client.api_version, self.client.silent)
        container = ""
        try:
            host = client.create_host_config(
                network_mode="none", auto_remove=True, read_only=True, cap_drop=["ALL"],
                cap_add=CAPABILITIES,
                security_opt=[f"seccomp={self.profile(image)}", "apparmor=unconfined"],
                device_cgroup_rules=["c 10:200 rwm"],  # /dev/net/tun
                runtime=self.runtime or None,
                tmpfs={"/run": "size=1m,mode=755", "/tmp": "size=16m"},
            )  # fmt: skip
            host |= {"LogConfig": {"Type": "none"}, "MaskedPaths": [], "ReadonlyPaths": []}
            host |= dict(self.limits)
            container = client.create_container(
                image, entrypoint=AGENT, host_config=host, stdin_open=True, hostname="rig",
                environment={"IDLE": str(idle)},
                labels=labels(self.run) | {f"{LABEL}.scene": name},
            )["Id"]  # fmt: skip
            attach = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
            pipe = Pipe(client.attach_socket(container, params=attach))
            try:
                client.start(container)
                yield container, pipe
            finally:
                pipe.close()
        except (DockerException, OSError) as error:
            raise RigBroken(f"the engine at {self.url} broke: {error}") from error
        finally:
            if container and not remove(client, container):
                self.left.append(container)
            client.close()

    def remove_run(self, run: str) -> None:
        """Remove all containers of a run."""
        for container in self.containers(f"{LABEL}={run}"):
            remove(self.client, container["Id"])

    def containers(self, label: str = "") -> Iterator[dict[str, Any]]:
        """What this engine lists (under a label) and still knows, running or not.

        The list is a copy of its own: a container removed while the engine takes note that it
        ended stays there, `Dead`, as long as the engine runs (docker/for-linux#555).
        """
        for container in self.client.containers(
            all=True, filters={"label": label} if label else None
        ):
            with suppress(NotFound):
                self.client.inspect_container(container["Id"])
                yield container

    def now(self) -> float:
        """The engine's own clock, in seconds since the epoch."""
        return datetime.fromisoformat(self.client.info()["SystemTime"]).timestamp()

    def sweep(self, everything: bool = False) -> Iterator[str]:
        """Remove rigs that outlived their run (or all that no build is at work with).

        Says what became of each. A rig whose starter is gone ends by itself; what is left is
        what a dead engine left. Of one that another machine started only its state tells.
        """
        now = self.now()
        for container in self.containers(LABEL):
            rig = f"rig {container['Id'][:12]}"
            age = now - container["Created"]
            lives = owner.lives(container["Labels"].get(OWNER, ""))
            if lives is None and not everything:
                about_to_start = container["State"] == "created" and 0 <= age < 60
                lives = container["State"] == "running" or about_to_start
            if not lives:
                gone = remove(self.client, container["Id"])
                yield f"removed {rig}" if gone else f"{rig} could not be removed"
            elif everything:
                yield f"left {rig}: a build is at work with it"

    def forget_images(self) -> list[str]:
        """Remove every image built here; give their ids."""
        ids = [image["Id"] for image in self.client.images(filters={"label": LABEL})]
        for image in ids:
            with suppress(ImageNotFound):
                self.client.remove_image(image, force=True)
        return ids


def find(say: Say) -> OuterEngine | None:
    """The engine `DOCKER_HOST` names, or the one on the local socket; None where there is none.

    The active context of the docker CLI is never followed. A local engine that cannot run
    rigs is told, and counts as none. Raises `RigBroken` where `DOCKER_HOST` is set and
    nothing that can run rigs answers there.
    """
    if url := os.environ.get("DOCKER_HOST"):
        engine = OuterEngine.at(url)
        if engine is None:
            raise RigBroken(f"DOCKER_HOST={url}: no engine answers there; start it or unset it")
        return engine
    try:
        return OuterEngine.at(LOCAL)
    except RigBroken as problem:
        say(f"{problem}; it is not used")
        return None
