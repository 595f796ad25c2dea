"""What must hold of every page of the built site, seen in one visit to each."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urldefrag

from ..pages_project import LANGUAGES
from .conftest import Open
from .test_reading import PAGE
from .visit import UNSEEN, Visit
from .weight import first_load

LIGHT = 110_000
"""Bytes of a page with its styles and scripts, gzipped, without pictures."""


def mirrored(address: str) -> set[str]:
    """The same page in the other languages."""
    own, _, rest = address.partition("/")
    return {f"{language}/{rest}" for language in LANGUAGES if language != own}


def pages(visits: list[Visit]) -> list[Visit]:
    """All but the landing page, which holds all languages."""
    return [one for one in visits if one.address]


def test_all_languages_have_the_same_pages(visits: list[Visit]) -> None:
    found = {one.address for one in pages(visits)}
    assert found
    assert found == set().union(*map(mirrored, found))


def test_no_page_asks_a_third_party(visits: list[Visit]) -> None:
    assert [(one.address, one.foreign) for one in visits if one.foreign] == []


def test_the_console_stays_silent(visits: list[Visit]) -> None:
    assert [(one.address, one.errors) for one in visits if one.errors] == []


def test_axe_finds_nothing_in_either_scheme(visits: list[Visit]) -> None:
    assert [(one.address, one.violations) for one in visits if one.violations] == []


def test_no_page_is_wider_than_a_phone(visits: list[Visit]) -> None:
    assert [(one.address, one.wide) for one in visits if one.wide] == []


def test_no_character_of_a_console_is_out_of_sight(visits: list[Visit]) -> None:
    assert [(one.address, one.unseen) for one in visits if one.unseen] == []


def test_what_is_out_of_sight_and_under_a_button_would_be_seen(open_page: Open, base: str) -> None:
    with open_page(viewport={"width": 390, "height": 900}) as page:
        page.goto(f"{base}en/{PAGE}")
        assert page.evaluate(UNSEEN) == []
        page.evaluate("document.querySelectorAll('.ln').forEach((e) => e.style.whiteSpace = 'pre')")
        assert page.evaluate(UNSEEN)
        page.reload()
        page.evaluate(
            "document.querySelector('.scene u').closest('.ln').outerHTML ="
            "'<details class=rest><summary aria-label=1></summary><i class=ln><u>x'"
        )
        assert page.evaluate(UNSEEN) == ["390: folded x"]
        page.reload()
        page.evaluate("document.querySelector('.copies').style.inset = '-2rem 1.7rem auto auto'")
        under = ("copy", "copy all", "copy quote")
        assert page.evaluate(UNSEEN) == [f"390: under {button}" for button in under]


def test_each_page_says_its_language_and_names_its_translation(visits: list[Visit]) -> None:
    for one in pages(visits):
        assert one.lang == one.language
        every = {one.address, *mirrored(one.address)}
        expected = {(address.partition("/")[0], address) for address in every}
        assert expected <= set(one.alternates), one.address


def test_a_language_link_leads_to_the_same_page(visits: list[Visit]) -> None:
    for one in pages(visits):
        assert one.other
        assert urldefrag(one.other).url in mirrored(one.address)


def test_every_anchor_is_there_in_the_other_languages_too(visits: list[Visit]) -> None:
    """So the switch, which carries the anchor along, lands on the same heading or block."""
    ids = {one.address: one.ids for one in pages(visits)}
    for address, own in ids.items():
        for other in mirrored(address):
            assert sorted(own - ids[other]) == [], other


def test_the_first_load_of_every_page_is_light(site: Path) -> None:
    weights = {page: first_load(page) for page in site.glob("*/**/index.html")}
    assert len(weights) > 60
    assert not {page: weight for page, weight in weights.items() if weight > LIGHT}
