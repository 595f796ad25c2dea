"""What is installed: pinned, hashed, as wheels, for every Python and system that is supported."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from .pages_project import REPOSITORY

PINNED = REPOSITORY / "requirements.txt"
UV = (sys.executable, "-m", "uv", "pip")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = (
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
)
"""No Windows, for which the scripts are not; no musl, for which there is no Playwright."""


def requirements() -> list[str]:
    """One text for each: its name, version and hashes."""
    text = re.sub(r"^#.*\n", "", PINNED.read_text(), flags=re.MULTILINE)
    return re.split(r"\n(?=\S)", text.replace("\\\n", "").strip())


def test_every_requirement_is_pinned_and_hashed_and_names_no_host() -> None:
    assert len(requirements()) > 60
    for one in requirements():
        assert re.match(r"[a-z0-9-]+==\S+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+$", one), one
    assert "://" not in PINNED.read_text()


def test_no_script_installs_what_is_not_hashed_or_is_to_be_built() -> None:
    """A build of a source fetches what it likes, and runs it."""
    installing = re.compile(r"\bpip install\b(?:\\\n|.)*")
    files = [path for path in (REPOSITORY / "scripts").iterdir() if path.is_file()]
    texts = [path.read_text() for path in (*files, REPOSITORY / ".ci/run")]
    found = [one for text in texts for one in installing.findall(text)]
    assert found
    for one in found:
        assert "--only-binary :all:" in one
        assert "--require-hashes" in one


@pytest.mark.long  # asks the package registry
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_hashed_wheels_are_enough(python: str, system: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [*UV, "install", "--dry-run", "--require-hashes", "--only-binary", ":all:", "--target",
         tmp_path, "--python-version", python, "--python-platform", system, "-r", PINNED],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert f"Would install {len(applying(python, system))} packages" in done.stdout


def applying(python: str, system: str) -> list[str]:
    """The requirements whose marker holds there."""
    machine, _, kind = system.partition("-")
    there = {
        "python_full_version": f"{python}.99",
        "sys_platform": "darwin" if "darwin" in kind else "linux",
        "platform_machine": machine,
    }
    lines = (one.partition(" --hash")[0] for one in requirements())
    parsed = [Requirement(line.strip()) for line in lines]
    return [one.name for one in parsed if not one.marker or one.marker.evaluate(there)]


def test_a_wheel_with_another_hash_is_refused(tmp_path: Path) -> None:
    forged = tmp_path / "requirements.txt"
    one = next(one for one in requirements() if one.startswith("click=="))
    forged.write_text(re.sub(r"sha256:\w{60}", "sha256:" + "0" * 60, one))
    done = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:",
         "--require-hashes", "--dest", tmp_path, "-r", forged],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode
    assert "DO NOT MATCH THE HASHES" in done.stdout


def test_what_is_asked_for_is_pinned() -> None:
    asked = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    names = {
        re.split(r"[\s;=<>\[]", one)[0].lower()
        for one in (*asked["dependencies"], *asked["optional-dependencies"]["dev"])
    }
    assert names <= {one.partition("==")[0] for one in requirements()}
