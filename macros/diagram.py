"""A figure with the network as it was after a step, or with what changed from one to another.

Looks up nothing, runs nothing: it is given the steps whose topology the run recorded.
"""

from __future__ import annotations

from . import printed
from .changes import Changed, Mark, between
from .drawing import Picture
from .layout import layout
from .model import Report, StepReport, Verdict
from .proof import details
from .svg import svg
from .told import told
from .words import Words


def diagram(report: Report, steps: list[StepReport], words: Words) -> str:
    """The network after a step; with two steps, what is new and gone between them.

    Raises `LookupError` for a step that ran and has no topology.
    """
    for step in steps:
        if step.topology is None and step.verdict is not Verdict.SKIPPED:
            raise LookupError(
                f'step "{step.id}" of scene "{report.scene}" has no topology; '
                'write "topology: true" in it and record the scene'
            )
    said = words.diagram
    commands = [f"“{step.command.strip().splitlines()[0]}”" for step in reversed(steps)]
    title = (said.changes if len(steps) > 1 else said.title).format(*commands)
    changed = both(steps)
    if changed is None:
        drawn = f'<p class="undrawn">{said.missing}</p>'
    else:
        picture = layout(changed, said)
        drawn = (
            f'<div class="canvas" tabindex="0" data-search-exclude="1">{svg(picture, title)}</div>'
            f"{legend(picture, words)}"
        )
    tells = "" if changed is None else in_words(changed, words)
    return (
        f'<figure class="scene diagram" data-scene="{printed.attribute(report.scene)}">'
        f"{drawn}<figcaption>{tells}{details(report, steps, words)}</figcaption></figure>"
    )


def both(steps: list[StepReport]) -> Changed | None:
    """What is to be drawn; None where a step did not run."""
    first, *_, last = steps[0].topology, steps[-1].topology
    if first is None or last is None:
        return None
    return between(first, last) if len(steps) > 1 else Changed(last)


def legend(picture: Picture, words: Words) -> str:
    """What the marks of a change mean."""
    said = {Mark.NEW: words.diagram.new, Mark.GONE: words.diagram.gone}
    there = {shape.mark for shape in picture.shapes}
    rows = "".join(f'<span class="{key}">{said[key]}</span>' for key in said if key in there)
    return f'<p class="legend" data-search-exclude="1">{rows}</p>' if rows else ""


def in_words(changed: Changed, words: Words) -> str:
    """The text equivalent, folded."""
    return (
        f'<details class="proof told" data-search-exclude="1">'
        f"<summary>{words.diagram.told}</summary><ul>{told(changed, words.diagram)}</ul></details>"
    )
