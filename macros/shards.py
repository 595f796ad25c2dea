"""A build spread over several machines: which part each runs, what it brings, what that comes to.

A file says what was printed, and never a verdict: who reads it judges for himself. It comes from
a machine that runs what strangers wrote, so it is believed no more than a transcript is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from .engines import named
from .errors import Mistake, Mistakes, Problem
from .files import write_whole
from .model import Mode, Package, Shard, Transcript
from .outcome import Order, Played, Recordings
from .scenes.scene import Scene
from .verdicts import belief, form, steadiness, transcript
from .verdicts.judgement import judge_scene

VERSION = 1
BOOT = 4
"""A host boots in about the time that so many steps take."""
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Brought:
    """What one machine ran, and what it was asked to run."""

    shard: Shard
    mode: Mode
    engine: str | None
    """That of the hosts, where it was not the default."""
    names: tuple[str, ...]
    """Scenes that all machines run together; none means all."""
    played: Played

    @property
    def order(self) -> tuple[int, Mode, str | None, tuple[str, ...]]:
        """What all machines of one build are told alike."""
        return self.shard.of, self.mode, self.engine, self.names


def part(scenes: Mapping[str, Scene], shard: Shard) -> dict[str, Scene]:
    """The scenes of one shard; those of all are every scene once, in about equal times."""
    loads = [0] * shard.of
    chosen = {}
    for name, scene in sorted(scenes.items(), key=lambda item: (-weight(item[1]), item[0])):
        lightest = loads.index(min(loads))
        loads[lightest] += weight(scene)
        if lightest + 1 == shard.number:
            chosen[name] = scene
    return chosen


def weight(scene: Scene) -> int:
    """How long a scene takes, beside others."""
    return BOOT * len(scene.hosts) + len(scene.steps)


def file_name(shard: Shard) -> str:
    """What a shard writes, in the project's folder."""
    return f"shard-{shard.number}-of-{shard.of}.json"


def write(path: Path, brought: Brought) -> None:
    """Write what a machine ran. Raises `Problem` for what could not be read again, OSError."""
    text = json.dumps(to_plain(brought), indent=1)
    try:
        form.check(form.parse(text.encode()), form.ShardReport)
    except ValueError as error:
        raise Problem(f"what was printed has not the form of a report, {error}") from None
    write_whole(path, text.encode())


def to_plain(brought: Brought) -> dict[str, Any]:
    """What is written, but for its form."""
    played = brought.played
    return {
        "version": VERSION,
        "shard": [brought.shard.number, brought.shard.of],
        "mode": brought.mode,
        "engine": brought.engine,
        "names": list(brought.names),
        "first": [run(printed) for _, printed in sorted(played.first.items())],
        "second": [run(printed) for _, printed in sorted(played.second.items())],
        "packages": {
            digest: [asdict(package) for package in packages]
            for digest, packages in sorted(played.packages.items())
        },
    }


def run(printed: Transcript) -> dict[str, Any]:
    """A transcript, whatever the run came to."""
    ended = {"broken": printed.broken[: form.TOLD], "late": list(printed.late)}
    return transcript.to_plain(printed) | {key: value for key, value in ended.items() if value}


def read(path: Path) -> Brought:
    """What a machine brings. Raises `Mistakes` for a file that no shard writes."""
    try:
        raw = form.load(path, form.ShardReport, form.BROUGHT)
        first, second = ([ran(item) for item in raw[key]] for key in ("first", "second"))
        if again := doubled([printed.scene for printed in first]):
            raise ValueError(f'scene "{again}" is here twice')
        if again := doubled([printed.scene for printed in second]):
            raise ValueError(f'the second run of scene "{again}" is here twice')
    except FileNotFoundError:
        raise wrong(path, "there is no such report") from None
    except ValueError as error:
        raise wrong(path, f"this is no report of a shard, {error}") from None
    packages = {
        digest: tuple(Package(**package) for package in listed)
        for digest, listed in raw["packages"].items()
    }
    played = Played(
        {printed.scene: printed for printed in first},
        {printed.scene: printed for printed in second},
        packages,
    )
    names = tuple(raw["names"])
    return Brought(Shard(*raw["shard"]), Mode(raw["mode"]), raw["engine"], names, played)


def ran(raw: dict[str, Any]) -> Transcript:
    """A run as it is in a report. Raises `ValueError`."""
    late = tuple(raw.get("late", ()))
    return replace(transcript.from_plain(raw), broken=raw.get("broken", ""), late=late)


def doubled(names: Sequence[str]) -> str:
    """The first name that is there twice, "" if none."""
    return next((name for number, name in enumerate(names) if name in names[:number]), "")


def wrong(path: Path, what: str) -> Mistakes:
    return Mistakes([Mistake(str(path), 0, what)])


