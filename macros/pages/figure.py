"""A figure with the network as it was after a step, or with what changed from one to another.

Looks up nothing, runs nothing: it is given the steps whose topology the run recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from .. import markup
from ..diagrams.comparison import Comparison, Mark, compare
from ..diagrams.description import Item, describe
from ..diagrams.grid import grid
from ..diagrams.hops import hops, passed
from ..languages import Words
from ..model import Report, StepReport, Verdict, anchors
from ..topology import parse
from .look import draw
from .proof import HERE, Usual, details, worst
from .reel import reel, stopped
from .ways import Ways

ID = "diagram"
"""What the id of a figure begins with: `diagram-bridge-run`."""
UNDRAWN = (Verdict.SKIPPED, Verdict.FAILED, Verdict.UNSTEADY)
"""Verdicts on a step that may have nothing to draw."""


class Drawn(NamedTuple):
    """A picture as HTML, and the same in words."""

    picture: str
    told: str = ""
    caption: str = ""
    """What it shows, in a sentence; "" where the picture says so itself."""


Shown = tuple[Report, StepReport]
"""A step, and the report of its scene."""
Drawing = Callable[[Report, Sequence[StepReport], Words], Drawn | None]
"""Draws steps of a scene; None where there is nothing to draw."""


def diagram(report: Report, steps: Sequence[StepReport], words: Words) -> Drawn | None:
    """The network after a step; with two steps, what is new and gone between them.

    Raises `LookupError` for a step that ran and has no topology.
    """
    said = words.diagram
    changed = both(report, steps)
    if changed is None:
        return None
    boxes = grid(changed, said)
    caption = title(steps, words)
    return Drawn(canvas(boxes, caption) + legend(boxes, said), in_words(changed, said), caption)


def title(steps: Sequence[StepReport], words: Words) -> str:
    """What a diagram shows."""
    commands = [f"“{step.command.strip().splitlines()[0]}”" for step in reversed(steps)]
    said = words.diagram
    return str((said.changes if len(steps) > 1 else said.title).format(*commands))


def path(report: Report, steps: Sequence[StepReport], words: Words) -> Drawn | None:
    """A packet's way over the network after the first step, by the captures of the others.

    Raises `LookupError` for a step that says nothing of it, or that is not in the picture.
    """
    after, *others = steps
    changed = both(report, [after])
    if changed is None or any(step.verdict in UNDRAWN for step in others):
        return None
    way = hops(others)
    said = words.diagram
    changed = passed(changed, way)
    boxes = grid(changed, said, [hop.at for hop in way], lost=way[-1].lost)
    drawn = reel(said.path, stopped(way, words), words, canvas(boxes, said.path))
    return Drawn(drawn, in_words(changed, said), said.path)


def named(
    figure: str, report: Report, steps: Sequence[StepReport], shown: set[str], kind: str
) -> str:
    """A figure with the ids that a link to it leads to, where the page has none such yet."""
    own, *old = anchors([kind], report.names, *(step.names for step in steps))
    if own in shown:
        return figure
    shown.update((own, *old))
    opened = str(figure).replace("<figure ", f'<figure id="{own}" ', 1)
    return opened.replace("</figure>", f"{draw('aliases', ids=old)}</figure>")


def figure(
    drawing: Drawing,
    report: Report,
    steps: Sequence[StepReport],
    words: Words,
    ways: Ways = HERE,
    usual: Usual | None = None,
) -> str:
    """What is drawn of steps, with its proof. Raises `LookupError` as the drawing does."""
    shown = [(report, step) for step in steps]
    return proven(drawing(report, steps, words), shown, words, ways, usual)


def proven(
    drawn: Drawn | None,
    shown: Iterable[Shown],
    words: Words,
    ways: Ways = HERE,
    usual: Usual | None = None,
) -> str:
    """What is drawn, or that there is nothing to draw, over the line with the proof.

    Of several scenes each has a line, which says its engine whatever the page says of most, and
    what is set on its hosts.
    """
    parts = by_scene(shown)
    drawn = drawn or Drawn(f'<p class="undrawn">{words.diagram.missing}</p>')
    if len(parts) == 1:
        lines = [details(*parts[0], words, ways, usual)]
    else:
        lines = [details(*part, words, ways, among=True) for part in parts]
    return draw(
        "figure",
        mark=max(worst(*part) for part in parts).mark,
        scene=parts[0][0].scene,
        caption=drawn.caption,
        drawn=Markup(drawn.picture),
        details=Markup(drawn.told) + Markup("").join(lines),
    )


def by_scene(shown: Iterable[Shown]) -> list[tuple[Report, list[StepReport]]]:
    """Some steps, put together by their scenes."""
    reports: dict[str, Report] = {}
    steps: dict[str, list[StepReport]] = {}
    for report, step in shown:
        reports[report.scene] = report
        steps.setdefault(report.scene, []).append(step)
    return [(reports[scene], steps[scene]) for scene in reports]


def canvas(boxes: str, title: str) -> str:
    """The boxes, which scroll by themselves where they are wider than the page.

    A `fieldset` is a group by itself, and is not in another: search leaves out what it excludes
    to the first end of an element of that name.
    """
    name = markup.attribute(title)
    return (
        f'<fieldset aria-label="{name}" data-search-exclude="1">'
        f'<div class="canvas" tabindex="0">{boxes}</div></fieldset>'
    )


def both(report: Report, steps: Sequence[StepReport]) -> Comparison | None:
    """What is to be drawn; None where a step did not run."""
    for step in steps:
        if not step.topology and step.verdict not in UNDRAWN:
            raise LookupError(
                f'step "{step.id}" of scene "{report.scene}" has no topology; '
                'write "topology: true" in it and record the scene'
            )
    if not all(step.topology for step in steps):
        return None
    first, last = parse(steps[0].topology), parse(steps[-1].topology)
    return compare(first, last) if len(steps) > 1 else Comparison(last)


def legend(boxes: str, words: Words) -> str:
    """What the marks of a change mean."""
    said = {Mark.NEW: words.new, Mark.GONE: words.gone}
    there = re.findall(r'class="(?:\S+ )*(new|gone)"', boxes)
    rows = "".join(f'<span class="{key}">{said[key]}</span>' for key in said if key in there)
    return f'<p class="legend" data-search-exclude="1">{rows}</p>' if rows else ""


def in_words(changed: Comparison, words: Words) -> str:
    """The text equivalent, folded."""
    return folded(items(describe(changed, words)), words)


def folded(rows: str, words: Words) -> str:
    """The items of a list that says in words what a picture shows, folded."""
    return (
        f'<details class="proof told" data-search-exclude="1">'
        f"<summary>{words.told}</summary><ul>{rows}</ul></details>"
    )


def items(every: Iterable[Item]) -> str:
    """The items of a list, and of those below them."""
    return "".join(
        f"<li>{markup.painted(one.text)}"
        + (f" <strong>{markup.escape(f'({one.mark})')}</strong>" if one.mark else "")
        + (f"<ul>{items(one.below)}</ul>" if one.below else "")
        + "</li>"
        for one in every
    )
