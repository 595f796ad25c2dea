"""Frames of a picture, shown one at a time where a script runs, and all of them where none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .. import markup
from ..diagrams.elements import LAN
from ..diagrams.hops import Hop
from ..languages import Words
from .look import draw


@dataclass(frozen=True, slots=True)
class Frame:
    """One of several."""

    drawn: str
    called: str
    """What it shows, in a few words."""
    label: str = ""
    """What stands on the button that leads to it; else its number."""


def reel(name: str, frames: Sequence[Frame], words: Words, picture: str = "") -> str:
    """Some frames under one control, which is called `name`; beside a picture of all of them."""
    rows = [
        {"drawn": Markup(frame.drawn), "called": frame.called, "label": frame.label or str(number)}
        for number, frame in enumerate(frames, 1)
    ]
    return draw("reel", name=name, frames=rows, words=words.frames, picture=Markup(picture))


def stopped(way: Sequence[Hop], words: Words) -> list[Frame]:
    """A packet's way, a frame a hop."""
    return [
        Frame(hop(number, one, words), place(one.at), "✕" if one.lost else "")
        for number, one in enumerate(way, 1)
    ]


def place(at: str) -> str:
    """What an interface is called: of the wire there is one."""
    return at.removeprefix(f"{LAN}:")


def hop(number: int, hop: Hop, words: Words) -> str:
    """One hop of a packet."""
    facts = {
        "lost": hop.lost,
        "anew": hop.anew,
        "command": hop.command,
        "drawn": Markup(markup.painted(hop.packet)),
        "fields": [
            {"kind": one.kind, "value": one.value, "was": one.was,
             "drawn": Markup(markup.painted(one.value))}
            for one in hop.fields
        ],
        "asked": [
            {"command": asked.command, "rules": [
                {"chain": rule.chain, "packets": rule.packets, "policy": rule.policy,
                 "drawn": Markup(markup.painted(rule.text))}
                for rule in asked.rules
            ]}
            for asked in hop.asked
        ],
    }  # fmt: skip
    return draw("hop", number=number, where=place(hop.at), hop=facts, words=words.frames)
