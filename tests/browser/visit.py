"""One page opened in the browser, and everything that the tests want to know of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Error, Page, Route, ViewportSize

DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 760}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
AXE = Axe()
FACTS = """() => ({
  lang: document.documentElement.lang,
  alternates: [...document.querySelectorAll("link[hreflang]")].map((e) => [e.hreflang, e.href]),
  ids: [...document.querySelectorAll("[id]")].map((e) => e.id),
  other: document.querySelector("[data-other-language]")?.href ?? null,
})"""
WIDE = """() => {
  const wide = document.documentElement.scrollWidth, room = document.documentElement.clientWidth;
  if (wide <= room) return "";
  const guilty = [...document.querySelectorAll("body *")].filter((e) => {
    const box = e.getBoundingClientRect();
    if (box.right <= room + 1 || !box.width) return false;
    for (let up = e.parentElement; up; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible" && up !== document.body) return false;
    return true;
  });
  const shown = guilty.slice(0, 3).map((e) => e.outerHTML.slice(0, 90)).join(" | ");
  return `${wide} > ${room}: ${shown}`;
}"""

WIDTHS = (390, 1440)
"""Of windows in which no character of a console may be out of sight."""
UNSEEN = """() => {
  const all = new CSSStyleSheet();  // what is far from the window is laid out, and once
  all.replaceSync("body * { content-visibility: visible !important }");
  document.adoptedStyleSheets = [all];
  const room = document.documentElement.clientWidth, found = [];
  const outside = (node, left, right) => {
    const range = document.createRange();
    const beyond = () => [...range.getClientRects()].some(
      (e) => e.width && (e.left < left - 1 || e.right > right + 1));
    range.selectNodeContents(node);
    if (!beyond()) return false;  // a space may hang over the edge: a word may not
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode()); )
      for (const word of text.data.matchAll(/\\S+/g)) {
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (beyond()) return true;
      }
    return false;
  };
  const over = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  for (const figure of document.querySelectorAll(".scene")) {
    const text = figure.querySelector("samp");
    if (!text) continue;
    const box = text.getBoundingClientRect();
    for (const line of text.querySelectorAll(".ln"))
      if (outside(line, box.left, Math.min(box.right, room))) found.push(line.textContent);
    for (const rest of text.querySelectorAll(".rest")) {  // what is folded is told, and no proof
      const told = rest.querySelector("summary").getAttribute("aria-label").match(/\\d+/)?.[0];
      const lines = rest.querySelectorAll(".ln").length;
      if (told !== `${lines}`) found.push(`${lines} lines are folded, and ${told} are told`);
      for (const proof of rest.querySelectorAll("u")) found.push(`folded ${proof.textContent}`);
    }
    for (const button of figure.querySelectorAll("button, figcaption summary"))
      if (over(button.getBoundingClientRect(), box)) found.push(`under ${button.className}`);
  }
  for (const value of document.querySelectorAll("code.value, .md-typeset td"))
    if (outside(value, 0, room)) found.push(value.textContent);
  return found.map((text) => `${room}: ${text.slice(0, 80)}`);
}"""


@dataclass(frozen=True, slots=True)
class Visit:
    """What was seen on one page."""

    address: str
    """Relative to the site: `zh/modes/bridge/`, "" for the landing page."""
    foreign: tuple[str, ...]
    """Requests that left the machine, had they been let."""
    errors: tuple[str, ...]
    """What the console complained of, and answers that were errors."""
    lang: str
    alternates: tuple[tuple[str, str], ...]
    """(hreflang, address) of each alternate."""
    ids: frozenset[str]
    other: str | None
    """Where the link to the other language leads."""
    wide: str
    """What sticks out at a phone's width, "" if nothing."""
    unseen: tuple[str, ...]
    """Lines of consoles, values and cells that are not wholly in the window, by its width."""
    violations: tuple[str, ...]
    """What axe finds, with the scheme it finds it in."""

    @property
    def language(self) -> str:
        return self.address.partition("/")[0]


def addresses(site: Path) -> list[str]:
    """Every page that is read, but for the 404s, as addresses relative to a built site."""
    pages = sorted((site / "index.html", *site.glob("??/**/index.html")))
    return [page.relative_to(site).as_posix().removesuffix("index.html") for page in pages]


@contextmanager
def fenced(page: Page, base: str) -> Iterator[tuple[list[str], list[str]]]:
    """Let nothing out but to the site; gives the requests that tried, and the errors."""
    foreign: list[str] = []
    errors: list[str] = []

    def guard(route: Route) -> None:
        if route.request.url.startswith((base, "data:", "blob:")):
            route.continue_()
        else:
            foreign.append(route.request.url)
            route.abort()

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            errors.append(f"{message.type}: {message.text}")

    def broke(error: Error) -> None:
        errors.append(f"uncaught: {error}")

    page.on("console", said)
    page.on("pageerror", broke)
    page.route("**/*", guard)
    try:
        yield foreign, errors
    finally:
        page.unroute("**/*", guard)
        page.remove_listener("console", said)
        page.remove_listener("pageerror", broke)


def visit(page: Page, base: str, address: str) -> Visit:
    """Open a page, and look at it wide and narrow, light and dark."""
    with fenced(page, base) as (foreign, errors):
        page.set_viewport_size(DESKTOP)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.goto(base + address, wait_until="load")
        facts: dict[str, Any] = page.evaluate(FACTS)
        violations = [*violated(page, "light"), *violated(page, "dark")]
        page.set_viewport_size(PHONE)
        wide = page.evaluate(WIDE)
        unseen: list[str] = []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            unseen += page.evaluate(UNSEEN)
        page.wait_for_load_state("networkidle")
    return Visit(
        address, tuple(foreign), tuple(errors), facts["lang"],
        tuple((lang, local(base, href)) for lang, href in facts["alternates"]),
        frozenset(facts["ids"]), facts["other"] and local(base, facts["other"]), wide,
        tuple(unseen), tuple(violations),
    )  # fmt: skip


def wake(page: Page) -> None:
    """Let the scripts come that answer a hand, by pointing at a place that says nothing."""
    page.locator("article h1").hover()
    # a function: an expression is evaluated at each look, and the policy forbids all but the first
    page.wait_for_function(
        "() => globalThis.copyFor && document.querySelector('.tip') && CSS.highlights.has('wire')"
    )


def local(base: str, url: str) -> str:
    """An address of the site relative to it."""
    return urlsplit(url).path.removeprefix(urlsplit(base).path)


def violated(page: Page, scheme: Scheme) -> Iterator[str]:
    """What axe finds in one colour scheme; all but colours was found in the first."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if scheme != SCHEMES[0]:
        options["runOnly"] = ["color-contrast"]
    for found in AXE.run(page, options=options).response["violations"]:
        for node in found["nodes"]:
            yield f"{scheme}: {found['id']}: {node['html'][:160]} {node['failureSummary'][-160:]}"
