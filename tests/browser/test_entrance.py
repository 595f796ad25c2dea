"""The landing page: search without a dialog, and a theme that all languages share."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser


@pytest.mark.parametrize(("language", "asked"), [("zh", "端口被占用"), ("en", "bad address")])
def test_the_landing_page_searches_in_the_reader_s_language(
    browser: Browser, base: str, language: str, asked: str
) -> None:
    context = browser.new_context(locale=language)
    page = context.new_page()
    page.goto(base)
    page.keyboard.press("/")
    page.keyboard.type(asked)
    option = page.locator(".ask [role=option]:visible").first
    option.wait_for()
    assert (option.get_attribute("href") or "").startswith(f"{language}/practice/troubleshooting")
    page.keyboard.press("Escape")
    assert not option.is_visible()
    context.close()


def test_a_theme_holds_for_the_landing_page_and_all_languages(browser: Browser, base: str) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    page.goto(base)
    for _ in range(2):
        page.locator(".theme").click()
    for language in ("zh", "en"):
        page.goto(f"{base}{language}/")
        assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
    for _ in range(2):
        page.locator("label[for^=__palette]:visible").click()
    page.goto(f"{base}zh/")
    assert page.evaluate("document.body.dataset.mdColorScheme") == "default"
    page.goto(base)
    assert page.evaluate("document.documentElement.style.colorScheme") == "light"
    context.close()


def test_the_picture_keeps_its_names(browser: Browser, base: str) -> None:
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(base)
    assert page.locator("section.chosen .net .name").first.is_visible()
    context.close()
