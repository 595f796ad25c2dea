"""Whether a step's result is what was expected, and the values it gives to later steps.

Knows one step and its result; of other steps only the values they gave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from .. import patterns
from ..model import Came, Ended, Held, Reason, Result, Span
from ..patterns import Extent, Unfit, canonical
from ..scenes.step import Capture, Expectation, Step
from ..scenes.values import CAPTURED, names
from . import rests
from .drift import INTERRUPTED
from .excerpt import first_lines, line_with, nearest

Captured = Mapping[str, str]
NOWHERE = (-1, -1)
"""Where a group is that took no part in a match."""


def needed_captures(step: Step) -> frozenset[str]:
    """Names of the captures that earlier steps must have given before this one starts."""
    after = [] if step.background else [*step.expect, *step.capture.values()]
    own = frozenset(step.capture)
    ready = step.background.ready if step.background else ""
    return (
        frozenset(names([step.run, ready]))
        | frozenset(names([expectation.model_dump() for expectation in after])) - own
    )


def fill(text: str, captures: Captured, *, regex: bool = False) -> str:
    """Text with each ``@{name}`` replaced, escaped where the text is a regex.

    A name that was not captured stays as it is.
    """

    def value(match: re.Match[str]) -> str:
        given = captures.get(match[1], match[0])
        return re.escape(given) if regex else given

    return CAPTURED.sub(value, text)


def take_captures(step: Step, result: Result, captures: Captured) -> dict[str, str]:
    """The values that a step's captures find in its output; one that finds none is left out."""
    return {name: value for name, value, _ in found(step, result, captures)}


def taken(step: Step, result: Result, captures: Captured) -> tuple[Span, ...]:
    """Where in its output a step's captures find their values; one that is computed is nowhere."""
    return tuple(Span(*extent, name) for name, _, extent in found(step, result, captures) if extent)


def found(
    step: Step, result: Result, captures: Captured
) -> Iterator[tuple[str, str, Extent | None]]:
    """What a step's captures find: name, value, and where."""
    for name, capture in step.capture.items():
        with suppress(Unfit):
            value, extent = find_value(capture, result.output, captures)
            if value is not None:
                yield name, value, extent


def judge_step(step: Step, result: Result, captures: Captured) -> tuple[Held, ...]:
    """Every expectation of a step, and whether it held; the exit status is always among them.

    A capture that finds nothing comes as one that does not hold.
    """
    known = {**captures, **take_captures(step, result, captures)}
    return (
        *judge_ending(step, result),
        *judge_expectations(step, result, known),
        *judge_captures(step, result, known),
    )


def judge_ending(step: Step, result: Result) -> Iterator[Held]:
    """How the command ended, where no expectation speaks of its exit status."""
    if result.ended is Ended.TIMEOUT:
        yield not_ended("timeout", f"{step.timeout:g}s", step.line, "long")
    elif result.ended is Ended.OUTPUT:
        yield not_ended("limit", None, step.line, "much")
    elif result.ended is Ended.CUT:
        yield not_ended("end", None, step.line, "open")
    elif not any(wanted.kind == "exit" for wanted in step.expect):
        fine = (0, INTERRUPTED) if step.background else (0,)
        yield exit_status(0, step.line, result, fine)


def not_ended(kind: str, sought: str | None, line: int, why: str) -> Held:
    """What does not hold of a command that did not come to an end of its own."""
    return Held(kind, sought, line, False, Came(why=Reason(why)))


def exit_status(sought: int, line: int, result: Result, fine: tuple[int, ...]) -> Held:
    """Whether an exit status is one of those that are fine."""
    if result.exit in fine:
        return Held("exit", sought, line, True)
    came = first_lines(result.output, Reason("status", (str(result.exit),)))
    return Held("exit", sought, line, False, came)


def judge_expectations(step: Step, result: Result, captures: Captured) -> Iterator[Held]:
    """The expectations that are written, in their order."""
    for wanted in step.expect:
        if wanted.kind == "exit":
            if result.ended is Ended.EXIT:
                yield exit_status(wanted.value, wanted.line, result, (wanted.value,))
        elif missing := sorted({*names([wanted.path, wanted.value])} - captures.keys()):
            yield held(wanted, Came(why=Reason("untaken", (missing[0],))))
        else:
            look = of_json if wanted.path else of_text
            try:
                yield held(wanted, look(wanted, result.output, captures))
            except Unfit as error:
                yield held(wanted, first_lines(result.output, error.reason))


