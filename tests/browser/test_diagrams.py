"""Diagrams as the browser lays them out: nothing overlaps, lines reach what they join."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize

from ..pages_project import LANGUAGES
from .conftest import Open
from .visit import DESKTOP, PHONE

OVERLAY = "modes/overlay/"
BOXES = """(net) => Object.fromEntries([".host > .frame", ".space", ".bar", ".chip", ".hop"].map(
  (kind) => [kind, [...net.querySelectorAll(kind)].map((one) => {
    const box = one.getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
  })]))"""
JOINED = """(net) => [...net.querySelectorAll(".cable:not(.tunnel), .flow")]
  .filter((line) => line.checkVisibility())
  .map((line) => {
    const box = line.getBoundingClientRect(), x = (box.left + box.right) / 2;
    return [box.top, box.bottom].map((y) => [...net.querySelectorAll(".plug, .bar, .space, .jack")]
      .some((one) => {
        const its = one.getBoundingClientRect();
        return its.left <= x && x <= its.right && its.top - 12 <= y && y <= its.bottom + 12;
      }));
  })"""
LENGTHS = """(net) => [...net.querySelectorAll(".tunnel")]
  .filter((line) => line.checkVisibility())
  .map((line) => line.getBoundingClientRect()).map((box) => Math.max(box.width, box.height))"""


def diagrams(site: Path) -> list[str]:
    """The pages that have one of a network."""
    pages = sorted(site.glob("*/**/index.html"))
    with_one = [page for page in pages if 'class="net' in page.read_text("utf-8")]
    assert with_one
    return [f"{page.parent.relative_to(site).as_posix()}/" for page in with_one]


def on_every(page: Page, base: str, names: list[str], script: str) -> list[tuple[str, Any]]:
    seen = []
    for name in names:
        page.goto(base + name)
        nets = page.locator(".diagram .net").all()
        assert nets
        seen += [(name, net.evaluate(script)) for net in nets]
    return seen


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_overlaps_and_every_line_reaches_what_it_joins(
    open_page: Open, site: Path, base: str, size: ViewportSize
) -> None:
    with open_page(viewport=size) as page:
        for name, boxes in on_every(page, base, diagrams(site), BOXES):
            for kind, all_of_it in boxes.items():
                for number, one in enumerate(all_of_it):
                    for other in all_of_it[:number]:
                        apart = one[0] >= other[2] - 1 or other[0] >= one[2] - 1
                        assert apart or one[1] >= other[3] - 1 or other[1] >= one[3] - 1, (
                            name,
                            kind,
                        )
        for name, lines in on_every(page, base, diagrams(site), JOINED):
            assert lines, name
            assert all(all(ends) for ends in lines), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_the_hosts_of_a_tunnel_stand_below_each_other_and_none_is_cut(
    open_page: Open, base: str, language: str
) -> None:
    with open_page(viewport=PHONE) as page:
        page.goto(f"{base}{language}/{OVERLAY}")
        picture = page.locator("#diagram-overlay-by-name")
        canvas = picture.locator(".canvas")
        room, wide = canvas.evaluate("(e) => [e.clientWidth, e.scrollWidth]")
        assert wide <= room
        first, second = (one.bounding_box() for one in picture.locator(".host > .frame").all())
        assert first
        assert second
        assert second["y"] > first["y"] + first["height"]
        narrow = picture.locator(".net").evaluate(LENGTHS)
        page.set_viewport_size(DESKTOP)
        broad = picture.locator(".net").evaluate(LENGTHS)
        assert min(*narrow, *broad) > 5
