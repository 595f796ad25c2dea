"""Pictures in frames: by keys and buttons, without a script, on paper, from a disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from ..pages_project import LANGUAGES
from .conftest import Open
from .test_disk import unpacked
from .visit import DESKTOP, PHONE, fenced

__all__ = ["unpacked"]
PAGE = "mechanisms/packet-path"
OUT = "#diagram-path-out-run"
SHIFT = """() => new Promise((done) => new PerformanceObserver((list) => done(
  list.getEntries().reduce((sum, one) => sum + one.value, 0)))
  .observe({ type: "layout-shift", buffered: true }) ?? setTimeout(done, 300, 0))"""


def frames(page: Page) -> Locator:
    return page.locator(f"{OUT} .frames > li")


def seen(page: Page) -> list[int]:
    """The numbers of the frames that are seen."""
    return [n for n, one in enumerate(frames(page).all(), 1) if one.is_visible()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_go_from_frame_to_frame_and_nothing_moves_around_them(
    open_page: Open, base: str, language: str
) -> None:
    with open_page(viewport=DESKTOP) as page, fenced(page, base) as (_, errors):
        page.goto(f"{base}{language}/{PAGE}/")
        figure = page.locator(OUT)
        figure.scroll_into_view_if_needed()
        before = figure.bounding_box()
        assert seen(page) == [1]
        page.locator(f"{OUT} [aria-current]").focus()
        for key, there in [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("End", 5),
                           ("ArrowRight", 5), ("Home", 1), ("ArrowLeft", 1)]:  # fmt: skip
            page.keyboard.press(key)
            assert seen(page) == [there]
            current = page.locator(f"{OUT} [aria-current=step]")
            expect(current).to_have_text(f"{there}")
            expect(current).to_be_focused()
        page.locator(f"{OUT} [data-go='1']").click()
        said = page.locator(f"{OUT} [role=status]")
        label = page.locator(f"{OUT} [data-to='2']").get_attribute("aria-label")
        assert label
        expect(said).to_have_text(label)
        assert figure.bounding_box() == before
        assert errors == []


def test_the_line_ahead_is_fainter_and_the_hop_is_marked(open_page: Open, base: str) -> None:
    with open_page(viewport=DESKTOP) as page:
        page.goto(f"{base}en/{PAGE}/")
        page.locator(f"{OUT} [data-to='3']").click()
        expect(page.locator(f"{OUT} .hop.here")).to_have_text("3")
        assert page.locator(f"{OUT} .hop.ahead").all_inner_texts() == ["4", "5"]
        assert page.locator(f"{OUT} .way.ahead").count()


def test_without_a_script_and_on_paper_all_frames_are_there(open_page: Open, base: str) -> None:
    for script in (False, True):
        with open_page(java_script_enabled=script, viewport=PHONE) as page:
            page.goto(f"{base}en/{PAGE}/")
            if script:
                page.emulate_media(media="print")
            assert seen(page) == [1, 2, 3, 4, 5]
            stand = {frame.evaluate("(e) => `${e.offsetLeft} ${e.offsetTop}`")
                     for frame in frames(page).all()}  # fmt: skip
            assert len(stand) == 5
            expect(page.locator(f"{OUT} .control")).to_be_hidden()


def test_nothing_moves_by_itself_and_less_for_who_asks(open_page: Open, base: str) -> None:
    for motion, time in (("reduce", "0s"), ("no-preference", "0.15s, 0.15s")):
        with open_page(reduced_motion=motion) as page:
            page.goto(f"{base}en/{PAGE}/")
            hop = page.locator(f"{OUT} .hop").first
            takes = "(e) => getComputedStyle(e).transitionDuration"
            assert hop.evaluate(takes) == "0s"
            assert page.evaluate("document.getAnimations().length") == 0
            page.wait_for_timeout(400)
            assert seen(page) == [1]
            page.locator(f"{OUT} [data-to='2']").click()
            assert hop.evaluate(takes) == time


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_does_not_shift_when_the_script_comes(
    open_page: Open, base: str, size: ViewportSize
) -> None:
    with open_page(viewport=size) as page:
        page.goto(f"{base}en/{PAGE}/{OUT}", wait_until="networkidle")
        assert page.evaluate(SHIFT) < 0.01


def test_the_script_is_where_a_picture_is_and_nowhere_else(site: Path) -> None:
    for page in (site / "en").rglob("index.html"):
        text = page.read_text("utf-8")
        assert ("assets/reel.js" in text) == ('<div class="reel' in text), page
        assert ("assets/reel.css" in text) == ('<div class="reel' in text), page


def test_frames_change_from_a_disk(open_page: Open, unpacked: Path) -> None:
    with open_page(viewport=DESKTOP) as page, fenced(page, "file://") as (foreign, errors):
        page.goto((unpacked / f"en/{PAGE}.html").as_uri())
        page.locator(f"{OUT} [data-go='1']").click()
        assert seen(page) == [2]
        assert (foreign, errors) == ([], [])


MOMENTS = {"#diagram-bridge-before-run-second-rm": "modes/bridge",
           "#diagram-internal-switch-plain": "mechanisms/isolation",
           "#diagram-gateway-switch-nat": "mechanisms/isolation",
           "#diagram-iptables-26-loopback": "mechanisms/iptables"}  # fmt: skip


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(("figure", "name"), MOMENTS.items())
def test_moments_of_a_network_are_of_one_size_and_one_is_seen(
    open_page: Open, base: str, name: str, figure: str, size: ViewportSize
) -> None:
    with open_page(viewport=size) as page:
        page.goto(f"{base}en/{name}/")
        reel = page.locator(f"{figure} .reel")
        reel.scroll_into_view_if_needed()
        seen: list[object] = []
        for stop in page.locator(f"{figure} [data-to]").all():
            stop.click()
            expect(page.locator(f"{figure} .frames > .now")).to_be_visible()
            assert page.locator(f"{figure} .frames > li:not(.now)").first.is_hidden()
            box = reel.bounding_box()
            assert box
            seen.append((box["x"], box["width"], box["height"]))  # a click may scroll the page
        assert len(seen) > 1
        assert seen == [seen[0]] * len(seen)
