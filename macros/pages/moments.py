"""A figure of several moments of a network, one at a time: as it grows, or in two ways.

Likewise of steps whose topology the run recorded, and without looking up anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from .. import markup
from ..diagrams.comparison import Comparison, compare, grown, opposed
from ..diagrams.description import Item, changes, describe
from ..diagrams.grid import grid
from ..diagrams.hops import checked
from ..languages import Words
from ..model import Report, StepReport
from ..topology import Topology
from .figure import UNDRAWN, Drawn, both, canvas, folded, items, legend, title
from .look import draw
from .reel import Frame, reel


def growing(report: Report, steps: Sequence[StepReport], words: Words) -> Drawn | None:
    """The network after one step and the next, each with what is new and gone since the one before.

    Raises `LookupError` for a step that ran and has no topology.
    """
    moments = moments_of(report, steps)
    if not moments:
        return None
    said = words.diagram
    frames = []
    for step, changed in zip(steps, grown(moments), strict=True):
        boxes = grid(changed, said)
        name = title([step], words)
        after = draw("moment", command=step.command.strip())
        shown = f"{after}{canvas(boxes, name)}{legend(boxes, said)}"
        frames.append(Frame(shown, step.command.strip().splitlines()[0]))
    drawn = reel(said.growing, frames, words)
    return Drawn(drawn, told(steps, moments, words))


def in_turn(moments: Sequence[Topology], words: Words) -> list[tuple[Item, ...]]:
    """The first of some moments in words, then what changed to each of the next."""
    first = describe(Comparison(moments[0]), words)
    return [first, *(changes(describe(compare(*two), words)) for two in pairwise(moments))]


def told(steps: Sequence[StepReport], moments: Sequence[Topology], words: Words) -> str:
    """The text equivalent of several moments: the first, then what changed each time, folded."""
    rows = (
        f"<li><code>{markup.escape(step.command.strip())}</code><ul>{items(changed)}</ul></li>"
        for step, changed in zip(steps, in_turn(moments, words.diagram), strict=True)
    )
    return folded("".join(rows), words.diagram)


def switch(report: Report, steps: Sequence[StepReport], words: Words) -> Drawn | None:
    """The network with an option and without, or with two: half of the steps for each.

    Of each half the first step has a topology; of the others the lines are shown that are expected.
    Raises `LookupError` for steps of which that cannot be said.
    """
    halves = halved(report, steps)
    moments = moments_of(report, [half[0] for half in halves])
    if not moments or any(step.verdict in UNDRAWN for step in steps):
        return None
    said, frames = words.diagram, []
    for half, (one, other), label in zip(
        halves, (moments, moments[::-1]), options(halves, words), strict=True
    ):
        boxes = grid(opposed(one, other), said)
        came = draw("outcomes", steps=[(it.command.strip(), lines_of(it)) for it in half[1:]])
        after = draw("moment", command=half[0].command.strip())
        shown = f"{after}{canvas(boxes, label)}{came}"
        frames.append(Frame(shown, half[0].command.strip().splitlines()[0], label))
    rows = [
        described(label, one, words)
        for label, one in zip(options(halves, words), moments, strict=True)
    ]
    drawn = reel(said.switch, frames, words)
    return Drawn(drawn, folded("".join(rows), said))


def halved(report: Report, steps: Sequence[StepReport]) -> tuple[Sequence[StepReport], ...]:
    """Both halves of some steps. Raises `LookupError` where there are none."""
    if len(steps) % 2:
        raise LookupError(
            f'compare("{report.scene}", …) names {len(steps)} steps: name as many for one side as '
            "for the other, each beginning with one that has a topology"
        )
    half = len(steps) // 2
    return steps[:half], steps[half:]


def options(halves: Sequence[Sequence[StepReport]], words: Words) -> list[str]:
    """What each of two commands has that the other has not; "without" where it has nothing."""
    one, other = (half[0].command.split() for half in halves)
    own = [" ".join(word for word in one if word not in other),
           " ".join(word for word in other if word not in one)]  # fmt: skip
    return [mine or words.frames.without.format(its) for mine, its in (own, own[::-1])]


def lines_of(step: StepReport) -> list[Markup]:
    """The lines of an output that something was expected of."""
    return [Markup(markup.painted(rule.text)) for rule in checked(step)]


def described(label: str, moment: Topology, words: Words) -> str:
    """One of several topologies in words."""
    listed = items(describe(Comparison(moment), words.diagram))
    return f"<li><code>{markup.escape(label)}</code><ul>{listed}</ul></li>"


def moments_of(report: Report, steps: Sequence[StepReport]) -> list[Topology]:
    """The topologies of some steps; none where a step did not run. Raises `LookupError`."""
    found = [both(report, [step]) for step in steps]
    return [one.topology for one in found if one] if all(found) else []
