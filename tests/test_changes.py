"""What a branch changes for readers: gathered from git, kept in a form, said as Markdown."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from macros import cli
from macros.errors import Mistakes
from macros.review import changes
from macros.review.comment import LONGEST, MARK, comment
from macros.review.form import MOST, ChangedOutput, Changes
from macros.verdicts import form, transcript

from .pages_project import REPOSITORY

ADDRESSES = "en/modes/none/\nen/modes/none/#publish\nen/modes/none/#use\n"


def git(root: Path, *arguments: str) -> str:
    quiet = ["-c", "user.name=N", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *quiet, *arguments], cwd=root, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new), "utf-8")


def record(root: Path, scene: str, forge: Callable[[dict[str, Any]], object]) -> None:
    path = root / f"docs/transcripts/{scene}.json"
    raw = json.loads(path.read_text())
    forge(raw)
    path.write_text(json.dumps(raw | {"seal": transcript.seal(raw)}))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with this project's pages, scenes and recordings, on a branch of its own."""
    shutil.copytree(REPOSITORY / "docs", tmp_path / "docs")
    for path in REPOSITORY.glob("mkdocs*.yml"):
        shutil.copy(path, tmp_path)
    (tmp_path / "docs/addresses.txt").write_text(ADDRESSES)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "main")
    git(tmp_path, "checkout", "--quiet", "-b", "branch")
    return tmp_path


def change(root: Path) -> None:
    """A scene that prints something else, a sentence below one heading, another heading's id."""
    edit(
        root / "docs/scenes/none.yml", "docker exec quiet ip route", "docker exec quiet ip route ls"
    )
    record(root, "none", retold)
    edit(root / "docs/en/modes/none.md", "{#use}", "{#good-for}")
    edit(root / "docs/zh/modes/none.md", "{#use}", "{#good-for}")
    page = root / "docs/en/modes/none.md"
    page.write_text(
        page.read_text("utf-8").replace("{#publish}\n", "{#publish}\n\nNew.\n"), "utf-8"
    )
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "change")


def retold(raw: dict[str, Any]) -> None:
    by_step = {result["step"]: result for result in raw["results"]}
    loopback = next(one for one in by_step.values() if "ip addr" in one["command"])
    loopback["output"][-1] = "    inet 127.0.0.9/8 scope host lo\n"
    raw["results"].pop()


def sites(root: Path) -> tuple[Path, Path]:
    for name, passed in (("before", 10), ("after", 12)):
        (root / name).mkdir()
        counts = {"passed": passed, "failed": 0, "drifted": 1}
        (root / name / "verdicts.json").write_text(json.dumps({"counts": counts}))
    return root / "before", root / "after"


def ranks(root: Path) -> tuple[Path, Path]:
    for name, rank in (("one.json", 2), ("other.json", 9)):
        placed = {"zh": {"无网络": rank, "网桥": 1}, "en": {"none": None, "lost": rank}}
        (root / name).write_text(json.dumps(placed))
    return root / "one.json", root / "other.json"


def test_a_scene_a_page_and_a_heading_are_said_with_all_they_change(root: Path) -> None:
    change(root)
    gathered = changes.gather(root, "main", sites=sites(root), ranks=ranks(root))
    said = comment(gathered, preview="https://preview.example/")
    assert said.startswith(f"{MARK}\n## What readers will see\n")
    at = "https://preview.example/{}/modes/none/"
    zh, en = at.format("zh"), at.format("en")
    assert (
        f"- `modes/none/`: **en** changed ([#good-for]({en}#good-for), "
        f"[#publish]({en}#publish), `#use` gone); "
        f"**zh** changed ([#good-for]({zh}#good-for), `#use` gone)\n"
    ) in said
    assert "passed 10 → **12**, drifted 1\n" in said
    assert "Scenes that are touched: `none`\n" in said
    assert "### Addresses at risk\n\n- ` en/modes/none/#use ` would lead nowhere\n" in said
    assert "- **zh** ` 无网络 `: its page was at 2, now place 9\n" in said
    assert "网桥" not in said
    assert "+    inet 127.0.0.9/8 scope host lo\n" in said
    assert "```diff\n--- before\n+++ after\n@@ " in said
    assert said.count("<details>") == said.count("</details>") == 2
    assert re.search(r"step <code>[\w-]+</code>: gone</summary>\n\n```diff\n-\$ ip", said)


