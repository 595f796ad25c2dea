"""Follow the wire: what is pointed at is marked everywhere on the page, by pointer and by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ..pages_project import LANGUAGES
from .conftest import Open
from .test_reading import PAGE

MARKED = "() => [...CSS.highlights.get('wire')].map((range) => range.toString())"
PLACES = "() => [...document.querySelectorAll('article *')].map((one) => one.offsetTop)"
TOKEN = ".scene samp .if:text-is('docker0')"


def marked(page: Page) -> list[str]:
    """What is marked now, once the page has painted."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    found: list[str] = page.evaluate(MARKED)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_pointing_marks_every_occurrence_and_moves_nothing(
    open_page: Open, base: str, language: str
) -> None:
    with open_page() as page:
        page.goto(f"{base}{language}/{PAGE}")
        before = page.evaluate(PLACES)
        page.locator(TOKEN).first.hover()
        found = marked(page)
        assert len(found) > 2
        assert set(found) == {"docker0"}
        assert page.evaluate(PLACES) == before
        page.locator("article h1").hover()
        assert marked(page) == []


def test_an_address_is_the_same_with_and_without_its_prefix(open_page: Open, base: str) -> None:
    with open_page() as page:
        page.goto(f"{base}en/{PAGE}")
        page.locator(".scene .ip:text-is('172.17.0.1/16')").first.hover()
        found = marked(page)
        assert set(found) == {"172.17.0.1"}
        around = page.evaluate(
            "() => [...CSS.highlights.get('wire')].map((r) => r.endContainer.data[r.endOffset])"
        )
        assert "/" in around
        assert any(one != "/" for one in around)


def test_keys_walk_the_tokens_and_pin_them(open_page: Open, base: str) -> None:
    with open_page() as page:
        page.goto(f"{base}en/{PAGE}")
        stop = page.locator(".scene:has(samp) [tabindex='0']:is(span)").first
        stop.focus()
        page.keyboard.press("End")
        last = page.locator(".scene span:focus")
        expect(last).to_have_count(1)
        page.keyboard.press("Home")
        expect(stop).to_be_focused()
        page.locator(TOKEN).first.click()
        page.locator("article h1").hover()
        assert len(marked(page)) > 2
        page.keyboard.press("Escape")
        assert marked(page) == []


def test_inline_code_is_pointed_at_too_and_ports_only_where_they_are_ports(
    open_page: Open, base: str
) -> None:
    with open_page() as page:
        page.goto(f"{base}en/mechanisms/publishing/")
        page.locator(".scene .port:text-is('8080')").first.hover()
        found = marked(page)
        assert len(found) > 2
        assert set(found) == {"8080"}
        address = page.locator("article p code:text-matches('^[0-9]+[.][0-9.]+$')").first
        address.hover()
        assert set(marked(page)) <= {address.inner_text()}
