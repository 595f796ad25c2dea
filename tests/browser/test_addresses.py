"""What was published once, opened in the browser: old addresses, short links, lost anchors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from macros.pages import addresses
from macros.site import site as building

from ..pages_project import BRIDGE, LANGUAGES, REPORTS, make
from ..test_addresses import listed, of_site
from .conftest import Open
from .served import served
from .test_policy import LISTEN, Guarded, refused
from .visit import fenced

ALIASES = '[old.md, "#before": "#again", "#gone": "../index.md#home"]'


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small site in which a page, a heading, a step and a scene had other names before."""
    root = make(tmp_path_factory.mktemp("renamed"))
    for language in LANGUAGES:
        page = root / f"docs/{language}/modes/bridge.md"
        text = page.read_text("utf-8").replace("---\n", f"---\naliases: {ALIASES}\n", 1)
        page.write_text(text, "utf-8")
    steps = [replace(one, aliases=("old",)) if one.id == "long" else one for one in BRIDGE.steps]
    bridge = replace(BRIDGE, steps=tuple(steps), aliases=("switch",))
    building.build(root, {**REPORTS, "bridge": bridge}, print)
    with served(root / "site", Guarded) as address:
        yield address


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_old_address_of_a_page_leads_on_with_query_and_fragment(
    open_page: Open, renamed: str, language: str
) -> None:
    with open_page() as page, fenced(page, renamed) as (foreign, errors):
        page.add_init_script(LISTEN)
        page.goto(f"{renamed}{language}/old/?from=wiki#again")
        page.wait_for_url(f"{renamed}{language}/modes/bridge/?from=wiki#again")
        expect(page.locator("#again")).to_be_in_viewport()
        assert (refused(page), foreign, errors) == ([], [], [])
    with open_page(java_script_enabled=False) as page:
        page.goto(f"{renamed}{language}/old/")
        page.get_by_role("link").click()
        page.wait_for_url(f"{renamed}{language}/modes/bridge/")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scripts", [True, False])
def test_the_old_id_of_a_heading_or_a_step_is_where_it_is_now(
    open_page: Open, renamed: str, language: str, scripts: bool
) -> None:
    with open_page(java_script_enabled=scripts, viewport={"width": 900, "height": 300}) as page:
        page.goto(f"{renamed}{language}/modes/bridge/#before")
        expect(page.locator("#again")).to_be_in_viewport()
        for old in ("bridge-old", "switch-long", "switch-old"):
            page.goto(f"{renamed}{language}/modes/bridge/#{old}")
            step = page.locator("#bridge-long")
            expect(step.locator(".cmd")).to_be_in_viewport()
            assert step.evaluate("(e) => getComputedStyle(e).boxShadow") != "none"
        expect(page.locator(".anchorless")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_old_id_of_what_is_on_another_page_leads_there(
    open_page: Open, renamed: str, language: str
) -> None:
    with open_page() as page:
        page.goto(f"{renamed}{language}/modes/bridge/#gone")
        page.wait_for_url(f"{renamed}{language}/#home")
    with open_page(java_script_enabled=False) as page:
        page.goto(f"{renamed}{language}/modes/bridge/#gone")
        page.locator("#gone").get_by_role("link").click()
        page.wait_for_url(f"{renamed}{language}/#home")
        page.goto(f"{renamed}{language}/modes/bridge/")
        expect(page.locator("#gone")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_anchor_that_is_gone_says_so(open_page: Open, renamed: str, language: str) -> None:
    with open_page() as page:
        page.goto(f"{renamed}{language}/modes/bridge/#never-was")
        note = page.get_by_role("status").filter(has_text="never-was")
        expect(note).to_be_in_viewport()
        words = LANGUAGES[language].words.anchorless
        expect(note).to_have_text(words.format("never-was"))
        page.evaluate("location.hash = '#again'")
        expect(note).to_be_hidden()


def test_a_short_link_opens_the_step_in_the_language_of_the_reader(
    open_page: Open, renamed: str
) -> None:
    def lands(path: str, locale: str, remembered: str = "") -> str:
        with open_page(locale=locale) as page, fenced(page, renamed) as (foreign, errors):
            page.add_init_script(LISTEN)
            if remembered:
                page.goto(f"{renamed}404.html")
                page.evaluate(f"localStorage.setItem('netdocs-language', '{remembered}')")
            page.goto(f"{renamed}{path}")
            page.wait_for_url("**/modes/bridge/**")
            step = page.locator("#bridge-long")
            expect(step.locator(".cmd")).to_be_in_viewport()
            expect(step.locator(".rest .ln").last).to_be_visible()
            assert page.locator(".scene:has(#bridge-long) details").evaluate("(e) => e.open")
            assert (refused(page), foreign, errors) == ([], [], [])
            return page.url.removeprefix(renamed)

    assert lands("s/bridge/long/", "zh-CN") == "zh/modes/bridge/#bridge-long"
    assert lands("s/bridge/long/?from=wiki", "fr-FR") == "en/modes/bridge/?from=wiki#bridge-long"
    assert lands("s/switch/old/", "en-US", "zh") == "zh/modes/bridge/#bridge-long"


def test_a_short_link_without_a_script_asks_in_every_language(
    open_page: Open, renamed: str
) -> None:
    with open_page(java_script_enabled=False) as page:
        for language in LANGUAGES:
            page.goto(f"{renamed}s/bridge/long/")
            page.locator(f"a[hreflang={language}]").click()
            page.wait_for_url(f"{renamed}{language}/modes/bridge/#bridge-long")


def test_the_site_has_every_address_that_is_promised_and_no_other(site: Path) -> None:
    written = addresses.read(Path(__file__).parents[2])
    assert of_site(site) == listed(set(written))
    assert all((site / one).exists() for one in written if "/" not in one)


def test_what_only_leads_on_is_not_searched_and_not_listed(renamed: str, site: Path) -> None:
    for language in LANGUAGES:
        index = (site / language / "search/search_index.json").read_text("utf-8")
        assert '"location":"s/' not in index
    assert not [one for one in site.rglob("sitemap.xml") if "/s/" in one.read_text("utf-8")]
