"""Errors of pydantic in our words, at the line of the file. Knows nothing of scenes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ..errors import Mistake
from .yaml_lines import LinedDict, LinedList, Place, find

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
MANY = 24
"""Choices that are still all named."""
FEW = 6


def near(word: str, choices: Iterable[str]) -> str:
    """The choice that a word was probably meant to be; "" where none is like it."""
    return next(iter(get_close_matches(word, sorted(choices), 1)), "")


def suggestion(word: str, choices: Iterable[str]) -> str:
    """What to write instead of a word that is none of the choices."""
    known = sorted(choices)
    if close := near(word, known):
        return f'did you mean "{close}"?'
    if len(known) > MANY:
        nearest = ", ".join(get_close_matches(word, known, FEW, 0.0))
        return f"write one of the {len(known)} there are; those most like it are {nearest}"
    return f"write one of {', '.join(known)}" if known else "leave it out"


def mistakes(error: ValidationError, model: Model, data: Any, path: str) -> list[Mistake]:
    """Every error found in `data`, validated as `model` and read from the file at `path`."""
    wrong: list[Mistake] = []
    outdented = dict(outdented_items(model, data))
    wrong += [Mistake(path, find(data, item)[1], message) for item, message in outdented.items()]
    empty = {(*place[:-1], place[-1] - 1) for place in outdented}
    for problem in error.errors(include_url=False):
        if problem["type"] == "too_short" and problem["input"]:
            continue  # a list of which every item is wrong: each is told by itself
        item = problem["loc"][:2]
        if item in outdented or (item in empty and problem["input"] is None):
            continue  # told as what it is
        place, line = find(data, problem["loc"])
        wrong.append(Mistake(path, line, sentence(problem["type"], problem, place, model)))
    return wrong


def outdented_items(model: Model, data: Any) -> Iterator[tuple[tuple[str, int], str]]:
    """Items that belong, by their keys, to the empty last key of the item before, and why."""
    for name, items in data.items():
        if not isinstance(items, LinedList) or name not in model.model_fields:
            continue
        inner = next(models_in(model.model_fields[name].annotation), None)
        owner: tuple[str, int] | None = None
        for index, item in enumerate(items):
            if not isinstance(item, LinedDict) or inner is None or not item:
                owner = None
            elif (last := list(item)[-1]) in keys(inner) and item[last] is None:
                owner = (last, item.at[last])
            elif owner and next(iter(item)) in {*keys(model_at(inner, owner[:1]))} - {*keys(inner)}:
                yield (name, index), f'this belongs to "{owner[0]}" of line {owner[1]}: indent it'
            else:
                owner = None


def sentence(kind: str, error: Any, place: Place, model: Model) -> str:
    """One error as a sentence: what is wrong, then what to write instead."""
    name = name_of(error["loc"])
    given = error["input"]
    match kind:
        case "extra_forbidden":
            known = keys(model_at(model, place[:-1]))
            return f"unknown key {name}: {suggestion(error['loc'][-1], known)}"
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


def name_of(place: Place) -> str:
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
