"""Published below a path, as the pages of a project are, with the headers of a strict host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from macros.site import site as whole

from .. import pages_project
from ..pages_project import LANGUAGES, REPORTS
from .conftest import Open
from .served import served
from .test_policy import LISTEN, Guarded, refused

BELOW = "/repo/"
URL = f"https://o.github.io{BELOW}"


class Project(Guarded):
    """Answers below the path alone; `_headers` speaks of paths below it, too."""

    def translate_path(self, path: str) -> str:
        below = path.startswith(BELOW)
        return super().translate_path(path[len(BELOW) - 1 :] if below else "/nowhere")


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A small site, and its address below the path."""
    root = pages_project.make(tmp_path_factory.mktemp("below"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", URL)
        whole.build(root, REPORTS, lambda _: None)
    with served(root / "site", Project) as address:
        yield root / "site", address.rstrip("/") + BELOW


def heard(page: Page, top: str) -> list[str]:
    """What a page will have asked for that is not below the path, or not there."""
    wrong: list[str] = []

    def listen(answer: Response) -> None:
        lost = "nowhere" not in answer.url and answer.status >= 400
        if lost or not answer.url.startswith((top, "data:", "blob:")):
            wrong.append(f"{answer.status} {answer.url}")

    page.on("response", listen)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return wrong


def test_every_link_and_asset_of_every_page_is_below_the_path(
    open_page: Open, below: tuple[Path, str]
) -> None:
    _, top = below
    with open_page() as page:
        wrong = heard(page, top)
        page.add_init_script(LISTEN)
        todo, seen = [top], set()
        while todo:
            address = todo.pop()
            seen.add(address)
            page.goto(address, wait_until="load")
            assert refused(page) == []
            kind = page.evaluate("document.contentType")
            links = page.evaluate("[...document.links].map((link) => link.href)")
            for link in links if kind == "text/html" else ():
                target = urldefrag(link)[0]
                if urlsplit(target).scheme == "http":
                    assert target.startswith(top), (address, target)
                    todo += [target] if target not in seen and target not in todo else []
        assert len([one for one in seen if one.endswith("/")]) == 1 + 3 * len(LANGUAGES)
        assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_switch_copy_and_landing_work_there(
    open_page: Open, below: tuple[Path, str], language: str
) -> None:
    _, top = below
    other = next(code for code in LANGUAGES if code != language)
    with open_page(locale=language) as page:
        wrong = heard(page, top)
        page.add_init_script(LISTEN)
        page.goto(top)
        page.locator("section:visible a").first.click()
        expect(page).to_have_url(re.compile(f"{top}{language}/"))
        page.locator("[data-md-component=search-query]").click()
        page.keyboard.insert_text("docker0")
        page.locator(".md-search-result__item a").first.click()
        expect(page).to_have_url(re.compile(f"{top}{language}/modes/bridge/"))
        page.locator("#again .quote").click()
        page.locator("#quote [data-format=link]").click()
        copied = page.locator("#quote [data-format=link]").get_attribute("data-clipboard-text")
        assert copied == f"{URL}{language}/modes/bridge/#again"
        page.goto(f"{top}{language}/modes/bridge/#again")
        page.locator("[data-other-language]").click()
        expect(page).to_have_url(f"{top}{other}/modes/bridge/#again")
        assert (wrong, refused(page)) == ([], [])


@pytest.mark.parametrize("where", ["nowhere", "zh/nowhere/deep/", "en/modes/nowhere"])
def test_what_is_not_there_leads_home(open_page: Open, below: tuple[Path, str], where: str) -> None:
    _, top = below
    with open_page(locale="en") as page:
        wrong = heard(page, top)
        page.goto(f"{top}{where}")
        page.locator("section:visible a").click()
        language = where[:2] if where[:2] in LANGUAGES else "en"
        expect(page).to_have_url(f"{top}{language}/")
        assert wrong == []
        page.goto(f"{top}{language}/404.html")
        expect(page.locator(".md-header")).to_be_visible()
        assert wrong == []


def test_what_is_said_to_others_is_of_the_address_that_was_given(below: tuple[Path, str]) -> None:
    built, _ = below
    for page in (built / "index.html", *built.glob("??/**/index.html")):
        place = page.parent.relative_to(built).as_posix().removeprefix(".")
        address = f"{URL}{place}/" if place else URL
        text = page.read_text("utf-8")
        assert f'<link rel="canonical" href="{address}">' in text
        assert f'<meta property="og:image" content="{address}card.png">' in text
    assert f"location {BELOW}transcripts/" in (built / "nginx.conf").read_text("utf-8")