def test_without_a_preview_places_are_those_of_the_archive(root: Path) -> None:
    change(root)
    said = comment(changes.gather(root, "main"), run="https://github.com/o/n/actions/runs/7")
    assert "(`en/modes/none.html#good-for`, `en/modes/none.html#publish`, `#use` gone)" in said
    assert "[the artifact `preview` of this run](https://github.com/o/n/actions/runs/7)" in said
    assert "### Verdicts" not in said
    assert "### Search" not in said


def test_only_what_the_branch_did_counts(root: Path) -> None:
    change(root)
    git(root, "checkout", "--quiet", "main")
    edit(root / "docs/en/modes/host.md", "# Host", "# The host")
    git(root, "commit", "--quiet", "--all", "--message", "main goes on")
    git(root, "checkout", "--quiet", "branch")
    assert {page.address for page in changes.gather(root, "main").pages} == {"modes/none/"}


def test_volatile_pieces_are_no_difference_and_pages_that_show_one_are_named(root: Path) -> None:
    mac = re.compile("02:42(:[0-9a-f]{2}){4}")

    def other(raw: dict[str, Any]) -> None:
        for result in raw["results"]:
            result["output"] = [mac.sub("02:42:de:ad:be:ef", line) for line in result["output"]]

    record(root, "bridge", other)
    git(root, "commit", "--quiet", "--all", "--message", "other addresses")
    gathered = changes.gather(root, "main")
    assert (gathered.outputs, gathered.pages) == ((), ())
    assert gathered.scenes == ("bridge",)
    record(root, "bridge", lambda raw: raw["results"][0].update(output=["another\n"]))
    git(root, "commit", "--quiet", "--all", "--message", "another output")
    gathered = changes.gather(root, "main")
    assert {(page.language, page.kind) for page in gathered.pages} == {
        ("en", "shown"),
        ("zh", "shown"),
    }
    assert "modes/bridge/" in {page.address for page in gathered.pages}


def test_what_runs_is_what_is_touched_committed_or_not(root: Path) -> None:
    assert changes.since(root, "main") == ()
    edit(root / "docs/scenes/veth.yml", "steps:", "steps: # edited")
    (root / "docs/scenes/odd.yml").write_text("steps: []\n")
    assert changes.since(root, "main") == ("odd", "veth")
    for path in ("macros/rigs/image/agent.py", "macros/engines.toml", "requirements.txt"):
        assert len(changes.touched_scenes(root, [path])) > 80
    assert changes.touched_scenes(root, ["docs/theme/block.html", "docs/en/index.md"]) == ()
    assert changes.machines(root, ()) == 0
    assert changes.machines(root, ("veth",)) == 1
    assert changes.machines(root, changes.touched_scenes(root, ["requirements.txt"])) > 2


def test_odd_files_and_broken_transcripts_are_told_not_stumbled_over(root: Path) -> None:
    (root / "docs/transcripts/veth.json").write_text('{"seal": ')
    (root / "docs/en/Odd Name.md").write_text("# Odd\n")
    (root / "docs/en/new.md").write_bytes(b"# \xff {#new}\n" + b"## x {#" + b"y" * 300 + b"}\n")
    (root / "docs/en/modes/none.md").unlink()
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "odd")
    gathered = changes.gather(root, "main")
    kinds = {page.address: page.kind for page in gathered.pages}
    assert kinds == {"new/": "new", "modes/none/": "gone", "mechanisms/veth/": "shown"}
    assert gathered.outputs == (ChangedOutput(scene="veth", step=None, kind="unreadable"),)
    assert "- `veth`: **its transcript cannot be read**" in comment(gathered)
    with pytest.raises(Mistakes, match='git knows no commit "nowhere" here'):
        changes.gather(root, "nowhere")
    with pytest.raises(Mistakes, match='git knows no commit "--output=x" here'):
        changes.gather(root, "--output=x")


