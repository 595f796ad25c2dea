"""On which characters of an output an expectation rests, and a value was taken. Pure text."""

from __future__ import annotations

import json
import re
from typing import Any

from .. import patterns
from ..patterns import Extent

NAMED = re.compile(r'(?:\[-?\d+\]|\.?(?:[A-Za-z_]\w*|"[^"\\]*"))+')
"""A JMESPath that names a value, and computes none."""
KEY = re.compile(r'"([^"\\]*)"\Z|([A-Za-z_]\w*)\Z')
"""What it ends in, where that is no number."""


def of_text(kind: str, sought: str, output: str) -> Extent | None:
    """Of an expectation that holds of a text. Raises `Unfit`."""
    match kind:
        case "contains":
            start = output.find(sought)
            return trimmed(output, (start, start + len(sought)))
        case "equals":
            return trimmed(output, (0, len(output)))
        case "matches":
            (match,) = patterns.find(sought, [output])
            return trimmed(output, match[0]) if match else None
    return None


def of_json(path: str, value: Any, output: str) -> Extent | None:
    """Where in a JSON text the value at a path is written, behind its key.

    None where that is not sure: it is computed, holds others, or stands in two places.
    """
    key = KEY.search(path) if NAMED.fullmatch(path) else None
    if key is None or isinstance(value, dict | list):
        return None
    forms = {re.escape(json.dumps(value, ensure_ascii=ascii)) for ascii in (True, False)}
    name = re.escape(json.dumps(key[1] or key[2], ensure_ascii=False))
    places = list(re.finditer(rf"{name}\s*:\s*({'|'.join(forms)})(?![\w.])", output))
    return places[0].span(1) if len(places) == 1 else None


def trimmed(output: str, extent: Extent) -> Extent | None:
    """Less the space at both ends; None where nothing is left."""
    start, end = extent
    text = output[start:end]
    left = start + len(text) - len(text.lstrip())
    return (left, left + len(text.strip())) if text.strip() else None
