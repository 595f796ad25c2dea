"""Pages before anything runs: what may stand in them, and what the two languages share."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from macros.errors import Mistake
from macros.pages import checks, folders, source

from .pages_project import LANGUAGES, REPOSITORY


@dataclass(frozen=True)
class Step:
    id: str
    line: int
    capture: dict[str, str]
    aliases: tuple[str, ...] = ()
    topology: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.id,)


@dataclass(frozen=True)
class Scene:
    steps: tuple[Step, ...]
    name: str = "bridge"
    names: tuple[str, ...] = ("bridge",)
    aliases: tuple[str, ...] = ()


SCENES = cast(
    Any,
    {
        "bridge": Scene(
            (Step("set-up", 2, {}), Step("docker0", 3, {"gateway": "x"}), Step("veth", 7, {}))
        )
    },
)
MKDOCS = (REPOSITORY / "mkdocs.yml").read_text("utf-8")
EXTENSIONS = MKDOCS[MKDOCS.index("markdown_extensions:") : MKDOCS.index("validation:")]
ALL = '{{{ steps("bridge", "docker0") }}}\n\n{{{ steps("bridge", "veth") }}}\n'


FRONT = "---\ntitle: x\ndescription: y\n---\n"


def write(
    root: Path, text: str, name: str = "index.md", languages: str = " ".join(LANGUAGES)
) -> None:
    """A page below front matter of four lines, in the navigation of its language."""
    for language in languages.split():
        page = root / "docs" / language / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text if text.startswith("---") else f"{FRONT}{text}", "utf-8")
    if not (root / "docs/words").exists():
        shutil.copytree(REPOSITORY / "docs/words", root / "docs/words")
    for code, its in LANGUAGES.items():
        names = sorted(folders.pages(root, code))
        nav = "".join(f"  - {name}\n" for name in names)
        (root / its.config).write_text(f"docs_dir: docs/{code}\n{EXTENSIONS}nav:\n{nav}", "utf-8")


def said(root: Path) -> list[str]:
    return [str(mistake) for mistake in checks.check(root, SCENES)]


def parse(text: str) -> list[Mistake]:
    return list(source.parse("docs/en/x.md", text).mistakes)


def test_good_pages_have_no_mistakes(tmp_path: Path) -> None:
    write(tmp_path, f"# Home {{#home}}\n\n{ALL}\nIt is {{{{{{ value('bridge', 'gateway') }}}}}}.\n")
    assert said(tmp_path) == []


def test_lines_are_counted_from_the_top_of_the_file(tmp_path: Path) -> None:
    write(tmp_path, f'\n# A {{#a}}\n\n{{{{{{ steps("bridge", "dockr0") }}}}}}\n\n{ALL}')
    assert said(tmp_path) == [
        f'docs/{language}/index.md:8: scene "bridge" has no step "dockr0"; did you mean "docker0"?'
        for language in sorted(LANGUAGES)
    ]


def test_names_of_several_scenes_in_one_call_are_looked_up_in_each(tmp_path: Path) -> None:
    call = """compare('bridge', 'docker0', 'brige/docker0', 'bridge/docker0', 'dockr0')"""
    write(tmp_path, f"{ALL}\n{{{{{{ {call} }}}}}}\n")
    assert [one for one in said(tmp_path) if one.startswith("docs/en")] == [
        'docs/en/index.md:9: no scene "brige": did you mean "bridge"?',
        'docs/en/index.md:9: no topology is recorded after step "docker0" of scene "bridge"; '
        'write "topology: true" in it',
        'docs/en/index.md:9: scene "bridge" has no step "dockr0"; did you mean "docker0"?',
    ]


def test_unknown_scenes_and_values_are_named_with_what_there_is(tmp_path: Path) -> None:
    write(
        tmp_path, f"{ALL}\n{{{{{{ value('brige', 'x') }}}}}} {{{{{{ value('bridge', 'x') }}}}}}\n"
    )
    assert said(tmp_path)[:2] == [
        'docs/en/index.md:9: no scene "brige": did you mean "bridge"?',
        'docs/en/index.md:9: scene "bridge" has no value "x"; it has: gateway',
    ]


@pytest.mark.parametrize(
    "attempt",
    [
        "{{{ ''.__class__ }}}",
        "{{{ ''.__class__.__mro__ }}}",
        "{{{ cycler.__init__.__globals__ }}}",
        "{{{ steps.__globals__ }}}",
        '{{{ steps("bridge", "docker0").__class__ }}}',
        '{{{ steps("bridge", "docker0") | attr("__class__") }}}',
        '{{{ steps("bridge", config.x) }}}',
        '{{{ steps("bridge", "a" * 1000000000) }}}',
        '{{{ steps("bridge", "a" ~ "b") }}}',
        '{{{ steps("bridge", *["docker0"]) }}}',
        '{{{ steps("bridge", step="docker0") }}}',
        '{{{ steps("bridge", 1) }}}',
        '{{{ steps("bridge") }}}',
        '{{{ value("bridge", "a", "b") }}}',
        "{{{ page }}}",
        "{{{ range(10 ** 9) | list }}}",
        "{{{ 7 * 7 }}}",
        "{{% include '/etc/passwd' %}}",
        "{{% for i in range(10 ** 9) %}}x{{% endfor %}}",
        "{{% raw %}}x{{% endraw %}}",
        "{{{ steps(",
        "{{{ " + "(" * 20000 + ")" * 20000 + " }}}",
    ],
)
def test_a_page_holds_calls_with_constants_and_nothing_else_of_jinja(attempt: str) -> None:
    mistakes = parse(f"\n\ntext\n{attempt}\n")
    assert mistakes
    assert all(mistake.line in (0, 4, 5) for mistake in mistakes)


@pytest.mark.parametrize(
    "text",
    ["{{.State.Pid}}", "{{json .}}", "{{ ''.__class__ }}", "[[ -f x ]]", "{% raw %}", "{#id}"],
)
def test_what_looks_like_other_templates_is_text(text: str) -> None:
    page = source.parse("docs/en/x.md", f"a `{text}` b\n")
    assert page.parts == (f"a `{text}` b\n",)
    assert not page.mistakes


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('See {{{ steps("bridge", "veth") }}}', "alone on a line"),
        ('  {{{ steps("bridge", "veth") }}}', "alone on a line"),
        ('```\n{{{ steps("bridge", "veth") }}}\n```', "code fence"),
        ('# {{{ value("bridge", "gateway") }}} {#x}', "in a heading"),
        ("## No id", "no id of its own"),
        ("## 中文 {#中文}", "no id of its own"),
        ("Underlined\n----------", "write the heading above as ##"),
        ("# A {#same}\n\n## B {#same}", "is on line 1 already"),
    ],
)
def test_mistakes_of_form(text: str, complaint: str) -> None:
    assert [complaint in mistake.what for mistake in parse(text)] == [True]


def test_a_comment_line_in_a_fence_is_no_heading() -> None:
    assert parse("````\n# one\n```\n# two\n````\n\n| a |\n|---|\n| b |\n") == []


def test_front_matter_cannot_change_how_a_page_is_made(tmp_path: Path) -> None:
    write(tmp_path, f"{FRONT[:-4]}render_macros: true\ntemplate: x.html\n---\n{ALL}")
    assert [line.split(";")[0] for line in said(tmp_path)[:2]] == [
        'docs/en/index.md:4: front matter "render_macros" is not allowed',
        'docs/en/index.md:5: front matter "template" is not allowed',
    ]


def test_languages_have_the_same_pages_headings_blocks_and_values(tmp_path: Path) -> None:
    write(tmp_path, f"# A {{#a}}\n\n## B {{#b}}\n\n{ALL}", "x.md", "zh")
    swapped = '{{{ steps("bridge", "veth") }}}\n\n{{{ value("bridge", "gateway") }}}\n'
    write(tmp_path, f"# A {{#a}}\n\n### B {{#b}}\n\n{swapped}", "x.md", "en")
    assert said(tmp_path) == [
        "docs/en/x.md:11: value('bridge', 'gateway') is not in docs/zh/x.md; "
        "all languages show the same values",
        "docs/zh/x.md:7: ## … {#b} here, but ### … {#b} at docs/en/x.md:7; make them the same",
        "docs/zh/x.md:9: steps('bridge', 'docker0') here, "
        "but steps('bridge', 'veth') at docs/en/x.md:9; make them the same",
    ]


def test_a_step_that_no_page_shows_must_be_the_set_up_of_one_that_is(tmp_path: Path) -> None:
    write(tmp_path, '{{{ steps("bridge", "docker0") }}}\n')
    assert said(tmp_path) == [
        'docs/scenes/bridge.yml:7: no page shows step "veth" or one after it; show it or delete it'
    ]
    write(tmp_path, "text\n")
    assert [line.split(";")[0] for line in said(tmp_path)] == [
        "docs/scenes/bridge.yml: no page shows it"
    ]
