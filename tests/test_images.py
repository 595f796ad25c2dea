"""What images of rigs are made from, and which image of our name is believed."""

from __future__ import annotations

import ast
import hashlib
import io
import os
import re
import select
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from macros import engines
from macros.errors import Mistakes, RigBroken
from macros.rigs import debian, images
from macros.rigs.outer_engine import MADE_FROM, OuterEngine

KIND = engines.Engine("0", "imposter", "0.0.0")
NAME = f"{images.REPOSITORY}:base-{KIND.suite}"


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user of the machine may enter; pytest's own may only root."""
    place = Path(tempfile.mkdtemp(prefix="images-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def nearly_empty(path: Path) -> Path:
    """The tar of a root file system with one file."""
    with tarfile.open(path, "w") as archive:
        archive.addfile(tarfile.TarInfo("hello"), io.BytesIO())
    return path


# --- which image is believed ---


@pytest.mark.docker
@pytest.mark.parametrize("label", [(), (f"LABEL {MADE_FROM}=0f1e2d",)], ids=["none", "another"])
def test_an_image_of_our_name_is_made_anew_unless_its_label_says_what_it_is_made_from(
    engine: OuterEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label: tuple[str, ...]
) -> None:
    made: list[str] = []

    def make(wanted: engines.Engine, scratch: Path) -> Path:
        made.append(wanted.suite)
        return nearly_empty(scratch / "root.tar")

    monkeypatch.setattr(debian, "make", make)
    engine.import_root(nearly_empty(tmp_path / "imposter.tar"), NAME, label)
    imposter = engine.digest(NAME)
    try:
        assert images.base_image(engine, KIND, print) == NAME
        assert made == ["imposter"]
        honest = engine.digest(NAME)
        assert honest != imposter
        assert images.base_image(engine, KIND, print) == NAME
        assert made == ["imposter"], "it was believed the second time"
        assert engine.digest(NAME) == honest
        images.base_image(engine, replace(KIND, age=3), print)
        assert made == ["imposter"] * 2, "it is made from something else now"
    finally:
        engine.client.remove_image(NAME, force=True)
        engine.client.remove_image(imposter, force=True)


@pytest.mark.docker
def test_the_image_of_rigs_has_the_label_of_all_that_it_is_made_from(
    engine: OuterEngine, image: images.Image
) -> None:
    assert engine.has(image.tag, images.made_from(engines.named(None)))
    assert not engine.has(image.tag, images.made_from(engines.named("20")))


def test_what_an_image_is_made_from_counts_in_its_name() -> None:
    names = {
        images.tag(replace(engines.named(None), **change))
        for change in ({}, {"age": 7}, {"archive": "http://a.example"}, {"base": "debian@sha256:0"})
    }
    assert len(names) == 4


ELSEWHERE = """\
[29]
suite = "trixie"
version = "29.1.0"
source = "https://archive.example/linux/debian trixie stable"
packages = ["docker-ce=5:29.1.0-1~debian.13~trixie", "docker-ce-cli", "containerd.io"]
key = '''
-----BEGIN PGP PUBLIC KEY BLOCK-----
'''
"""


def test_an_engine_that_debian_does_not_ship_is_a_row_like_the_others() -> None:
    (wanted,) = engines.rows(ELSEWHERE).values()
    files = {name: content.decode() for name, content in images.sources(wanted).items()}
    steps = re.split(r"\n(?=[A-Z]+ )", files["Dockerfile"].replace("\\\n", ""))
    source, install = (one for one in steps if one.startswith("RUN apt-get"))
    listed = "deb [signed-by=/etc/apt/keyrings/engine.asc] https://archive.example/linux/debian"
    assert f"echo '{listed} trixie stable' > /etc/apt/sources.list.d/engine.list" in " ".join(
        source.split()
    )
    assert steps.index("COPY engine.asc /etc/apt/keyrings/") < steps.index(source)
    assert steps.index(source) < steps.index(install)
    assert {*wanted.packages} < {*install.split()}
    assert files["engine.asc"] == wanted.key
    assert '"docker-ce")' in files["agent.py"]
    assert not any("docker.io" in text for text in files.values())
    ast.parse(files["agent.py"])
    changes: tuple[dict[str, Any], ...] = ({}, {"source": "x"}, {"key": "x"}, {"packages": ("x",)})
    assert len({images.tag(replace(wanted, **change)) for change in changes}) == 4


@pytest.mark.parametrize("lost", ["source", "key", "packages"])
def test_an_engine_from_a_source_that_nobody_signs_is_refused(lost: str) -> None:
    row = re.sub(rf"^{lost} = (?:'''.*?'''|.*?)$", "", ELSEWHERE, flags=re.M | re.S)
    with pytest.raises(Mistakes, match="takes source, key and packages"):
        engines.rows(row)


def test_an_engine_of_debian_is_made_from_the_files_as_they_are() -> None:
    for wanted in engines.known().values():
        assert images.sources(wanted) == {
            path.name: path.read_bytes()
            for path in images.SOURCE.iterdir()
            if path.suffix in ("", ".py")
        }
        assert "source" not in repr(wanted)
        assert "packages" not in repr(wanted)


# --- where the base comes from ---


@pytest.mark.docker
def test_nothing_is_pulled_without_a_digest(
    engine: OuterEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled: list[str] = []
    monkeypatch.setattr(OuterEngine, "pull", lambda _, image: pulled.append(image))
    monkeypatch.setattr(debian, "make", lambda _, scratch: nearly_empty(scratch / "root.tar"))
    try:
        images.base_image(engine, KIND, print)
        assert pulled == []
        images.base_image(engine, replace(KIND, base="debian@sha256:0f1e2d"), print)
        assert pulled == ["debian@sha256:0f1e2d"]
    finally:
        engine.client.remove_image(NAME, force=True)


@pytest.mark.parametrize("kind", engines.known().values(), ids=lambda kind: str(kind.name))
def test_apt_checks_keys_and_dates_of_every_suite(kind: engines.Engine) -> None:
    """`age` alone lengthens what a list says of itself, and never for ever."""
    said = " ".join([*debian.command(kind, Path("root.tar")), *(
        path.read_text() for path in (images.SOURCE / "Dockerfile", Path(debian.__file__))
    )])  # fmt: skip
    assert f"--keyring={debian.KEYRING}" in said
    assert "--mode=unshare" in said
    for hole in ("trusted=yes", "Valid-Until", "Check-Date", "unauthenticated", "AllowInsecure"):
        assert hole not in said
    assert kind.age <= 366
    assert not kind.base or "@sha256:" in kind.base


TINY = (
    "Package: tiny\nVersion: 1\nArchitecture: all\nEssential: yes\nMaintainer: nobody\n"
    f"Filename: pool/tiny.deb\nSize: 1\nSHA256: {'0' * 64}\nDescription: lost\n"
)


class Archive:
    """A Debian archive signed by a key of its own; lists 30 days old, its package lost."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.home = place / "gnupg"
        self.home.mkdir(mode=0o700)
        self.gpg("--quick-generate-key", "--passphrase", "", "test@invalid.example")
        (place / "dists/test/main/binary-amd64").mkdir(parents=True)
        packages = place / "dists/test/main/binary-amd64/Packages"
        packages.write_text(TINY)
        then = datetime.now(UTC) - timedelta(days=30)
        digest = hashlib.sha256(TINY.encode()).hexdigest()
        (place / "dists/test/Release").write_text(
            "Suite: test\nCodename: test\nArchitectures: amd64\nComponents: main\n"
            f"Date: {then:%a, %d %b %Y %H:%M:%S} UTC\n"
            f"Valid-Until: {then + timedelta(days=7):%a, %d %b %Y %H:%M:%S} UTC\n"
            f"SHA256:\n {digest} {len(TINY)} main/binary-amd64/Packages\n"
        )
        self.gpg("--clearsign", "--output", str(place / "dists/test/InRelease"),
                 str(place / "dists/test/Release"))  # fmt: skip
        self.keyring = place / "keys.gpg"
        self.gpg("--output", str(self.keyring), "--export")

    def gpg(self, *arguments: str) -> None:
        subprocess.run(
            ["gpg", "--batch", "--quiet", "--homedir", str(self.home), *arguments], check=True
        )

    def base(self, age: int) -> str:
        """Why no base can be made of it, when lists may be so many days old."""
        kind = engines.Engine("0", "test", "0.0.0", age=age, archive=f"copy:{self.place}")
        scratch = Path(tempfile.mkdtemp(dir=self.place))
        with pytest.raises(RigBroken) as broken:
            debian.make(kind, scratch)
        return str(broken.value)


def test_lists_are_refused_that_are_too_old_or_signed_by_nobody_known(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(shared)
    monkeypatch.setattr(debian, "KEYRING", archive.keyring)
    assert "is expired" in archive.base(age=0)
    assert "is expired" in archive.base(age=20)
    accepted = archive.base(age=60)
    assert "is expired" not in accepted
    assert "pool/tiny.deb" in accepted, "the lists were read, and the package is looked for"
    subprocess.run(["gpgconf", "--homedir", archive.home, "--kill", "all"], check=True)
    monkeypatch.undo()
    assert "NO_PUBKEY" in archive.base(age=60)


# --- nothing runs as root that need not ---


def test_what_makes_a_base_is_nobody_on_the_machine(shared: Path) -> None:
    marker = Path("/etc/docker-networking-docs-marker")
    script = f"id -u; touch mine; ! touch {marker} && ! mknod null c 1 3 && ! cat /etc/shadow"
    status, said = debian.run_unprivileged(["sh", "-c", f"exec >&2; {script}"], shared)
    assert (status, said.splitlines()[0]) == (0, "0"), said
    assert not marker.exists()
    assert (shared / "mine").stat().st_uid == debian.FIRST
    assert said.count("Permission denied") + said.count("not permitted") == 3


def test_what_makes_a_base_ends_with_who_asked_for_it(shared: Path) -> None:
    alive = shared / "alive"
    os.mkfifo(alive)
    alive.chmod(0o666)
    wait = (
        f"debian.run_unprivileged(['sh', '-c', 'exec >{alive}; echo on; sleep 300'], "
        f"Path('{shared}'))"
    )
    asking = subprocess.Popen(
        [sys.executable, "-c", f"from pathlib import Path\nfrom macros.rigs import debian\n{wait}"],
        cwd=Path(__file__).parents[1],
    )
    with os.fdopen(os.open(alive, os.O_RDONLY | os.O_NONBLOCK)) as heard:
        assert select.select([heard], [], [], 60)[0], "it never begins"
        assert heard.readline() == "on\n"
        asking.kill()
        asking.wait()
        assert select.select([heard], [], [], 20)[0], "it runs on"
        assert heard.read() == "", "its end of the pipe is closed"
