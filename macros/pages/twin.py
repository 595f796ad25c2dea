"""A page for machines: its own Markdown, with what its calls show as text in the place of each.

Made from the reports that the page is drawn from, and not from what was drawn of them.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from .. import phrases
from ..diagrams import hooks, reachability
from ..diagrams.comparison import Comparison
from ..diagrams.description import Item, describe
from ..diagrams.hops import Hop, checked, hops, passed
from ..languages import Words
from ..model import Report, StepReport, Verdict
from ..topology import parse
from . import brief as failure
from . import calls, console, figure, moments
from . import chains as netfilter
from . import headers as lengths
from . import reach as answers
from .headings import walk
from .macros import Call, Showing
from .notice import newest
from .proof import said, standing, usual
from .source import Page, Reference

NAME = "index.md"
LINK = re.compile(
    r"(?P<before>\]\(|^\[[^\]]+\]:\s+)(?P<page>[^)\s#:]+\.md)(?=[)#\s]|$)", re.MULTILINE
)
TICKS = re.compile("`+")


def address(name: str) -> str:
    """Where the twin of a page's file stands, from the language's root."""
    stem = name.removesuffix(".md")
    return posixpath.join(
        stem if posixpath.basename(stem) != "index" else posixpath.dirname(stem), NAME
    )


def twin(page: Page, name: str, showing: Showing, url: str) -> str:
    """The twin of a page, whose file is `name`; `url` is the page's address, "./" if unknown."""
    shown = tuple(calls.references(page, showing.reports))
    text = ""
    for part in page.parts:
        text += part if isinstance(part, str) else called(part, text, showing, url)
    head: dict[str, object] = {"title": page.title, "description": page.description, "address": url}
    head |= outputs(shown, showing)
    front = "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items()
    )
    return f"---\n{front}---\n\n{linked(text, name).lstrip()}"


def outputs(shown: Iterable[tuple[Report, StepReport]], showing: Showing) -> dict[str, object]:
    """How the outputs of a page stand, and by what engine and when most of them were printed."""
    every = tuple(shown)
    counts = Counter(standing(*one) for one in every)
    about: dict[str, object] = {}
    if counts:
        about["outputs"] = {str(showing.words[at.mark]): counts[at] for at in sorted(counts)}
    if most := usual(every):
        report = newest(every, most)
        about |= {"engine": f"Docker Engine {most.engine}", "date": report.when}
    return about


def linked(text: str, name: str) -> str:
    """A text whose links to pages lead to their twins, but in fences."""
    here = posixpath.dirname(address(name))

    def moved(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), found["page"]))
        return found["before"] + posixpath.relpath(address(target), here or ".")

    return "\n".join(line if fenced else LINK.sub(moved, line) for _, line, fenced in walk(text))


# --- what stands in the place of a call ---


def called(reference: Reference, before: str, showing: Showing, url: str) -> str:
    """What stands in the place of a call, behind a text."""
    call = calls.named(reference, showing)
    drawn = TWINS[reference.macro](call, url)
    row = before.rpartition("\n")[2].startswith("|")
    return drawn.replace("|", "\\|") if row else drawn


def steps(call: Call, url: str) -> str:
    """Commands and what they printed, in a fence; below it who said so."""
    report = call.named
    printed = "\n".join(filter(None, (shown(report, step) for step in call.steps)))
    return fence(printed, "console") + by(call, url)


def shown(report: Report, step: StepReport) -> str:
    """A step as a terminal shows it."""
    command = step.command.rstrip("\n").replace("\n", "\n> ")
    ended = "" if not step.output or step.output.endswith("\n") else "\n"
    return f"{console.prompt(report, step)}{command}\n{step.output}{ended}"


def by(call: Call, url: str, drawn: Sequence[StepReport] = (), kind: str = figure.ID) -> str:
    """Verdict, engine and date of some steps, with a link to them, or to what is drawn of them."""
    words, scene = call.showing.words, call.shown[0][0].scene
    who = words.diagram.then.join(stands(*part, words) for part in figure.by_scene(call.shown))
    picture = [kind, scene, *(step.id for step in drawn)]
    anchor = "-".join(picture if drawn else (scene, call.steps[0].id))
    return f"\n{who} · [{anchor}]({url}#{anchor})"


