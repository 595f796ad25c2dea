"""Follow the wire: what is pointed at is marked everywhere on the page, by pointer and by keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ..pages_project import LANGUAGES
from .conftest import Open
from .test_reading import PAGE
from .visit import wake

MARKED = "() => [...CSS.highlights.get('wire')].map((range) => range.toString())"
PLACES = "() => [...document.querySelectorAll('article :not(.line)')].map((one) => one.offsetTop)"
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
        wake(page)
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
        wake(page)
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
        wake(page)
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
        wake(page)
        page.locator(".scene .port:text-is('8080')").first.hover()
        found = marked(page)
        assert len(found) > 2
        assert set(found) == {"8080"}
        address = page.locator("article p code:text-matches('^[0-9]+[.][0-9.]+$')").first
        address.hover()
        assert set(marked(page)) <= {address.inner_text()}


def test_an_interface_of_a_container_is_not_that_of_its_host(open_page: Open, base: str) -> None:
    with open_page() as page:
        page.goto(f"{base}en/{PAGE}")
        wake(page)
        own = ".scene [data-in='h1/web'] .if:text-is('eth0')"
        page.locator(own).first.hover()
        assert set(marked(page)) == {"eth0"}
        places = page.evaluate(
            """() => [...new Set([...CSS.highlights.get('wire')].map(
              (range) => range.startContainer.parentElement.closest('[data-in]')?.dataset.in))]"""
        )
        assert places == ["h1/web"]
        assert page.locator(".scene [data-in='h1'] .if:text-is('eth0')").count()


def test_following_a_name_is_told_once_counts_and_goes_on(open_page: Open, base: str) -> None:
    with open_page() as page:
        page.goto(f"{base}en/{PAGE}")
        wake(page)
        bar, hint = page.locator("#wire-bar"), page.locator("#wire-bar .hint")
        expect(bar).to_be_hidden()
        page.locator(TOKEN).first.hover()
        expect(hint).to_be_visible()
        page.locator("article h1").hover()
        page.locator(TOKEN).first.hover()
        total = len(marked(page))
        expect(bar).to_be_hidden()
        page.locator(TOKEN).first.click()
        expect(bar.locator("[role=status]")).to_have_text(f"docker0 · h1 · × {total}")
        expect(hint).to_be_hidden()
        before = page.evaluate("scrollY")
        page.locator("#wire-bar [data-go='-1']").click()
        page.locator("#wire-bar [data-go='-1']").click()
        expect(bar.locator("[role=status]")).to_contain_text(f" / {total}")
        assert page.evaluate("scrollY") != before
        there = page.evaluate(
            """() => { const box = [...CSS.highlights.get('wire-here')][0].getBoundingClientRect();
                       return box.top > 0 && box.bottom < innerHeight }"""
        )
        assert there
        page.locator("#wire-bar [data-go='0']").click()
        expect(bar).to_be_hidden()
        assert marked(page) == []


@pytest.mark.parametrize("act", ["hover", "click"])
def test_what_wakes_the_scripts_is_answered_and_none_is_loaded_before(
    open_page: Open, base: str, act: str
) -> None:
    with open_page() as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        page.goto(f"{base}en/{PAGE}")
        assert "wire.js" not in asked
        getattr(page.locator(TOKEN).first, act)()
        page.wait_for_function("() => CSS.highlights.get('wire')?.size > 2")
        assert asked.count("wire.js") == 1
