"""Every page under its policy, as a header and in the page: nothing is refused, all works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from macros.site.browsed import META, browse
from macros.site.server import serving

from ..pages_project import LANGUAGES
from .conftest import Open
from .served import Static, served
from .test_reading import PAGE
from .visit import addresses, fenced

LISTEN = """
globalThis.refused = [];
addEventListener("securitypolicyviolation", (event) => refused.push(
  `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


class Guarded(Static):
    """Sends the headers that the site says are to be sent, as Pages-like hosts do."""

    def end_headers(self) -> None:
        rules = (Path(self.directory) / "_headers").read_text("utf-8")
        for path, lines in re.findall(r"^(/\S*)\n((?:  .*\n)+)", rules, re.MULTILINE):
            if path == self.path or (path[-1] == "*" and self.path.startswith(path[:-1])):
                for name, value in re.findall(r"^  ([\w-]+): (.*)$", lines, re.MULTILINE):
                    if name != "Content-Type":  # which `guess_type` says of text already
                        self.send_header(name, value)
        super().end_headers()


@pytest.fixture(scope="module")
def guarded(site: Path) -> Iterator[str]:
    with served(site, Guarded) as address:
        yield address


def refused(page: Page) -> list[str]:
    found: list[str] = page.evaluate("globalThis.refused")
    return found


def beside(site: Path) -> set[str]:
    """Of short links and frames, which are made by the thousand, some of each language."""
    kinds = (site / "s", *(site / "embed" / language for language in LANGUAGES))
    every = [sorted(kind.rglob("index.html")) for kind in kinds]
    return {
        page.relative_to(site).as_posix().removesuffix("index.html")
        for pages in every
        for page in (pages[0], pages[len(pages) // 2], pages[-1])
    }


def test_nothing_that_a_page_has_is_refused(open_page: Open, guarded: str, site: Path) -> None:
    lost = ("404.html", "404/nowhere", "zh/404.html", "en/404.html")
    every = [*addresses(site), *sorted(beside(site)), *lost]
    assert len(every) > 70
    with open_page() as page, fenced(page, guarded) as (foreign, errors):
        page.add_init_script(LISTEN)
        wrong = {}
        for address in every:
            answer = page.goto(guarded + address, wait_until="load")
            assert answer
            assert "script-src 'self' 'sha256-" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            if found := refused(page) or ([] if "404" in address else errors[:]):
                wrong[address] = found
            errors.clear()  # without SITE_URL a 404 below a language looks for its styles at /
        assert (wrong, foreign) == ({}, []), wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_theme_copy_and_wire_work_under_the_policy(
    open_page: Open, guarded: str, language: str
) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with (
        open_page(permissions=allowed) as page,
        fenced(page, guarded) as (foreign, errors),
    ):
        page.add_init_script(LISTEN)
        page.goto(f"{guarded}{language}/{PAGE}")
        scheme = page.locator("body").get_attribute("data-md-color-scheme")
        for _ in range(3):
            page.locator("label[for^=__palette]:visible").click()
        assert page.locator("body").get_attribute("data-md-color-scheme") == scheme
        page.locator("label[for^=__palette]:visible").click()
        page.locator("label[for^=__palette]:visible").click()
        assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
        block = page.locator(".scene:has(samp)").first
        block.locator(".copy").first.click()
        page.wait_for_function("async () => (await navigator.clipboard.readText()).length > 3")
        block.locator(".quote").click()
        page.locator("#quote [data-format=confluence]").click()
        page.wait_for_function(
            "async () => (await navigator.clipboard.readText()).startsWith('<ac:')"
        )
        page.locator(".scene :is(.ip, .if, .mac)").first.hover()
        page.wait_for_function("() => CSS.highlights.get('wire')?.size > 0")
        page.locator("[data-md-component=search-query]").click()
        page.keyboard.insert_text("DOCKER-USER")
        page.wait_for_selector(".md-search-result__item a[href*='practice/firewalls']")
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        assert (refused(page), foreign, errors) == ([], [], [])


@pytest.mark.parametrize("how", ["header", "page"])
def test_what_no_theme_wrote_does_not_run(
    open_page: Open, guarded: str, base: str, how: str
) -> None:
    """The same listener hears what is refused: scripts, handlers, frames, styles, requests."""
    evil = """() => {
      const put = (html) => document.body.append(
        document.createRange().createContextualFragment(html));
      put("<script>globalThis.ran = 1</script>");
      put("<img src='data:,' onerror='globalThis.ran = 2'>");
      put("<a id=evil href='javascript:globalThis.ran = 3'>x</a>");
      document.querySelector("#evil").click();
      put("<iframe src='/'></iframe>");
      put("<style>body { color: red }</style>");
      put("<base href='/nowhere/'>");
      put("<object data='/'></object>");
      put("<form id=sent action='/nowhere'></form>");
      document.querySelector("#sent").submit();
      fetch("https://unpkg.com/mermaid@11").catch(() => {});
    }"""
    with open_page() as page, fenced(page, guarded if how == "header" else base):
        page.add_init_script(LISTEN)
        page.goto(f"{guarded if how == 'header' else base}en/{PAGE}")
        page.evaluate(evil)
        page.wait_for_timeout(500)
        assert page.evaluate("globalThis.ran") is None
        said = {one.split()[0] for one in refused(page)}
        assert said >= {
            "script-src-elem", "script-src-attr", "frame-src", "style-src-elem", "base-uri",
            "object-src", "form-action", "connect-src",
        }  # fmt: skip


def test_a_transcript_is_plain_text(open_page: Open, guarded: str, site: Path) -> None:
    name = next((site / "transcripts").glob("*.txt")).name
    with open_page() as page:
        answer = page.goto(f"{guarded}transcripts/{name}")
        assert answer
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_page_has_one_policy_before_anything_that_runs(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 60
    for page in pages:
        text = page.read_text("utf-8")
        assert text.count(f'<meta http-equiv="{META}"') == 1, page
        assert "<script" not in text.partition(META)[0], page
        assert not browse(text).faults, page


def test_search_works_from_a_disk_under_the_policy_of_the_page(site: Path) -> None:
    """What opens from a disk is tested in test_disk; here: that it has a policy, and no headers."""
    import zipfile

    with zipfile.ZipFile(site.parent / "site.zip") as archive:
        names = archive.namelist()
        page = next(one for one in names if one.endswith("en/modes/bridge.html"))
        assert META in archive.read(page).decode()
        assert not [one for one in names if one.endswith(("_headers", "nginx.conf"))]


def test_the_first_page_shows_a_block(open_page: Open, guarded: str) -> None:
    with open_page() as page:
        page.goto(guarded)
        expect(page.locator(".scene:visible")).to_have_count(1)


def test_a_page_that_is_being_written_reloads_under_its_policy(open_page: Open, site: Path) -> None:
    with serving("127.0.0.1", 0, print) as server, open_page() as page:
        server.show(site, ())
        page.add_init_script(LISTEN)
        page.goto(f"{server.url}en/{PAGE}")
        server.show(site, ("docs/en/x.md:1: this is wrong",))
        expect(page.locator("#wrong")).to_contain_text("this is wrong")
        assert refused(page) == []
