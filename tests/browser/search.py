"""The site's search as a reader uses it: type into the box, look at what is listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from playwright.sync_api import Page

GOLDEN = Path(__file__).with_name("golden.yml")
ALIASES = {"glossary": "reference/glossary/"}
TOP = 3
BOX = "[data-md-component=search-query]"
TYPED = """async ([texts, root]) => {
  const box = document.querySelector("[data-md-component=search-query]");
  const of = (link) => link.href.slice(root.length);
  const answers = [];
  for (const text of texts) {
    const start = performance.now();
    box.value = text;
    box.dispatchEvent(new InputEvent("input"));
    await new Promise((done) => setTimeout(done));
    const items = [...document.querySelectorAll(".md-search-result__item")];
    items[0]?.getBoundingClientRect();
    answers.push({
      pages: items.map((item) => [...item.querySelectorAll("a")].map(of)),
      meta: document.querySelector(".md-search-result__meta").textContent,
      took: performance.now() - start,
    });
  }
  return answers;
}"""
FIRST = """(text) => new Promise((done) => {
  const box = document.querySelector("[data-md-component=search-query]");
  const list = document.querySelector(".md-search-result__list");
  new MutationObserver((_, look) => {
    if (!list.children.length) return;
    look.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
  }).observe(list, { childList: true });
  const start = performance.now();
  box.focus();
  box.value = text;
  box.dispatchEvent(new InputEvent("input"));
})"""


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, and the places of which one should be found."""

    language: str
    text: str
    answers: tuple[str, ...]
    """Pages, and sections of pages, below the language."""
    held: bool
    """Whether search is not tuned by it."""

    def hit(self, pages: Sequence[Sequence[str]]) -> bool:
        """Whether an answer is among the first pages, or their sections that are listed."""
        listed = {link for links in pages[:TOP] for link in links}
        listed |= {link.partition("#")[0] for link in listed}
        return bool(listed & set(self.answers))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is listed for a query."""

    pages: list[list[str]]
    """For every page its sections, best first, relative to the language."""
    meta: str
    """What is said above the list."""
    took: float
    """Milliseconds from the last character to the list, laid out."""


def golden() -> list[Query]:
    """The golden set."""
    written = yaml.safe_load(GOLDEN.read_text("utf-8"))
    return [
        Query(language, str(text), answers(places), name == "held")
        for language, sets in written.items()
        for name, queries in sets.items()
        for text, places in queries.items()
    ]


def answers(places: str | list[str]) -> tuple[str, ...]:
    every = [places] if isinstance(places, str) else places
    return tuple(ALIASES.get(place, place) for place in every)


def ready(page: Page, address: str) -> None:
    """Open a page and its search, and wait for the index."""
    page.goto(address)
    page.locator(BOX).click()
    page.wait_for_function("() => typeof searchIndex === 'object' && typeof Finder === 'function'")
    page.evaluate("new Promise((done) => setTimeout(done))")


def ask(page: Page, root: str, texts: Sequence[str]) -> list[Answer]:
    """What is listed for each of these; `root` is the address of the language."""
    found: list[dict[str, Any]] = page.evaluate(TYPED, [list(texts), root])
    return [Answer(**each) for each in found]


def first(page: Page, text: str) -> float:
    """Milliseconds from a key to the list as it is painted, be the index there or not."""
    return float(page.evaluate(FIRST, text))
