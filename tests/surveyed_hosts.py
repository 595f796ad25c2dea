"""What real hosts' networks were, as `image/survey.py` told it: `surveys/*.json`, by name."""

from __future__ import annotations

import json
from pathlib import Path

from macros.rigs.survey import distil
from macros.topology import Topology

SURVEYS = Path(__file__).parent / "surveys"
NAMES = sorted(path.stem for path in SURVEYS.glob("*.json"))


def network(name: str) -> Topology:
    """The topology that was distilled from a survey."""
    return distil(json.loads((SURVEYS / f"{name}.json").read_text("utf-8")))
