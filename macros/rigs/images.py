"""The images of rigs: which there are, and how each is built once and then found again."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import Mistake, Mistakes, RigBroken
from ..model import Provenance
from .engine import Engine
from .rig import STEP_LIMITS, Rig

SOURCE = Path(__file__).parent / "image"
REPOSITORY = "docker-networking-docs"
SEED = "docker import -c 'CMD [\"sh\"]' /rig/demo/busybox.tar busybox"
PACK = "service docker stop >/dev/null && tar -C /var/lib/docker -cf - image overlay2"
SEEDED = "FROM {}\nADD seed.tar /rig/seed/\n"
"""The same image, with the demo images already in the store that each host starts from."""


@dataclass(frozen=True, slots=True)
class Kind:
    """An engine that hosts can run, as `image/engines.toml` names it."""

    name: str
    suite: str
    version: str
    expired: bool = False
    """Whether the suite's archive is past its Valid-Until."""
    extra: tuple[str, ...] = ()
    """Packages that hosts of this engine get beside those of the Dockerfile."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that rigs are made of, and what it holds."""

    tag: str
    provenance: Provenance


@cache
def kinds() -> dict[str, Kind]:
    """The engines by name; the first is the default."""
    table = tomllib.loads((SOURCE / "engines.toml").read_text())
    return {
        name: Kind(name, **{**entry, "extra": tuple(entry.get("extra", ()))})
        for name, entry in table.items()
    }


def kind(name: str | None) -> Kind:
    """The engine of a name, a version or a suite (`28`, `28.5.2`, `forky`); the default for None.

    Raises `Mistakes` for one that is not named in the file.
    """
    for known in kinds().values():
        if name is None or name in (known.name, known.version, known.suite):
            return known
    names = ", ".join(kinds())
    raise Mistakes([Mistake("--engine", 0, f'no engine "{name}"; write one of {names}')])


def context(files: dict[str, bytes]) -> io.BytesIO:
    """A build context, the same bytes for the same files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    packed.seek(0)
    return packed


def sources() -> dict[str, bytes]:
    """Everything an image is made from."""
    return {p.name: p.read_bytes() for p in SOURCE.iterdir() if p.suffix in ("", ".py")}


def tag(wanted: Kind) -> str:
    """The name under which an engine's image is kept: it changes when what it is made from does."""
    digest = hashlib.sha256(context(sources()).getvalue() + repr(wanted).encode()).hexdigest()
    return f"{REPOSITORY}:{wanted.version}-{digest[:12]}"


def ensure(engine: Engine, wanted: Kind, say: Callable[[str], None]) -> Image:
    """The image of an engine, built if it is not there yet.

    Raises `RigBroken` where it cannot be built.
    """
    image = tag(wanted)
    if not engine.has(image):
        build(engine, wanted, image, say)
    versions = json.loads(engine.read(image, "/rig/versions.json"))
    return Image(image, Provenance(kernel=engine.kernel, image=engine.digest(image), **versions))


def build(engine: Engine, wanted: Kind, image: str, say: Callable[[str], None]) -> None:
    base = base_image(engine, wanted, say)
    say(f"building the image of Docker Engine {wanted.version} (Debian {wanted.suite})")
    arguments = {"BASE": base, "EXPIRED": "1" if wanted.expired else ""}
    plain = f"{image}-plain"
    for line in engine.build(
        context(sources()), plain, arguments | {"EXTRA": " ".join(wanted.extra)}
    ):
        if line.startswith("Step"):
            say(f"  {line[:100]}")
    say("  loading the demo images")
    seeded = {"Dockerfile": SEEDED.format(plain).encode(), "seed.tar": pack_seed(engine, plain)}
    for _ in engine.build(context(seeded), image, {}):
        pass


def pack_seed(engine: Engine, image: str) -> bytes:
    """The store of a host that has loaded the demo images, as a tar."""
    with engine.rig(image, "seed") as (_, pipe):
        rig = Rig(pipe)
        rig.boot({"h1": {"dockerd": {}, "sysctl": {}}}, {**STEP_LIMITS, "output": 256 << 20})
        for command in (SEED, PACK):
            done = rig.run("seed", "h1", command, timeout=60)
            if done.exit:
                raise RigBroken(f"the demo images do not load: {done.output}")
        return done.output.encode("utf-8", "surrogateescape")


def base_image(engine: Engine, wanted: Kind, say: Callable[[str], None]) -> str:
    """The Debian an image builds on: the official one, else one made here.

    Raises `RigBroken` where no registry answers and `mmdebstrap` is not installed.
    """
    made = f"{REPOSITORY}:base-{wanted.suite}"
    official = f"debian:{wanted.suite}"
    if engine.has(made):
        return made
    if engine.has(official) or engine.pull("debian", wanted.suite):
        return official
    if not shutil.which("mmdebstrap"):
        raise RigBroken(
            f"no registry answers for {official}, and mmdebstrap is not installed: "
            "apt-get install mmdebstrap"
        )
    say(f"making a Debian {wanted.suite} base with mmdebstrap: no registry answers")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root.tar"
        option = ['--aptopt=Acquire::Check-Valid-Until "false"'] if wanted.expired else []
        done = subprocess.run(
            ["mmdebstrap", "--variant=minbase", *option, wanted.suite, str(root)],
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise RigBroken(f"mmdebstrap failed:\n{done.stderr[-2000:]}")
        engine.import_root(root, made)
    return made
