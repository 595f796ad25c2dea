"""Whether a step's result is what was expected, and the values it gives to later steps.

Knows one step and its result; of other steps only the values they gave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from .. import patterns
from ..model import Came, Ended, Held, Reason, Result
from ..patterns import Unfit, canonical
from ..scenes.step import Capture, Expectation, Step
from ..scenes.values import CAPTURED, names
from .drift import INTERRUPTED
from .excerpt import first_lines, line_with, nearest

Captured = Mapping[str, str]


def needed_captures(step: Step) -> frozenset[str]:
    """Names of the captures that earlier steps must have given before this one starts."""
    after = [] if step.background else [*step.expect, *step.capture.values()]
    own = frozenset(step.capture)
    ready = step.background.ready if step.background else ""
    return (
        frozenset(names([step.run, ready]))
        | frozenset(names([one.model_dump() for one in after])) - own
    )


def fill(text: str, captures: Captured, *, regex: bool = False) -> str:
    """Text with each ``@{name}`` replaced, escaped where the text is a regex.

    A name that was not captured stays as it is.
    """

    def value(found: re.Match[str]) -> str:
        given = captures.get(found[1], found[0])
        return re.escape(given) if regex else given

    return CAPTURED.sub(value, text)


def take_captures(step: Step, result: Result, captures: Captured) -> dict[str, str]:
    """The values that a step's captures find in its output; one that finds none is left out."""
    found = {}
    for name, way in step.capture.items():
        with suppress(Unfit):
            if (value := taken(way, result.output, captures)) is not None:
                found[name] = value
    return found


def judge_step(step: Step, result: Result, captures: Captured) -> tuple[Held, ...]:
    """Every expectation of a step, and whether it held; the exit status is always among them.

    A capture that finds nothing comes as one that does not hold.
    """
    known = {**captures, **take_captures(step, result, captures)}
    return (*ending(step, result), *expected(step, result, known), *untaken(step, result, known))


def ending(step: Step, result: Result) -> Iterator[Held]:
    """How the command ended, where no expectation speaks of its exit status."""
    if result.ended is Ended.TIMEOUT:
        yield unended("timeout", f"{step.timeout:g}s", step.line, "long")
    elif result.ended is Ended.OUTPUT:
        yield unended("limit", None, step.line, "much")
    elif result.ended is Ended.CUT:
        yield unended("end", None, step.line, "open")
    elif not any(one.kind == "exit" for one in step.expect):
        fine = (0, INTERRUPTED) if step.background else (0,)
        yield exit_status(0, step.line, result, fine)


def unended(kind: str, sought: str | None, line: int, why: str) -> Held:
    """What does not hold of a command that did not come to an end of its own."""
    return Held(kind, sought, line, False, Came(why=Reason(why)))


def exit_status(sought: int, line: int, result: Result, fine: tuple[int, ...]) -> Held:
    """Whether an exit status is one of those that are fine."""
    if result.exit in fine:
        return Held("exit", sought, line, True)
    came = first_lines(result.output, Reason("status", (str(result.exit),)))
    return Held("exit", sought, line, False, came)


def expected(step: Step, result: Result, captures: Captured) -> Iterator[Held]:
    """The expectations that are written, in their order."""
    for one in step.expect:
        if one.kind == "exit":
            if result.ended is Ended.EXIT:
                yield exit_status(one.value, one.line, result, (one.value,))
        elif lost := sorted({*names([one.path, one.value])} - captures.keys()):
            yield about(one, Came(why=Reason("untaken", (lost[0],))))
        else:
            look = of_json if one.path else of_text
            try:
                yield about(one, look(one, result.output, captures))
            except Unfit as error:
                yield about(one, first_lines(result.output, error.reason))


def about(one: Expectation, came: Came | None) -> Held:
    """An expectation, and what came where it does not hold."""
    return Held(one.kind, one.value, one.line, came is None, came or Came(), one.path)


def of_text(one: Expectation, output: str, captures: Captured) -> Came | None:
    """What came instead of what was to be printed; None where it was. Raises `Unfit`."""
    sought = fill(one.value, captures, regex=one.kind == "matches")
    return None if meets(one.kind, sought, output) else instead(one.kind, sought, output)


def of_json(one: Expectation, output: str, captures: Captured) -> Came | None:
    """What came instead of a value within JSON; None where it did. Raises `Unfit`."""
    value = patterns.value(fill(one.path or "", captures), output)
    text = plain(value)
    sought = deep_fill(one.value, captures, regex=one.kind == "matches")
    match one.kind:
        case "absent":
            holds = value is None
        case "equals":
            # what was captured is text, also where it was taken from a number
            form = plain if any(names(one.value)) else canonical
            holds = form(sought) == form(value)
        case kind:
            holds = value is not None and meets(kind, str(sought), text)
    return None if holds else Came(text or canonical(value))


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


def instead(kind: str, sought: str, output: str) -> Came:
    """What of a text says most about why it is not as it should be."""
    match kind:
        case "absent":
            return line_with(sought, output)
        case "equals":
            return first_lines(output)
        case _:
            return nearest(sought, output)


def untaken(step: Step, result: Result, captures: Captured) -> Iterator[Held]:
    """The captures that found nothing."""
    for name, way in step.capture.items():
        if name not in captures:
            sought = {name: {"json": way.path} if way.path else way.regex}
            came = missed(way, result.output, captures)
            yield Held("capture", sought, way.line or step.line, False, came)


def missed(way: Capture, output: str, captures: Captured) -> Came:
    """What came where a capture found nothing."""
    try:
        taken(way, output, captures)
    except Unfit as error:
        return first_lines(output, error.reason)
    return nearest(way.regex, output) if way.regex else first_lines(output)


def taken(way: Capture, output: str, captures: Captured) -> str | None:
    """What a capture finds: its first group where it has one, else all it matches.

    Raises `Unfit`.
    """
    if way.path:
        value = patterns.value(fill(way.path, captures), output)
        return None if value is None else plain(value)
    (found,) = patterns.find(fill(way.regex or "", captures, regex=True), [output])
    return found[0] if found else None


def plain(value: Any) -> str:
    """A value as a command would be given it: text as it is, all else as JSON."""
    return value if isinstance(value, str) else canonical(value)


def deep_fill(value: Any, captures: Captured, *, regex: bool) -> Any:
    """A value with captures filled into every text inside it."""
    match value:
        case str():
            return fill(value, captures, regex=regex)
        case list():
            return [deep_fill(one, captures, regex=regex) for one in value]
        case dict():
            return {key: deep_fill(one, captures, regex=regex) for key, one in value.items()}
    return value
