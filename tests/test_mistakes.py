"""Mistakes a contributor makes: told with file, line and cure, the same in check and in build."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from macros.commands import build as building
from macros.commands import check, summary
from macros.errors import Exit, Problem
from macros.model import Ended, Mode, Result, Transcript
from macros.outcome import Order
from macros.scenes import scene
from macros.verdicts import transcript

from .pages_project import BY, LANGUAGES, configure

SCENE = """\
# How a container reaches its gateway.
steps:
  - id: run
    run: docker run -d --name web busybox httpd -f -p 80
  - id: hosts
    run: docker exec web cat /etc/hosts
    expect:
      - contains: "172.17.0.2"
    capture: {address: "(172\\\\S+)"}
  - id: reach
    run: ping -c 1 @{address}
    topology: true
    expect:
      - contains: " 0% packet loss"
"""
PRINTED = {
    "run": "4f1c2a\n",
    "hosts": "127.0.0.1\tlocalhost\n172.17.0.2\t4f1c2a\n",
    "reach": "1 packets transmitted, 1 packets received, 0% packet loss\n",
}
DRAWN = ("h1 (host)",)
PAGE = """\
---
title: TITLE
description: TOLD
---

# TITLE {#gateway}

TOLD

{{{ steps("gateway", "run", "hosts") }}}

## NEXT {#next}

{{{ steps("gateway", "reach") }}}

LINK
"""
MODES = """\
---
title: TITLE
description: TOLD
---

# TITLE {#modes}

