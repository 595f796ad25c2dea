"""The table of macros: a new macro is one function and one row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from macros.pages import checks, links
from macros.pages.calls import render
from macros.pages.elsewhere import Elsewhere
from macros.pages.hypertext import made, markdown
from macros.pages.macros import MACROS, Call, Macro, Names, Showing, Stands
from macros.pages.source import parse
from macros.site.blocks import Blocks

from .pages_project import BRIDGE, EN, REPORTS
from .test_pages import SCENES, write

CALL = '{{{ count("bridge", "docker0") }}}'


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A toy of a macro: how many lines a step printed."""

    def count(call: Call) -> str:
        return f"<p>{len(call.steps[0].output.splitlines())} lines</p>"

    row = Macro(count, 'count("scene", "step")', Names.STEPS, 2, 2, topology=None, shown=True)
    monkeypatch.setitem(MACROS, "count", row)


def said(root: Path, text: str) -> list[str]:
    """What is wrong with a page of this text, in English."""
    write(root, f"# A {{#a}}\n\n{text}\n")
    found = checks.check(root, SCENES)
    return [str(one) for one in found if one.path == "docs/en/index.md"]


@pytest.mark.usefixtures("count")
def test_a_row_is_drawn_put_aside_as_a_block_and_counts_as_shown(tmp_path: Path) -> None:
    page = parse("docs/en/toy.md", f"# A {{#a}}\n\n{CALL}\n")
    blocks = Blocks()
    drawn = f"<p>{len(BRIDGE.steps[0].output.splitlines())} lines</p>"
    text = render(page, Showing(REPORTS, EN), blocks.put)
    assert text.endswith(f"\n\n{blocks.marked(0)}\n")
    assert '<span class="mark verified">Outputs verified: 1</span>' in text
    assert blocks.drawn == [drawn]
    write(tmp_path, f"# A {{#a}}\n\n{CALL}\n")
    assert Elsewhere(tmp_path, "en").places() == {("bridge", "docker0"): "index.md"}
    assert "bridge-docker0" in links.anchors(made(markdown(tmp_path), page), ())


WRONG = {
    "another step": ('{{{ count("bridge", "x") }}}', 'scene "bridge" has no step "x"'),
    "too many names": (
        '{{{ count("bridge", "docker0", "veth") }}}', 'write {{{ count("scene", "step") }}}'),
    "in a sentence": (f"It is {CALL}.", "count() draws a block: put it alone on a line"),
    "two braces": ('{{ count("bridge", "docker0") }}', "two braces call nothing"),
    "nearly its name": ('{{{ cuont("bridge", "docker0") }}}', 'did you mean "count"'),
    "no topology": (CALL, 'no topology is recorded after step "docker0"'),
}  # fmt: skip


@pytest.mark.usefixtures("count")
@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_a_row_is_checked(tmp_path: Path, text: str, told: str) -> None:
    step: Any = next(step for step in SCENES["bridge"].steps if step.id == "docker0")
    object.__setattr__(step, "topology", False) if not hasattr(step, "topology") else None
    found = said(tmp_path, text)
    assert any(told in one for one in found), found


def test_without_its_row_there_is_no_such_macro(tmp_path: Path) -> None:
    found = said(tmp_path, CALL.replace("count", "recount"))
    assert any('no macro "recount"' in one for one in found), found


def test_what_is_one_block_is_known_by_its_row() -> None:
    blocks = {name for name, row in MACROS.items() if row.stands is Stands.BLOCK}
    drawn = {"diagram", "compare", "path", "chains", "reach", "headers"}
    assert blocks == {"steps", *drawn, "brief"}
