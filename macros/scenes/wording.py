"""Errors of pydantic in our words, at the line of the file. Knows nothing of scenes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ..errors import Mistake
from .located import Place, find

Model = type[BaseModel]
SHAPES = {
    "string_type": "text, in quotes where it looks like a number",
    "int_type": "a whole number, without quotes",
    "bool_type": "true or false",
    "dict_type": "a mapping: key: value",
    "model_type": "a mapping: key: value",
    "tuple_type": "a list: [one, two]",
}
"""What was to be written, by pydantic's type of error."""


def instead(word: str, choices: Iterable[str]) -> str:
    """What to write instead of a word that is none of the choices."""
    known = sorted(choices)
    if close := get_close_matches(word, known, 1):
        return f'did you mean "{close[0]}"?'
    return f"write one of {', '.join(known)}" if known else "leave it out"


def mistakes(error: ValidationError, model: Model, data: Any, path: str) -> list[Mistake]:
    """Every error found in `data`, validated as `model` and read from the file at `path`."""
    found = []
    for one in error.errors(include_url=False):
        if one["type"] == "too_short" and one["input"]:
            continue  # a list of which every item is wrong: each is told by itself
        place, line = find(data, one["loc"])
        found.append(Mistake(path, line, word(one["type"], one, place, model)))
    return found


def word(kind: str, error: Any, place: Place, model: Model) -> str:
    """One error as a sentence: what is wrong, then what to write instead."""
    name = called(error["loc"])
    given = error["input"]
    match kind:
        case "extra_forbidden":
            known = keys(model_at(model, place[:-1]))
            return f"unknown key {name}: {instead(error['loc'][-1], known)}"
        case "missing":
            return f"{name} is missing: write it"
        case "value_error":
            return str(error["ctx"]["error"])
        case "string_pattern_mismatch":
            return f'"{given}" is no name for this: it must match {error["ctx"]["pattern"]}'
        case "string_too_short" | "too_short":
            return f"{name} is empty: write what it is to hold, or leave it out"
        case _ if kind in SHAPES:
            return f"{name} is {show(given)}: it must be {SHAPES[kind]}"
        case _:
            return f"{name} is {show(given)}: {str(error['msg']).lower()}"


def called(place: Place) -> str:
    """What a place is called in a sentence."""
    match place:
        case (*_, str(parent), int(index)):
            return f'item {index + 1} of "{parent}"'
        case (*_, last):
            return f'"{last}"'
    return "the file"


def show(value: Any) -> str:
    """What was written, on one short line."""
    text = "empty" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


def keys(model: Model) -> list[str]:
    """The keys that a model knows, as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def model_at(model: Model, place: Place) -> Model:
    """The model that holds what is written at a place."""
    for part in place:
        for name, field in model.model_fields.items():
            if part == (field.alias or name):
                model = next(models_in(field.annotation), model)
                break
    return model


def models_in(annotation: Any) -> Iterator[Model]:
    """The models in a type: Step in ``tuple[Step, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)
