"""The hand: the ends of a proof light each other up, and what is pointed at is told."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from ..pages_project import LANGUAGES, WORDS
from .conftest import Open
from .test_reading import PAGE
from .visit import PHONE, wake

STOPS = """() => [...document.querySelectorAll("article :is(a, button, summary, [tabindex='0'])")]
  .filter((e) => e.checkVisibility()).length"""
FOLDED = "en/mechanisms/ipv6/"


def lit(page: Page) -> list[str]:
    """The texts of the characters that are lit."""
    return page.locator(".scene u.lit").all_inner_texts()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_lights_the_characters_it_was_taken_from_and_they_light_it(
    open_page: Open, base: str, language: str
) -> None:
    with open_page() as page:
        page.goto(f"{base}{language}/{PAGE}")
        wake(page)
        value = page.locator("article p code.value[data-at]").first
        value.hover()
        assert "".join(lit(page)) == value.inner_text()
        taken = page.locator(f'.scene u[data-at~="{value.get_attribute("data-at")}"]').first
        name = WORDS[language].checked.taken.format(value.inner_text(), "")[:-3]
        expect(page.locator(".tip")).to_contain_text(name)
        step = taken.evaluate("(e) => e.closest('.step').id")
        expect(page.locator(".tip a")).to_have_attribute("href", f"#{step}")
        page.locator("article h1").hover()
        assert lit(page) == []
        expect(page.locator(".tip")).to_be_hidden()
        taken.hover()
        expect(value).to_have_class("value lit")


def test_a_line_of_the_proof_lights_what_it_rests_on_by_keys_alone(
    open_page: Open, base: str
) -> None:
    with open_page() as page:
        page.goto(f"{base}en/{PAGE}")
        wake(page)
        stops = page.evaluate(STOPS)
        block = page.locator(".scene:has(u)").first
        block.locator(".proof > summary").focus()
        assert page.evaluate(STOPS) == stops
        page.keyboard.press("Enter")
        expect(block.locator("li[data-at][tabindex]").first).to_be_visible()
        page.keyboard.press("Tab")
        line = block.locator("li[data-at]:focus")
        expect(line).to_have_count(1)
        assert "".join(lit(page))
        assert "".join(lit(page)).split() == line.locator("code").last.inner_text().split()
        assert page.evaluate(STOPS) < stops + 10
        page.keyboard.press("Tab")
        block.locator("u").first.hover()
        expect(line.or_(block.locator("li.lit")).first).to_have_class("lit")


def test_a_tap_tells_a_term_and_what_will_differ_and_leaves_the_page_where_it_is(
    open_page: Open, base: str
) -> None:
    with open_page(viewport=PHONE, has_touch=True) as page:
        page.goto(f"{base}en/{PAGE}")
        here, tip = page.url, page.locator(".tip")
        term = page.locator("article a.term").first
        told = term.get_attribute("title")
        assert told
        term.tap()
        expect(tip).to_contain_text(told)
        assert page.url == here
        page.locator("article h1").tap()
        expect(tip).to_be_hidden()
        page.locator(".scene .v").first.tap()
        expect(tip).to_contain_text("yours will differ")
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
        term.tap()
        tip.locator("a").tap()
        page.wait_for_url("**/reference/glossary/#term-*")


def test_what_is_told_is_told_to_keys_and_stays_while_it_is_pointed_at(
    open_page: Open, base: str
) -> None:
    with open_page() as page:
        page.goto(f"{base}en/{PAGE}")
        wake(page)
        term, tip = page.locator("article a.term").first, page.locator(".tip")
        told = term.get_attribute("title") or "?"
        page.keyboard.press("Tab")
        term.focus()
        expect(tip).to_contain_text(told)
        expect(term).to_have_accessible_description(re.compile(re.escape(told)))
        page.keyboard.press("Escape")
        term.hover()
        expect(tip).to_contain_text(told)
        tip.hover()
        page.wait_for_timeout(500)
        expect(tip).to_be_visible()
        box = tip.bounding_box()
        assert box
        assert box["x"] >= 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_fold_is_opened_by_the_browsers_search(open_page: Open, base: str) -> None:
    with open_page() as page:
        page.goto(base + FOLDED)
        rest = page.locator(".scene details.rest").first
        expect(rest).not_to_have_attribute("open", "")
        whole = page.locator("article").text_content() or ""
        lines = map(str.strip, rest.locator(".ln").all_text_contents())
        text = next(line for line in lines if line[0].isalpha() and whole.count(line) == 1)
        page.goto(f"{base}{FOLDED}?again#:~:text={quote(text)}")
        expect(rest).to_have_attribute("open", "")


@pytest.mark.parametrize("script", [True, False])
def test_a_phone_has_the_contents_of_the_page_at_hand(
    open_page: Open, base: str, script: bool
) -> None:
    with open_page(viewport=PHONE, java_script_enabled=script) as page:
        page.goto(f"{base}en/{PAGE}")
        contents = page.locator(".contents")
        contents.locator("summary").click()
        link = contents.locator("a").last
        anchor = (link.get_attribute("href") or "")[1:]
        link.click()
        heading = page.locator(f"[id='{anchor}']")
        expect(heading).to_be_in_viewport()
        if script:
            expect(link).to_be_hidden()
            bar, title = contents.bounding_box(), heading.bounding_box()
            assert bar
            assert title
            assert bar["y"] + bar["height"] <= title["y"]
