"""One step of a scene: a command, what is expected of it, what is taken from it.

Models of what is written; of other steps and of running they know nothing.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from ..model import written
from .values import (
    CaptureName,
    Command,
    Duration,
    Id,
    JmesPath,
    Need,
    On,
    Part,
    Regex,
    Text,
    Yours,
)
from .yaml_lines import LinedDict

CONTROL = (
    "Of a step that shows an absence (no answer, nothing found): another step of the scene that "
    "finds something, and runs the same command, or names the same target (address or name, and "
    "port) in its command or its expectations, or reads a counter, a neighbour, a flow, a capture."
)
SAME_WITHOUT = (
    "Options in the command without which its output is the same, or a target for which another "
    "does as well, each with the reason: what the step shows is that Docker ignores it, say. "
    "No mutant is made of it."
)


class Expectation(Part):
    """Something that must hold of a step's result: one kind, of the output or of a JSON value."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": [kind]} for kind in ("exit", "contains", "absent", "equals", "matches")
            ]
        }
    )
    path: JmesPath | None = Field(None, alias="json")
    exit: Annotated[int, Field(ge=0, le=255, strict=True)] | None = None
    contains: Text | None = None
    absent: Any = None
    equals: Any = None
    matches: Regex | None = None

    @property
    def kind(self) -> str:
        """What it says of the output, or of the JSON value at `path`."""
        return next(iter(self.model_fields_set - {"path"}), "")

    @property
    def value(self) -> Any:
        """What is written behind the kind: text, but for `exit` and JSON."""
        return getattr(self, self.kind)

    @property
    def text(self) -> str:
        """As it is written, on one line: ``contains: "-P FORWARD DROP"``."""
        return written(self.kind, self.value, self.path)

    @model_validator(mode="after")
    def one_kind(self) -> Self:
        """Refuse what no output could meet, and what says two things."""
        kinds = sorted(self.model_fields_set - {"path"})
        if len(kinds) != 1:
            message = f"says {' and '.join(kinds)}" if kinds else "says nothing"
            raise ValueError(f"an expectation {message}: write one kind in each item of the list")
        if self.path and (self.kind == "exit" or self.absent not in (None, True)):
            raise ValueError("beside json write equals, contains, matches or absent: true")
        if not self.path and self.kind in ("equals", "absent") and not isinstance(self.value, str):
            raise ValueError(f'"{self.kind}" must be text: put {json.dumps(self.value)} in quotes')
        if self.absent == "":
            raise ValueError('"absent" is empty, and no output is without that: write a text')
        return self


class Capture(Part):
    """How a value is taken from a step's output: a regex, or a path into its JSON."""

    regex: Regex | None = None
    path: JmesPath | None = Field(None, alias="json")

    @model_validator(mode="after")
    def one_way(self) -> Self:
        """Refuse none and both."""
        if bool(self.regex) == bool(self.path):
            raise ValueError('a capture is a regex, or {json: "a jmespath"}: write one of them')
        return self


class Background(Part):
    """A command that runs beside the next steps: from `ready` until another step has ended."""

    ready: Regex
    until: Id


def by_name(captures: Any) -> Any:
    """A regex that is written without its key gets it, and the line it stands on."""
    if not isinstance(captures, LinedDict):
        return captures
    return {
        name: LinedDict(captures.at[name], {"regex": way}, {}) if isinstance(way, str) else way
        for name, way in captures.items()
    }


Captures = Annotated[
    dict[CaptureName, Capture],
    BeforeValidator(by_name, json_schema_input_type=dict[CaptureName, Regex | Capture]),
]


def has_word(run: str, text: str) -> bool:
    """Whether a command holds a text as words of their own: `eth0`, not within `veth0`."""
    return re.search(rf"(?<!\w){re.escape(text)}(?!\w)", run) is not None


class Step(Part):
    """One command, where it runs, and what must hold of what it prints."""

    id: Id
    run: Command
    on: On = "h1"
    expect: tuple[Expectation, ...] = ()
    capture: Captures = Field(default_factory=dict)
    within: Duration | None = None
    timeout: Duration = Field(30.0, json_schema_extra={"default": "30s"})
    background: Background | None = None
    needs: tuple[Need, ...] = ()
    topology: bool = False
    """Whether the hosts' networks are recorded once it has ended, for a page to draw."""
    control: Id | None = Field(None, description=CONTROL)
    """Of a step that shows an absence; whether it is right is said by `soundness`."""
    yours: dict[Text, Yours] = Field(default_factory=dict)
    """Texts in the command that a reader must change, each with the kind of thing it is."""
    aliases: tuple[Id, ...] = ()
    """Ids that it had before: what leads to one of them leads here."""
    same_without: dict[Text, Text] = Field(default_factory=dict, description=SAME_WITHOUT)
    """Options in the command, each with the reason why nothing changes without it."""

    @property
    def names(self) -> tuple[str, ...]:
        """Its id, then those that it had before."""
        return self.id, *self.aliases

    @model_validator(mode="after")
    def in_command(self) -> Self:
        """Refuse a text that the command does not hold."""
        missing = [("yours", text) for text in self.yours if not has_word(self.run, text)]
        missing += [("same_without", text) for text in self.same_without if text not in self.run]
        for key, text in missing:
            raise ValueError(f'"{key}" names "{text}", which is not in "run": write it as there')
        return self
