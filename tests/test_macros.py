"""The module inside a real `mkdocs build`: what reaches the page, and how a build fails."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from macros import reports

from . import pages_project
from .pages_project import NASTY, REPORTS


@pytest.fixture
def project(tmp_path: Path) -> Path:
    reports.save(tmp_path / "run.json", REPORTS)
    return pages_project.make(tmp_path)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`site/en` of a build that went well, to be looked at only."""
    root = pages_project.make(tmp_path_factory.mktemp("built"))
    reports.save(root / "run.json", REPORTS)
    status, said = mkdocs(root)
    assert status == 0, said
    return root / "site/en"


def mkdocs(root: Path, config: str = "mkdocs.en.yml") -> tuple[int, str]:
    (root / "tmp").mkdir(exist_ok=True)
    env = os.environ | {
        "TMPDIR": str(root / "tmp"),
        "NETDOCS_RUN": str(root / "run.json"),
        "NO_MKDOCS_2_WARNING": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-f", config],
        cwd=root, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


class Outputs(HTMLParser):
    """The text of every element of class `out`, and every id."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.outputs: list[str] = []
        self.ids: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids += [named["id"] or ""] if "id" in named else []
        self.scripts += tag == "script"
        if tag == "span" and (self.depth or named.get("class") == "out"):
            if not self.depth:
                self.outputs.append("")
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(self.depth and tag == "span")

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.outputs[-1] += data


def test_what_was_printed_reaches_the_page_whatever_it_is(built: Path) -> None:
    page = (built / "modes/bridge/index.html").read_text("utf-8")
    seen = Outputs()
    seen.feed(page)
    shown = {step.output for report in REPORTS.values() for step in report.steps} - {NASTY}
    assert shown <= set(seen.outputs)
    nasty = next(text for text in seen.outputs if "<script>" in text)
    visible = re.compile(r"[\n\t -~]+")
    for plain in visible.findall(NASTY):
        assert plain in nasty
    empty = Outputs()
    empty.feed((built / "index.html").read_text("utf-8"))
    assert seen.scripts == empty.scripts


def test_ids_are_there_once(built: Path) -> None:
    seen = Outputs()
    seen.feed((built / "modes/bridge/index.html").read_text("utf-8"))
    assert len(seen.ids) == len(set(seen.ids))
    assert {"bridge", "again", "bridge-docker0", "bridge-run", "bridge-long"} <= set(seen.ids)


def test_a_value_survives_markdown_in_a_sentence_and_a_table(built: Path) -> None:
    sentence = (built / "modes/bridge/index.html").read_text("utf-8")
    found = re.search(r'<code class="value" data-at="bridge/nasty">(.*?)</code>', sentence)
    assert found
    value = dict(REPORTS["bridge"].values)["nasty"]
    text = html.unescape(re.sub("<[^>]*>", "", found[1]))
    assert text == value.replace("\u202e", "U+202E")
    table = (built / "modes/index.html").read_text("utf-8")
    shown = '<code class="value" data-at="bridge/gateway">172&#46;17&#46;0&#46;1</code>'
    assert f"<td>{shown}</td>" in table


def test_text_of_other_templates_passes_untouched(built: Path) -> None:
    page = (built / "modes/bridge/index.html").read_text("utf-8")
    assert "<code>{{.State.Pid}}</code> and <code>[[ -f x ]]</code> and {{json .}}" in page


def test_each_language_speaks_its_own_of_one_run(project: Path) -> None:
    for config, language, word in (
        ("mkdocs.yml", "zh", "已校验"),
        ("mkdocs.en.yml", "en", "Verified"),
    ):
        assert mkdocs(project, config)[0] == 0
        page = (project / f"site/{language}/modes/bridge/index.html").read_text("utf-8")
        assert f'<span class="mark">{word}</span>' in page
        assert "02:42:9a:5c:11:0e" in page
    assert list((project / "tmp").iterdir()) == [], "a place where other users write"
    assert not (project / ".cache").exists()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{{{ steps('bridge', 'dockr0') }}}", 'no step "dockr0"; did you mean "docker0"?'),
        ("{{{ value('bridge', 'x') }}}", 'scene "bridge" has no value "x"; it has: gateway'),
        ("{{{ steps('brige', 'x') }}}", 'no scene "brige": did you mean "bridge"?'),
        ("{{{ cycler.__init__.__globals__ }}}", "a page may hold only"),
        ("{{% include '/etc/passwd' %}}", "a page may hold only"),
        ("[x](nowhere.md)", "nowhere.md"),
        ("[x](#nowhere)", "there is no such anchor"),
    ],
)  # fmt: skip
def test_a_mistake_fails_the_build_and_names_the_page(
    project: Path, text: str, complaint: str
) -> None:
    page = project / "docs/en/index.md"
    page.write_text(f"---\ntitle: x\ndescription: y\n---\n\n# X {{#x}}\n\n{text}\n", "utf-8")
    status, said = mkdocs(project)
    assert status != 0
    assert complaint in said
    assert "index.md" in said
    assert "Traceback" not in said
    if "{" in text:
        assert "docs/en/index.md:8: " in said


def test_front_matter_cannot_bring_the_plugins_own_jinja_back(project: Path) -> None:
    page = project / "docs/en/index.md"
    page.write_text("---\nrender_macros: true\n---\n\n# X {#x}\n\n{{{ 7*7 }}}\n", "utf-8")
    status, said = mkdocs(project)
    assert status != 0
    assert 'front matter "render_macros" is not allowed' in said
