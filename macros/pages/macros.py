"""The macros that a page may call: one table. A new one is a function here, and its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from math import inf
from typing import TYPE_CHECKING

from ..languages import Words
from ..model import Report, StepReport
from . import brief as failure
from . import chains as netfilter
from . import console, figure, moments, pointers
from . import evidence as every_step
from . import headers as lengths
from . import reach as reachability
from .proof import HERE, Usual
from .ways import Ways

if TYPE_CHECKING:
    from .behind import Mark
    from .elsewhere import Elsewhere


class Names(Enum):
    """What a macro's names mean, behind the first, which is a scene's."""

    NONE = auto()
    STEPS = auto()
    VALUE = auto()


class Stands(Enum):
    """What a macro puts in the place of its call."""

    SENTENCE = auto()
    """A part of a sentence."""
    BLOCK = auto()
    """A block of HTML, alone on its line."""
    MARKDOWN = auto()
    """Lines of Markdown, in the place of one."""


@dataclass(slots=True)
class Showing:
    """What the calls of one page are drawn from."""

    reports: Mapping[str, Report]
    words: Words
    ways: Ways = HERE
    elsewhere: Elsewhere | None = None
    """The other pages; looked at by calls alone that need them."""
    ids: set[str] = field(default_factory=set)
    """Of steps that are shown already."""
    put: Callable[[str], str] = str
    """Takes the HTML of a block, gives what stands for it."""
    usual: Usual | None = None
    """What is said of most outputs below the page's title."""
    behind: tuple[Mark, ...] = ()
    """What the page owes those of other languages."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a call names, found: all that its drawing may look at."""

    showing: Showing
    report: Report | None = None
    """Of the scene that it names first."""
    shown: tuple[figure.Shown, ...] = ()
    value: str | None = None
    name: str = ""
    """Of the value."""

    @property
    def named(self) -> Report:
        """The report of the scene that is named."""
        assert self.report
        return self.report

    @property
    def steps(self) -> tuple[StepReport, ...]:
        """The steps that are named."""
        return tuple(step for _, step in self.shown)


@dataclass(frozen=True, slots=True)
class Macro:
    """A row of the table."""

    draw: Callable[[Call], str]
    """Raises `LookupError` with what is missing, for a message."""
    form: str
    """How it is written."""
    names: Names = Names.NONE
    least: int = 0
    most: float = inf
    """How many names it takes, the scene's counted."""
    stands: Stands = Stands.BLOCK
    topology: int | None = 0
    """How many of its steps, from the first, must have recorded one; None for all."""
    across: bool = False
    """Whether its steps may be of several scenes."""
    shown: bool = False
    """Whether its steps count as shown there, and have ids that a link may lead to."""
    drawn: str = ""
    """What the id of what it draws begins with."""

    @property
    def named(self) -> int | None:
        """How many of its steps, from the first, that id is made of; None for all."""
        return 1 if self.topology == 0 else self.topology

    def made(self, call: Call) -> str:
        """What stands in the place of a call, with its id. Raises `LookupError` as `draw` does."""
        made = self.draw(call)
        if not self.drawn:
            return made
        of = call.steps[: self.named]
        return figure.named(made, call.shown[0][0], of, call.showing.ids, self.drawn)

    @property
    def block(self) -> bool:
        return self.stands is not Stands.SENTENCE


def steps(call: Call) -> str:
    """The commands of steps, and what they printed."""
    page = call.showing
    return console.console(call.named, call.steps, page.words, page.ids, page.ways, page.usual)


def value(call: Call) -> str:
    """A value that a step captured."""
    if call.value is None:
        return console.uncaught(call.showing.words)
    return console.value(call.value, pointers.value(call.named.scene, call.name))


def pictured(call: Call, drawing: figure.Drawing) -> str:
    """What a function draws of steps, with its proof."""
    page = call.showing
    return figure.figure(drawing, call.named, call.steps, page.words, page.ways, page.usual)


def diagram(call: Call) -> str:
    """The network after a step, or what changed from one to another, or step by step."""
    return pictured(call, moments.growing if len(call.steps) > 2 else figure.diagram)


def compare(call: Call) -> str:
    """The network in several ways, one or another."""
    page, shown = call.showing, call.shown
    drawn = moments.switch(shown, page.words)
    return figure.proven(drawn, shown, page.words, page.ways, page.usual)


def path(call: Call) -> str:
    """A packet's way over the network, hop by hop."""
    return pictured(call, figure.path)


def chains(call: Call) -> str:
    """The chains of netfilter that counted packets, in the order in which they are asked."""
    return pictured(call, netfilter.chains)


def reach(call: Call) -> str:
    """Who reaches whom, as a table: who asks in its rows, who is asked in its columns."""
    return pictured(call, reachability.reach)


def headers(call: Call) -> str:
    """The headers of packets, each in the one before it, with their lengths."""
    return pictured(call, lengths.nested)


def brief(call: Call) -> str:
    """A failure in three lines: symptom, deciding command, what mends it."""
    return failure.brief(call.steps, call.showing.words)


def evidence(call: Call) -> str:
    """Every step of every scene, with its verdict."""
    page = call.showing
    if page.elsewhere is None:
        return ""
    where, unproven = page.elsewhere.places(), page.elsewhere.not_run()
    return every_step.evidence(page.reports, where, unproven, page.words, page.ways, page.put)


MACROS: dict[str, Macro] = {
    "steps": Macro(steps, 'steps("scene", "step", …)', Names.STEPS, 2, shown=True),
    "value": Macro(
        value, 'value("scene", "name")', Names.VALUE, 2, 2, stands=Stands.SENTENCE
    ),
    "diagram": Macro(
        diagram, 'diagram("scene", "step", …)', Names.STEPS, 2, topology=None, drawn=figure.ID
    ),
    "compare": Macro(
        compare, 'compare("scene", "step", …, "other", …)', Names.STEPS, 3,
        topology=1, across=True, drawn=figure.ID,
    ),
    "path": Macro(
        path, 'path("scene", "step", "capture", …)', Names.STEPS, 3, topology=1, drawn=figure.ID
    ),
    "chains": Macro(
        chains, 'chains("scene", "step", …)', Names.STEPS, 2, drawn=netfilter.ID
    ),
    "reach": Macro(
        reach, 'reach("scene", "step", "asking", …)', Names.STEPS, 3, topology=1,
        drawn=reachability.ID
    ),
    "headers": Macro(
        headers, 'headers("scene", "step", …)', Names.STEPS, 2, drawn=lengths.ID
    ),
    "brief": Macro(brief, 'brief("scene", "symptom", "decide", "mend")', Names.STEPS, 4, 4),
    "evidence": Macro(evidence, "evidence()", most=0, stands=Stands.MARKDOWN),
}  # fmt: skip