def held(wanted: Expectation, came: Came | Extent | None) -> Held:
    """An expectation, and what came where it does not hold, or on what it rests where it does."""
    if isinstance(came, Came):
        return Held(wanted.kind, wanted.value, wanted.line, False, came, wanted.path)
    return Held(wanted.kind, wanted.value, wanted.line, True, Came(), wanted.path, came)


def of_text(wanted: Expectation, output: str, captures: Captured) -> Came | Extent | None:
    """What came instead of what was to be printed; where it was, on what that rests.

    Raises `Unfit`.
    """
    sought = fill(wanted.value, captures, regex=wanted.kind == "matches")
    if meets(wanted.kind, sought, output):
        return rests.of_text(wanted.kind, sought, output)
    return came_instead(wanted.kind, sought, output)


def of_json(wanted: Expectation, output: str, captures: Captured) -> Came | Extent | None:
    """What came instead of a value within JSON; where it did, its place. Raises `Unfit`."""
    path = fill(wanted.path or "", captures)
    value = patterns.value(path, output)
    text = plain(value)
    sought = deep_fill(wanted.value, captures, regex=wanted.kind == "matches")
    match wanted.kind:
        case "absent":
            holds = value is None
        case "equals":
            # what was captured is text, also where it was taken from a number
            form = plain if any(names(wanted.value)) else canonical
            holds = form(sought) == form(value)
        case kind:
            holds = value is not None and meets(kind, str(sought), text)
    return rests.of_json(path, value, output) if holds else Came(text or canonical(value))


def meets(kind: str, sought: str, output: str) -> bool:
    """Whether a text is as it should be. Raises `Unfit`."""
    match kind:
        case "contains":
            return sought in output
        case "absent":
            return sought not in output
        case "equals":
            return sought.rstrip("\n") == output.rstrip("\n")
        case _:
            return patterns.find(sought, [output]) != [None]


def came_instead(kind: str, sought: str, output: str) -> Came:
    """What of a text says most about why it is not as it should be."""
    match kind:
        case "absent":
            return line_with(sought, output)
        case "equals":
            return first_lines(output)
        case _:
            return nearest(sought, output)


def judge_captures(step: Step, result: Result, captures: Captured) -> Iterator[Held]:
    """The captures that found nothing."""
    for name, capture in step.capture.items():
        if name not in captures:
            sought = {name: {"json": capture.path} if capture.path else capture.regex}
            came = came_uncaptured(capture, result.output, captures)
            yield Held("capture", sought, capture.line or step.line, False, came)


def came_uncaptured(capture: Capture, output: str, captures: Captured) -> Came:
    """What came where a capture found nothing."""
    try:
        find_value(capture, output, captures)
    except Unfit as error:
        return first_lines(output, error.reason)
    return nearest(capture.regex, output) if capture.regex else first_lines(output)


def find_value(
    capture: Capture, output: str, captures: Captured
) -> tuple[str | None, Extent | None]:
    """What a capture finds, and where: its first group where it has one, else all it matches.

    Raises `Unfit`.
    """
    if capture.path:
        path = fill(capture.path, captures)
        value = patterns.value(path, output)
        return (None, None) if value is None else (plain(value), rests.of_json(path, value, output))
    (match,) = patterns.find(fill(capture.regex or "", captures, regex=True), [output])
    if match is None or match[1] == NOWHERE:
        return None, None
    return output[slice(*match[1])], match[1]


def plain(value: Any) -> str:
    """A value as a command would be given it: text as it is, all else as JSON."""
    return value if isinstance(value, str) else canonical(value)


def deep_fill(value: Any, captures: Captured, *, regex: bool) -> Any:
    """A value with captures filled into every text inside it."""
    match value:
        case str():
            return fill(value, captures, regex=regex)
        case list():
            return [deep_fill(item, captures, regex=regex) for item in value]
        case dict():
            return {key: deep_fill(item, captures, regex=regex) for key, item in value.items()}
    return value
