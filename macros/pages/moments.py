"""A figure of several moments of a network, one at a time: as it grows, or in several ways.

Likewise of steps whose topology the run recorded, and without looking up anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from posixpath import commonprefix
from typing import NamedTuple

from markupsafe import Markup

from .. import markup
from ..diagrams.comparison import Comparison, compare, grown, opposed
from ..diagrams.description import Item, changes, describe
from ..diagrams.grid import grid
from ..diagrams.hops import checked
from ..languages import Words
from ..model import Report, StepReport
from ..topology import Topology, parse
from .console import prompt
from .figure import UNDRAWN, Drawn, Shown, both, canvas, folded, items, legend, title
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
    return Drawn(drawn, told(steps, moments, words), said.growing)


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


class Side(NamedTuple):
    """One of the ways in which a network is shown."""

    report: Report
    steps: Sequence[StepReport]
    """The first has a topology; of the others the lines are shown that are expected."""


def switch(shown: Sequence[Shown], words: Words) -> Drawn | None:
    """The network with an option and without, with one or another, on one engine and another.

    Raises `LookupError` for steps that make no sides.
    """
    if any(step.verdict in UNDRAWN for _, step in shown):
        return None
    every = sides(shown)
    moments = [parse(side.steps[0].topology) for side in every]
    said, frames, rows = words.diagram, [], []
    for place, (side, label) in enumerate(zip(every, labels(every, words), strict=True)):
        first, *others = side.steps
        boxes = grid(opposed(moments[place], [*moments[:place], *moments[place + 1 :]]), said)
        came = draw("outcomes", steps=[(ran(side, it), lines_of(it)) for it in others])
        after = draw("moment", command=first.command.strip())
        picture = f"{after}{canvas(boxes, label)}{came}"
        frames.append(Frame(picture, first.command.strip().splitlines()[0], label))
        rows.append(described(label, moments[place], words))
    return Drawn(reel(said.switch, frames, words), folded("".join(rows), said), said.switch)


def sides(shown: Sequence[Shown]) -> list[Side]:
    """The sides that some steps make: each begins with one that has a topology.

    Raises `LookupError` where there are less than two, or where they are not alike.
    """
    begins = [place for place, (_, step) in enumerate(shown) if step.topology]
    parts = [shown[one:next] for one, next in pairwise([*begins, len(shown)])]
    lengths = sorted({len(part) for part in parts})
    if begins[:1] != [0] or len(parts) < 2 or len(lengths) > 1:
        came = ", ".join(str(len(part)) for part in parts) or "none"
        raise LookupError(
            f"compare(…) names {len(shown)} steps, and the sides that they make have: {came}; "
            'begin each side with a step that has "topology: true", and name as many for each'
        )
    if mixed := next((part for part in parts if len({it.scene for it, _ in part}) > 1), None):
        names = ", ".join(f"{report.scene}/{step.id}" for report, step in mixed)
        raise LookupError(f"a side of compare(…) is of one scene, and this one is not: {names}")
    return [Side(part[0][0], [step for _, step in part]) for part in parts]


def labels(every: Sequence[Side], words: Words) -> list[str]:
    """What each of some sides has that not all have; "without" where it has nothing."""
    has = [facts(side) for side in every]
    common = set(has[0]).intersection(*has[1:])
    own = [" ".join(one for one in mine if one not in common) for mine in has]
    start = commonprefix(own).rfind("=") + 1
    own = [one[start:] for one in own]
    also = words.diagram.also.join(one for one in own if one)
    return [one or words.frames.without.format(also) for one in own]


def facts(side: Side) -> list[str]:
    """By what a side may differ: its engine, what was set on its hosts, its first command."""
    options = (option.text for option in side.report.options)
    return [f"Engine {side.report.provenance.engine}", *options, *side.steps[0].command.split()]


def ran(side: Side, step: StepReport) -> str:
    """A command of a side, behind a prompt that says where it ran."""
    return f"{prompt(side.report, step)}{step.command.strip()}"


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
