"""One word for one thing: the rules of `docs/terms` find what they say, and the pages keep them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from macros import languages
from macros.commands import check
from macros.pages import terms
from macros.pages.terms import Rule

from .pages_project import make
from .test_glossary import rendered

ROOT = Path(__file__).parents[1]
RULES = [(code, rule) for code in languages.read(ROOT) for rule in terms.read(ROOT, code)]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make(tmp_path)


def test_rules_are_of_languages_that_are_there() -> None:
    written = {path.stem for path in (ROOT / "docs/terms").iterdir()} - {terms.NAMES}
    assert written == {code for code, _ in RULES}
    assert written <= set(languages.read(ROOT))


@pytest.mark.parametrize(("code", "rule"), RULES, ids=lambda one: getattr(one, "say", one))
def test_a_rule_finds_its_example_and_not_what_is_fine(code: str, rule: Rule) -> None:
    assert rule.found(rule.example)
    for text in rule.fine:
        assert rule.wrong.search(text), f"{text} needs no exception"
        assert not rule.found(text)
        assert rule.found(f"{text} {rule.example}"), "an exception hides what stands beside it"


@pytest.mark.parametrize(
    ("code", "row"),
    [
        (code, row)
        for code in languages.read(ROOT)
        for row in terms.table(ROOT, code).get("narrow", ())
    ],
    ids=lambda one: one if isinstance(one, str) else one["term"],
)
def test_a_common_word_is_a_term_only_where_it_is_meant(code: str, row: dict[str, str]) -> None:
    linked = re.compile(rf'<a class="term"[^>]*>{row["term"]}s?</a>', re.IGNORECASE)
    assert linked.search(rendered(row["meant"], language=code))
    assert not linked.search(rendered(row["other"], language=code))


def test_no_page_and_no_word_uses_another_name() -> None:
    assert not list(check.words(ROOT, fix=False))


def test_what_is_said_has_its_line_and_what_to_write(site: Path) -> None:
    write(site, "The mend\n\nis here. Mended.")
    said = list(map(str, check.words(site, fix=False)))
    assert said[0].endswith('docs/en/x.md:8: term: "mend" is not used: write fix, fixed, fixing')
    assert [":8:" in said[0], ":10:" in said[1]] == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "`mend`",
        '{{{ steps("x", "mend") }}}',
        "[this](other.md#mend)",
        "## Fixed {#mend}",
        "https://example.com/mend",
        "```json\nmend\n```",
        "commended",
    ],
)
def test_what_is_no_prose_is_left(site: Path, text: str) -> None:
    write(site, text)
    assert not list(check.words(site, fix=False))


def test_a_site_without_rules_has_none(site: Path) -> None:
    write(site, "The mend.")
    (site / "docs/terms/en.toml").unlink()
    assert not list(check.words(site, fix=False))


def write(site: Path, text: str) -> None:
    rules = site / "docs/terms/en.toml"
    rules.parent.mkdir()
    rules.write_text(
        "[[rule]]\nwrong = '(?i)\\bmend(s|ed)?\\b'\nsay = 'fix, fixed, fixing'\nexample = 'mend'\n"
    )
    page = f"---\ntitle: X\ndescription: y\n---\n\n# X {{#x}}\n\n{text}\n"
    (site / "docs/en/x.md").write_text(page)
