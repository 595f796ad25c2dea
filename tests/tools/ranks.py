"""Where the site's own search finds what readers look for: the golden set, typed into its box."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from ..browser import chromium
from ..browser.search import Query, ask, golden, ready
from ..browser.served import served

Ranks = dict[str, dict[str, int | None]]


def ranks(site: Path) -> Ranks:
    """Language → query → the place of the first page that is right, None where none is listed."""
    with served(site) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path(), args=list(chromium.ARGUMENTS)
        )
        placed = ranked(browser, base)
        browser.close()
    return placed


def ranked(browser: Browser, base: str) -> Ranks:
    """The same in a browser that is open, of a site that is served."""
    placed: Ranks = {}
    for language in dict.fromkeys(query.language for query in golden()):
        page = browser.new_page()
        ready(page, f"{base}{language}/")
        queries = [query for query in golden() if query.language == language]
        found = ask(page, f"{base}{language}/", [query.text for query in queries])
        placed[language] = {
            query.text: place(query, answer.pages)
            for query, answer in zip(queries, found, strict=True)
        }
        page.close()
    return placed


def place(query: Query, pages: list[list[str]]) -> int | None:
    """From 1 on."""
    return next((n for n, links in enumerate(pages, 1) if query.hit([links])), None)
