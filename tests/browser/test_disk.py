"""`site.zip`, unpacked and opened from the disk: every page and the search, no server."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page

from macros.site.archive import TOP
from macros.site.places import ARCHIVE

from ..pages_project import LANGUAGES
from .conftest import Open
from .visit import fenced


@pytest.fixture(scope="session")
def unpacked(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(site.parent / ARCHIVE) as archive:
        archive.extractall(target)
    return target / TOP


def missing(page: Page, directory: Path) -> list[str]:
    """Links of a page that lead to no file."""
    links = page.evaluate("() => [...document.links].map((one) => one.href)")
    paths = [
        Path(link[len("file://") :].partition("#")[0]) for link in links if link[:5] == "file:"
    ]
    return [str(path.relative_to(directory)) for path in paths if not path.is_file()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_works_from_a_disk(open_page: Open, unpacked: Path, language: str) -> None:
    with open_page() as page, fenced(page, "file://") as (foreign, errors):
        page.goto((unpacked / language / "index.html").as_uri())
        page.locator("[data-md-component=search-query]").click()
        page.keyboard.insert_text("DOCKER-USER")
        page.wait_for_selector(".md-search-result__item a[href*='practice/firewalls.html']")
        page.locator(".md-search-result__item a[href*='practice/firewalls.html']").first.click()
        page.wait_for_url("**/practice/firewalls.html**")
        assert (foreign, errors) == ([], [])


def test_every_link_leads_to_a_file(open_page: Open, unpacked: Path) -> None:
    pages = [one for one in sorted(unpacked.rglob("*.html")) if one.name != "404.html"]
    assert len(pages) > 2
    with open_page(java_script_enabled=True) as page, fenced(page, "file://") as (foreign, errors):
        lost = {}
        for path in pages:
            page.goto(path.as_uri())
            if found := missing(page, unpacked):
                lost[str(path.relative_to(unpacked))] = found[:3]
        assert (lost, foreign, errors) == ({}, [], [])
