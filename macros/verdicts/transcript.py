"""Transcripts on disk: `docs/transcripts/<scene>.json`, made to be read as a diff.

Outputs are lists of lines, byte for byte; a seal tells when somebody edited one by hand.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import Problem, Unrecorded
from ..files import write_whole
from ..model import Ended, Provenance, Reason, Result, Transcript
from ..scenes.scene import Scene
from ..topology import check_lines
from . import form
from .drift import same

INVISIBLE = re.compile(r"[^\n -~]")
"""Characters that may be invisible, or no characters at all."""


def fresh(scene: Scene, transcript: Transcript) -> bool:
    """Whether a transcript belongs to a scene's text as it is now."""
    return (transcript.scene, transcript.digest) == (scene.name, scene.digest)


def read(path: Path) -> Transcript:
    """A transcript. Raises `Unrecorded` where it is missing, has another form, or was edited."""
    name = "/".join(path.parts[-3:])
    cure = f"scripts/build --record {path.stem}"
    try:
        raw = form.load(path)
        transcript = from_plain(raw)
    except FileNotFoundError:
        raise Unrecorded(f"{name}: there is no transcript; {cure}") from None
    except ValueError as error:
        raise Unrecorded(f"{name}: this is no transcript, {error}; {cure}") from None
    if raw["seal"] != seal(raw) or transcript.scene != path.stem:
        raise Unrecorded(f"{name}: edited by hand: outputs come from hosts alone; {cure}")
    return transcript


def write(path: Path, transcript: Transcript) -> None:
    """Write a transcript, the whole file at once.

    Raises `Problem` for what could not be read again, OSError; the old one is left then.
    """
    raw = to_plain(transcript)
    raw["seal"] = seal(raw)
    text = json.dumps(raw, ensure_ascii=False, indent=1)
    try:
        from_plain(form.check(json.loads(text)))
    except ValueError as error:
        message = f"what {transcript.scene} printed has not the form of a transcript, {error}"
        raise Problem(f"{message}; nothing is recorded of it") from None
    write_whole(path, INVISIBLE.sub(escape, f"{text}\n").encode())


def save(directory: Path, scene: Scene, transcript: Transcript) -> bool:
    """Write what a scene printed, unless what is recorded says the same; whether it wrote."""
    path = directory / f"{scene.name}.json"
    try:
        if same(read(path), transcript):
            return False
    except Unrecorded:
        pass  # there is none that could be kept
    write(path, transcript)
    return True


def poorer(new: Transcript, old: Transcript) -> bool:
    """Whether a step was skipped now that an earlier recording holds: a kernel that lacks it."""
    return bool(dict(new.skipped).keys() & {result.step for result in old.results})


def orphans(directory: Path, scenes: Iterable[str]) -> list[Path]:
    """Transcripts that belong to none of these scenes."""
    return sorted(path for path in directory.glob("*.json") if path.stem not in {*scenes})


def escape(match: re.Match[str]) -> str:
    """A character as it is where a reviewer sees it, else as JSON escapes it."""
    return match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1]


def seal(raw: dict[str, Any]) -> str:
    """Of all that a transcript says."""
    content = {key: value for key, value in raw.items() if key != "seal"}
    return f"sha256:{hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()}"


def to_plain(transcript: Transcript) -> dict[str, Any]:
    """A transcript as it is written, but for its seal."""
    return {
        "scene": transcript.scene,
        "digest": transcript.digest,
        "recorded": transcript.recorded,
        "provenance": asdict(transcript.provenance),
        "results": [
            {
                "step": result.step,
                "command": result.command,
                "output": re.findall(r"[^\n]*\n|[^\n]+", result.output),
                "exit": result.exit,
                "ended": result.ended,
                **({"tries": result.tries} if result.tries > 1 else {}),
                **({"topology": list(result.topology)} if result.topology else {}),
            }
            for result in transcript.results
        ],
        "skipped": {step: [why.kind, *why.args] for step, why in transcript.skipped},
    }


def from_plain(raw: dict[str, Any]) -> Transcript:
    """A transcript in its form; raises `ValueError` for a topology that says nothing known."""
    results = tuple(
        Result(
            step=result["step"],
            command=result["command"],
            output="".join(result["output"]),
            exit=result["exit"],
            ended=Ended(result["ended"]),
            tries=result.get("tries", 1),
            topology=check_lines(result["topology"]) if "topology" in result else (),
        )
        for result in raw["results"]
    )
    return Transcript(
        scene=raw["scene"],
        digest=raw["digest"],
        recorded=raw["recorded"],
        provenance=Provenance(**raw["provenance"]),
        results=results,
        skipped=tuple(
            (step, Reason(kind, tuple(args))) for step, (kind, *args) in raw["skipped"].items()
        ),
    )
