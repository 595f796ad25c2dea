"""What machines read of a site: JSON by its schemas, and Atom."""

from __future__ import annotations

import json
import os
import re
import socket
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from macros.errors import CONTROL
from macros.model import Mode, Verdict
from macros.site import site as building

from .pages_project import BRIDGE, LANGUAGES, REPORTS, make

ATOM = "{http://www.w3.org/2005/Atom}"
DRIFTED = replace(
    BRIDGE,
    steps=(replace(BRIDGE.steps[0], verdict=Verdict.DRIFTED, diff="-a\n+\x1b[b<&\n"),
           *BRIDGE.steps[1:]),
    recorded="2026-11-20T00:00:00Z",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make(tmp_path_factory.mktemp("machines"))
    (root / "docs/addresses.txt").write_text("en/\n")
    return building.build(root, {**REPORTS, "bridge": DRIFTED}, print).site


@pytest.mark.parametrize("name", ["addresses", "transcript", "verdicts"])
def test_what_is_published_is_what_its_schema_says(site: Path, name: str) -> None:
    schema = json.loads((site / f"schemas/{name}.json").read_text())
    check = jsonschema.Draft202012Validator(schema)
    check.check_schema(schema)
    files = sorted(site.glob("printed/*.json" if name == "transcript" else f"{name}.json"))
    assert files
    for file in files:
        data = json.loads(file.read_text())
        check.validate(data)
        with pytest.raises(jsonschema.ValidationError):
            check.validate({**data, "more": 1})


def test_a_transcript_is_byte_for_byte_what_was_printed(site: Path) -> None:
    for scene, report in REPORTS.items():
        told = json.loads((site / f"printed/{scene}.json").read_text())
        assert [one["output"] for one in told["steps"]] == [one.output for one in report.steps]


def test_nothing_is_of_the_machine_that_built(site: Path) -> None:
    for file in (*site.rglob("*.json"), *site.rglob("feed.xml")):
        text = file.read_text("utf-8")
        assert str(site.parent) not in text, file
        assert socket.gethostname() not in text, file
        assert os.environ.get("HOME", "/nowhere") + "/" not in text, file


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_is_atom(site: Path, language: str) -> None:
    """What RFC 4287 asks of a feed and of an entry is there; every link leads to a page."""
    feed = ElementTree.parse(site / language / "feed.xml").getroot()
    assert feed.tag == f"{ATOM}feed"
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
        assert moment.fullmatch(element.findtext(f"{ATOM}updated") or "")
        assert (element.findtext(f"{ATOM}id") or "").startswith("urn:uuid:")
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == len(entries) == 2
    drift, recorded = entries
    words = LANGUAGES[language].words
    assert words.drifted in (drift.findtext(f"{ATOM}title") or "")
    assert drift.findtext(f"{ATOM}content") == "-a\n+\\x1b[b<&\n"
    assert recorded.findtext(f"{ATOM}title") == words.feed.changed.format("bridge", "28.5.2")
    for entry in entries:
        assert not CONTROL.search(entry.findtext(f"{ATOM}content") or "")
        link = entry.find(f"{ATOM}link")
        assert link is not None
        path, _, id = link.attrib["href"].partition("#")
        assert f'id="{id}"' in (site / language / path / "index.html").read_text("utf-8")
    page = (site / language / "modes/bridge/index.html").read_text("utf-8")
    assert 'type="application/atom+xml" href="../../feed.xml"' in page


def test_what_was_recorded_before_is_news_of_that_day(site: Path) -> None:
    """A replay tells of what changed, not of when it was built."""
    assert DRIFTED.mode is Mode.VERIFY
    feed = ElementTree.parse(site / "en/feed.xml").getroot()
    last = feed.findall(f"{ATOM}entry")[-1]
    assert last.findtext(f"{ATOM}updated") == DRIFTED.recorded
