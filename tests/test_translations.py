"""A pull request in one language passes, and the other language says what it has not yet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from macros.commands import check
from macros.commands.translated import translated
from macros.errors import Exit, Mistakes
from macros.pages import behind, source, translations
from macros.pages.macros import Showing

from .pages_project import REPOSITORY, WORDS
from .test_mistakes import EN, MODES, ZH, Project, add, both, edit

LAST = "docs/zh/index.md:12"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Pages of which all is declared to say the same."""
    project = Project(tmp_path)
    declare(project)
    return project


def declare(project: Project, *asked: str) -> list[str]:
    told: list[str] = []
    assert translated(project.root, asked, not asked, told.append) is Exit.FINE
    return told


def owed(project: Project) -> list[str]:
    """What check says is owed, where nothing is wrong."""
    content = check.content(project.root)
    assert content.status is Exit.FINE, content
    return list(content.owed)


def built(project: Project, page: str) -> str:
    status, told = project.build()
    assert status is Exit.FINE, told
    return (project.root / "site" / page / "index.html").read_text("utf-8")


def drawn(project: Project, language: str = "zh", name: str = "index.md") -> str:
    """The Markdown of a page with its marks, as Markdown is given it."""
    page = source.read(project.root, project.root / "docs" / language / name)
    marks = behind.every(project.root, language)[name]
    return behind.marked(page.body, marks, Showing({}, WORDS[language]))


def section(text: str, id: str) -> str:
    """From a heading, or from a mark in its place, to the next heading."""
    start = re.search(rf'\{{#{id}\}}|id="{id}"', text)
    assert start
    return re.split(r"\n#|<h\d ", text[start.end() :], maxsplit=1)[0]


def test_nothing_is_owed_of_what_is_declared(project: Project) -> None:
    assert owed(project) == []
    assert 'class="behind' not in drawn(project)


def test_an_edited_paragraph_marks_the_section_of_the_other_language(project: Project) -> None:
    edit(EN, "See [modes](modes/index.md#modes).", "See [all modes](modes/index.md#modes).")(
        project
    )
    (line,) = owed(project)
    assert line.startswith(f"{LAST}: {{#next}} is behind docs/en/index.md:12")
    assert "new or changed there: :16" in line
    assert "paragraphs gone there: 1" in line
    assert line.endswith("scripts/translated index.md#next")
    page = built(project, "zh")
    assert page.count('class="behind') == 1
    marked = section(page, "next")
    assert "本节还没有跟上 English 版的改动" in marked
    assert '<p lang="en" class="new">See [all modes](modes/index.md#modes).</p>' in marked
    assert 'href="../en/#next"' in marked
    assert 'class="behind' not in (project.root / "site/en/index.html").read_text("utf-8")


def test_read_and_nothing_to_change_is_one_command(project: Project) -> None:
    edit(EN, "See [modes]", "See all [modes]")(project)
    assert declare(project, "docs/en/index.md#next") == ["index.md#next: the same in zh, en"]
    assert owed(project) == []
    edit(ZH, "见[模式]", "参见[模式]")(project)
    (line,) = owed(project)
    assert line.startswith(f"{EN}:12: {{#next}} is behind {ZH}:12")


def test_both_edited_is_asked_about_and_not_marked(project: Project) -> None:
    edit(EN, "See [modes]", "See all [modes]")(project)
    edit(ZH, "见[模式]", "参见[模式]")(project)
    (line,) = owed(project)
    assert line.startswith(f"{ZH}:12: {{#next}} changed in all languages")
    assert line.endswith("scripts/translated index.md#next")
    assert 'class="behind' not in drawn(project)
    declare(project, "index")
    assert owed(project) == []


def test_where_lines_break_does_not_count(project: Project) -> None:
    edit(EN, "How a container gets there.\n\n{", "How a container\ngets there.\n\n{")(project)
    assert owed(project) == []


def test_a_title_and_a_description_are_translated_too(project: Project) -> None:
    edit(EN, "title: Gateway", "title: The gateway")(project)
    (line,) = owed(project)
    assert line.startswith(f"{ZH}:6: {{#gateway}} is behind {EN}:6 (new or changed there: :1")


@pytest.mark.parametrize(("below", "where"), [("gateway", "above {#next}"), ("next", "at the end")])
def test_an_added_section_has_its_id_in_the_other_language(
    project: Project, below: str, where: str
) -> None:
    text = "## Why {#why}\n\nBecause of `ip`.\n"
    add(f"\n{text}")(project) if below == "next" else edit(EN, "## Next", f"{text}\n## Next")(
        project
    )
    (line,) = owed(project)
    assert "{#why} is only at docs/en/index.md:" in line
    assert line.endswith(where)
    page = drawn(project)
    marked = section(page, "why")
    assert "本节目前只有 English 版" in marked
    assert ">Why</a>" in marked
    assert "Because of `ip`." in marked
    assert (page.index('id="why"') < page.index("{#next}")) == (below == "gateway")


