"""The images of rigs: which there are, and how each is built once and then found again."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
from dataclasses import dataclass
from email.parser import HeaderParser
from io import BufferedReader
from pathlib import Path

from ..engines import DEBIANS, Engine
from ..errors import RigBroken
from ..model import Package, Provenance, Say
from . import debian
from .ids import Chunks, shift
from .outer_engine import MADE_FROM, OuterEngine
from .rig import STEP_LIMITS, Rig

SOURCE = Path(__file__).parent / "image"
REPOSITORY = "docker-networking-docs"
SEED = """\
set -e
docker import -c 'CMD ["sh"]' /rig/demo/busybox.tar busybox
if [ -e /rig/demo/nginx.tar ]
then docker import -c 'CMD ["nginx", "-g", "daemon off;"]' /rig/demo/nginx.tar nginx
fi"""
PACK = "service docker stop >/dev/null && tar -C /var/lib/docker -cf - image overlay2"
KEY = "engine.asc"
FOREIGN = f"""\
COPY {KEY} /etc/apt/keyrings/
RUN apt-get -o Acquire::Min-ValidTime={{0.valid}} update \\
 && apt-get install -y --no-install-recommends ca-certificates \\
 && echo 'deb [signed-by=/etc/apt/keyrings/{KEY}] {{0.source}}' \\
    > /etc/apt/sources.list.d/engine.list
"""
"""What an image begins with whose engine Debian does not ship."""
ROOT_ID = 1_000_000_000
"""On the machine, the id of a closed rig's root: above those that distributions give out."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that rigs are made of, and what it holds."""

    tag: str
    provenance: Provenance


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


def sources(wanted: Engine) -> dict[str, bytes]:
    """Everything an engine's image is made from.

    The files name Debian's package; for an engine from elsewhere, they name that in its place.
    """
    files = {p.name: p.read_bytes() for p in SOURCE.iterdir() if p.suffix in ("", ".py")}
    if not wanted.source:
        return files
    for name, package in (("Dockerfile", " ".join(wanted.packages)), ("agent.py", wanted.package)):
        files[name] = files[name].replace(DEBIANS.encode(), package.encode())
    start = b"FROM ${BASE}\n"
    files["Dockerfile"] = files["Dockerfile"].replace(
        start, start + FOREIGN.format(wanted).encode()
    )
    return {**files, KEY: wanted.key.encode()}


def made_from(wanted: Engine) -> str:
    """The SHA-256 of all that an engine's image is made from."""
    recipe = repr((wanted, SEED, PACK, ROOT_ID, debian.command(wanted, Path())))
    return hashlib.sha256(context(sources(wanted)).getvalue() + recipe.encode()).hexdigest()


def tag(wanted: Engine, trusted: bool = False) -> str:
    """The name under which an engine's image is kept: it changes when what it is made from does."""
    return f"{REPOSITORY}:{wanted.version}-{made_from(wanted)[:12]}{'-open' if trusted else ''}"


def ensure(engine: OuterEngine, wanted: Engine, say: Say) -> Image:
    """The image of an engine, built if it is not there yet.

    Rigs made of it close themselves in a user namespace, unless what runs there is trusted.
    Raises `RigBroken` where it cannot be built.
    """
    image = tag(wanted, engine.trusted)
    if not engine.has(image, made_from(wanted)):
        build(engine, wanted, image, say)
    versions = json.loads(engine.read(image, "/rig/versions.json"))
    return Image(image, Provenance(kernel=engine.kernel, image=engine.digest(image), **versions))


def packages(engine: OuterEngine, image: str) -> tuple[Package, ...]:
    """The Debian packages of an image."""
    status = engine.read(image, "/var/lib/dpkg/status").decode()
    listed = (HeaderParser().parsestr(entry) for entry in status.split("\n\n") if entry.strip())
    return tuple(
        Package(entry["Package"], entry["Version"], entry["Architecture"])
        for entry in listed
        if entry["Status"] == "install ok installed"
    )


def build(engine: OuterEngine, wanted: Engine, image: str, say: Say) -> None:
    """Build an engine's image; for a closed rig, with all ids shifted to those of its root."""
    base = base_image(engine, wanted, say)
    say(f"building the image of Docker Engine {wanted.version} (Debian {wanted.suite})")
    arguments = {"BASE": base, "VALID": str(wanted.valid), "EXTRA": " ".join(wanted.extra)}
    plain = f"{tag(wanted)}-plain"
    for line in engine.build(context(sources(wanted)), plain, arguments):
        if line.startswith("Step"):
            say(f"  {line[:100]}")
    say("  loading the demo images")
    seed = pack_seed(engine, plain)
    root = 0 if engine.trusted else ROOT_ID
    changes = [f"ENV ROOT_ID={root}", f"LABEL {MADE_FROM}={made_from(wanted)}"]
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as packed:
            shift(BufferedReader(Chunks(engine.export_root(plain))), packed, root)
            shift(io.BytesIO(seed), packed, root, below="rig/seed/")
        file.flush()
        engine.import_root(Path(file.name), image, changes)


def pack_seed(engine: OuterEngine, image: str) -> bytes:
    """The store of a host that has loaded the demo images, as a tar."""
    with engine.rig(image, "seed") as (_, pipe):
        rig = Rig(pipe)
        rig.boot({"h1": {"dockerd": {}, "sysctl": {}}}, {**STEP_LIMITS, "output": 256 << 20})
        for command in (SEED, PACK):
            done = rig.run("seed", "h1", command, timeout=60)
            if done.exit:
                raise RigBroken(f"the demo images do not load: {done.output}")
        return done.output.encode("utf-8", "surrogateescape")


def base_image(engine: OuterEngine, wanted: Engine, say: Say) -> str:
    """The Debian an image builds on: one that is pinned by digest, else one made here.

    Raises `RigBroken` where it cannot be made.
    """
    if wanted.base and engine.pull(wanted.base):
        return wanted.base
    image = f"{REPOSITORY}:base-{wanted.suite}"
    recipe = hashlib.sha256(repr(debian.command(wanted, Path())).encode()).hexdigest()
    if not engine.has(image, recipe):
        say(f"making a Debian {wanted.suite} base with mmdebstrap")
        with tempfile.TemporaryDirectory() as scratch:
            root = debian.make(wanted, Path(scratch))
            engine.import_root(root, image, [f"LABEL {MADE_FROM}={recipe}"])
    return image
