"""The page of error messages: each was really printed, in the section that it leads to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (`.+`) \| .+ \| (\[.+\)) \|$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#]+)#([^)]+)\)")
CALL = re.compile(r'steps\("([^"]+)"((?:, "[^"]+")+)\)')


def rows(language: str) -> list[tuple[list[str], list[tuple[Path, str]]]]:
    """Of each row, its messages, and the sections it leads to."""
    page = ROOT / "docs" / language / "reference" / "messages.md"
    return [
        (
            re.findall(r"`([^`]+)`", messages),
            [((page.parent / path).resolve(), anchor) for path, anchor in LINK.findall(links)],
        )
        for messages, links in ROW.findall(page.read_text("utf-8"))
    ]


def section(page: Path, anchor: str) -> str:
    """A page's text below a heading, down to the next that is not below it."""
    text = page.read_text("utf-8")
    head = re.search(rf"^(#+) .*\{{#{re.escape(anchor)}\}}$", text, re.MULTILINE)
    assert head, f"{page.name} has no heading #{anchor}"
    rest = text[head.end() :]
    following = re.search(rf"^#{{1,{len(head[1])}}} ", rest, re.MULTILINE)
    return rest[: following.start()] if following else rest


def outputs(text: str) -> Iterator[str]:
    """What the steps shown in a text printed when they were recorded."""
    for scene, ids in CALL.findall(text):
        recorded = json.loads((ROOT / "docs" / "transcripts" / f"{scene}.json").read_text("utf-8"))
        wanted = re.findall(r'"([^"]+)"', ids)
        for result in recorded["results"]:
            if result["step"] in wanted:
                yield "".join(result["output"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_message_was_printed_in_the_section_it_leads_to(language: str) -> None:
    listed = rows(language)
    assert len(listed) > 30
    missing = [
        (message, page.name, anchor)
        for messages, sections in listed
        for page, anchor in sections
        for printed in ["\n".join(outputs(section(page, anchor)))]
        for message in [" / ".join(messages)]
        if not any(one in printed for one in messages)
    ]
    assert not missing


def test_a_message_that_no_step_printed_is_noticed() -> None:
    page = ROOT / "docs" / "en" / "practice" / "subnets.md"
    printed = "\n".join(outputs(section(page, "full")))
    assert "all predefined address pools have been fully subnetted" in printed
    assert "has active endpoints" not in printed


def test_both_languages_list_the_same() -> None:
    assert [row[0] for row in rows("zh")] == [row[0] for row in rows("en")]
