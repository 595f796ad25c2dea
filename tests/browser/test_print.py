"""A page on paper: blocks whole, nothing folded, no controls."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import Open
from .test_reading import PAGE


def test_paper_shows_what_is_folded_and_no_controls(open_page: Open, base: str) -> None:
    with open_page() as page:
        page.goto(f"{base}en/{PAGE}")
        page.emulate_media(media="print")
        for name in (".scene .rest summary", ".scene .copy", ".md-header", ".md-sidebar"):
            for found in page.locator(name).all():
                expect(found).to_be_hidden()
        for found in page.locator(".scene .rest .ln").all():
            expect(found).to_be_visible()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")  # Material opens every proof
        assert page.locator("details.proof[open]").count()
        for found in page.locator("details.proof > :not(summary)").all():
            expect(found).to_be_hidden()
        breaks = page.locator(".scene").first.evaluate("(e) => getComputedStyle(e).breakInside")
        assert breaks == "avoid"
