"""Sitemaps: every page with its address in each language, as XML that a crawler reads."""

from __future__ import annotations

import gzip
from pathlib import Path
from xml.etree import ElementTree

import pytest

from macros.site import site

from . import pages_project
from .pages_project import LANGUAGES, REPORTS

SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml",
}  # fmt: skip
URL = "https://o.github.io/repo/"


def test_every_page_is_in_it_with_its_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = pages_project.make(tmp_path)
    monkeypatch.setenv("SITE_URL", URL.rstrip("/"))
    site.build(root, REPORTS, lambda _: None)
    built = root / "site"
    top = ElementTree.parse(built / "sitemap.xml").getroot()
    maps = [loc.text or "" for loc in top.findall("s:sitemap/s:loc", SPACES)]
    assert maps == [f"{URL}{code}/sitemap.xml" for code in LANGUAGES]
    groups: dict[str, set[frozenset[tuple[str, str]]]] = {}
    for code in LANGUAGES:
        text = (built / code / "sitemap.xml").read_bytes()
        assert gzip.decompress((built / code / "sitemap.xml.gz").read_bytes()) == text
        listed = ElementTree.fromstring(text).findall("s:url", SPACES)
        addresses = [one.findtext("s:loc", "", SPACES) for one in listed]
        pages = (built / code).rglob("index.html")
        places = (page.parent.relative_to(built).as_posix() for page in pages)
        assert sorted(addresses) == sorted(f"{URL}{place}/" for place in places)
        for address, one in zip(addresses, listed, strict=True):
            links = {
                link.attrib["hreflang"]: link.attrib["href"]
                for link in one.findall("x:link[@rel='alternate']", SPACES)
            }
            assert links.keys() == {*LANGUAGES, "x-default"}
            assert (links[code], links["x-default"]) == (address, links["en"])
            for there in links.values():
                assert (built / there.removeprefix(URL) / "index.html").is_file()
            rest = address.removeprefix(f"{URL}{code}/")
            groups.setdefault(rest, set()).add(frozenset(links.items()))
    assert all(len(said) == 1 for said in groups.values())  # all languages say the same


def test_without_an_address_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SITE_URL", raising=False)
    root = pages_project.make(tmp_path)
    site.build(root, REPORTS, lambda _: None)
    assert not list((root / "site").rglob("sitemap.xml*"))
