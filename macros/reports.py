"""The reports of a run as one JSON file: written by the build, read by each language's MkDocs.

Knows no scene and no transcript, and needs nothing but the standard library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .model import Held, HostOption, Mode, Provenance, Report, Span, StepReport, Verdict

RUN = "NETDOCS_RUN"
"""Environment variable: the file with the reports of the run this build shows."""
MISTAKES = "mistakes"
"""In a record of MkDocs' log: what is wrong with a page, as data."""
UNDRAWN = "undrawn"
"""Likewise: the address of a page that could not be drawn, and holds what is wrong."""


def save(path: Path, reports: Mapping[str, Report]) -> None:
    """Write reports; bytes that are not UTF-8 stay what they were."""
    raw = {name: asdict(report) for name, report in reports.items()}
    path.write_text(json.dumps(raw), "ascii")


def load(path: Path) -> dict[str, Report]:
    """Read what `save` wrote."""
    return {name: report(raw) for name, raw in json.loads(path.read_text("ascii")).items()}


def report(raw: dict[str, Any]) -> Report:
    """One report from its plain form."""
    typed = {
        "mode": Mode(raw["mode"]),
        "provenance": Provenance(**raw["provenance"]),
        "steps": tuple(map(step, raw["steps"])),
        "values": tuple((name, value) for name, value in raw["values"]),
        "hosts": tuple(raw["hosts"]),
        "options": tuple(HostOption(**option) for option in raw["options"]),
        "notes": tuple(raw["notes"]),
    }
    return Report(**{**raw, **typed})


def step(raw: dict[str, Any]) -> StepReport:
    """One step's report from its plain form."""
    typed = {
        "verdict": Verdict(raw["verdict"]),
        "held": tuple(Held(**held) for held in raw["held"]),
        "spans": tuple(Span(**span) for span in raw["spans"]),
        "topology": tuple(raw["topology"]),
        "yours": tuple((text, kind) for text, kind in raw["yours"]),
    }
    return StepReport(**{**raw, **typed})
