"""A figure of the headers of packets, each in the one before it, from steps that print lengths."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from .. import markup
from ..diagrams.description import Item
from ..diagrams.headers import IP, Header, carried, describe, headers, name, summed
from ..languages import Words
from ..model import Report, StepReport
from .figure import UNDRAWN, Drawn, folded, items
from .look import draw

ID = "headers"
"""What the id of such a figure begins with: `headers-overlay-wire-wire`."""


def nested(report: Report, steps: Sequence[StepReport], words: Words) -> Drawn | None:
    """The headers of the packet of each step. Raises `LookupError` where they do not add up."""
    if any(step.verdict in UNDRAWN for step in steps):
        return None
    drawn = draw(
        "headers", packets=[packet(step, headers(step), words) for step in steps], words=words
    )
    return Drawn(drawn, folded(items(told(steps, words)), words.diagram))


def packet(step: StepReport, found: Sequence[Header], words: Words) -> dict[str, object]:
    """What the template is told of a packet."""
    it = carried(found)
    return {
        "command": step.command.strip(),
        "header": facts(found, it.around if it else (), words),
        "sum": summed(it, words) if it else "",
    }


def facts(
    found: Sequence[Header], around: Sequence[Header], words: Words
) -> dict[str, object] | None:
    """Likewise of a header, and of those in it; `around` are those that a tunnel takes."""
    if not found:
        return None
    header, *rest = found
    return {
        "name": name(header, words),
        "size": header.size if rest else "",
        "whole": header.whole,
        "facts": [Markup(markup.painted(fact)) for fact in header.facts],
        "ip": header.kind in IP,
        "taken": header in around,
        "within": facts(rest, around, words),
    }


def told(steps: Sequence[StepReport], words: Words) -> tuple[Item, ...]:
    """The packets as a list: each with its step's command, its headers below it."""
    rows = []
    for step in steps:
        found = headers(step)
        below, it = describe(found, words), carried(found)
        below += (Item(summed(it, words)),) if it else ()
        rows.append(Item(" ".join(step.command.split()), below=below))
    return tuple(rows)
