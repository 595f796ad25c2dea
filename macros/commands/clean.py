"""Removing what earlier runs left: rigs, remains of a dead engine, temporary folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..rigs.own_engine import bury, engine_to_use
from ..site.site import sweep


def clean(root: Path, everything: bool) -> Iterator[str]:
    """Remove what dead runs left (`everything`: rigs of unknown runs, images, our engine's data).

    Gives a line for each thing removed, or left since a build is at work with it.
    """
    yield from bury()
    with engine_to_use(lambda line: None) as engine:
        if engine:
            yield from engine.sweep(everything)
            if everything:
                yield from (f"removed image {image}" for image in engine.forget_images())
    yield from bury(everything)
    yield from sweep(root)
