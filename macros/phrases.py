"""Records in words: why a step failed or did not run, what was expected of it, what came.

For pages in the language of each, for the terminal in its own. Knows no HTML.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from .languages import Words
from .model import Came, Held, Reason, StepReport

Saying = tuple[str, tuple[str, ...]]
"""A sentence with braces, and what is quoted in them."""


def reason(why: Reason, words: Words) -> str:
    """A reason as a sentence."""
    return str((words.reason.get(why.kind) or words.terminal[why.kind]).format(*why.args))


def expectation(held: Held, words: Words) -> str:
    """An expectation: as a contributor wrote it, or may write it; in words where nobody can."""
    return held.written or str(words.reason[held.kind])


def checked(held: Held, output: str, values: Mapping[str, str], words: Words) -> Saying:
    """An expectation in words: what was printed is quoted, and no pattern ever."""
    said = words.checked
    text = output[slice(*held.rests)] if held.rests else ""
    sought = held.sought if isinstance(held.sought, str) else json.dumps(held.sought)
    for name, value in values.items():
        sought = sought.replace(f"@{{{name}}}", value)
    match held.kind:
        case _ if held.path:
            quoted = () if held.kind in ("absent", "matches") else (sought,)
            return said.json[held.kind], (held.path, *quoted)
        case "exit":
            return (said.exit if held.sought else said.fine), (sought,)
        case "equals" if not sought.strip():
            return said.empty, ()
        case "equals" if held.holds and "\n" in sought.strip():
            return said.whole, (str(sought.strip().count("\n") + 1),)
        case "matches" if text:
            return (said.lines if "\n" in text else said.matches), (ends(text),)
        case "matches":
            return said.form, ()
        case "capture":
            return said.capture, tuple(held.sought)
        case "limit" | "end":
            return words.reason[held.kind], ()
    return said[held.kind], (ends(sought),)


def ends(text: str) -> str:
    """A text of many lines by its first and last."""
    first, *more = text.strip("\n").split("\n")
    return "\n".join([first, *(["…"] if len(more) > 1 else []), *more[-1:]])


def came(instead: Came, words: Words) -> str:
    """What came instead of what was expected."""
    lines = [reason(instead.why, words)] if instead.why else []
    if instead.text is not None:
        lines.append(instead.text or words.reason.nothing)
    if instead.more:
        lines.append(words.reason.more.format(instead.more))
    return "\n".join(lines)


def blame(step: StepReport, words: Words) -> str:
    """Why a step failed or did not run, "" where it did neither."""
    if step.reason:
        return reason(step.reason, words)
    return str(words.stop.join(expectation(held, words) for held in step.unmet))
