"""What `scripts/new` writes passes every check as it is, in every language."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from macros.commands import check, new
from macros.errors import Exit, Mistakes
from macros.pages import terms
from macros.verdicts import transcript

from .pages_project import LANGUAGES, REPOSITORY
from .test_mistakes import EN, JSON, YML, Project
from .test_translations import declare

LISTED = "\n| task | page |\n|---|---|\n| to see | [Bridge](bridge.md) |\n\ntext\n"
BRIDGE = "---\ntitle: T\ndescription: T\n---\n\n# T {#t}\n\ntext\n\n## Next {#next}\n\ntext\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Pages of which all is declared, a folder that lists its pages in a table."""
    project = Project(tmp_path)
    for code, language in LANGUAGES.items():
        index = f"docs/{code}/modes/index.md"
        project.write(index, project.read(index) + LISTED)
        project.write(f"docs/{code}/modes/bridge.md", BRIDGE)
        entry = "      - modes/index.md\n"
        project.edit(language.config, entry, f"{entry}      - modes/bridge.md\n")
    declare(project)
    project.write("docs/addresses.txt", "en/\n")
    check.content(project.root, fix=True)
    assert fine(project)
    return project


def fine(project: Project) -> bool:
    """Whether nothing is wrong, and nothing owed."""
    content = check.content(project.root)
    assert not content.owed
    assert not content.mistakes
    return content.status is Exit.FINE


def test_a_new_page_passes_and_is_found(project: Project) -> None:
    told: list[str] = []
    new.page(project.root, "modes/try-out", "gateway", told.append)
    assert fine(project)
    for code, language in LANGUAGES.items():
        nav = project.read(language.config)
        assert "      - modes/bridge.md\n      - modes/try-out.md\n" in nav
        index = project.read(f"docs/{code}/modes/index.md")
        assert "[Bridge](bridge.md) |\n| …" in index
        assert "[Try out](try-out.md) |\n\ntext" in index
        page = project.read(f"docs/{code}/modes/try-out.md")
        assert '{{{ steps("try-out", "run", "hosts", "reach") }}}' in page
        assert f"docs/{code}/modes/try-out.md" in "\n".join(told)
    status, said = project.build()
    assert status is Exit.FINE, said
    assert told[-1].startswith("  edit docs/scenes/try-out.yml, then scripts/build --record")


def test_a_new_scene_passes_and_is_shown_above_where_next(project: Project) -> None:
    new.scene_on(project.root, "try-out", "docs/en/modes/bridge.md", "gateway", lambda line: None)
    assert fine(project)
    for code in LANGUAGES:
        page = project.read(f"docs/{code}/modes/bridge.md")
        assert page.index("{#try-out}") < page.index("{#next}")


def test_what_was_owed_before_is_owed_still(project: Project) -> None:
    project.edit("docs/en/modes/index.md", "text", "more text")
    new.page(project.root, "modes/try-out", "gateway", lambda line: None)
    (line,) = check.content(project.root).owed
    assert "{#modes} changed in all languages" in line


def test_a_new_scene_is_recorded_as_what_it_copies_until_it_is_edited(project: Project) -> None:
    new.scene_on(project.root, "try-out", "index", "gateway", lambda line: None)
    copied = transcript.read(project.root / "docs/transcripts/try-out.json")
    original = transcript.read(project.root / JSON)
    assert (copied.results, copied.recorded) == (original.results, original.recorded)
    project.edit("docs/scenes/try-out.yml", "ping -c 1", "ping -c 2")
    status, said = project.check()
    assert status is Exit.UNRECORDED
    assert "docs/scenes/try-out.yml" in said
    assert "scripts/build --record try-out" in said


@pytest.mark.parametrize(
    ("page", "like", "cure"),
    [
        ("modes/bridge", "gateway", "docs/en/modes/bridge.md: this page is there"),
        ("modes/Try", "gateway", "modes/Try: name it folder/page, in lower-case"),
        ("modes/index", "gateway", "name it folder/page"),
        ("nowhere/try", "gateway", "docs/zh/nowhere/index.md: no such page"),
        ("modes/gateway", "gateway", f"{YML}: there is a scene of that name"),
        ("modes/try", "gatway", 'docs/scenes/gatway.yml: no such scene: did you mean "gateway"?'),
    ],
)
def test_a_refused_page_leaves_nothing(project: Project, page: str, like: str, cure: str) -> None:
    before = sorted(path for path in project.root.glob("docs/**/*"))
    with pytest.raises(Mistakes) as refused:
        new.page(project.root, page, like, lambda line: None)
    assert cure in str(refused.value)
    assert sorted(path for path in project.root.glob("docs/**/*")) == before


def test_a_refused_scene_names_the_page_that_was_meant(project: Project) -> None:
    with pytest.raises(Mistakes, match=r'no such page: did you mean "modes/bridge.md"'):
        new.scene_on(project.root, "try", "modes/brige", "gateway", lambda line: None)
    with pytest.raises(Mistakes, match=r"{#next} is a heading here already"):
        new.scene_on(project.root, "next", "index", "gateway", lambda line: None)
    assert project.read(EN)


def test_the_template_is_written_as_the_project_writes(tmp_path: Path) -> None:
    project = Project(tmp_path)
    shutil.copytree(REPOSITORY / "docs/terms", tmp_path / "docs/terms")
    new.page(tmp_path, "modes/try-out", "gateway", lambda line: None)
    assert not list(check.typography(tmp_path, fix=False))
    for code in LANGUAGES:
        assert not [one for one in terms.mistakes(tmp_path, code) if "try-out" in one.path]
    assert project.read("docs/scenes/try-out.yml").startswith("# ")


def test_the_scene_that_is_copied_unless_another_is_named_is_there() -> None:
    assert (REPOSITORY / f"docs/scenes/{new.LIKE}.yml").is_file()
