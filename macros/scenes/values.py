"""What a scene file may hold: its types of value, each refusing with what to write instead.

A value keeps nothing of YAML but the line it was written on. Of steps it knows nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, Self, get_args

import jmespath
from packaging.specifiers import SpecifierSet
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)

from ..patterns import UNFIT, Unfit, find, why
from .messages import suggestion

LinkKind = Literal[
    "bond", "bridge", "dummy", "geneve", "gre", "gretap", "ifb", "ip6tnl", "ipip", "ipvlan",
    "ipvtap", "macsec", "macvlan", "macvtap", "sit", "veth", "vlan", "vrf", "vxlan", "wireguard",
]  # fmt: skip
"""Kinds of network interface a kernel may lack, as `ip link add type` names them."""
ENGINE = r"^engine(>=|<=|==|!=|<|>)\d+(\.\d+)*$"
DURATION = r"^\d+(\.\d+)?(ms|s|m)$"
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0}
SHOWN = 200
"""Characters of a pattern in a message."""
UNLIKE = ("Ωmega", "172.17.0.2\n", "% loss\n", "桥\n", "-P\n")
"""Texts that have no character in common."""
IDS = ("0123456789abcdef" * 4, "0a1b2c3d4e5f", "0a1b2c3d4e5f6g7h8i9jklmno")
"""What Docker prints of what it made."""
CAPTURED = re.compile(r"@\{([a-z][a-z0-9_-]*)\}")


def names(value: Any) -> Iterator[str]:
    """The captures that a value mentions as ``@{name}``, however deep inside."""
    match value:
        case str():
            yield from CAPTURED.findall(value)
        case dict():
            for inner in value.values():
                yield from names(inner)
        case list() | tuple():
            for inner in value:
                yield from names(inner)


def seconds(text: Any) -> float:
    """A duration as a number."""
    match = re.match(DURATION, text) if isinstance(text, str) else None
    if not match or not float(number := text.removesuffix(match[2])):
        raise ValueError(f'"{text}" is no duration: write 500ms, 10s or 2m')
    return float(number) * UNITS[match[2]]


def regex(text: str) -> str:
    """A regular expression that compiles, and is found or not in short texts within its time.

    Each ``@{name}`` in it stands for a text.
    """
    try:
        re.compile(text)
    except UNFIT as error:
        message = f"this regex does not compile, {Unfit(why(error))}: {text[:SHOWN]}"
        raise ValueError(message) from None
    if unfit := trouble_with(CAPTURED.sub("CAPTURED", text)):
        raise ValueError(f"on a text of 64 characters, {unfit}: {text[:SHOWN]}")
    return text


@cache
def trouble_with(regex: str) -> str:
    """Why a regex cannot be looked for in short texts, "" if it can."""
    try:
        find(regex, (*UNLIKE, "", *IDS))
    except Unfit as error:
        return str(error)
    return ""


def path(text: str) -> str:
    """A jmespath expression; each ``@{name}`` in it stands for a value."""
    try:
        jmespath.compile(CAPTURED.sub("0", text))
    except UNFIT as error:
        message = f"this jmespath does not compile, {Unfit(why(error))}: {text[:SHOWN]}"
        raise ValueError(message) from None
    return text


def command(text: str) -> str:
    """Shell text that says something, without the newline a `|` leaves behind."""
    if not text.strip():
        raise ValueError('"run" is blank: write a command')
    if "\0" in text:
        raise ValueError('"run" holds a NUL character, which no command can: leave it out')
    return text.rstrip("\n")


def need(text: str) -> str:
    """A link kind, or a comparison with the engine."""
    if text not in get_args(LinkKind) and not re.match(ENGINE, text):
        kinds = (*get_args(LinkKind), "engine>=28", "engine<29")
        raise ValueError(f'unknown need "{text}": {suggestion(text, kinds)}')
    return text


def holds_for(need: str, engine: str) -> bool:
    """Whether an engine's version meets a need such as ``engine>=28`` or ``engine==28``.

    28 stands for all of 28.x: the version is compared to as many places as the need has.
    """
    comparison = need.removeprefix("engine")
    places = comparison.count(".") + 1
    return SpecifierSet(comparison).contains(".".join(engine.split(".")[:places]))


NeedSchema = {"anyOf": [{"enum": list(get_args(LinkKind))}, {"type": "string", "pattern": ENGINE}]}
Need = Annotated[str, AfterValidator(need), WithJsonSchema(NeedSchema)]
Duration = Annotated[
    float, BeforeValidator(seconds, json_schema_input_type=Annotated[str, Field(pattern=DURATION)])
]
"""Seconds; written 500ms, 10s or 2m."""
Text = Annotated[str, Field(min_length=1)]
Regex = Annotated[Text, AfterValidator(regex)]
JmesPath = Annotated[Text, AfterValidator(path)]
Command = Annotated[str, AfterValidator(command)]
On = Annotated[str, Field(pattern=r"^(lan|h[1-9](/[a-zA-Z0-9][a-zA-Z0-9_.-]*)?)$")]
Id = Annotated[str, Field(pattern="^[a-z][a-z0-9-]*$")]
Yours = Literal["card", "address", "subnet"]
"""What a reader must change in a command: a network card's name, an address, a subnet."""
CaptureName = Annotated[str, Field(pattern="^[a-z][a-z0-9_-]*$")]


class Part(BaseModel):
    """A part of a scene file, frozen, and the line it starts on."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    _line: int = PrivateAttr(default=0)

    @model_validator(mode="wrap")
    @classmethod
    def note_line(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Keep the line of the mapping this is made from."""
        part = handler(data)
        part._line = getattr(data, "line", 0)
        return part

    @property
    def line(self) -> int:
        """1-based, in the scene file."""
        return self._line