TOLD
"""
TEXTS = {
    "zh": {
        "TITLE": "网关",
        "TOLD": "容器怎样到达网关。",
        "NEXT": "接下来",
        "LINK": "见[模式](modes/index.md#modes)。",
    },
    "en": {
        "TITLE": "Gateway",
        "TOLD": "How a container gets there.",
        "NEXT": "Next",
        "LINK": "See [modes](modes/index.md#modes).",
    },
}
EN, ZH = "docs/en/index.md", "docs/zh/index.md"
YML, JSON = "docs/scenes/gateway.yml", "docs/transcripts/gateway.json"
LAST = 16
"""The last line of the page."""


class Project:
    """A small project in which nothing is wrong, and ways to make something so."""

    def __init__(self, root: Path) -> None:
        self.root = root
        configure(root, "  - index.md\n  - Modes:\n      - modes/index.md\n")
        self.write(YML, SCENE)
        for language in LANGUAGES:
            texts = TEXTS.get(language, TEXTS["en"])
            for name, text in (("index.md", PAGE), ("modes/index.md", MODES)):
                for word, said in texts.items():
                    text = text.replace(word, said)
                self.write(f"docs/{language}/{name}", text)
        self.record()

    def record(self) -> None:
        """Write the transcript as if the scene had just run."""
        one = scene.load_all(self.root)["gateway"]
        commands = {step.id: step.run.replace("@{address}", "172.17.0.2") for step in one.steps}
        results = tuple(
            Result(step, commands[step], output, 0, Ended.EXIT, DRAWN if step == "reach" else ())
            for step, output in PRINTED.items()
        )
        transcript.write(
            self.root / JSON,
            Transcript("gateway", one.digest, "2026-11-24T02:05:00Z", BY, results, ()),
        )

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def read(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text, (name, old)
        self.write(name, text.replace(old, new, 1))

    def check(self) -> tuple[Exit, str]:
        found = check.content(self.root)
        return found.status, "\n".join(line for _, _, lines in found.named() for line in lines)

    def build(self) -> tuple[Exit, str]:
        said: list[str] = []
        order = Order(self.root, Mode.REPLAY)
        try:
            outcome = building.build(order, said.append, lambda beat: None)
        except Problem as problem:
            return problem.status, str(problem)
        return outcome.status, "\n".join((*said, *summary.summary(outcome)))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


Make = Callable[[Project], None]


@dataclass(frozen=True)
class Row:
    """A mistake, how it is made, and what must be told of it."""

    name: str
    make: Make
    place: str
    words: tuple[str, ...]
    status: Exit = Exit.WRONG


def edit(name: str, old: str, new: str) -> Make:
    return lambda project: project.edit(name, old, new)


def add(text: str, name: str = EN) -> Make:
    """Text below a page, in this language alone."""
    return lambda project: project.write(name, project.read(name) + text)


def each(*makes: Make) -> Make:
    def make(project: Project) -> None:
        for one in makes:
            one(project)

    return make


def encode(name: str, encoding: str) -> Make:
    return lambda project: project.write(name, project.read(name).encode(encoding))


def both(text: str) -> Make:
    """Text below a page, the same in both languages."""
    return each(add(text, ZH), add(text, EN))


def move(old: str, new: str) -> Make:
    def make(project: Project) -> None:
        (project.root / old).rename(project.root / new)

    return make


def remove(name: str) -> Make:
    return lambda project: (project.root / name).unlink()


def link(name: str, target: str) -> Make:
    return lambda project: (project.root / name).symlink_to(target)


ROWS = (
    # a scene's text
    Row(
        "wrong key comand",
        edit(YML, "    run: docker exec", "    comand: docker exec"),
        f"{YML}:6",
        ('unknown key "comand"', "write one of"),
    ),
    Row(
        "wrong key expects",
        edit(YML, "    expect:", "    expects:"),
        f"{YML}:7",
        ('did you mean "expect"?',),
    ),
    Row(
        "indentation of run",
        edit(YML, "    run: docker exec", "   run: docker exec"),
        f"{YML}:6",
        ("indent",),
    ),
    Row(
        "item of expect outdented",
        edit(YML, '      - contains: "172', '  - contains: "172'),
        f"{YML}:8",
        ('belongs to "expect" of line 7', "indent it"),
    ),
    Row(
        "tab",
        edit(YML, "    run: docker exec", "\trun: docker exec"),
        f"{YML}:6",
        ("spaces", "tab"),
    ),
    Row("tab at the start", lambda p: p.write(YML, "\t" + SCENE), f"{YML}:1", ("spaces", "tab")),
    Row(
        "a colon in a command",
        edit(YML, "run: ping -c 1 @{address}", "run: echo a: b"),
        f"{YML}:11",
        ("goes in quotes",),
    ),
    Row(
        "duplicate step id",
        edit(YML, "id: reach", "id: hosts"),
        f"{YML}:10",
        ('the id "hosts" is taken by line 5', "choose another"),
    ),
    Row(
        "last step never shown",
        each(edit(EN, '"reach"', '"run"'), edit(ZH, '"reach"', '"run"')),
        f"{YML}:10",
        ('no page shows step "reach"', "show it or delete it"),
    ),
    Row(
        "capture misspelt",
        edit(YML, "@{address}", "@{adress}"),
        f"{YML}:11",
        ('did you mean "address"?',),
    ),
    Row("regex error", edit(YML, "(172", "((172"), f"{YML}:9", ("does not compile",)),
    Row(
        "two kinds of expectation",
        edit(YML, '- contains: "172.17.0.2"', '- {contains: "a", absent: "b"}'),
        f"{YML}:8",
        ("write one kind in each item",),
    ),
    Row(
        "exit as text",
        edit(YML, '- contains: "172.17.0.2"', '- exit: "0"'),
        f"{YML}:8",
        ("without quotes",),
    ),
    Row(
        "within without unit",
        edit(YML, "    topology: true", "    within: 10"),
        f"{YML}:12",
        ("write 500ms, 10s or 2m",),
    ),
    Row(
        "a host that is not there",
        edit(YML, "    topology: true", "    on: h3"),
        f"{YML}:12",
        (
            'no host "h3"',
            "write one of h1, lan",
        ),
    ),
    Row(
        "hosts as text",
        edit(YML, "steps:", "hosts: h1, h2\nsteps:"),
        f"{YML}:2",
        ("write [h1] or [h1, h2]",),
    ),
    Row(
        "scene that is not UTF-8",
        lambda p: p.write(YML, "# 中文\n".encode("gbk") + SCENE.encode()),
        f"{YML}:1",
        ("save the file as UTF-8",),
    ),
    Row(
        "scene named .yaml",
        move(YML, "docs/scenes/gateway.yaml"),
        "docs/scenes/gateway.yaml",
        ("name it .yml",),
    ),
    Row(
        "scene in upper case",
        lambda p: p.write("docs/scenes/Other.yml", SCENE),
        "docs/scenes/Other.yml",
        ("lower-case",),
    ),
    Row("empty scene", lambda p: p.write(YML, ""), f"{YML}:1", ('write "steps:"',)),
    # what a page calls
    Row(
        "a step that is missing",
        edit(EN, '"reach"', '"reech"'),
        f"{EN}:14",
        ('no step "reech"', 'did you mean "reach"?'),
    ),
    Row(
        "a scene that is missing",
        edit(EN, '"gateway", "reach"', '"gatway", "reach"'),
        f"{EN}:14",
        ('no scene "gatway"', 'did you mean "gateway"?'),
    ),
    Row(
        "macro step()",
        edit(EN, '{{{ steps("gateway", "reach"', '{{{ step("gateway", "reach"'),
        f"{EN}:14",
        ('no macro "step"', 'did you mean "steps"?'),
    ),
    Row(
        "two braces",
        add('\n{{ steps("gateway", "reach") }}\n'),
        f"{EN}:18",
        ("two braces", "with three"),
    ),
    Row(
        "diagram without topology",
        both('\n{{{ diagram("gateway", "hosts") }}}\n'),
        f"{EN}:18",
        ('write "topology: true" in it',),
    ),
    Row(
        "value misspelt",
        both('\nIt is {{{ value("gateway", "adress") }}}.\n'),
        f"{EN}:18",
        ('no value "adress"', 'did you mean "address"?'),
    ),
    # headings, and the two languages
    Row(
        "heading without id",
        each(edit(EN, " {#next}", ""), edit(ZH, " {#next}", "")),
        f"{EN}:12",
        ("end it with {#short-ascii-id}",),
    ),
    Row(
        "heading with another id in each language",
        edit(EN, "{#next}", "{#then}"),
        f"{ZH}:12",
        ("but ## … {#then} at docs/en/index.md:12", "make them the same"),
    ),
    Row(
        "heading of another level in each language",
        edit(EN, "## Next", "### Next"),
        f"{ZH}:12",
        ("but ### … {#next} at docs/en/index.md:12", "make them the same"),
    ),
    Row(
        "order of blocks differs",
        each(
            edit(EN, '"run", "hosts"', '"X"'),
            edit(EN, '"reach"', '"run", "hosts"'),
            edit(EN, '"X"', '"reach"'),
        ),
        f"{ZH}:10",
        ("make them the same",),
    ),
    Row(
        "page with another name in each language",
        each(
            lambda p: p.write("docs/en/modes/host.md", MODES),
            lambda p: p.write("docs/zh/modes/hots.md", MODES),
        ),
        "docs/en/modes/host.md",
        ("write the same page at docs/zh/modes/host.md",),
    ),
    Row(
        "conflict markers in what is declared of translations",
        lambda p: p.write(
            "docs/translated.toml", '["index.md"]\n<<<<<<< HEAD\na = {}\n=======\n>>>>>>> b\n'
        ),
        "docs/translated.toml:2",
        ("keep both sides' lines", "scripts/translated"),
    ),
    # links
    Row(
        "anchor that is missing",
        edit(EN, "#modes", "#mods"),
        f"{EN}:{LAST}",
        ('"mods"', 'did you mean "modes"?'),
    ),
    Row(
        "page that is missing",
        edit(EN, "modes/index.md", "modes/indx.md"),
        f"{EN}:{LAST}",
        ('"modes/indx.md#modes"', 'write "modes/index.md"'),
    ),
    Row(
        "image that is missing",
        add("\n![A bridge](bridge.png)\n"),
        f"{EN}:18",
        ('"bridge.png"', "no pictures"),
    ),
    Row(
        "link to a directory",
        edit(EN, "modes/index.md#modes", "modes/"),
        f"{EN}:{LAST}",
        ('"modes/"', 'write "modes/index.md"'),
    ),
    Row(
        "absolute link",
        edit(EN, "modes/index.md#modes", "/en/modes/"),
        f"{EN}:{LAST}",
        ("absolute",),
    ),
    Row(
        "link that runs",
        edit(EN, "modes/index.md#modes", "javascript:alert(1)"),
        f"{EN}:{LAST}",
        ("no link for a page",),
    ),
    Row(
        "reference link to nowhere",
        add("\nSee [there][x].\n\n[x]: nowhere.md\n"),
        f"{EN}:20",
        ('"nowhere.md"',),
    ),
    # navigation
    Row(
        "navigation entry forgotten",
        each(
            *(
                lambda p, a=a: p.write(
                    f"docs/{a}/modes/host.md", p.read(f"docs/{a}/modes/index.md")
                )
                for a in LANGUAGES
            )
        ),
        "mkdocs.en.yml:14",
        ("docs/en/modes/host.md is not in the navigation", "- modes/host.md"),
    ),
    Row(
        "navigation entry misspelt",
        edit("mkdocs.yml", "- modes/index.md", "- modes/indx.md"),
        "mkdocs.yml:15",
        ('"modes/indx.md"', 'did you mean "modes/index.md"?'),
    ),
    Row(
        "navigation order differs",
        edit(
            "mkdocs.yml",
            "  - index.md\n  - Modes:\n      - modes/index.md\n",
            "  - Modes:\n      - modes/index.md\n  - index.md\n",
        ),
        "mkdocs.yml:13",
        ("at mkdocs.en.yml:12", "the same order"),
    ),
    Row("navigation is gone", edit("mkdocs.yml", "nav:", "nv:"), "mkdocs.yml", ('write "nav:"',)),
    Row(
        "mkdocs.yml that is not UTF-8",
        encode("mkdocs.yml", "gbk"),
        "mkdocs.yml:2",
        ("save the file as UTF-8",),
    ),
    # transcripts
    Row(
        "transcript edited",
        edit(JSON, "4f1c2a", "4f1c2b"),
        JSON,
        ("edited by hand", "scripts/build --record gateway"),
        Exit.UNRECORDED,
    ),
    Row(
        "conflict markers in a transcript",
        edit(JSON, "{", "<<<<<<< HEAD\n{"),
        JSON,
        ("this is no transcript", "scripts/build --record gateway"),
        Exit.UNRECORDED,
    ),
    Row(
        "transcript gone",
        remove(JSON),
        YML,
        ("missing", "scripts/build --record gateway"),
        Exit.UNRECORDED,
    ),
    Row(
        "command changed",
        edit(YML, "ping -c 1", "ping -c 2"),
        YML,
        ("stale", "scripts/build --record gateway"),
        Exit.UNRECORDED,
    ),
    Row(
        "capture added",
        edit(YML, "    topology: true", '    topology: true\n    capture: {sent: "(.+)"}'),
        YML,
        ("stale", "scripts/build --record gateway"),
        Exit.UNRECORDED,
    ),
    Row(
        "transcript that no scene owns",
        lambda p: p.write("docs/transcripts/old.json", p.read(JSON)),
        "docs/transcripts/old.json",
        ("no scene owns it", "delete it"),
        Exit.UNRECORDED,
    ),
    Row(
        "expectation that cannot hold",
        edit(YML, '- contains: "172.17.0.2"', '- contains: "172.17.0.3"'),
        f"{YML}:8",
        ("172.17.0.3",),
        Exit.FAILED,
    ),
    # what is written by hand
    Row(
        "hand-typed console block",
        add("\n```console\n$ docker ps\nCONTAINER ID\n```\n"),
        f"{EN}:18",
        ('{{{ steps("scene", "step") }}}', "!!! not-run"),
    ),
    Row("hand-typed sh block", add("\n```sh\ndocker ps\n```\n"), f"{EN}:18", ("!!! not-run",)),
    Row(
        "hand-typed text block",
        add("\n```text\n# docker ps\nCONTAINER ID\n```\n"),
        f"{EN}:18",
        ("!!! not-run",),
    ),
    Row(
        "hand-typed block without language",
        add("\n```\nroot@h1:~# docker ps\n```\n"),
        f"{EN}:18",
        ("!!! not-run",),
    ),
    Row(
        "hand-typed block by indentation", add("\n    $ docker ps\n"), f"{EN}:18", ("!!! not-run",)
    ),
    Row(
        "hand-typed block in a list",
        add("\n- x\n\n    ```shell-session\n    $ ls\n    ```\n"),
        f"{EN}:20",
        ("!!! not-run",),
    ),
    Row(
        "hand-typed block in another admonition",
        add('\n!!! note "x"\n\n    ```bash\n    ls\n    ```\n'),
        f"{EN}:20",
        ("!!! not-run",),
    ),
    Row(
        "hand-typed block in a quotation",
        add("\n> ```sh\n> ls\n> ```\n"),
        f"{EN}:",
        ("!!! not-run",),
    ),
    Row(
        "prompt in another language",
        add("\n```json\n$ cat x\n{}\n```\n"),
        f"{EN}:18",
        ("like a prompt",),
    ),
    Row("language that nothing knows", add("\n```dcoker\nps\n```\n"), f"{EN}:18", ('"dcoker"',)),
    Row(
        "advice without its label",
        add('\n!!! not-run ""\n\n    ```sh\n    ls\n    ```\n'),
        f"{EN}:18",
        ("must say so", '!!! not-run "Not run here"'),
    ),
    Row(
        "advice under another label",
        add('\n!!! not-run "Verified on Docker 28"\n\n    ```sh\n    ls\n    ```\n'),
        f"{EN}:18",
        ("must say so",),
    ),
    Row(
        "a page nested without end",
        add("\n" + "".join(f"{' ' * 4 * level}- x\n" for level in range(300))),
        EN,
        ("nested too deeply",),
    ),
    Row(
        "hand-written figure",
        add('\n<figure class="scene"><pre><samp>x</samp></pre></figure>\n'),
        f"{EN}:18",
        ("<figure>", '{{{ steps("scene", "step") }}}'),
    ),
    Row(
        "class of ours by attribute",
        add("\nVerified.\n{ .proof .verified }\n"),
        f"{EN}:19",
        ('class "proof"',),
    ),
    Row(
        "class of ours in a span",
        add('\nIt is <span class="mark">verified</span>.\n'),
        f"{EN}:18",
        ('class "mark"',),
    ),
    Row(
        "class of ours on an admonition",
        add('\n!!! scene "x"\n\n    y\n'),
        f"{EN}:18",
        ('no admonition "scene"', "write one of"),
    ),
    Row(
        "id of a step on a paragraph",
        add("\nText\n{ #gateway-run }\n"),
        f"{EN}:19",
        ("ids to headings alone",),
    ),
    Row(
        "id of a step on a heading",
        each(*(edit(n, "{#next}", "{#gateway-reach}") for n in (EN, ZH))),
        f"{EN}:12",
        ("that of a step shown here",),
    ),
    Row("script", add("\n<script>alert(1)</script>\n"), f"{EN}:18", ("<script>",)),
    Row(
        "event attribute",
        add('\n[x](modes/index.md){ onclick="alert(1)" }\n'),
        f"{EN}:18",
        ('"onclick"',),
    ),
    Row(
        "placeholder that Markdown takes for an element",
        add("\nRun docker rm <name>.\n"),
        f"{EN}:18",
        ("<name>", "backticks"),
    ),
    Row(
        "fence unclosed before a block",
        edit(EN, '{{{ steps("gateway", "reach"', '```json\n{}\n\n{{{ steps("gateway", "reach"'),
        f"{EN}:14",
        ("never closes",),
    ),
    Row("fence unclosed at the end", add("\n```json\n{}\n"), f"{EN}:18", ("never closes",)),
    Row("unclosed <div>", add("\n<div>\n\ntext\n"), f"{EN}:18", ("never ends", "</div>")),
    Row(
        "literal that nothing backs",
        add("\nIt has 10.9.8.7.\n"),
        f"{EN}:18",
        ("10.9.8.7", "link a source"),
    ),
    Row(
        "literal that is a part of another",
        add("\nIt has 172.17.0.1.\n"),
        f"{EN}:18",
        ("172.17.0.1", "link a source"),
    ),
    # encodings and front matter
    Row("page that is not UTF-8", encode(ZH, "gbk"), f"{ZH}:2", ("save the file as UTF-8",)),
    Row(
        "front matter gone",
        edit(EN, "---\ntitle: Gateway\ndescription: How a container gets there.\n---\n", ""),
        f"{EN}:1",
        ("front matter", "title: …"),
    ),
    Row("title missing", edit(EN, "title: Gateway\n", ""), f"{EN}:1", ('"title" is missing',)),
    Row(
        "description missing",
        edit(EN, "description: How a container gets there.\n", ""),
        f"{EN}:1",
        ('"description" is missing',),
    ),
    Row(
        "colon in a title",
        edit(EN, "title: Gateway", "title: Gateway: how"),
        f"{EN}:2",
        ("goes in quotes",),
    ),
    Row(
        "markup in a description",
        edit(EN, "How a container gets there.\n", 'How a "container" gets <b>there</b>.\n'),
        f"{EN}:3",
        ("plain text",),
    ),
    Row(
        "front matter that never ends",
        edit(EN, "there.\n---\n", "there.\n"),
        f"{EN}:1",
        ("never ends",),
    ),
    # files
    Row("symbolic link", link("docs/en/x.md", "/etc/hostname"), "docs/en/x.md", ("symbolic link",)),
    Row("symbolic link to a folder", link("docs/en/d", "/etc"), "docs/en/d", ("symbolic link",)),
    Row(
        "file that is no page",
        lambda p: p.write("docs/en/evil.js", "alert(1)"),
        "docs/en/evil.js",
        ("only pages",),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_mistake_is_told_with_its_place_and_cure_by_check_and_build_alike(
    project: Project, row: Row
) -> None:
    row.make(project)
    for status, said in (project.check(), project.build()):
        assert status == row.status, said
        told = [line for line in said.splitlines() if row.place in line]
        assert told, said
        assert all(any(word in line for line in told) for word in row.words), said


def test_a_project_without_a_mistake_is_fine(project: Project) -> None:
    advice = "\n\n    Like this:\n\n    ```sh\n    $ docker ps\n    ```\n\n```json\n{}\n```\n"
    add(f'\n!!! not-run "Not run here: for you"{advice}')(project)
    add(f'\n!!! not-run "未在此实跑"{advice}', ZH)(project)
    both("\n- `docker ps <name>`, H<sub>2</sub>O, <https://docs.docker.com/>[^1]\n\n[^1]: x\n")(
        project
    )
    assert project.check() == (Exit.FINE, "")
    status, said = project.build()
    assert status == Exit.FINE, said


@pytest.mark.parametrize("how", ["CRLF", "BOM"])
def test_windows_line_ends_and_byte_order_marks_do_no_harm(project: Project, how: str) -> None:
    for name in (YML, JSON, EN, ZH, "mkdocs.yml", "mkdocs.en.yml"):
        text = project.read(name)
        project.write(name, text.replace("\n", "\r\n") if how == "CRLF" else f"\ufeff{text}")
    assert project.check() == (Exit.FINE, "")
    status, said = project.build()
    assert status == Exit.FINE, said


def test_half_width_punctuation_in_chinese_is_a_matter_of_style(project: Project) -> None:
    project.write("docs/terms/zh.toml", "autocorrect = true\n")
    add("\n它有地址,也有名字。\n", ZH)(project)
    said = "\n".join(map(str, check.typography(project.root, fix=False)))
    assert ZH in said
    assert "scripts/check --fix" in said
    assert project.check() == (Exit.FINE, "")
    assert not list(check.typography(project.root, fix=True))
    assert "地址，也" in project.read(ZH)


def test_all_mistakes_of_scenes_pages_navigation_and_transcripts_are_told_at_once(
    project: Project,
) -> None:
    project.write("docs/scenes/other.yml", "steps: [{id: x}]\n")
    add("\n[x](nowhere.md)\n\n[y](#nowhere) and [x](nowhere.md)\n", ZH)(project)
    add("\n[z](never.md)\n")(project)
    project.edit("mkdocs.en.yml", "- modes/index.md", "- modes/indx.md")
    project.edit(JSON, "4f1c2a", "4f1c2b")
    status, said = project.check()
    assert status == Exit.WRONG
    for place in ("docs/scenes/other.yml:1", f"{ZH}:18", f"{ZH}:20", f"{EN}:18",
                  "mkdocs.en.yml:14", JSON):  # fmt: skip
        assert place in said, said
    told = said.splitlines()
    status, said = project.build()
    assert status == Exit.WRONG
    assert set(said.splitlines()) <= set(told)


def test_named_scenes_alone_are_checked_with_the_pages_that_show_them(project: Project) -> None:
    project.write("docs/scenes/other.yml", "steps: [{id: x}]\n")
    add("\n[x](nowhere.md)\n")(project)
    add("\n[x](nowhere.md)\n", "docs/en/modes/index.md")(project)
    found = check.content(project.root, ["gateway"])
    assert [line.split(": ")[0] for line in found.mistakes] == [f"{EN}:18"]


def test_what_a_message_says_to_write_mends_the_mistake(project: Project) -> None:
    """Follow the words of the message, here and in `faults` for transcripts, to the letter."""
    project.edit("mkdocs.yml", "      - modes/index.md\n", "")
    project.edit("mkdocs.yml", "  - Modes:\n", "")
    project.edit(YML, "contains", "contain")
    project.edit(EN, 'steps("gateway"', 'steps("gatway"')
    project.write("docs/transcripts/old.json", "{}")
    _, said = project.check()
    line = re.search(
        r"docs/zh/modes/index\.md is not in the navigation: add the line (- [^,]+),", said
    )
    meant = re.search(r'unknown key "contain": did you mean "(\w+)"', said)
    named = re.search(r'no scene "gatway": did you mean "(\w+)"', said)
    assert line, said
    assert meant, said
    assert named, said
    assert "docs/transcripts/old.json: no scene owns it; delete it" in said
    project.edit("mkdocs.yml", "  - index.md\n", f"  - index.md\n  {line[1]}\n")
    project.edit("mkdocs.en.yml", "  - Modes:\n      - modes/index.md\n", f"  {line[1]}\n")
    project.edit(YML, "contain:", f"{meant[1]}:")
    project.edit(EN, "gatway", named[1])
    (project.root / "docs/transcripts/old.json").unlink()
    assert project.check() == (Exit.FINE, "")
