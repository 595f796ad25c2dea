"""Pictures of the pages that are looked at before a change of looks is merged."""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from ..pages_project import LANGUAGES
from . import chromium
from .served import served
from .visit import SCHEMES

ROOT = Path(__file__).parents[2]
PAGES = ("", "modes/bridge/", "modes/overlay/", "practice/troubleshooting/")
SIZES: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 900},
    "phone": {"width": 390, "height": 844},
}
LONGEST = 4000
"""Pixels of a page that are pictured, from its top."""


def main(site: Path, out: Path, pages: tuple[str, ...]) -> None:
    """Picture pages of a built site; the landing page is "" of no language."""
    if not site.is_dir():
        sys.exit("there is no site/ yet: run scripts/build")
    out.mkdir(exist_ok=True)
    with served(site) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path(), args=list(chromium.ARGUMENTS)
        )
        kinds = product(SIZES.items(), SCHEMES, LANGUAGES)
        for (size, viewport), scheme, language in kinds:
            context = browser.new_context(
                viewport=viewport,
                color_scheme=scheme,
                locale=language,
                reduced_motion="reduce",
            )
            page = context.new_page()
            for name in pages:
                page.goto(base + (f"{language}/{name}" if name else ""))
                high = page.evaluate("document.documentElement.scrollHeight")
                stem = name.strip("/").replace("/", "-") or "landing"
                page.screenshot(
                    path=out / f"{stem}-{size}-{scheme}-{language}.png",
                    full_page=True,
                    clip={"x": 0, "y": 0, "width": viewport["width"], "height": min(high, LONGEST)},
                )
            context.close()
        browser.close()


if __name__ == "__main__":
    main(ROOT / "site", ROOT / "shots", tuple(sys.argv[1:]) or PAGES)
