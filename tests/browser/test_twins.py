"""Of the built site: what a page shows, its twin has. No browser is needed to compare texts."""

from __future__ import annotations

from pathlib import Path

from selectolax.lexbor import LexborHTMLParser


def test_every_output_that_a_page_shows_is_in_its_twin(site: Path) -> None:
    compared = 0
    for page in site.glob("??/**/index.html"):
        twin = page.with_name("index.md").read_bytes().decode("utf-8", "surrogateescape")
        for step in LexborHTMLParser(page.read_text("utf-8")).css(".scene .step"):
            if step.css_first(".ctl"):
                continue  # a character that one would not see has its name there
            lines = [line.text() for line in step.css(".out .ln")]
            assert "\n".join(lines) in twin, (page, lines[:2])
            compared += 1
    assert compared > 600
