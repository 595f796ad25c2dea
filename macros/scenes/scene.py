"""Scenes: hosts and an ordered list of steps, read from `docs/scenes/*.yml`.

What is wrong in any of them is told at once, by file and line. Of running it knows nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, ValidationError

from .. import engines
from ..errors import SCENES, Mistake, Mistakes
from . import coherence, messages, soundness
from .step import Step
from .values import Duration, Id, Need, Part
from .yaml_lines import LinedDict, find, parse

LONGEST = 300.0
"""Seconds a scene may take at most."""
LARGEST = 256 << 10
"""Bytes of a scene file; the largest has 20 KiB."""
KEPT = 512
"""Texts of scene files of which it is remembered what they hold."""
RUNS = {"id", "run", "on", "background", "capture", "needs"}
"""What of a step determines its output."""


def recorded(step: Step) -> set[str]:
    """What of a step determines what a transcript keeps of it."""
    return RUNS | {"topology"} if step.topology else RUNS


def config(dockerd: Any) -> dict[str, Any] | None:
    """daemon.json, or None where dockerd is not to start."""
    if isinstance(dockerd, dict):
        return dict(dockerd)
    if dockerd is False or dockerd == "off":
        return None
    raise ValueError('"dockerd" must be what daemon.json holds, or off: dockerd does not start')


def by_name(written: Any) -> Any:
    """Hosts as a mapping, from a list too; they are h1, h2, … without a gap."""
    if isinstance(written, list) and all(isinstance(name, str) for name in written):
        if len(set(written)) != len(written):
            raise ValueError('a host is named twice in "hosts": name each once')
        written = {name: {} for name in written}
    if not isinstance(written, dict) or not written:
        raise ValueError('"hosts" must be a list, or a mapping of hosts: write [h1] or [h1, h2]')
    wanted = [f"h{number}" for number in range(1, min(9, len(written)) + 1)]
    if list(written) != wanted:
        raise ValueError(f'"hosts" are h1 to h9, in order: write {", ".join(wanted)}')
    return {name: {} if options is None else options for name, options in written.items()}


def scene_time(timeout: float) -> float:
    """The time limit of a whole scene."""
    if timeout > LONGEST:
        raise ValueError(f"a scene may take at most {LONGEST:g}s: write less, or make two of it")
    return timeout


def known_engine(name: str) -> str:
    """The name of an engine that hosts can run."""
    if name not in engines.known():
        names = ", ".join(f'"{engine}"' for engine in engines.known())
        raise ValueError(f'engines.toml names no engine "{name}": write one of {names}')
    return name


class Host(Part):
    """What is set on a host before its dockerd starts, and how dockerd does."""

    dockerd: Annotated[
        dict[str, Any] | None,
        BeforeValidator(config, json_schema_input_type=dict[str, Any] | bool | str),
    ] = Field(default_factory=dict)
    sysctl: dict[Annotated[str, Field(pattern=r"^net(\.[a-zA-Z0-9_-]+)+$")], int | str] = Field(
        default_factory=dict
    )


HostName = Annotated[str, Field(pattern="^h[1-9]$")]
HostsSchema = list[HostName] | dict[HostName, Host | None]
Hosts = Annotated[
    dict[HostName, Host], BeforeValidator(by_name, json_schema_input_type=HostsSchema)
]


class Scene(Part):
    """One scene file."""

    engine: Annotated[str, AfterValidator(known_engine)] | None = None
    hosts: Hosts = Field(default_factory=lambda: {"h1": Host()})
    needs: tuple[Need, ...] = ()
    since: Annotated[str, Field(pattern=r"^\d+(\.\d+)*$")] | None = None
    """The first engine of which all this is true: `--mutate` runs it on one before, to fail."""
    aliases: tuple[Id, ...] = ()
    """Names that it had before: what leads to a step of one of them leads here."""
    timeout: Annotated[Duration, AfterValidator(scene_time)] = Field(
        120.0, json_schema_extra={"default": "120s"}
    )
    steps: tuple[Step, ...] = Field(min_length=1)
    _name: str = PrivateAttr(default="")

    def model_post_init(self, context: Any, /) -> None:
        """Take the name, which is that of the file, from the context of validation."""
        self._name = context or ""

    @property
    def name(self) -> str:
        """Of the file, and of the page where a page is about this scene alone."""
        return self._name

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, then those that it had before."""
        return self.name, *self.aliases

    @property
    def digest(self) -> str:
        """Of what determines the outputs: an edited expectation leaves it as it is."""
        content = {
            "engine": self.engine,
            "hosts": self.boot(),
            "needs": self.needs,
            "steps": [step.model_dump(mode="json", include=recorded(step)) for step in self.steps],
        }
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"

    def boot(self) -> dict[str, dict[str, Any]]:
        """The hosts as a rig boots them: ``{"dockerd": daemon.json or None, "sysctl": {…}}``."""
        return {
            name: {
                "dockerd": host.dockerd,
                "sysctl": {key: str(value) for key, value in host.sysctl.items()},
            }
            for name, host in self.hosts.items()
        }

    def as_they_end(self) -> list[Step]:
        """The steps in the order they end: one in the background ends after its `until`."""
        index = {step.id: number for number, step in enumerate(self.steps)}

        def turn(step: Step) -> tuple[int, bool]:
            last = step.background.until if step.background else step.id
            return index[last], step.background is not None

        return sorted(self.steps, key=turn)


