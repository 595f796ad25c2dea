"""What a contributor meets first: papers in both languages, licences, templates that parse."""

from __future__ import annotations

import re

import pytest
import yaml

from .pages_project import LANGUAGES, REPOSITORY

PAPERS = ("CONTRIBUTING.md", "CONTRIBUTING.zh.md", "REFERENCE.md", "README.md", "ARCHITECTURE.md",
          "SECURITY.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md")  # fmt: skip


def text(name: str) -> str:
    return (REPOSITORY / name).read_text("utf-8")


@pytest.mark.parametrize("paper", PAPERS)
def test_what_a_paper_links_to_and_calls_is_there(paper: str) -> None:
    for target in re.findall(r"\]\(([\w./-]+)\)", text(paper)):
        assert (REPOSITORY / target).exists(), target
    for script in re.findall(r"`(scripts/\w+)", text(paper)):
        assert (REPOSITORY / script).is_file(), script


def test_both_contributings_are_a_screen_and_say_the_same() -> None:
    english, chinese = text("CONTRIBUTING.md"), text("CONTRIBUTING.zh.md")
    code = [sorted(set(re.findall(r"`(scripts/[^`]+)`", each))) for each in (english, chinese)]
    assert code[0] == code[1]
    assert english.count("\n") == chinese.count("\n") <= 40


def test_licences_are_whole_and_every_page_names_them() -> None:
    assert "Attribution-ShareAlike 4.0 International" in text("LICENSE-docs")[:100]
    assert "Section 8 -- Interpretation." in text("LICENSE-docs")
    assert "Apache License" in text("LICENSE")
    assert "END OF TERMS AND CONDITIONS" in text("LICENSE")
    for language in LANGUAGES.values():
        footer = text(language.config).partition("copyright:")[2].partition("docs_dir")[0]
        assert "CC BY-SA 4.0" in footer
        assert "Apache 2.0" in footer


def test_the_citation_has_what_the_format_asks_for() -> None:
    citation = yaml.safe_load(text("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "type", "license"} <= citation.keys()


def test_templates_and_hooks_are_read_by_who_needs_them() -> None:
    for form in (REPOSITORY / ".github/ISSUE_TEMPLATE").glob("*.yml"):
        known = yaml.safe_load(form.read_text("utf-8"))
        if form.name != "config.yml":
            assert {"name", "description", "body"} <= known.keys()
            assert len({one["id"] for one in known["body"]}) == len(known["body"])
    (local,) = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    assert (REPOSITORY / local["hooks"][0]["entry"]).is_file()
