"""A failure in three lines: of steps as they ran."""

from __future__ import annotations

from dataclasses import replace

from macros.model import Held
from macros.pages.brief import message
from macros.pages.calls import render
from macros.pages.macros import Showing
from macros.pages.source import parse

from .pages_project import EN, report, step

SAYS = "trying\nwget: bad address 'db'\nbye\n"
FAILURE = report(
    "ts-x", step("symptom", "wget db", SAYS), step("decide", "a < b"), step("mend", "mend `it`")
)


def test_three_lines_with_their_steps() -> None:
    page = parse("docs/en/x.md", '# T {#t}\n\n{{{ brief("ts-x", "symptom", "decide", "mend") }}}\n')
    drawn = render(page, Showing({"ts-x": FAILURE}, EN))
    for said in (EN.brief.symptom, EN.brief.decides, EN.brief.fixes):
        assert f"<dt>{said}</dt>" in drawn
    assert "<dd><code>a &#60; b</code></dd>" in drawn
    assert "<dd><code>bye</code></dd>" in drawn


def test_a_symptom_is_the_line_that_is_expected() -> None:
    at = SAYS.index("bad")
    expected = Held("contains", "bad", 1, holds=True, rests=(at, at + 3))
    assert message(replace(FAILURE.steps[0], held=(expected,))) == "wget: bad address 'db'"
    assert message(replace(FAILURE.steps[0], output="")) == "wget db"