def stands(report: Report, steps: Sequence[StepReport], words: Words) -> str:
    """Verdict, engine and date of some steps of a scene."""
    of = max(steps, key=lambda step: standing(report, step))
    engine = f"Docker Engine {report.provenance.engine}"
    return f"{said(report, of, words)} · {engine} · {report.when[:10]}"


def value(call: Call, url: str) -> str:
    """A captured value, as code in a sentence."""
    if call.value is None:
        return str(call.showing.words.uncaught)
    return code(call.value)


def code(text: str) -> str:
    """A text as code in a sentence, whatever backticks are in it."""
    longest = max(map(len, TICKS.findall(text)), default=0)
    room = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{'`' * (longest + 1)}{room}{text}{room}{'`' * (longest + 1)}"


def diagram(call: Call, url: str) -> str:
    """The network after a step in words, or what changed from one to another."""
    words = call.showing.words
    found = moments.moments_of(call.named, call.steps) if len(call.steps) > 2 else []
    if not found:
        return drawn(call, figure.title(call.steps, words), call.steps, url)
    turns = zip(call.steps, moments.in_turn(found, words.diagram), strict=True)
    listed = "".join(
        f"{number}. {' '.join(step.command.split())}\n{''.join(rows(changed, 1))}"
        for number, (step, changed) in enumerate(turns, 1)
    )
    title = f"{words.diagram.growing}{words.colon.rstrip()}"
    return f"{title}\n\n{fence(listed, 'text')}{by(call, url, call.steps)}"


def compare(call: Call, url: str) -> str:
    """The network in several ways: each in words, with what else came of it."""
    words, listed = call.showing.words, ""
    title = f"{words.diagram.switch}{words.colon.rstrip()}"
    end = by(call, url, call.steps[:1])
    if any(step.verdict in figure.UNDRAWN for step in call.steps):
        missing = f"{words.diagram.missing}\n"
        return f"{title}\n\n{fence(missing, 'text')}{end}"
    every = moments.sides(call.shown)
    for side, label in zip(every, moments.labels(every, words), strict=True):
        first, *others = side.steps
        listed += f"{label}{words.colon.rstrip()}\n"
        listed += "".join(rows(describe(Comparison(parse(first.topology)), words.diagram), 1))
        for step in others:
            said = " / ".join(rule.text for rule in checked(step))
            listed += f"  - {' '.join(moments.ran(side, step).split())}{words.colon}{said}\n"
    return f"{title}\n\n{fence(listed, 'text')}{end}"


def path(call: Call, url: str) -> str:
    """A packet's way: what was seen at each hop, and done before it; then the network in words."""
    after, *others = call.steps
    title = call.showing.words.diagram.path
    if any(step.verdict in figure.UNDRAWN for step in others):
        return drawn(call, title, (after,), url)
    return drawn(call, title, (after,), url, hops(others))


def chains(call: Call, url: str) -> str:
    """The chains that counted packets, as a list."""
    words = call.showing.words
    undrawn = any(step.verdict in figure.UNDRAWN for step in call.steps)
    every = () if undrawn else hooks.describe(hooks.boxes(call.steps), words)
    return listed(call, url, words.diagram.chains, every, netfilter.ID)


def reach(call: Call, url: str) -> str:
    """Who reaches whom, as a list."""
    words = call.showing.words
    found = answers.asked(call.named, call.steps)
    every = reachability.describe(found, words) if found else ()
    return listed(call, url, words.reach.title, every, answers.ID)


def listed(call: Call, url: str, title: str, items: Iterable[Item], kind: str) -> str:
    """A picture as a list, under what it shows."""
    text = "".join(rows(items)) or f"{call.showing.words.diagram.missing}\n"
    colon = call.showing.words.colon.rstrip()
    return f"{title}{colon}\n\n{fence(text, 'text')}{by(call, url, call.steps[:1], kind)}"


