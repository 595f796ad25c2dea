"""The site's search as a reader uses it: type into the box, look at what is listed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from playwright.sync_api import Page

GOLDEN = Path(__file__).with_name("golden.yml")
ALIASES = {"glossary": "reference/glossary/"}
TOP = 3
TOLD = """(before) => {
  const count = document.querySelector(".md-search-result__list").children.length;
  const said = document.querySelector(".md-search-result__meta").textContent.trim();
  if (said !== before) window.toldAt ??= performance.now();
  return count > 0 || performance.now() - window.toldAt > 1000;
}"""
EMPTY = """() => new Promise((done) => {
  const meta = document.querySelector(".md-search-result__meta");
  const list = document.querySelector(".md-search-result__list");
  const look = () => list.children.length ? setTimeout(look, 5) : done(meta.textContent.trim());
  delete window.toldAt;
  look();
})"""
TIMED = """(text) => new Promise((done) => {
  const box = document.querySelector("[data-md-component=search-query]");
  const meta = document.querySelector(".md-search-result__meta");
  const type = (text) => {
    box.value = text;
    box.dispatchEvent(new Event("input"));
    box.dispatchEvent(new KeyboardEvent("keyup"));
  };
  const next = (then) => {
    const look = new MutationObserver(() => { look.disconnect(); then(); });
    look.observe(meta, { childList: true, characterData: true, subtree: true });
  };
  const search = () => {
    const start = performance.now();
    next(() => done(performance.now() - start));
    type(text);
  };
  if (!box.value) return search();
  next(search);
  type("");
})"""


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, and the pages of which one should be found."""

    language: str
    text: str
    pages: tuple[str, ...]


def golden() -> list[Query]:
    """The golden set."""
    written = yaml.safe_load(GOLDEN.read_text("utf-8"))
    return [
        Query(language, text, tuple(ALIASES.get(one, one) for one in listed(pages)))
        for language, queries in written.items()
        for text, pages in queries.items()
    ]


def listed(pages: str | list[str]) -> list[str]:
    return [pages] if isinstance(pages, str) else pages


def ready(page: Page, address: str) -> None:
    """Open a page and its search, and wait for the index."""
    page.goto(address)
    page.locator("[data-md-component=search-query]").click()
    page.wait_for_selector("[data-md-component=search-query]:focus")


def found(page: Page, base: str, text: str) -> list[str]:
    """Pages found, best first, relative to the site, as they are listed: `zh/modes/bridge/`."""
    box = page.locator("[data-md-component=search-query]")
    box.fill("")
    before = page.evaluate(EMPTY)
    box.fill(text)
    page.wait_for_function(TOLD, arg=before)
    links = page.locator(".md-search-result__item").evaluate_all(
        "all => all.map((one) => one.querySelector('a').href)"
    )
    top = urlsplit(base).path
    return [urlsplit(link).path.removeprefix(top) for link in links]


def listed_after(page: Page, text: str) -> float:
    """Milliseconds from typing a text to the list of what was found."""
    return float(page.evaluate(TIMED, text))