def load(path: Path, root: Path) -> Scene:
    """Read one scene file. Raises `Mistakes` with every mistake in it."""
    name = path.relative_to(root).as_posix()
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
        message = f"a scene is a file of its own, of at most {LARGEST >> 10} KiB"
        raise Mistakes([Mistake(name, 0, message)])
    return understand(name, path.read_bytes())


@lru_cache(KEPT)
def understand(name: str, content: bytes) -> Scene:
    """The scene that a file holds. Raises `Mistakes` with every mistake in it."""
    stem = Path(name).stem
    data = parse(content, name)
    if not isinstance(data, LinedDict):
        raise Mistakes([Mistake(name, 1, 'a scene is a mapping: write "steps:" and a list')])
    wrong = [Mistake(name, find(data, place)[1], text) for place, text in coherence.check(data)]
    if not re.fullmatch("[a-z][a-z0-9-]*", stem):
        wrong.append(Mistake(name, 0, "name the file in lower-case letters, digits and dashes"))
    try:
        scene = Scene.model_validate(data, context=stem)
    except ValidationError as error:
        raise Mistakes(wrong + messages.mistakes(error, Scene, data, name)) from None
    expectations = [expectation for step in scene.steps for expectation in step.expect]
    if not any(wanted.kind != "exit" or wanted.value for wanted in expectations):
        message = 'this scene can fail in no way: say what must hold, "expect: [{contains: …}]"'
        wrong.append(Mistake(name, find(data, ("steps",))[1], message))
    wrong += [Mistake(name, line, message) for line, message in soundness.check(scene.steps)]
    if wrong:
        raise Mistakes(wrong)
    return scene


def load_all(root: Path, names: Iterable[str] = ()) -> dict[str, Scene]:
    """The scenes of a repository by name, all of them where none is named.

    Raises `Mistakes` with every mistake of every file.
    """
    scenes, wrong = read_all(root, names)
    if wrong:
        raise Mistakes(wrong)
    return scenes


def read_all(root: Path, names: Iterable[str] = ()) -> tuple[dict[str, Scene], list[Mistake]]:
    """The scenes that can be read, and every mistake of those that cannot."""
    paths = files(root)
    names = dict.fromkeys(names)
    wrong = [
        Mistake(f"{SCENES}/{path.name}", 0, "name it .yml: as it is it would not be read")
        for path in (root / SCENES).glob("*.yaml")
    ]
    wrong += unknown(root, names)
    scenes = {}
    for name in (name for name in names or paths if name in paths):
        try:
            scenes[name] = load(paths[name], root)
        except Mistakes as error:
            wrong += error.mistakes
    return scenes, wrong


def files(root: Path) -> dict[str, Path]:
    """The scene files of a repository by the names of their scenes."""
    return {path.stem: path for path in sorted((root / SCENES).glob("*.yml"))}


def unknown(root: Path, names: Iterable[str]) -> list[Mistake]:
    """Names that no scene has."""
    known = files(root)
    return [
        Mistake(str(SCENES), 0, f'no scene "{name}": {messages.suggestion(name, known)}')
        for name in names
        if name not in known
    ]


def schema() -> dict[str, Any]:
    """The JSON Schema of a scene file, for editors."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, **Scene.model_json_schema(), "title": "Scene"}
