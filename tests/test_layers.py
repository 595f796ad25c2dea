"""The floors of ARCHITECTURE.md: no import runs up or across, and everything is on the map."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .pages_project import REPOSITORY

MAP = (REPOSITORY / "ARCHITECTURE.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d) \| (\w+) \| ((?:`\S+` ?)+) \|", re.MULTILINE)
PACKAGE = REPOSITORY / "macros"
FILES = sorted(PACKAGE.rglob("*.py"))
IN_RIGS = "rigs/image/"
DOCKER = "rigs/client.py"
"""The one module that imports `docker`."""


@dataclass(frozen=True)
class Room:
    """A row of the table: a folder, or modules that stand together."""

    floor: int
    part: str
    """`left`, `right`; `ground`, on which both stand; `roof`, which stands on both."""
    names: tuple[str, ...]

    def may_import(self, other: Room) -> bool:
        across = self.part != "roof" and other.part not in ("ground", self.part)
        return other is self or (other.floor < self.floor and not across)


ROOMS = [Room(int(floor), part, tuple(re.findall(r"`(\S+)`", names)))
         for floor, part, names in ROW.findall(MAP)]  # fmt: skip


def room(path: str) -> Room:
    """Where a file of the package is, by its path there; raises `LookupError` if nowhere."""
    for folder in (IN_RIGS, path.partition("/")[0] + "/" if "/" in path else path):
        for one in ROOMS:
            if folder in one.names and path.startswith(folder):
                return one
    raise LookupError(f"macros/{path} is in no room of ARCHITECTURE.md")


def imported(path: str, tree: ast.Module) -> Iterator[str]:
    """What a module imports, wherever in it: `docker.errors`, or a path of the package.

    A module that is started by name (`-m macros.rigs.reaper`) is imported, too.
    """
    package = ("macros", *Path(path).parent.parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [(one.name, "") for one in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join(filter(None, (*above, node.module)))
            names = [(module, one.name) for one in node.names]
        elif isinstance(node, ast.Constant) and re.fullmatch(r"macros(\.\w+)+", str(node.value)):
            names = [(str(node.value), "")]
        else:
            continue
        for module, name in names:
            if module.partition(".")[0] != "macros":
                yield module
            else:
                yield file_of(module, name)


def file_of(module: str, name: str) -> str:
    """The file of the package that `from module import name` reads."""
    for place in (f"{module}.{name}", module):
        at = REPOSITORY.joinpath(*place.strip(".").split("."))
        for file in (at.with_suffix(".py"), at / "__init__.py"):
            if file.is_file():
                return file.relative_to(PACKAGE).as_posix()
    raise LookupError(f"{module} has no {name}")


def read_by_path(path: str, tree: ast.Module) -> Iterator[Path]:
    """The paths that a module makes of its own `__file__`."""
    known: dict[str, Path] = {}

    def value(node: ast.expr) -> Path | None:
        match node:
            case ast.Name(id="__file__"):
                return PACKAGE / path
            case ast.Name(id=name):
                return known.get(name)
            case ast.Call(func=ast.Name(id="Path"), args=[inner]):
                return value(inner)
            case ast.Call(func=ast.Attribute(value=inner, attr="resolve")):
                return value(inner)
            case ast.Attribute(value=inner, attr="parent"):
                return (at := value(inner)) and at.parent
            case ast.Subscript(
                value=ast.Attribute(value=inner, attr="parents"), slice=ast.Constant(value=int(up))
            ):
                return (at := value(inner)) and at.parents[up]
            case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=str(name))):
                return (at := value(left)) and at / name
        return None

    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=made) if at := value(made):
                known[name] = at
    for each in ast.walk(tree):
        if isinstance(each, ast.expr) and (at := value(each)):
            yield at


def complaints(path: str, text: str) -> Iterator[str]:
    """What is wrong with a module of the package, by its path there and its text."""
    tree, here = ast.parse(text), room(path)
    for name in imported(path, tree):
        outside = name.partition(".")[0]
        if path.startswith(IN_RIGS):
            beside = (PACKAGE / IN_RIGS / f"{outside}.py").is_file()
            if name.endswith(".py") or not (beside or outside in sys.stdlib_module_names):
                yield f"{path} runs in rigs and imports {name}"
        elif not name.endswith(".py"):
            if outside == "docker" and path != DOCKER:
                yield f"{path} imports docker"
        elif not here.may_import(room(name)):
            yield f"{path} imports {name}, which is above it or in the other wing"
    for at in read_by_path(path, tree):
        folder = (PACKAGE / path).parent
        if PACKAGE in at.parents and not at.is_relative_to(folder) and at not in folder.parents:
            yield f"{path} reads {at.relative_to(PACKAGE)}, which is another folder's"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_no_import_runs_up_or_across(file: Path) -> None:
    path = file.relative_to(PACKAGE).as_posix()
    assert not list(complaints(path, file.read_text("utf-8")))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("model.py", "from .diagrams.grid import grid"),
        ("diagrams/description.py", "from ..pages import console"),
        ("build.py", "from .site import archive, site"),
        ("build.py", "from .pages import claims"),
        ("site/server.py", "from ..commands.summary import told"),
        ("site/server.py", "from .. import build"),
        ("site/site.py", "from .. import define_env"),
        ("rigs/rig.py", "from ..diagrams.comparison import compare"),
        ("verdicts/drift.py", "from ..diagrams import comparison"),
        ("pages/proof.py", "from ..verdicts.steadiness import settle"),
        ("scenes/scene.py", "from ..rigs.images import ensure"),
        ("markup.py", "def late() -> None:\n    from .pages.ways import HERE"),
        ("outcome.py", "if TYPE_CHECKING:\n    from .build import run_or_replay"),
        ("verdicts/drift.py", "import macros.rigs.rig"),
        ("diagrams/cells.py", 'run("python", "-m", "macros.site.child")'),
        ("scenes/scene.py", 'X = Path(__file__).parents[1] / "rigs/image/agent.py"'),
        ("scenes/scene.py", 'HOME = Path(__file__).parent.parent\nX = (HOME / "rigs").glob("*")'),
        ("rigs/outer_engine.py", "import docker"),
        ("commands/clean.py", "from docker.errors import NotFound"),
        ("rigs/image/agent.py", "import yaml"),
        ("rigs/image/agent.py", "from ..rig import Rig"),
    ],
)
def test_an_import_that_runs_up_or_across_is_told(path: str, line: str) -> None:
    assert list(complaints(path, line))


def test_one_module_imports_docker() -> None:
    tree = ast.parse((PACKAGE / DOCKER).read_text("utf-8"))
    assert "docker" in imported(DOCKER, tree)


def test_there_are_seven_floors_at_most_and_every_room_of_the_map_is_there() -> None:
    floors = [one.floor for one in ROOMS]
    assert floors == sorted(floors, reverse=True)
    assert max(floors) <= 7
    for name in (name for one in ROOMS for name in one.names):
        assert (PACKAGE / name).exists(), name
    assert all(sum(name in one.names for one in ROOMS) == 1 for one in ROOMS for name in one.names)


def test_every_folder_is_on_the_map() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, text=True,
                            stdout=subprocess.PIPE, check=True).stdout.splitlines()  # fmt: skip
    folders = {"/".join(Path(file).parts[:-1][:2]) for file in listed} - {""}
    named = {f"macros/{name}".rstrip("/") for one in ROOMS for name in one.names}
    named |= {name.rstrip("/") for name in re.findall(r"`([\w./]+/)`", MAP)}
    assert not {folder for folder in folders if folder not in named} - {"macros"}
