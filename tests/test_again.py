"""A page that is made again by itself: what is there then is what a whole build would make."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from macros import reports
from macros.model import Report, Verdict
from macros.site.renderer import Renderer
from macros.site.rendering import Job, Rendered

from . import pages_project
from .pages_project import BRIDGE, REPORTS

BRIDGE_PAGE, HOME = "modes/bridge/index.html", "index.html"
EVIDENCE = "evidence.md"


class Made:
    """The English pages of a project, made by a process that stays."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.renderer = Renderer(root)
        self.out = root / "made"
        self.run: dict[str, Report] = dict(REPORTS)

    def render(self, out: Path, *, everything: bool) -> Rendered:
        run = self.root / "run.json"
        reports.save(run, self.run)
        job = Job(self.root / "mkdocs.en.yml", out, run, everything=everything)
        return self.renderer.render(job).result(60)

    def again(self) -> Rendered:
        """Make what changed, and put it in place."""
        rendered = self.render(self.root / "staged", everything=False)
        for name in rendered.again or ():
            (self.root / "staged" / name).replace(self.out / name)
        return rendered

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / "docs/en" / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")


def site(top: Path) -> dict[str, bytes]:
    """Every file of a site, but the one that holds when it was packed."""
    paths = (path for path in top.rglob("*") if path.is_file() and path.suffix != ".gz")
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    root = pages_project.make(tmp_path)
    for language, texts in pages_project.TEXTS.items():
        page = root / "docs" / language / EVIDENCE
        title = texts["MODES"]
        page.write_text(
            f"---\ntitle: {title}\ndescription: x\n---\n\n# E {{#e}}\n\n{{{{{{ evidence() }}}}}}\n"
        )
    for config in ("mkdocs.yml", "mkdocs.en.yml"):
        text = (root / config).read_text("utf-8")
        nav = "  - index.md\n"
        (root / config).write_text(text.replace(nav, f"{nav}  - evidence.md\n"), "utf-8")
    one = Made(root)
    try:
        assert one.render(one.out, everything=True).whole
        yield one
    finally:
        one.renderer.close()


def failed(report: Report) -> Report:
    """The same scene, whose first step failed."""
    first, *others = report.steps
    other = replace(first, verdict=Verdict.FAILED, output="other\n", spans=())
    return replace(report, steps=(other, *others))


EDITS: dict[str, tuple[Callable[[Made], object], set[str] | None]] = {
    "nothing": (lambda made: None, set()),
    "a sentence": (lambda made: made.edit("modes/bridge.md", "Text. {", "Fresh. {"), {BRIDGE_PAGE}),
    "a heading, its anchor, a block less": (
        lambda made: made.edit(
            "modes/bridge.md", '## Again {#again}\n\n{{{ steps("bridge", "docker0") }}}\n',
            "## New {#new}\n\nText.\n\n### Newer {#newer}\n\nText.\n"),
        {BRIDGE_PAGE, "evidence/index.html"}),
    "a block more": (
        lambda made: made.edit("index.md", "\n\nText.", '\n\n{{{ steps("nasty", "print") }}}'),
        {HOME, "evidence/index.html"}),
    "a description": (
        lambda made: made.edit("index.md", "description: Text.", "description: Other."), {HOME}),
    "a title": (lambda made: made.edit("index.md", "title: Home", "title: Start"), None),
    "a heading without a title": (
        lambda made: made.edit("index.md", "# Home", "# Start"), {HOME}),
    "another page": (
        lambda made: shutil.copy(
            made.root / "docs/en/index.md", made.root / "docs/en/modes/none.md"), None),
    "a scene": (
        lambda made: made.run.update(nasty=failed(REPORTS["nasty"])),
        {BRIDGE_PAGE, "evidence/index.html"}),
    "a scene that every page shows": (
        lambda made: made.run.update(bridge=failed(BRIDGE)),
        {BRIDGE_PAGE, "modes/index.html", "evidence/index.html"}),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "pages"), EDITS.values(), ids=EDITS)
def test_only_what_is_not_as_it_would_be_is_made_again(
    made: Made, edit: Callable[[Made], object], pages: set[str] | None
) -> None:
    edit(made)
    rendered = made.again()
    assert (None if rendered.again is None else {*rendered.again}) == pages
    out = made.root / "staged" if pages is None else made.out
    whole = made.render(made.root / "whole", everything=True)
    assert site(out) == site(made.root / "whole")
    assert sorted(rendered.mistakes) == sorted(whole.mistakes)
    assert rendered.sections == whole.sections


def test_a_wrong_page_stays_as_it_was_and_what_is_wrong_is_told_until_it_is_not(
    made: Made,
) -> None:
    before = site(made.out)
    made.edit("modes/bridge.md", '"brief"', '"brif"')
    rendered = made.again()
    assert rendered.again == ("evidence/index.html",)
    assert rendered.undrawn == (BRIDGE_PAGE,)
    assert [(one.path, one.line) for one in rendered.mistakes] == [("docs/en/modes/bridge.md", 16)]
    made.edit(
        "index.md", "\n\nText.", "\n\nFresh. [x](modes/bridge.md#again) [y](modes/bridge.md#gone)"
    )
    rendered = made.again()
    assert {HOME} <= set(rendered.again or ())
    assert sorted((one.path, "no step" in one.what) for one in rendered.mistakes) == [
        ("docs/en/index.md", False),
        ("docs/en/modes/bridge.md", True),
    ]
    made.edit("index.md", "[y](modes/bridge.md#gone)", "")
    made.edit("modes/bridge.md", '"brif"', '"brief"')
    assert made.again().mistakes == ()
    assert made.out.joinpath(BRIDGE_PAGE).read_bytes() == before[BRIDGE_PAGE]
    made.render(made.root / "whole", everything=True)
    assert site(made.out) == site(made.root / "whole")
