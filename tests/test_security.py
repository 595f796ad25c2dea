"""The papers say what is so: tests that are there, owners of files that are there."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest
from pathspec import PathSpec

from macros.rigs import debian, images

from .pages_project import REPOSITORY

TEXT = ("docs/zh/", "docs/en/", "docs/scenes/", "docs/transcripts/", "docs/asked/",
        "docs/translated.toml", "docs/addresses.txt",
        "README.md", "CONTRIBUTING", "REFERENCE.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md",
        "CITATION.cff", "LICENSE")  # fmt: skip
"""What is read, or runs in a rig alone."""
CONFINEMENT = images.SOURCE / "confinement.py"
NAMED = re.compile(r"`(tests/\S+\.py)::(\w+)`")
PAPER = (REPOSITORY / "SECURITY.md").read_text("utf-8")


def rows() -> list[list[str]]:
    """The cells of each row of the table of what can and cannot be done."""
    table = PAPER.partition("## What each can")[2].partition("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def defined(path: str) -> set[str]:
    tree = ast.parse((REPOSITORY / path).read_text("utf-8"))
    return {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


def test_every_row_says_what_cannot_be_done_and_names_a_test() -> None:
    assert len(rows()) >= 25
    for row in rows():
        assert len(row) == 4, row
        assert row[1], row
        assert NAMED.search(row[3]), row


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(PAPER))))
def test_every_test_that_is_named_is_there(path: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in defined(path)


def owned() -> list[str]:
    lines = (REPOSITORY / ".github/CODEOWNERS").read_text("utf-8").splitlines()
    entries = [line.split() for line in lines if line and not line.startswith("#")]
    assert all(len(entry) == 2 and entry[1].startswith("@") for entry in entries)
    return [pattern for pattern, _ in entries]


def files() -> list[str]:
    """Every file of the project that is or would be committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=REPOSITORY, text=True, stdout=subprocess.PIPE, check=True)
    return [name for name in done.stdout.splitlines() if Path(REPOSITORY, name).exists()]


@pytest.mark.parametrize("pattern", owned())
def test_every_pattern_of_an_owner_matches_a_file(pattern: str) -> None:
    assert list(PathSpec.from_lines("gitignore", [pattern]).match_files(files()))


def test_all_that_is_code_has_an_owner() -> None:
    ours = set(PathSpec.from_lines("gitignore", owned()).match_files(files()))
    assert [name for name in files() if name not in ours and not name.startswith(TEXT)] == []
    assert [name for name in ours if name.startswith(TEXT)] == []


def test_nobody_that_makes_a_base_is_anybody_in_a_closed_rig() -> None:
    inside = re.search(r"^COUNT = 1 << (\d+)$", CONFINEMENT.read_text("utf-8"), re.MULTILINE)
    assert inside
    rigs = range(images.ROOT_ID, images.ROOT_ID + (1 << int(inside[1])))
    assert debian.FIRST not in rigs
    assert debian.FIRST + debian.COUNT - 1 not in rigs
    assert debian.FIRST + debian.COUNT < 1 << 32
