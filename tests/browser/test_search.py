"""The golden set: what readers type, and what the site's own search finds in the browser."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from ..tools import ranks
from .conftest import Open
from .search import TOP, Query, found, golden, ready

LANGUAGES = tuple(dict.fromkeys(one.language for one in golden()))
GOOD = 0.97
"""Share of queries whose page is among the first."""
HEAVY = 300_000
"""Bytes of a language's index, gzipped."""


def test_the_golden_set_is_large_enough_and_names_pages_that_exist(site: Path) -> None:
    for language in LANGUAGES:
        queries = [one for one in golden() if one.language == language]
        assert len(queries) >= 60
        for query in queries:
            for page in query.pages:
                assert (site / language / page / "index.html").exists(), (query.text, page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_finds_what_readers_look_for(open_page: Open, base: str, language: str) -> None:
    missed: list[tuple[str, list[str]]] = []
    queries = [one for one in golden() if one.language == language]
    with open_page() as page:
        ready(page, f"{base}{language}/")
        for query in queries:
            pages = found(page, base, query.text)
            assert pages, f"nothing found for: {query.text}"
            assert {one.partition("/")[0] for one in pages} == {language}, query.text
            if not hit(query, pages[:TOP]):
                missed.append((query.text, pages[:TOP]))
    assert len(missed) <= (1 - GOOD) * len(queries), missed


def hit(query: Query, pages: list[str]) -> bool:
    """Whether one of the pages asked for is among these."""
    return bool({f"{query.language}/{page}" for page in query.pages} & {*pages})


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_pasted_is_searched(open_page: Open, base: str, language: str) -> None:
    with open_page() as page:
        ready(page, f"{base}{language}/")
        page.keyboard.insert_text("--network host")
        page.wait_for_selector(".md-search-result__item > a[href*='modes/host/']")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_is_light(site: Path, language: str) -> None:
    index = (site / language / "search/search_index.json").read_bytes()
    assert len(gzip.compress(index, 9)) <= HEAVY


def test_a_query_that_finds_its_page_elsewhere_is_ranked(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [Query("en", "veth", ("mechanisms/veth/",)), Query("en", "veth", ("modes/host/",)),
             Query("zh", "网桥", ("nowhere/",))]  # fmt: skip
    placed = []
    for query in asked:
        monkeypatch.setattr(ranks, "golden", lambda query=query: [query])
        placed.append(ranks.ranks(site)[query.language][query.text])
    first, other, none = placed
    assert first is not None
    assert first <= TOP
    assert other is None or other > first
    assert none is None
