"""A replay that would change nothing builds nothing; whatever it reads or made is looked at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from macros.site import places, stamp

from .conftest import PAGE, Project
from .pages_project import REPOSITORY
from .test_serve import alone, record

LINES = ["1 scene, 1 step", "the site is in site/"]
FILES = (
    "docs/en/index.md", "docs/zh/modes/bridge.md", "docs/scenes/a.yml", "docs/transcripts/a.json",
    "docs/theme/main.html", "docs/theme/assets/site.css", "docs/words/en.toml",
    "docs/terms/en.toml", "macros/door.py", "macros/engines.toml", "macros/rigs/image/agent.py",
    "mkdocs.yml", "mkdocs.en.yml", "pyproject.toml", "requirements.txt", "hook.py",
    "packages/mkdocs/plugins.py", "packages/material/templates/x.svg",
    "packages/mkdocs-1.6.1.dist-info/RECORD", "site/index.html", "site/en/search/index.json",
)  # fmt: skip


def packages(root: Path) -> list[str]:
    return [str(root / "packages")]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a site, as a replay has just left it."""
    monkeypatch.setenv("SITE_URL", "https://docs.example/")
    monkeypatch.delenv("TITLE", raising=False)
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"of {name}\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: !ENV [TITLE, x]\n")
    made = stamp.inputs(tmp_path, packages(tmp_path))
    stamp.write(tmp_path, made, stamp.tree(tmp_path / "site"), LINES)
    return tmp_path


def test_where_nothing_changed_it_says_what_it_said(root: Path) -> None:
    assert stamp.unchanged(root, packages(root)) == LINES
    (root / "README.md").write_text("what no build reads")
    (root / "macros/__pycache__").mkdir()
    (root / "macros/__pycache__/door.pyc").write_bytes(b"x")
    assert stamp.unchanged(root, packages(root)) == LINES


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_as_it_was_is_seen(root: Path, name: str) -> None:
    path = root / name
    text = path.read_text()
    path.write_text(text.swapcase())  # as long as before
    os.utime(path, ns=(1, 1))
    assert stamp.unchanged(root, packages(root)) is None
    path.unlink()
    assert stamp.unchanged(root, packages(root)) is None


@pytest.mark.parametrize("name", sorted({str(Path(name).parent / "new.py") for name in FILES}))
def test_a_file_more_is_seen(root: Path, name: str) -> None:
    (root / name).write_text("")
    assert stamp.unchanged(root, packages(root)) is None


def linked(path: Path) -> None:
    """The same content, by a link."""
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved").name)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file of another name": lambda root: (root / "docs/en/index.md").rename(
        root / "docs/en/other.md"),
    "a folder that is empty": lambda root: (root / "docs/zh/Not a name").mkdir(),
    "a file that is a link": lambda root: linked(root / "docs/en/index.md"),
    "a site that is a link": lambda root: linked(root / "site"),
    "a site that is gone": lambda root: shutil.rmtree(root / "site"),
    "an empty folder of the site": lambda root: (root / "site/new").mkdir(),
    "a failed site": lambda root: (root / places.FAILED).mkdir(),
    "what a killed build left": lambda root: (root / f"{places.PREFIX}x").mkdir(),
    "a link in the place of the archive": lambda root: (root / "site.zip").symlink_to("x"),
    "no stamp": lambda root: (root / stamp.NAME).unlink(),
    "another's stamp": lambda root: (root / stamp.NAME).write_text('{"inputs": 1}'),
    "half a stamp": lambda root: (root / stamp.NAME).write_text('{"inputs": '),
    "content that moved to the next file": lambda root: [
        (root / "docs/scenes/a.yml").write_text(""),
        (root / "docs/scenes/b.yml").write_text("of docs/scenes/a.yml\n")],
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_else_a_build_would_look_at_is_seen(
    root: Path, change: Callable[[Path], object]
) -> None:
    change(root)
    assert stamp.unchanged(root, packages(root)) is None


@pytest.mark.parametrize(
    "name", ["SITE_URL", "SOURCE_DATE_EPOCH", "TITLE", "NETDOCS_RUN", "PYTHONUTF8", "LANG"]
)
def test_a_variable_that_changes_is_seen(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "another")
    assert stamp.unchanged(root, packages(root)) is None


def test_a_site_is_not_that_of_another_day(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2030, 1, 1, tzinfo=tz)

    monkeypatch.setattr(stamp, "datetime", Tomorrow)
    assert stamp.unchanged(root, packages(root)) is None


def test_this_projects_own_packages_are_looked_at() -> None:
    assert any((Path(one) / "mkdocs").is_dir() for one in stamp.PACKAGES)
    assert len(stamp.inputs(REPOSITORY)) == 64


def test_a_replay_builds_once_and_again_when_something_changed(project: Project) -> None:
    record(project)
    again = "nothing has changed"
    status, first = project.run("build", "--replay", **alone())
    assert (status, again in first) == (0, False), first
    made = project.snapshot()
    status, said = project.run("build", "--replay", **alone())
    assert (status, again in said) == (0, True), said
    assert said.splitlines()[1:] == first.splitlines()[-len(said.splitlines()[1:]) :]
    assert project.snapshot() == made
    (project.root / "site/en/index.html").write_text("by hand")
    status, said = project.run("build", "--replay", **alone())
    assert (status, again in said) == (0, False), said
    assert project.snapshot() == made
    project.page(PAGE + "\nfresh-words\n")
    status, said = project.run("build", "--replay", **alone())
    assert (status, again in said) == (0, False), said
    assert "fresh-words" in (project.root / "site/en/index.html").read_text()
    project.page(PAGE.replace('"hello"', '"hallo"'))
    status, said = project.run("build", "--replay", **alone())
    assert status == 2, said
