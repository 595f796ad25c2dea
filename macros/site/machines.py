"""What machines read of a site, and the JSON Schema of each: addresses and transcripts; verdicts.

The schemas are those of the records here. Nothing in them is of the machine that built.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, with_config

from ..model import HostOption, Mode, Provenance, Report, Verdict
from ..pages import addresses

CLOSED = ConfigDict(extra="forbid")
DRAFT = "https://json-schema.org/draft/2020-12/schema"


@with_config(CLOSED)
@dataclass(frozen=True)
class Printed:
    """A step of a transcript."""

    id: str
    on: str
    command: str
    output: str
    """Bytes that are no UTF-8 are lone surrogates, U+DC80 to U+DCFF."""
    exit: int
    tries: int
    verdict: Verdict


@with_config(CLOSED)
@dataclass(frozen=True)
class Transcript:
    """What one scene printed."""

    scene: str
    mode: Mode
    when: str
    provenance: Provenance
    options: list[HostOption]
    steps: list[Printed]


@with_config(CLOSED)
@dataclass(frozen=True)
class Judged:
    """A step and its verdict."""

    id: str
    verdict: Verdict
    says: str
    reason: str
    tries: int
    place: str


@with_config(CLOSED)
@dataclass(frozen=True)
class Scene:
    """A scene and its verdicts."""

    mode: Mode
    when: str
    provenance: Provenance
    options: list[HostOption]
    steps: list[Judged]


@with_config(CLOSED)
@dataclass(frozen=True)
class Verdicts:
    """Every verdict of a build."""

    counts: dict[Verdict, int]
    scenes: dict[str, Scene]


@with_config(CLOSED)
@dataclass(frozen=True)
class Addresses:
    """Every address that was ever published, from the site's top."""

    addresses: list[str]


FORMS: Mapping[str, Any] = {
    "addresses": Addresses, "transcript": Transcript, "verdicts": Verdicts,
}  # fmt: skip
"""What has a schema, `schemas/NAME.json`."""


def write(new: Path, root: Path, run: Mapping[str, Report]) -> None:
    """Write them into a site, beside `verdicts.json`."""
    put(new / "addresses.json", {"addresses": addresses.read(root)})
    for name, form in FORMS.items():
        put(new / f"schemas/{name}.json", {"$schema": DRAFT, **TypeAdapter(form).json_schema()})
    for name, report in run.items():
        put(new / f"printed/{name}.json", transcript(report))
        for old in report.aliases:
            for form in addresses.OF_SCENE:
                shutil.copyfile(new / form.format(name), new / form.format(old))


def transcript(report: Report) -> dict[str, object]:
    """What a scene printed."""
    return {
        "scene": report.scene,
        "mode": report.mode,
        "when": report.when,
        "provenance": asdict(report.provenance),
        "options": [asdict(option) for option in report.options],
        "steps": [
            {key: getattr(step, key) for key in Printed.__annotations__} for step in report.steps
        ],
    }


def put(path: Path, data: object) -> None:
    """Write a file of JSON, which is ASCII."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(data, indent=1) + "\n", "ascii")