def merge(paths: Iterable[Path]) -> tuple[dict[Path, Brought], Brought]:
    """The reports of one build's machines, and what they come to, still to be compared with scenes.

    Raises `Mistakes` with all that says that they are not of one build.
    """
    reports: dict[Path, Brought] = {}
    mistakes: list[Mistake] = []
    for path in dict.fromkeys(paths):
        try:
            reports[path] = read(path)
        except Mistakes as error:
            mistakes += error.mistakes
    if mistakes:
        raise Mistakes(mistakes)
    one, *_ = reports.values()
    seen: dict[int, Path] = {}
    for path, brought in reports.items():
        number = brought.shard.number
        if brought.order != one.order:
            first, *_ = reports
            mistakes.append(
                Mistake(str(path), 0, f"{first} is of another build: {differs(one, brought)}")
            )
        elif number > one.shard.of:
            mistakes.append(Mistake(str(path), 0, f"there is no shard {brought.shard}"))
        elif number in seen:
            mistakes.append(Mistake(str(path), 0, f"shard {brought.shard} is {seen[number]}, too"))
        seen.setdefault(number, path)
    lacking = [number for number in range(1, one.shard.of + 1) if number not in seen]
    if lacking and not mistakes:
        cure = ", ".join(f"scripts/build --shard {number}/{one.shard.of}" for number in lacking)
        mistakes.append(Mistake("--from", 0, f"not all shards are here: {cure}"))
    if mistakes:
        raise Mistakes(mistakes)
    played = [brought.played for brought in reports.values()]
    together = Played(
        joined(each.first for each in played),
        joined(each.second for each in played),
        joined(each.packages for each in played),
    )
    return reports, replace(one, played=together)


def joined(parts: Iterable[Mapping[str, Value]]) -> dict[str, Value]:
    """Several mappings as one."""
    return {key: value for each in parts for key, value in each.items()}


def differs(one: Brought, other: Brought) -> str:
    """What two machines were told differently."""
    told = {
        "of another number of shards": (one.shard.of, other.shard.of),
        "in another mode": (one.mode, other.mode),
        "on another engine": (one.engine or "the default", other.engine or "the default"),
        "of other scenes": (" ".join(one.names) or "all", " ".join(other.names) or "all"),
    }
    return ", ".join(f"{what}, {a} and not {b}" for what, (a, b) in told.items() if a != b)


def check(
    order: Order,
    scenes: Mapping[str, Scene],
    recorded: Recordings,
    reports: Mapping[Path, Brought],
) -> None:
    """Hold what was brought against the scenes that are here, all of those that were to run.

    Raises `Mistakes` with everything that no run of theirs gives.
    """
    mistakes = [
        Mistake(str(path), 0, what)
        for path, brought in reports.items()
        for what in misfits(order, scenes, recorded, brought)
    ]
    versions: dict[str, tuple[str, Path]] = {}
    listed: dict[str, tuple[tuple[Package, ...], Path]] = {}
    for path, brought in reports.items():
        for name, printed in brought.played.first.items():
            if name in scenes:
                engine = named(scenes[name].engine or brought.engine).name
                version, other = versions.setdefault(engine, (printed.provenance.engine, path))
                if version != printed.provenance.engine:
                    what = (
                        f"engine {engine} is {printed.provenance.engine} here, in {other} {version}"
                    )
                    mistakes.append(Mistake(str(path), 0, what))
        for digest, packages in brought.played.packages.items():
            held, other = listed.setdefault(digest, (packages, path))
            if held != packages:
                what = f"the image {digest} holds other packages in {other}"
                mistakes.append(Mistake(str(path), 0, what))
    if mistakes:
        raise Mistakes(mistakes)


def misfits(
    order: Order, scenes: Mapping[str, Scene], recorded: Recordings, brought: Brought
) -> Iterator[str]:
    """What one machine brings and no run of its scenes gives."""
    wanted, first, second = part(scenes, brought.shard), brought.played.first, brought.played.second
    for name in sorted(wanted.keys() - first.keys()):
        yield f'scene "{name}" is missing in shard {brought.shard}'
    for name in sorted((first.keys() | second.keys()) - wanted.keys()):
        yield f'scene "{name}" is none of shard {brought.shard}'
    for name in sorted(wanted.keys() & first.keys()):
        scene, runs = scenes[name], [first[name]]
        runs += [second[name]] if name in second else []
        if any(not transcript.fresh(scene, printed) for printed in runs):
            yield f'another text of scene "{name}" ran: run it as it is here'
            continue
        doubts = [why for printed in runs if (why := belief.doubt(scene, printed))]
        yield from (f'no run of scene "{name}": {why}' for why in doubts)
        known = recorded.transcripts.get(name)
        again = not runs[0].broken and steadiness.suspicious(
            judge_scene(scene, runs[0], order.mode, known)
        )
        if not doubts and again is not (name in second):
            much = "was not looked at twice" if again else "was looked at twice without a reason"
            yield f'scene "{name}" {much}: run it as it is here'
