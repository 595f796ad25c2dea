"""The form of a transcript's file: types, lengths and patterns, and nothing else in it.

What is refused here no host can have printed, whoever sealed it. Knows no scene.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ..model import Ended

LARGEST = 8 << 20
"""Bytes of a transcript; the largest recorded is 60 KiB."""
PRINTED = 256 << 10
"""Bytes that a step may print, as the rig holds it to (`STEP_LIMITS`)."""
COMMAND = 16 << 10
"""Characters of a command with its captures; the longest recorded has 843."""
DRAWN, WIDE = 200, 1000
"""Lines of a topology, and characters of one; recorded are at most 28, and 82."""
MOST = 2000
"""Steps of a scene, and tries of a step, whose scene ends after 300 s."""
SHARDS = 100
"""Machines that a build is spread over at most."""
BROUGHT = 64 << 20
"""Bytes of what one of them brings; all that is recorded is 3 MiB."""
TOLD = 2000
"""Characters of why a rig broke."""
SKIPS = {"kernel": 2, "engine": 2, "value": 1}
"""For what a step is skipped, with how many arguments."""


def moment(text: str) -> str:
    """A time as transcripts have it. Raises `ValueError`."""
    if datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").strftime("%Y-%m-%dT%H:%M:%SZ") != text:
        raise ValueError("write it as 2026-11-24T02:57:00Z")
    return text


def command(text: str) -> str:
    """A command as it ran. Raises `ValueError`."""
    if not text or len(text) > COMMAND or "\0" in text:
        raise ValueError("no step runs this")
    return text


def output(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Lines of an output, each but the last ended. Raises `ValueError`."""
    if any(not line or "\n" in line[:-1] for line in lines):
        raise ValueError("one item is not one line")
    if any(not line.endswith("\n") for line in lines[:-1]):
        raise ValueError("a line that is not the last one has no end")
    try:
        size = len("".join(lines).encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        raise ValueError("these are bytes of no host") from None
    if size > PRINTED:
        raise ValueError("a step cannot print so much")
    return lines


def why(parts: tuple[str, ...]) -> tuple[str, ...]:
    """A reason for which a run skips a step: its kind, then its arguments. Raises `ValueError`."""
    if SKIPS.get(parts[0] if parts else "") != len(parts) - 1:
        raise ValueError("no step is skipped for this")
    return parts


Name = Annotated[str, Field(pattern=r"\A[a-z][a-z0-9-]*\z", max_length=100)]
Digest = Annotated[str, Field(pattern=r"\Asha256:[0-9a-f]{64}\z")]
Engine = Annotated[str, Field(pattern=r"\A[0-9]{1,9}(?:\.[0-9]{1,9}){1,3}\z")]
Version = Annotated[str, Field(pattern=r"\A(?:[0-9]{1,9}(?:\.[0-9]{1,9}){1,3}|unknown)\z")]
"""As `agent.py` reads it off a program."""
Kernel = Annotated[str, Field(pattern=r"\A[0-9][0-9A-Za-z.+_~-]{0,63}\z")]
Package = Annotated[
    str, Field(pattern=r"\A(?:[a-z0-9][a-z0-9.+-]{0,63} [0-9][0-9A-Za-z.+:~-]{0,63})?\z")
]
Firewall = Annotated[str, Field(pattern=r"\Aiptables \((?:nf_tables|legacy|unknown)\)\z")]
Argument = Annotated[str, Field(min_length=1, max_length=WIDE)]
Why = Annotated[tuple[Argument, ...], AfterValidator(why)]
Drawn = Annotated[str, Field(pattern=r"\A[ -~]+\z", max_length=WIDE)]
Lines = Annotated[tuple[str, ...], AfterValidator(output)]
Count = Annotated[int, Field(ge=1, le=SHARDS, strict=True)]


class Form(BaseModel):
    """A part of a transcript: nothing is taken for what it is not, nothing unknown is let by."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ByWhat(Form):
    """As `Provenance`."""

    engine: Engine
    containerd: Version
    runc: Version
    kernel: Kernel
    firewall: Firewall
    iptables: Version
    iproute2: Version
    image: Digest
    package: Package = ""


class Ran(Form):
    """As `Result`."""

    step: Name
    command: Annotated[str, AfterValidator(command)]
    output: Lines
    exit: Annotated[int, Field(ge=0, le=255, strict=True)]
    ended: Ended
    tries: Annotated[int, Field(ge=2, le=MOST, strict=True)] = 2
    topology: Annotated[tuple[Drawn, ...], Field(min_length=1, max_length=DRAWN)] = ("",)


class Printed(Form):
    """As `Transcript`, of a run that came to its end."""

    scene: Name
    digest: Digest
    recorded: Annotated[str, AfterValidator(moment)]
    provenance: ByWhat
    results: Annotated[tuple[Ran, ...], Field(max_length=MOST)]
    skipped: Annotated[dict[Name, Why], Field(max_length=MOST)]


class Written(Printed):
    """As it is kept."""

    seal: Digest


class Brought(Printed):
    """As another machine brings it, whatever the run came to."""

    broken: Annotated[str, Field(max_length=TOLD)] = ""
    late: Annotated[tuple[Name, ...], Field(max_length=MOST)] = ()


class Installed(Form):
    """As `Package`."""

    name: Annotated[str, Field(pattern=r"\A[a-z0-9][a-z0-9.+-]{0,127}\z")]
    version: Annotated[str, Field(pattern=r"\A[0-9A-Za-z.+:~-]{1,127}\z")]
    architecture: Annotated[str, Field(pattern=r"\A[a-z0-9-]{1,31}\z")]


class ShardReport(Form):
    """As `shards.Brought`: what one of several machines ran."""

    version: Literal[1]
    shard: tuple[Count, Count]
    mode: Literal["verify", "record"]
    engine: Annotated[str, Field(pattern=r"\A[0-9a-z.-]{1,32}\z")] | None
    names: Annotated[tuple[Name, ...], Field(max_length=MOST)]
    first: Annotated[tuple[Brought, ...], Field(max_length=MOST)]
    second: Annotated[tuple[Brought, ...], Field(max_length=MOST)]
    packages: Annotated[
        dict[Digest, Annotated[tuple[Installed, ...], Field(max_length=MOST)]],
        Field(max_length=100),
    ]


def load(path: Path, form: type[Form] = Written, largest: int = LARGEST) -> dict[str, Any]:
    """What a file holds, a transcript's or another's, in its form.

    Raises `ValueError` with what of it has none, `OSError` for a file that is not there.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise ValueError("this is no file of its own")
    if path.stat().st_size > largest:
        raise ValueError(f"this is larger than {largest >> 20} MiB")
    return check(parse(path.read_bytes()), form)


def parse(content: bytes) -> Any:
    """JSON that a stranger may have written. Raises `ValueError`."""
    try:
        return json.loads(content, object_pairs_hook=unique_members)
    except RecursionError:
        raise ValueError("this is nested too deeply") from None


def check(raw: Any, form: type[Form] = Written) -> dict[str, Any]:
    """The same, where it has its form. Raises `ValueError` with what of it has none."""
    try:
        form.model_validate(raw)
    except ValidationError as error:
        raise ValueError(first_error(error)) from None
    return dict(raw)


def unique_members(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON. Raises `ValueError` where a key is there twice."""
    members: dict[str, Any] = {}
    for key, value in pairs:
        if key in members:
            raise ValueError(f'"{printable(key)}" is here twice')
        members[key] = value
    return members


def first_error(error: ValidationError) -> str:
    """The first thing that is wrong, and where: ``results.3.exit: …``."""
    first, *_ = error.errors(include_url=False, include_input=False)
    place = ".".join(printable(str(part)) for part in first["loc"]) or "the whole"
    return f"{place}: {first['msg']}"


def printable(word: str) -> str:
    """A word of the file as a message may hold it."""
    return ascii(word)[1:-1][:60]
