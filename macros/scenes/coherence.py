"""Whether the steps of a scene fit together: ids, hosts, captures, background, expectations.

Reads what was written, valid or not, so that its mistakes are told beside all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .messages import suggestion
from .values import names
from .yaml_lines import LinedDict, LinedList, Place

Finding = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class Outline:
    """What of a step matters to others; what is written in a wrong shape counts as not there."""

    index: int
    line: int
    id: str
    on: str
    until: str
    before: tuple[str, ...]
    """Captures that must be there when it starts."""
    after: tuple[str, ...]
    """Captures that must be there when it has ended."""
    takes: tuple[str, ...]
    end: int
    """Index of the step after which it ends: its own, or that of a background's `until`."""

    @property
    def turn(self) -> tuple[int, bool, int]:
        """Its place in the order in which steps end."""
        return self.end, self.end != self.index, self.index


def text(value: Any) -> str:
    """A value where it is text."""
    return value if isinstance(value, str) else ""


def mapping(value: Any) -> LinedDict:
    """A value where it is a mapping."""
    return value if isinstance(value, LinedDict) else LinedDict(0, {}, {})


def outlines(data: LinedDict) -> Iterator[Outline]:
    """What was written of each step, as far as others depend on it."""
    steps = data.get("steps")
    written = steps if isinstance(steps, LinedList) else LinedList([], [])
    ids = [text(mapping(step).get("id")) for step in written]
    for index, step in enumerate(map(mapping, written)):
        background = mapping(step.get("background"))
        until = text(background.get("until"))
        yield Outline(
            index=index,
            line=written.at[index],
            id=ids[index],
            on=text(step.get("on")).partition("/")[0],
            until=until,
            before=tuple(names([step.get("run"), background.get("ready")])),
            after=tuple(names([step.get("expect"), step.get("capture")])),
            takes=tuple(mapping(step.get("capture"))),
            end=ids.index(until, index + 1) if until in ids[index + 1 :] else index,
        )


def check(data: LinedDict) -> Iterator[Finding]:
    """Every place where steps do not fit together, and why."""
    steps = list(outlines(data))
    yield from duplicate_names(steps)
    yield from unknown_names(data, steps)
    yield from captures_too_early(steps)


def duplicate_names(steps: list[Outline]) -> Iterator[Finding]:
    """Ids and captures that two steps claim."""
    ids: dict[str, int] = {}
    taken: dict[str, int] = {}
    for step in steps:
        if step.id and step.id in ids:
            message = f'the id "{step.id}" is taken by line {ids[step.id]}: choose another'
            yield ("steps", step.index, "id"), message
        ids.setdefault(step.id, step.line)
        for name in step.takes:
            if name in taken:
                message = f'"{name}" is taken on line {taken[name]} already: choose another name'
                yield ("steps", step.index, "capture", name), message
            taken.setdefault(name, step.line)


def unknown_names(data: LinedDict, steps: list[Outline]) -> Iterator[Finding]:
    """Hosts and steps that are named and are not there."""
    written = data.get("hosts", ["h1"])
    hosts = [text(host) for host in written] if isinstance(written, list | dict) else []
    for step in steps:
        if step.on and hosts and step.on not in (*hosts, "lan"):
            message = f'this scene has no host "{step.on}": {suggestion(step.on, [*hosts, "lan"])}'
            yield ("steps", step.index, "on"), message
        if step.until and step.end == step.index:
            later = [following.id for following in steps[step.index + 1 :] if following.id]
            message = f'no later step has the id "{step.until}": {suggestion(step.until, later)}'
            yield ("steps", step.index, "background", "until"), message


def captures_too_early(steps: list[Outline]) -> Iterator[Finding]:
    """Captures used before they are taken, or taken by no step."""
    taker = {name: step for step in reversed(steps) for name in step.takes}
    for step in steps:
        for name in dict.fromkeys((*step.before, *step.after)):
            place = ("steps", step.index, "run" if name in step.before else "expect")
            if name not in taker:
                yield place, f"@{{{name}}} is never taken: {how_to_capture(name, list(taker))}"
                continue
            source = taker[name]
            if name in step.before and source is step:
                yield place, f"@{{{name}}} is taken by this very step: take it in an earlier one"
            elif source.end >= step.index if name in step.before else source.turn > step.turn:
                early = f"@{{{name}}} is used before it is taken, by the step of line {source.line}"
                yield place, f"{early}: move this step behind that one's end"


def how_to_capture(name: str, known: list[str]) -> str:
    """How a capture comes to be there."""
    hint = suggestion(name, known)
    return hint if hint.startswith("did") else f'add "capture: {{{name}: …}}" to an earlier step'
