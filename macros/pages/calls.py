"""A page's macro calls replaced by what they show. Knows reports, not where they come from."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from ..errors import Mistake, Mistakes
from ..model import Report, StepReport, Verdict
from ..scenes.messages import suggestion
from . import behind
from .figure import Shown
from .frontmatter import ALL
from .look import draw
from .macros import MACROS, Call, Names, Showing, Stands
from .notice import notice
from .proof import usual
from .source import Page, Reference, missing

T = TypeVar("T")
TITLE = re.compile(r"^# .*$", re.MULTILINE)


UNLIKE = "this is not the text that was checked: another program changes it"


class Drawing:
    """A page being drawn: its calls in their order, and what is wrong with them.

    `put` takes the HTML of a block, and gives what stands for it.
    """

    def __init__(self, page: Page, showing: Showing, put: Callable[[str], str] = str) -> None:
        self.page, self.showing, showing.put = page, showing, put
        self.left = iter(page.references)
        self.shown = tuple(references(page, showing.reports))
        showing.usual = usual(self.shown)
        self.wrong = list(page.mistakes)

    def call(self, macro: str, *args: str) -> str:
        """What stands for the next call; "" where it is wrong, or not the one that was checked."""
        reference = next(self.left, None)
        if reference is None or (reference.macro, reference.args) != (macro, args):
            self.wrong.append(Mistake(self.page.path, 0, UNLIKE))
            return ""
        try:
            drawn = MACROS[macro].made(named(reference, self.showing))
        except LookupError as error:
            self.wrong.append(Mistake(reference.page, reference.line, str(error.args[0])))
            return ""
        return self.showing.put(drawn) if MACROS[macro].stands is Stands.BLOCK else drawn

    def whole(self, text: str) -> str:
        """The page, whose calls are drawn, with its notice. Raises `Mistakes`, all at once."""
        if not self.wrong and next(self.left, None):
            self.wrong.append(Mistake(self.page.path, 0, UNLIKE))
        if self.wrong:
            raise Mistakes(self.wrong)
        text = behind.marked(text, self.showing.behind, self.showing)
        told = [notice(self.shown, self.showing)]
        for alias in self.page.aliases:
            if alias.new[:1] == "#" and (title := heading(alias.new[1:])).search(text):
                mark = self.showing.put(draw("aliases", ids=[alias.old[1:]]))
                text = title.sub(f"{mark}\n\n\\g<0>", text, count=1)
            elif alias.old == ALL and self.showing.elsewhere:
                every = self.showing.elsewhere.taken(self.name, alias, self.showing.reports)
                told += (self.moved(id, f"{alias.new}#{id}") for id in every)
            elif alias.new:
                told.append(self.moved(alias.old[1:], alias.new))
        if below := "\n\n".join(filter(None, told)):
            text = TITLE.sub(lambda found: f"{found[0]}\n\n{below}\n", text, count=1)
        return text

    def moved(self, id: str, link: str) -> str:
        """What stands for an id that is on another page now."""
        return self.showing.put(draw("moved", id=id, way=self.way(link), words=self.showing.words))

    @property
    def name(self) -> str:
        """The page's path below its language's directory."""
        return self.page.path.split("/", 2)[2]

    def way(self, link: str) -> str:
        """The address that a link by a page's file stands for."""
        path, mark, id = link.partition("#")
        if not path:
            return link
        to = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), path))
        return f"{self.showing.ways.page(to.removesuffix('.md'))}{mark}{id}"


def heading(id: str) -> re.Pattern[str]:
    """The line of a heading, by its id."""
    return re.compile(rf"^#{{1,6}} .*\{{[ \t]*#{re.escape(id)}[ \t]*\}}[ \t]*$", re.MULTILINE)


def render(page: Page, showing: Showing, put: Callable[[str], str] = str) -> str:
    """The page's Markdown, for who has no Jinja. Raises `Mistakes`, all of the page's at once."""
    drawing = Drawing(page, showing, put)
    return drawing.whole(
        "".join(
            part if isinstance(part, str) else drawing.call(part.macro, *part.args)
            for part in page.parts
        )
    )


def references(page: Page, reports: Mapping[str, Report]) -> Iterator[tuple[Report, StepReport]]:
    """The steps that a page shows, as far as there are such, each once."""
    named = dict.fromkeys(
        step for one in page.references if MACROS[one.macro].shown for step in one.named
    )
    for scene, name in named:
        if report := reports.get(scene):
            yield from ((report, step) for step in report.steps if step.id == name)


def named(reference: Reference, showing: Showing) -> Call:
    """What a call names. Raises `LookupError` with what is missing and what there is."""
    macro = MACROS[reference.macro]
    if macro.names is Names.NONE:
        return Call(showing)
    scene, *names = reference.args
    report = reported(scene, showing)
    if macro.names is Names.VALUE:
        values = dict(report.values)
        if names[0] not in values and any(s.verdict is not Verdict.PASSED for s in report.steps):
            return Call(showing, report)
        name = names[0]
        return Call(showing, report, value=pick(values, name, scene, "value"), name=name)
    return Call(showing, report, tuple(stepped(*one, showing) for one in reference.named))


def reported(scene: str, showing: Showing) -> Report:
    """The report of a scene. Raises `LookupError` where there is none."""
    if scene not in showing.reports:
        raise LookupError(f'no scene "{scene}": {suggestion(scene, showing.reports)}')
    return showing.reports[scene]


def stepped(scene: str, name: str, showing: Showing) -> Shown:
    """A step of a scene, with the scene's report. Raises `LookupError` where there is none."""
    report = reported(scene, showing)
    return report, pick({step.id: step for step in report.steps}, name, scene, "step")


def pick(known: Mapping[str, T], name: str, scene: str, kind: str) -> T:
    """What a scene has by a name. Raises `LookupError` with what to write instead."""
    if name not in known:
        raise LookupError(missing(scene, kind, name, known))
    return known[name]