def headers(call: Call, url: str) -> str:
    """The headers of packets, as a list."""
    words = call.showing.words
    undrawn = any(step.verdict in figure.UNDRAWN for step in call.steps)
    every = () if undrawn else lengths.told(call.steps, words)
    return listed(call, url, words.diagram.headers, every, lengths.ID)


def told(number: int, hop: Hop, words: Words) -> str:
    """One hop of a packet, in lines."""
    said, colon = words.frames, words.colon
    lost = f"{said.lost}{colon}" if hop.lost else ""
    text = f"{number}. {hop.at}{colon}{lost}{' '.join(hop.packet.split())}\n"
    text += f"   - {said.anew}\n" if hop.anew else ""
    for field in hop.fields:
        if field.was:
            text += f"   - {said.field[field.kind]}{colon}{field.was} → {field.value}\n"
    for rule in (rule for asked in hop.asked for rule in asked.rules):
        counted = f"{rule.chain}, {said.counted.format(rule.packets)}{colon}" if rule.chain else ""
        text += f"   - {counted}{rule.text}\n"
    return text


def drawn(
    call: Call, title: str, compared: tuple[StepReport, ...], url: str, way: Sequence[Hop] = ()
) -> str:
    """A diagram as a list of what is in it, behind a packet's way over it."""
    words = call.showing.words.diagram
    changed = figure.both(call.named, compared)
    listed = "".join(told(*one, call.showing.words) for one in enumerate(way, 1))
    listed += (
        "".join(rows(describe(passed(changed, way), words))) if changed else f"{words.missing}\n"
    )
    return f"{title}{words.colon.rstrip()}\n\n{fence(listed, 'text')}{by(call, url, compared)}"


def rows(items: Iterable[Item], depth: int = 0) -> Iterator[str]:
    """The items of a list, line by line."""
    for item in items:
        mark = f" ({item.mark})" if item.mark else ""
        yield f"{'  ' * depth}- {item.text}{mark}\n"
        yield from rows(item.below, depth + 1)


def evidence(call: Call, url: str) -> str:
    """Every step of every scene with its verdict, and where it is shown."""
    page = call.showing
    where: Mapping[tuple[str, str], str] = page.elsewhere.places() if page.elsewhere else {}
    text = ""
    for name, report in sorted(page.reports.items()):
        by = report.provenance
        text += f"### {name} {{#scene-{name}}}\n\n"
        text += f"Docker Engine {by.engine} ({by.package}) · {report.when[:10]} · {by.kernel}\n\n"
        for step in report.steps:
            at = where.get((name, step.id), "")
            link = f"[#{step.id}](../{at})" if at else step.id
            text += f"- {link}: {verdict(report, step, page)}\n"
        text += "\n"
    return text


def verdict(report: Report, step: StepReport, page: Showing) -> str:
    """Where a step stands, and why, if not as it should."""
    why = phrases.blame(step, page.words) if step.verdict is not Verdict.PASSED else ""
    return str(page.words.colon.join(filter(None, (page.words[standing(report, step).mark], why))))


def fence(text: str, kind: str) -> str:
    """A text between fences that nothing in it ends."""
    mark = "`" * max(3, 1 + max(map(len, TICKS.findall(text)), default=0))
    return f"{mark}{kind}\n{text}{mark}\n"


def brief(call: Call, url: str) -> str:
    """A failure in three lines, each with its command as code."""
    words = call.showing.words
    texts = failure.message(call.steps[0]), *(step.command.strip() for step in call.steps[1:])
    rows = zip(failure.ROWS, texts, strict=True)
    return "\n".join(f"- {words.brief[row]}{words.colon}{code(text)}" for row, text in rows)


TWINS: dict[str, Callable[[Call, str], str]] = {
    "steps": steps, "value": value, "diagram": diagram, "compare": compare, "path": path,
    "chains": chains, "reach": reach, "headers": headers, "brief": brief, "evidence": evidence,
}  # fmt: skip
"""By the macro that draws it on the page."""
