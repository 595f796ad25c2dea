"""What a reader does on a page: switch, copy, unfold, lose the way; with scripts and without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ..pages_project import LANGUAGES, WORDS
from .conftest import Open
from .visit import PHONE, addresses

PAGE = "modes/bridge/"


def other(language: str) -> str:
    """Another language than this one."""
    return next(one for one in LANGUAGES if one != language)


def last_heading(page: Page) -> str:
    found = page.locator("article :is(h2, h3)[id]").last.get_attribute("id")
    assert found
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_switch_keeps_page_and_anchor(open_page: Open, base: str, language: str) -> None:
    with open_page(reduced_motion="reduce") as page:
        page.goto(f"{base}{language}/{PAGE}")
        anchor = last_heading(page)
        page.evaluate("(id) => { location.hash = id; }", anchor)
        for there in (other(language), language):
            page.locator(f"[data-other-language][hreflang={there}]").click()
            page.wait_for_url(f"{base}{there}/{PAGE}#{anchor}")
            expect(page.locator(f"#{anchor}")).to_be_in_viewport()


def test_the_switch_opens_the_same_proof(open_page: Open, base: str) -> None:
    with open_page() as page:
        page.goto(f"{base}zh/{PAGE}")
        page.locator("details.proof > summary").nth(1).click()
        page.locator("[data-other-language][hreflang=en]").click()
        page.wait_for_url(re.compile(f"{base}en/{PAGE}"))
        opened = page.locator("details.proof").evaluate_all("all => all.map((one) => one.open)")
        assert [number for number, is_open in enumerate(opened) if is_open] == [1]


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("en-GB", "en"), ("xx", "en")])
def test_the_first_visit_shows_the_browsers_language(
    open_page: Open, base: str, locale: str, language: str
) -> None:
    with open_page(locale=locale) as page:
        page.goto(base)
        assert page.url == base
        assert page.locator("html").get_attribute("lang") == language
        expect(page.locator("h1:visible")).to_have_count(1)
        page.locator(f"[data-choose={other(language)}]").click()
        page.goto(base)
        assert page.locator("html").get_attribute("lang") == other(language)


def test_the_choice_made_on_a_page_is_remembered_at_the_front(open_page: Open, base: str) -> None:
    with open_page(locale="zh-CN") as page:
        page.goto(f"{base}zh/{PAGE}")
        page.locator("[data-other-language][hreflang=en]").click()
        page.wait_for_url(f"{base}en/{PAGE}")
        page.goto(base)
        assert page.locator("html").get_attribute("lang") == "en"


COPIED = "async (wanted) => (await navigator.clipboard.readText()).trimEnd() === wanted"
COMMANDS = """(block) => [...block.querySelectorAll(".cmd")].map((one) => {
  const typed = one.cloneNode(true);
  typed.querySelectorAll(".gp").forEach((prompt) => prompt.remove());
  return typed.textContent.replace(/\\n$/, "");
}).join("\\n")"""


def test_the_copy_button_copies_the_commands_alone(open_page: Open, base: str) -> None:
    with open_page(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{base}en/{PAGE}")
        blocks = page.locator(".scene:has(samp)")
        assert blocks.count() > 2
        for number in range(blocks.count()):
            block = blocks.nth(number)
            block.scroll_into_view_if_needed()
            block.locator(".copy").first.click()
            page.wait_for_function(COPIED, arg=block.evaluate(COMMANDS))


def test_the_other_copy_button_copies_what_the_block_shows(open_page: Open, base: str) -> None:
    with open_page(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{base}en/{PAGE}")
        block = page.locator(".scene:has(samp)").first
        block.locator(".copy.all").click()
        shown = block.locator("samp").evaluate("(e) => e.textContent.trimEnd()")
        assert shown.startswith("$ ")
        assert shown.count("\n") > 1
        page.wait_for_function(COPIED, arg=shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_reader_is_told_in_the_language_of_the_address(
    open_page: Open, base: str, language: str
) -> None:
    said = WORDS[language].lost.title
    for address in (f"{language}/nowhere/at/all", f"{language}/404.html"):
        with open_page(locale="fr") as page:
            page.goto(base + address)
            expect(page.locator("h1:visible, main h1:visible").first).to_have_text(said)
            assert page.locator("html").get_attribute("lang") == language
            home = page.locator(f"a:visible[href$='{language}/'], a:visible[href$='.']").first
            expect(home).to_be_visible()


def test_without_scripts_everything_can_be_read(open_page: Open, base: str, site: Path) -> None:
    folded = [name for name in addresses(site) if 'class="rest"' in html(site, name)]
    assert folded, "no page has a folded output"
    with open_page(java_script_enabled=False) as page:
        page.goto(f"{base}zh/{PAGE}")
        expect(page.locator("article h1")).to_be_visible()
        expect(page.locator(".scene .out").first).to_be_visible()
        page.locator("details.proof > summary").first.click()
        expect(page.locator("details.proof dl").first).to_be_visible()
        page.locator("[data-other-language][hreflang=en]").click()
        page.wait_for_url(f"{base}en/{PAGE}")
        page.goto(base + folded[0])
        rest = page.locator(".scene .rest").first
        expect(rest.locator(".ln").first).to_be_hidden()
        rest.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(rest.locator(".ln").first).to_be_visible()
        page.goto(base)
        expect(page.locator("h1:visible")).to_have_count(2)


def html(site: Path, address: str) -> str:
    return (site / address / "index.html").read_text("utf-8")


def test_a_step_can_be_linked(open_page: Open, base: str) -> None:
    with open_page(viewport=PHONE) as page:
        page.goto(f"{base}en/{PAGE}")
        page.locator(".scene .step > a.link").last.click()
        anchor = page.url.partition("#")[2]
        expect(page.locator(f"[id='{anchor}']")).to_be_in_viewport()


def test_the_proof_leads_to_the_raw_transcript(open_page: Open, base: str) -> None:
    with open_page() as page:
        page.goto(f"{base}zh/{PAGE}")
        block = page.locator(".scene").first
        output = block.locator(".out").first.inner_text()
        block.locator(".proof > summary").click()
        block.locator("a.raw").click()
        page.wait_for_url(re.compile(r"/transcripts/[\w-]+\.txt$"))
        assert output.splitlines()[0] in page.locator("body").inner_text()
