"""Blocks pass Markdown and search by: what each of the two is given in their place."""

from __future__ import annotations

from pathlib import Path

import pytest
from material.plugins.search.plugin import Parser

from macros.door import reports_for_build
from macros.pages.calls import render
from macros.pages.elsewhere import Elsewhere
from macros.pages.macros import Showing
from macros.pages.source import parse, read
from macros.site.blocks import Blocks

from .pages_project import EN, NASTY, REPOSITORY, WORDS, report, step


def kept(html: str) -> list[tuple[list[str], str]]:
    """What Material's search keeps of a page: titles, and what stands below each."""
    parser = Parser()
    parser.feed(html)
    parser.close()
    return [(section.title, "".join(section.text)) for section in parser.data]


def around(block: str) -> str:
    return f'<h1 id="a">A</h1>\n<p>one</p>\n{block}\n<h2 id="b">B</h2>\n<ul>\n<li>two</li>\n</ul>\n'


@pytest.mark.parametrize("language", WORDS)
def test_search_keeps_the_same_of_every_block_of_every_page(language: str) -> None:
    reports, blocks = reports_for_build(REPOSITORY), Blocks()
    for path in sorted((REPOSITORY / "docs" / language).rglob("*.md")):
        render(read(REPOSITORY, path), Showing(reports, WORDS[language]), blocks.put)
    assert len(blocks.drawn) > 400
    for number, block in enumerate(blocks.drawn):
        marked = blocks.for_search(around(blocks.marked(number)))
        assert kept(marked) == kept(around(block))
        assert blocks.whole(marked).count(" data-search-") == 0


def test_what_a_host_prints_is_searched_and_shown_as_it_is() -> None:
    blocks = Blocks()
    page = parse("docs/en/it.md", '{{{ steps("it", "a") }}}')
    shown = render(page, Showing({"it": report("it", step("a", NASTY, NASTY))}, EN), blocks.put)
    (block,) = blocks.drawn
    assert shown == blocks.marked(0)
    assert kept(blocks.for_search(around(shown))) == kept(around(block))
    assert blocks.ids() == {"it-a"}


def test_a_page_cannot_write_a_mark() -> None:
    """It would show a block where none is checked."""
    blocks, other = Blocks(), Blocks()
    written = other.put("<figure>theirs</figure>")
    blocks.put("<figure>ours</figure>")
    assert blocks.whole(written) == written


def test_only_what_is_one_block_is_put_aside() -> None:
    """A value stands in a sentence."""
    blocks = Blocks()
    text = 'It is {{{ value("it", "v") }}}.'
    reports = {"it": report("it", step("a", "true"), values=(("v", "1"),))}
    render(parse("docs/en/it.md", text), Showing(reports, EN), blocks.put)
    assert not [block for block in blocks.drawn if "<figure" in block]


def test_of_the_evidence_headings_alone_pass_through_markdown(tmp_path: Path) -> None:
    blocks, reports = Blocks(), {"it": report("it", step("a", "true"))}
    showing = Showing(reports, EN, elsewhere=Elsewhere(tmp_path, "en"))
    drawn = render(parse("docs/en/it.md", "{{{ evidence() }}}"), showing, blocks.put)
    assert [line for line in drawn.split("\n") if line and "<figure" not in line] == [
        "### it {#scene-it}"
    ]
    assert [block.count("<tr>") for block in blocks.drawn] == [10, 2]
    assert "<td>Verified</td>" in blocks.drawn[1]
