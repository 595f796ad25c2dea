"""Pictures that cannot be drawn from what is recorded: said with file and line, before a build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from .. import languages
from ..errors import Mistake
from ..model import Report
from . import calls, checks
from .macros import MACROS, Showing


def mistakes(root: Path, reports: Mapping[str, Report]) -> Iterator[Mistake]:
    """Every call of a picture, on pages of all languages, that its report has not enough for."""
    for code, language in languages.find(root)[0].items():
        for page in checks.read_tree(root, code).values():
            for one in page.references:
                if MACROS[one.macro].drawn and one.scenes <= reports.keys():
                    try:
                        MACROS[one.macro].made(calls.named(one, Showing(reports, language.words)))
                    except LookupError as error:
                        yield Mistake(one.page, one.line, str(error.args[0]))
