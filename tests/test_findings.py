"""Every finding of scripts/check has one form; what is asked of links out of the site."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from macros.commands import check, findings, links
from macros.errors import Exit, Mistake
from macros.pages import terms

from .test_mistakes import EN, ZH, Project, add, both


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("a/b.py:3:5: F401 [*] `os` imported but unused",
         "a/b.py:3: F401: `os` imported but unused"),
        ("a/b.py:3: error: Name \"x\" is not defined  [name-defined]",
         "a/b.py:3: name-defined: Name \"x\" is not defined"),
        ("scripts/x:2:1: warning: Quote this. [SC2086]", "scripts/x:2: SC2086: Quote this."),
        ("docs/en/x.md:7:1: MD018: No space. (no-missing-space-atx)",
         "docs/en/x.md:7: MD018: No space. (no-missing-space-atx)"),
        ("docs/scenes/x.yml:5: the id is taken", "docs/scenes/x.yml:5: scene: the id is taken"),
        ("docs/transcripts/x.json: edited", "docs/transcripts/x.json: transcript: edited"),
        ("mkdocs.en.yml:9: no page", "mkdocs.en.yml:9: navigation: no page"),
    ],
)  # fmt: skip
def test_what_programs_say_has_one_form(line: str, form: str) -> None:
    (finding,) = findings.parse([line])
    assert str(finding) == form


def test_a_finding_stands_beside_its_line_on_github() -> None:
    finding = findings.of(Mistake(EN, 3, "50% of\nit: wrong"))
    assert finding.annotation("error") == (
        f"::error file={EN},line=3,title=page::50%25 of%0A  it: wrong"
    )
    assert "::" not in findings.Finding("a,b:c", 1, "x", "y").annotation("notice")[8:-3]


def told(project: Project, monkeypatch: pytest.MonkeyPatch, *, github: bool = False) -> str:
    """What the whole of check says, without the programs that look at code."""
    monkeypatch.setattr(check, "PROGRAMS", {"Markdown": check.PROGRAMS["Markdown"]})
    monkeypatch.setattr(check, "CHECKS", {k: v for k, v in check.CHECKS.items() if k != "schema"})
    monkeypatch.setenv("GITHUB_ACTIONS", str(github).lower())
    lines: list[str] = []
    check.check(project.root, False, (), lines.append)
    return "\n".join(lines)


def test_every_finding_has_file_line_rule_and_cure(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("docs/terms/zh.toml", "autocorrect = true\n")
    project.write("docs/terms/names.toml", terms_of_names())
    add("\n它有地址,也有名字。\n", ZH)(project)
    add("\nSee Github.\n\n##Heading\n\n[x](nowhere.md)\n")(project)
    said = told(project, monkeypatch, github=True)
    for line in (
        f"{ZH}:18: typography: write: 它有地址，也有名字。; scripts/check --fix",
        f'{EN}:18: term: "Github" is not used: write GitHub',
        f"{EN}:20: MD018: ",
        f'{EN}:22: page: no page "nowhere.md" is there: write ',
        f"::error file={EN},line=18,title=term::",
        f"{ZH}:6: translation: {{#gateway}}, {{#next}} changed in all languages",
        f"::notice file={ZH},line=6,title=translation::",
    ):
        assert line in said, said


def terms_of_names() -> str:
    return (Path(__file__).parents[1] / terms.place(terms.NAMES)).read_text("utf-8")


def test_a_name_in_code_a_link_or_an_address_is_left_alone(project: Project) -> None:
    project.write("docs/terms/names.toml", terms_of_names())
    both("\n`docker ps` asks `dockerd`, [here](https://github.com/docker/docs), docker0.\n")(
        project
    )
    assert not list(check.words(project.root, fix=False))


def test_pages_that_were_fine_are_not_looked_at_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not list(check.markdown(project.root, fix=False))
    calls: list[list[str]] = []
    run = subprocess.run

    def spy(command: list[str], **more: Any) -> object:
        calls.append(command)
        return run(command, **more)

    monkeypatch.setattr(subprocess, "run", spy)
    assert not list(check.markdown(project.root, fix=False))
    assert not calls
    add("\n##Heading\n")(project)
    (finding,) = check.markdown(project.root, fix=False)
    assert (finding.path, finding.line, finding.rule) == (EN, 18, "MD018")
    assert [name for name in calls[0] if name.endswith(".md")] == [EN]
    assert list(check.markdown(project.root, fix=False)) == [finding]


def test_a_page_that_no_page_links_to_is_told(project: Project) -> None:
    assert not list(check.orphans_of(project.root, fix=False))
    project.edit(EN, "See [modes](modes/index.md#modes).", "`[modes](modes/index.md)`")
    project.edit(ZH, "[模式](modes/index.md#modes)", "模式")
    page = "docs/zh/modes/index.md"
    said = list(map(str, check.orphans_of(project.root, fix=False)))
    assert f"{page}:1: orphan: no page links here; link it where a reader looks for it" in said[0]


class Answers(BaseHTTPRequestHandler):
    """A server of a few addresses, one of which never answers."""

    release = Event()

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.release.wait(20)
            return
        status = {"/ok": 200, "/head": 200, "/moved": 301, "/away": 302, "/gone": 404, "/loop": 301}
        self.send_response(status.get(self.path, 500))
        if self.path in ("/moved", "/away", "/loop"):
            self.send_header("Location", {"/loop": "/loop"}.get(self.path, "/ok"))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self) -> None:
        if self.path == "/head":
            self.send_response(405)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Answers.release.set()
        server.shutdown()
        thread.join()


def test_links_out_of_the_site_are_asked_and_fail_nothing(project: Project, server: str) -> None:
    paths = ("ok", "ok#part", "head", "moved", "away", "gone", "loop", "odd", "slow")
    both("\n" + "\n".join(f"- [x]({server}/{path})" for path in paths) + "\n")(project)
    add("\n```json\n[x](http://127.0.0.1:1/fenced)\n```\n")(project)
    add("\n<http://127.0.0.1:1/refused>\n")(project)
    lines: list[str] = []
    links.links(project.root, lines.append, timeout=3)  # of the one that never answers
    said = "\n".join(lines)
    assert f"{EN}:23: outside link: {server}/gone is gone (404); link another source" in said
    assert f"{ZH}:23: outside link: {server}/gone" in said
    assert f"{server}/moved has moved for good; write {server}/ok" in said
    assert f"{server}/loop could not be tried: it leads on more than" in said
    assert f"{server}/odd could not be tried: the server answers 500" in said
    assert f"{server}/slow could not be tried: TimeoutError" in said
    assert "/refused could not be tried: ConnectionRefusedError" in said
    for fine in ("/ok ", "/head ", "/away ", "/fenced"):
        assert f"{fine.strip()} " not in said.replace(f"write {server}/ok", "")
    assert lines[-1] == "9 links: 4 lead somewhere, 1 are gone, 4 could not be tried"


def test_where_nothing_answers_nothing_is_said_of_links(project: Project) -> None:
    add("\n<http://127.0.0.1:1/x>\n")(project)
    lines: list[str] = []
    links.links(project.root, lines.append, timeout=3)  # of the one that never answers
    assert "offline" in lines[-1]
    assert check.content(project.root).status is Exit.FINE
