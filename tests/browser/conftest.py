"""Fixtures: the real site built from its recordings, served, and Chromium behind a fence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from ..pages_project import LANGUAGES
from . import chromium
from .served import served
from .visit import Visit, addresses, visit

ROOT = Path(__file__).parents[2]
Open = Callable[..., AbstractContextManager[Page]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that is in this directory drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, replayed beside the tree so that `site/` is left alone.

    `SITE_DIR` names one that is built already, with `site.zip` beside it.
    """
    if built := os.environ.get("SITE_DIR"):
        return Path(built)
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "docs", root / "docs")
    for name in ("macros", *(language.config for language in LANGUAGES.values())):
        (root / name).symlink_to(ROOT / name)
    command = [sys.executable, "-m", "macros", "build", "--replay", "--zip"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return root / "site"


@pytest.fixture(scope="session")
def base(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium.path(), args=list(chromium.ARGUMENTS)
        )
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Open:
    """``with open_page(locale="zh-CN") as page``: a fresh browser profile, one page."""

    @contextmanager
    def opened(**options: Any) -> Iterator[Page]:
        context = browser.new_context(**options)
        try:
            yield context.new_page()
        finally:
            context.close()

    return opened


@pytest.fixture(scope="session")
def visits(browser: Browser, site: Path, base: str) -> list[Visit]:
    """What was seen on every page of the site, each opened once."""
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    try:
        return [visit(page, base, address) for address in addresses(site)]
    finally:
        context.close()
