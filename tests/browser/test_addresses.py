"""What was published once, opened in the browser: old addresses, short links, lost anchors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import expect
from selectolax.lexbor import LexborHTMLParser

from macros.pages import addresses
from macros.site import site as building

from ..pages_project import BRIDGE, LANGUAGES, REPORTS, make
from ..test_addresses import listed, of_site
from .conftest import Open
from .served import served
from .test_policy import LISTEN, Guarded, refused
from .visit import fenced, violated

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
            assert page.locator(".scene:has(#bridge-long) details.proof").evaluate("(e) => e.open")
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
        index = (site / language / "search/index.js").read_text("utf-8")
        assert '["s/' not in index
    assert not [one for one in site.rglob("sitemap.xml") if "/s/" in one.read_text("utf-8")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_step_in_the_frame_of_another_site(
    open_page: Open, renamed: str, language: str, scheme: Literal["light", "dark"]
) -> None:
    """It has the proof's word, engine and date; nothing in it runs, and axe finds nothing."""
    with (
        open_page(color_scheme=scheme, viewport={"width": 390, "height": 700}) as page,
        fenced(page, renamed) as (foreign, errors),
    ):
        page.add_init_script(LISTEN)
        answer = page.goto(f"{renamed}embed/{language}/switch/long/")
        assert answer
        assert "frame-ancestors" not in answer.headers["content-security-policy"]
        assert page.locator("script").count() == 0
        words = LANGUAGES[language].words
        expect(page.locator(".mark")).to_have_text(words.verified)
        expect(page.get_by_text("Docker Engine 28.5.2 · 2026-11-24")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        lightness = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (lightness == "rgb(255, 255, 255)") == (scheme == "light")
        assert list(violated(page, scheme)) == []
        with page.expect_popup() as opened:
            page.get_by_role("link").click()
        opened.value.wait_for_url(f"{renamed}{language}/modes/bridge/#bridge-long")
        assert (refused(page), foreign, errors) == ([], [], [])


def test_only_what_is_made_for_a_frame_can_be_framed(open_page: Open, renamed: str) -> None:
    with open_page() as page:
        for address, framed in (("embed/en/bridge/long/", True), ("en/modes/bridge/", False),
                                ("s/bridge/long/", False), ("", False)):  # fmt: skip
            answer = page.request.get(f"{renamed}{address}")
            policies = [one["value"] for one in answer.headers_array
                        if one["name"].lower() == "content-security-policy"]  # fmt: skip
            assert ("frame-ancestors 'none'" not in policies) == framed, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_badge_says_the_verdict(open_page: Open, renamed: str, language: str) -> None:
    with open_page() as page:
        page.goto(f"{renamed}embed/{language}/bridge/old/badge.svg")
        words = LANGUAGES[language].words
        title = page.evaluate("document.querySelector('title').textContent")
        assert title.startswith(f"bridge long{words.colon}{words.verified}")
        assert "28.5.2" in title
        texts = page.evaluate(
            "[...document.querySelectorAll('text')].map((e) => [e.textContent, e.getBBox().width])"
        )
        assert f"✓ {words.verified} 2026-11-24" in texts[1][0]
        for old in ("modes/bridge", "old"):
            page.goto(f"{renamed}{language}/{old}/badge.svg")
            assert f"{words.verified} 5/5" in page.evaluate(
                "document.querySelectorAll('text')[1].textContent"
            )


def test_a_step_is_announced_where_the_site_knows_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", "https://example.org/net/")
    root = make(tmp_path)
    built = building.build(root, REPORTS, print).site
    for page in (built / "s/bridge/long", built / "embed/en/bridge/long"):
        tree = LexborHTMLParser((page / "index.html").read_text("utf-8"))
        links = tree.css('link[type="application/json+oembed"]')
        hrefs = [one.attributes["href"] or "" for one in links]
        assert len(hrefs) == (len(LANGUAGES) if "s" in page.parts else 1)
        told = json.loads((page / hrefs[-1]).read_text())
        assert (told["type"], told["version"]) == ("rich", "1.0")
        assert 'src="https://example.org/net/embed/en/bridge/long/"' in told["html"]
        assert told["author_url"] == "https://example.org/net/en/modes/bridge/#bridge-long"


def test_a_step_shows_its_link_when_it_is_pointed_at(open_page: Open, renamed: str) -> None:
    with open_page() as page:
        page.goto(f"{renamed}en/modes/bridge/")
        link = page.locator("#bridge-long").get_by_role("link", name="Link to this step")
        shown = "(e) => getComputedStyle(e).opacity"
        assert link.evaluate(shown) == "0"
        page.locator("#bridge-long .cmd").hover()
        assert link.evaluate(shown) == "1"
        page.mouse.move(0, 0)
        page.keyboard.press("Tab")
        link.focus()
        assert link.evaluate(shown) == "1"
        page.keyboard.press("Enter")
        assert page.url.endswith("#bridge-long")
    with open_page(has_touch=True, is_mobile=True) as page:
        page.goto(f"{renamed}en/modes/bridge/")
        assert page.locator("#bridge-long > .link").evaluate(shown) == "1"


def test_a_line_of_an_output_can_be_linked(open_page: Open, renamed: str) -> None:
    """The link leads to the line, which is marked; not to the same text before it."""
    with open_page(viewport={"width": 1000, "height": 500}) as page:
        page.goto(f"{renamed}en/modes/bridge/")
        line = page.locator("#bridge-docker0 .out .ln").filter(has_text="link/ether")
        line.hover()
        link = page.get_by_role("link", name="Link to this line")
        address = link.evaluate("(e) => e.href")
        assert "#bridge-docker0:~:text=3%3A%20docker0" in address
        assert "-,link%2Fether%2002%3A42" in address
        assert list(violated(page, "light")) == []
        page.locator(".scene:has(#bridge-docker0) [tabindex='0']").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+Tab")
        expect(link).to_be_focused()
    with open_page(viewport={"width": 1000, "height": 500}) as page:
        page.goto("about:blank")
        page.goto(address)
        expect(page.locator("#bridge-docker0 .out .ln").nth(1)).to_be_in_viewport()
        expect(page.locator(".anchorless")).to_be_hidden()
        assert page.evaluate("location.hash") == "#bridge-docker0"
        colours = page.locator("#bridge-docker0").screenshot()
        again = page.locator("#bridge-docker0")
        page.evaluate("history.replaceState(null, '', location.pathname + '#x')")
        page.goto(f"{renamed}en/modes/bridge/#bridge-docker0")
        page.reload()
        assert colours != again.screenshot()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_opens_and_its_links_lead_to_pages(
    open_page: Open, renamed: str, language: str
) -> None:
    with open_page() as page:
        page.goto(f"{renamed}{language}/modes/bridge/")
        feed = page.locator("link[type='application/atom+xml']").evaluate("(e) => e.href")
        assert feed == f"{renamed}{language}/feed.xml"
        answer = page.request.get(feed)
        assert answer.ok
        assert answer.headers["content-type"].split(";")[0] in ("application/xml", "text/xml")
        page.goto(feed)
        title = LANGUAGES[language].words.feed.title
        assert title in page.content()
