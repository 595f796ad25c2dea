"""What a change changes, as the file `changes.json` has it.

It is written where a stranger's code runs, and read where GitHub is told: so every text in it has
a length and, where it can, a pattern, and nothing unknown is let by.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..model import Verdict
from ..verdicts import form

LARGEST = 4 << 20
"""Bytes of the file."""
MOST = 500
"""Items of each list in it."""
LONG = 8000
"""Characters of a difference; the rest stands in the transcript's own."""

Sha = Annotated[str, Field(pattern=r"\A[0-9a-f]{40}\z")]
Language = Annotated[str, Field(pattern=r"\A[a-z]{2,3}(-[a-z0-9]{2,8})?\z")]
Page = Annotated[str, Field(pattern=r"\A([a-z0-9-]+/)*\z", max_length=200)]
Id = Annotated[str, Field(pattern=r"\A[a-z][a-z0-9-]*\z", max_length=100)]
Address = Annotated[str, Field(pattern=r"\A[!-~]+\z", max_length=300)]
Query = Annotated[str, Field(min_length=1, max_length=100)]
Rank = Annotated[int, Field(ge=1, le=1000, strict=True)] | None
Tally = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
Kind = Literal["new", "changed", "gone"]


class ChangedPage(form.Form):
    """A page of one language; `shown`: only what its blocks show is another."""

    language: Language
    address: Page
    kind: Literal["new", "changed", "gone", "shown"]
    headings: Annotated[tuple[tuple[Id, Kind], ...], Field(max_length=MOST)] = ()


class ChangedOutput(form.Form):
    """What is recorded of a step; "unreadable": a transcript, as a whole, that is none."""

    scene: form.Name
    step: form.Name | None
    kind: Literal["new", "changed", "gone", "unreadable"]
    difference: Annotated[str, Field(max_length=LONG + 100)] = ""


class Search(form.Form):
    """Where the page that a reader looks for stood in the list, and stands; None: not there."""

    language: Language
    query: Query
    before: Rank
    after: Rank


class Changes(form.Form):
    """All of it, from the commit where a branch began to its head."""

    version: Literal[1] = 1
    base: Sha
    head: Sha
    everything: bool = False
    """Whether the change touches what all pages look like, or how all scenes run."""
    pages: Annotated[tuple[ChangedPage, ...], Field(max_length=MOST)] = ()
    outputs: Annotated[tuple[ChangedOutput, ...], Field(max_length=MOST)] = ()
    scenes: Annotated[tuple[form.Name, ...], Field(max_length=form.MOST)] = ()
    """Those to run again."""
    before: dict[Verdict, Tally] | None = None
    """Verdicts of the site as it was, None where that was not built."""
    after: dict[Verdict, Tally] | None = None
    addresses: Annotated[tuple[Address, ...], Field(max_length=MOST)] | None = None
    """Published addresses that would be no more, None where there is no list of them."""
    searches: Annotated[tuple[Search, ...], Field(max_length=MOST)] | None = None
    """Queries of the golden set that find their page elsewhere, None where nobody looked."""
    left_out: Tally = 0
    """Items for which there was no room."""