def test_a_section_taken_out_is_marked_where_it_still_stands(project: Project) -> None:
    both("\n## Why {#why}\n\ntext\n")(project)
    declare(project)
    edit(EN, "\n## Why {#why}\n\ntext\n", "")(project)
    (line,) = owed(project)
    assert line == f"{ZH}:18: {{#why}} is gone from {EN}: take it away here, or put it back there"
    assert "English 版已删去本节" in section(drawn(project), "why")


def test_an_added_block_needs_no_other_language(project: Project) -> None:
    add('\nAgain:\n\n{{{ steps("gateway", "hosts") }}}\n')(project)
    (line,) = owed(project)
    assert "new or changed there: :18, :20" in line
    marked = section(drawn(project), "next")
    assert "▸ gateway, hosts" in marked


def test_a_block_that_differs_where_nothing_is_owed_is_a_mistake(project: Project) -> None:
    add('\n{{{ steps("gateway", "hosts") }}}\n')(project)
    declare(project)
    status, told = project.check()
    assert status is Exit.WRONG
    assert "make them the same" in told


def test_a_page_in_one_language_is_named_in_its_folder_in_the_other(project: Project) -> None:
    project.write("docs/en/modes/host.md", MODES.replace("#modes", "#host"))
    project.edit("mkdocs.en.yml", "- modes/index.md", "- modes/index.md\n      - modes/host.md")
    add('\n## Why {#why}\n\n{{{ steps("gateway", "reach") }}}\n')(project)
    section_line, line = owed(project)
    assert section_line.startswith(f"{ZH}: {{#why}} is only at")
    assert line.startswith("docs/en/modes/host.md: only here")
    assert line.endswith("write the same page at docs/zh/modes/host.md")
    page = built(project, "zh/modes")
    assert "目前只有 English 版" in page
    assert '<a href="../../en/modes/host/" hreflang="en" lang="en">TITLE</a>' in page
    assert 'id="why"' in (project.root / "site/zh/index.html").read_text("utf-8")
    alone = (project.root / "site/en/modes/host/index.html").read_text("utf-8")
    assert 'hreflang="en"' in alone
    assert 'rel="alternate " hreflang="zh"' not in alone
    assert re.findall(r'data-other-language\s+href="(\S+)"', alone) == ["../../../zh/"]


def test_what_is_missing_cannot_be_declared(project: Project) -> None:
    add("\n## Why {#why}\n\ntext\n")(project)
    with pytest.raises(Mistakes, match=r"docs/zh/index.md: there is no \{#why\} here"):
        declare(project, "index.md#why")
    with pytest.raises(Mistakes, match=r'no such page: did you mean "index.md"'):
        declare(project, "indx.md")
    assert len(owed(project)) == 1


def test_a_third_language_that_comes_late_owes_and_is_not_owed(project: Project) -> None:
    pages = {code: source.read(project.root, project.root / f"docs/{code}/index.md")
            for code in ("zh", "en")}  # fmt: skip
    rows = translations.read(project.root)[0]["index.md"]
    late = source.parse("docs/fr/index.md", "# Passerelle {#gateway}\n")
    owes, undeclared = translations.owed({**pages, "fr": late}, rows)
    assert [(one.kind, one.id, one.language) for one in owes] == [("added", "next", "fr")]
    assert undeclared == ["gateway"]


def test_what_no_page_has_any_more_is_forgotten(project: Project) -> None:
    both("\n## Why {#why}\n\ntext\n")(project)
    declare(project)
    for name in (EN, ZH):
        edit(name, "\n## Why {#why}\n\ntext\n", "")(project)
    declare(project, "modes/index.md")
    assert "why" not in translations.read(project.root)[0]["index.md"]
    assert owed(project) == []


def test_a_build_and_a_page_made_again_see_the_same_marks(project: Project) -> None:
    before = behind.every(project.root, "zh")
    edit(EN, "See [modes]", "See all [modes]")(project)
    after = behind.every(project.root, "zh")
    assert {name for name in after if after[name] != before[name]} == {"index.md"}


def test_what_is_remembered_here_is_as_it_is_written(tmp_path: Path) -> None:
    record, wrong = translations.read(REPOSITORY)
    assert not wrong
    translations.write(tmp_path, record)
    text = (tmp_path / translations.FILE).read_text("utf-8")
    assert text == (REPOSITORY / translations.FILE).read_text("utf-8")
