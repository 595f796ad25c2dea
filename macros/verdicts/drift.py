"""How two outputs differ, but for what is volatile in them. Pure text; knows no files."""

from __future__ import annotations

import re

from ..difference import lines, unified
from ..model import Ended, Result, Transcript
from .normalize import normalize

ENDINGS = {
    Ended.EXIT: "exit: {}",
    Ended.TIMEOUT: "timeout",
    Ended.OUTPUT: "limit",
    Ended.CUT: "end",
}
"""As expectations have it: it is shown in every language."""


INTERRUPTED = 128 + 2
"""Exit status of a command that SIGINT ended, as collecting a background step does."""

INTERFACE = re.compile(r"(?<=^  )eth\d+|(?<=:)eth\d+$")
OTHER_END = re.compile(r" peer \S+/\S+:eth\d+$")
"""A container's interface, in a line below that of the container, and where the host's end of its
cable names it."""


def ending(result: Result) -> str:
    """How a command ended, as a line.

    One that is collected in the background ends by SIGINT or, just before, by itself: that
    is all the same.
    """
    status = 0 if result.exit == INTERRUPTED else result.exit
    return ENDINGS[result.ended].format(status)


def arranged(result: Result) -> list[tuple[str, str]]:
    """The topology that was recorded with a result: its lines as they are compared and as they are.

    They stand in the order in which interfaces were made and containers started, and Compose
    makes both side by side: that order is news of nobody. Here each place, and each interface
    below it, stands where its text does. Nor is which of a container's networks has `eth0`: the
    daemon connects them in the order of a map (moby, daemon/container_operations.go).
    """
    places: list[list[tuple[str, str]]] = []
    known = normalize("".join(f"{line}\n" for line in result.topology))
    for text, line in zip(lines(known), result.topology, strict=True):
        if not places or not line.startswith(" "):
            places.append([])
        own = line.startswith(" ") and " (container, " in places[-1][0][1]
        if own or OTHER_END.search(line):
            text = INTERFACE.sub("eth", text)
        places[-1].append((text, line))
    ordered = sorted([place[0], *sorted(place[1:])] for place in places)
    return [pair for place in ordered for pair in place]


def normal(result: Result) -> tuple[str, str, str, list[str]]:
    """What of a result is compared. Its command is its step's text, but for captures."""
    known = normalize(result.output, result.command)
    return result.step, known, ending(result), [line for line, _ in arranged(result)]


def same(old: Transcript, new: Transcript) -> bool:
    """Whether two transcripts are of one scene text and say the same, whenever and by whatever."""
    return (
        (old.scene, old.digest, old.skipped) == (new.scene, new.digest, new.skipped)
        and len(old.results) == len(new.results)
        and all(normal(a) == normal(b) for a, b in zip(old.results, new.results, strict=True))
    )


def drift(old: Result, new: Result) -> str:
    """Unified diff of what was printed, as it was printed; "" where only volatile pieces differ."""
    if normal(old) == normal(new):
        return ""
    shown_old, shown_new = lines(old.output), lines(new.output)
    known_old = lines(normalize(old.output, old.command))
    known_new = lines(normalize(new.output, new.command))
    if ending(old) != ending(new):
        for shown, known, result in ((shown_old, known_old, old), (shown_new, known_new, new)):
            shown.append(f"[{ending(result)}]")
            known.append(ending(result))
    for shown, known, result in ((shown_old, known_old, old), (shown_new, known_new, new)):
        pairs = arranged(result)
        known += [line for line, _ in pairs]
        shown += [line for _, line in pairs]
    names = "recorded", "printed"
    return "\n".join(unified(known_old, known_new, names, (shown_old, shown_new)))