def test_the_script_says_the_same_and_writes_the_data(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change(root)
    monkeypatch.setattr(cli, "ROOT", root)
    data = root / "changes.json"
    cli.changes.main(["main", "--json", str(data)], standalone_mode=False)
    read = Changes.model_validate(form.check(form.parse(data.read_bytes()), Changes))
    assert capsys.readouterr().out == comment(read) + "\n"
    assert str(root) not in data.read_text()
    cli.changes.main(["main", "--machines"], standalone_mode=False)
    assert capsys.readouterr().out == "machines=[1]\nof=1\n"


GOOD: dict[str, Any] = {
    "version": 1,
    "base": "0" * 40,
    "head": "1" * 40,
    "pages": [
        {"language": "en", "address": "modes/none/", "kind": "changed", "headings": [["a", "new"]]}
    ],
    "outputs": [{"scene": "none", "step": "run", "kind": "changed", "difference": "-a\n+b"}],
    "scenes": ["none"],
    "before": {"passed": 1},
    "after": {"passed": 2},
    "addresses": ["en/modes/none/#a"],
    "searches": [{"language": "en", "query": "a", "before": 1, "after": None}],
}  # fmt: skip
BAD: dict[str, Any] = {
    "version": 2,
    "base": "main",
    "head": "1" * 39 + "\n",
    "number": 7,
    "pages": [
        [{"language": "en", "address": "../x/", "kind": "changed"}],
        [{"language": "en", "address": "javascript:x/", "kind": "changed"}],
        [{"language": "en", "address": "a/)](https://evil.example/", "kind": "new"}],
        [{"language": "<b>", "address": "a/", "kind": "new"}],
        [{"language": "en", "address": "a/", "kind": "evil"}],
        [{"language": "en", "address": "a/", "kind": "new", "headings": [["a b", "new"]]}],
        [{"language": "en", "address": "a/", "kind": "new", "link": "https://evil.example/"}],
        [{"language": "en", "address": "a/", "kind": "new"}] * (MOST + 1),
    ],
    "outputs": [
        [{"scene": "<script>", "step": "a", "kind": "new"}],
        [{"scene": "a", "step": "</code>", "kind": "new"}],
        [{"scene": "a", "step": "a", "kind": "new", "difference": "x" * 10_000}],
        [{"scene": "a", "step": "a", "kind": "new", "difference": 7}],
    ],
    "scenes": ["@everyone"],
    "after": [{"passed": -1}, {"<b>": 1}, {"passed": "1"}, {"passed": True}],
    "addresses": [["a b"], ["a\n# b"], ["x" * 301], "abc"],
    "searches": [{"language": "en", "query": "x" * 101, "before": 1, "after": 2}],
}
CASES = [
    (key, value)
    for key, values in BAD.items()
    for value in (
        values if isinstance(values, list) and key not in ("scenes", "searches") else [values]
    )
]


@pytest.mark.parametrize(("key", "value"), CASES)
def test_data_of_another_form_is_refused(key: str, value: object) -> None:
    form.check(GOOD, Changes)
    with pytest.raises(ValueError, match=key):
        form.check(GOOD | {key: value}, Changes)


def hostile(**fields: object) -> str:
    return comment(Changes.model_validate(form.check(GOOD | fields, Changes)))


def test_texts_of_strangers_are_code_whatever_is_in_them() -> None:
    text = "```\n````\n</details><script>x</script> @someone #1 [a](https://evil.example)\n\u202e\x1b[1m\r"
    said = hostile(outputs=[GOOD["outputs"][0] | {"difference": text}])
    block = said[said.index("`````diff\n") :]
    inside = block[: block.index("\n`````\n")]
    assert "@someone" in inside
    assert "evil.example" not in said.replace(inside, "")
    assert not {"\u202e", "\x1b", "\r"} & {*said}
    query = "``x`` @all | <b>\n# h"
    said = hostile(searches=[GOOD["searches"][0] | {"query": query}])
    assert "- **en** ``` ``x`` @all | <b> # h ```: its page was at 1, now not found\n" in said


def test_what_is_too_long_is_shortened_and_says_so() -> None:
    many = [GOOD["outputs"][0] | {"difference": "+y" * 3900, "scene": f"s{n}"} for n in range(20)]
    said = hostile(outputs=many)
    assert len(said) <= LONGEST
    assert re.search(
        r"\*Shortened: 12 more parts do not fit here; `scripts/changes 0{12}` shows", said
    )
    assert said.count("```diff") == said.count("\n```\n") == 8
    pages = [GOOD["pages"][0] | {"address": f"p{n}/" + "x" * 180 + "/"} for n in range(MOST)]
    said = hostile(pages=pages)
    assert len(said) <= LONGEST
    assert "Shortened: " in said
    assert "Shortened: 3 more" in hostile(left_out=3)
    said = hostile(addresses=[f"en/a{n}/" for n in range(60)])
    assert "- ` en/a49/ ` would lead nowhere\n- and 10 more\n" in said
