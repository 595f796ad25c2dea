"""Places that are not as they should be: disks, rights, links; a sentence, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from ..conftest import Project
from .conftest import Tape

pytestmark = pytest.mark.usefixtures("tape")


def sh(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def immutable(path: Path) -> Iterator[None]:
    sh("chattr", "-R", "+i", str(path))
    try:
        yield
    finally:
        sh("chattr", "-R", "-i", str(path))


@contextmanager
def mounted(path: Path, *options: str) -> Iterator[None]:
    sh("mount", *options, str(path))
    try:
        yield
    finally:
        sh("umount", str(path))


def moved(root: Path) -> Path:
    """The site out of the way."""
    return (root / "site").rename(root / "elsewhere")


def site_is_a_file(root: Path, stack: ExitStack) -> None:
    moved(root)
    (root / "site").write_text("mine")


def site_is_a_link(root: Path, stack: ExitStack) -> None:
    (root / "site").symlink_to(moved(root))


def site_is_a_link_to_nothing(root: Path, stack: ExitStack) -> None:
    moved(root)
    (root / "site").symlink_to("/no/such/place")


def site_is_mounted(root: Path, stack: ExitStack) -> None:
    stack.enter_context(mounted(root / "site", "-t", "tmpfs", "tmpfs"))


def site_is_immutable(root: Path, stack: ExitStack) -> None:
    stack.enter_context(immutable(root / "site"))


def project_is_read_only(root: Path, stack: ExitStack) -> None:
    sh("mount", "--bind", str(root), str(root))
    stack.callback(sh, "umount", str(root))
    sh("mount", "-o", "remount,ro,bind", str(root))


FAULTS: dict[str, tuple[Callable[[Path, ExitStack], None], int, str]] = {
    "site/ is a file": (site_is_a_file, 2, "site: this is no folder"),
    "site/ is a link": (site_is_a_link, 2, "site: this is a symbolic link"),
    "site/ is a link to nothing": (site_is_a_link_to_nothing, 2, "site: this is a symbolic link"),
    "site/ is a mount": (site_is_mounted, 2, "something is mounted at"),
    "site/ is immutable": (site_is_immutable, 3, "Operation not permitted; site/ is as it was"),
    "the project is read-only": (project_is_read_only, 3, "Read-only file system"),
}


def state(root: Path) -> dict[str, str]:
    """What stands at each path, links not followed."""
    paths = [root / "site", *root.glob("site/*"), *root.glob("elsewhere/*"), *root.glob(".site-*")]
    return {
        str(path): os.readlink(path) if path.is_symlink() else f"{path.lstat().st_mode:o}"
        for path in paths
        if os.path.lexists(path)
    }


@pytest.mark.parametrize(("fault", "status", "told"), FAULTS.values(), ids=FAULTS)
def test_a_place_that_is_not_as_it_should_be(
    built: Project, fault: Callable[[Path, ExitStack], None], status: int, told: str
) -> None:
    with ExitStack() as stack:
        fault(built.root, stack)
        before = state(built.root)
        came, said = built.run("build", "--replay")
        assert (came, "Traceback" in said) == (status, False), said
        assert told in said
        assert state(built.root) == before


def test_a_temporary_folder_that_is_full_changes_nothing(built: Project, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    with mounted(full, "-t", "tmpfs", "-o", "size=4k", "tmpfs"):
        (full / "file").write_bytes(b"x" * 4096)
        status, said = built.run("build", "--replay", TMPDIR=str(full))
    assert status == 0, said


@pytest.mark.docker
def test_transcripts_that_cannot_be_written_are_told(built: Project, tape: Tape) -> None:
    tape("hello from h1\nand more\n")
    before = built.snapshot()
    with immutable(built.root / "docs/transcripts"):
        status, said = built.run("build", "--record")
    assert (status, "Traceback" in said) == (3, False), said
    assert "docs/transcripts" in said
    assert "Operation not permitted" in said
    assert built.snapshot() == before
