"""A build spread over several machines: parts, what they bring, what is refused of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from macros import shards
from macros.build import judge_shards
from macros.errors import TRANSCRIPTS, Exit, Mistakes, Problem
from macros.model import Mode, Package, Result, Shard, Transcript, Verdict
from macros.outcome import Order, Played, conclude, read_recorded
from macros.rigs.outer_engine import OuterEngine
from macros.scenes import scene
from macros.scenes.scene import Scene
from macros.shards import Brought
from macros.verdicts import form, transcript

from .conftest import PAGE, Project
from .pages_project import BY, REPOSITORY

SCENES = {
    "same": "steps:\n  - id: say\n    run: echo same\n    expect: [{contains: same}]\n",
    "drifts": "steps:\n  - id: say\n    run: echo now\n    expect: [{contains: o}]\n",
    "draws": """\
hosts: [h1, h2]
steps:
  - id: say
    run: echo "x-$(tr -dc a-z </dev/urandom | head -c 12)"
    expect: [{contains: x-}]
""",
}

SAID = {"same": "same\n", "drifts": "now\n", "draws": "x-abcdefghijkl\n"}
Forge = Callable[[dict[str, Any]], object]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three scenes, recorded: one of them with another output than it prints here."""
    for name, text in SCENES.items():
        path = tmp_path / f"docs/scenes/{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name, known in scene.load_all(tmp_path).items():
        old = printed(known, SAID[name] if name != "drifts" else "before\n")
        transcript.save(tmp_path / TRANSCRIPTS, known, old)
    return tmp_path


def printed(known: Scene, output: str, **more: Any) -> Transcript:
    (step,) = known.steps
    results = (Result(step.id, step.run, output, 0),)
    one = Transcript(known.name, known.digest, "2026-11-24T02:05:00Z", BY, results)
    return replace(one, **more)


def bring(root: Path, of: int = 2, **outputs: str) -> list[Path]:
    """Reports of all shards, as machines write them."""
    scenes = scene.load_all(root)
    paths = []
    for number in range(1, of + 1):
        part = shards.part(scenes, Shard(number, of))
        first = {name: printed(part[name], (SAID | outputs)[name]) for name in part}
        again = {name: first[name] for name in part if name == "drifts" or name in outputs}
        played = Played(first, again, {BY.image: (Package("runc", "1.3.3+ds1-2", "amd64"),)})
        paths.append(root / shards.file_name(Shard(number, of)))
        shards.write(paths[-1], Brought(Shard(number, of), Mode.VERIFY, None, (), played))
    return paths


def judge(root: Path, paths: list[Path], **more: Any) -> Any:
    return judge_shards(Order(root, Mode.VERIFY, **more), scene.load_all(root), paths)


def refused(root: Path, paths: list[Path]) -> str:
    with pytest.raises(Mistakes) as error:
        judge(root, paths)
    return str(error.value)


def test_every_scene_is_in_one_shard_and_shards_take_about_as_long() -> None:
    scenes = scene.load_all(REPOSITORY)
    for of in (1, 2, 7):
        parts = [shards.part(scenes, Shard(number, of)) for number in range(1, of + 1)]
        assert Counter(name for part in parts for name in part) == Counter([*scenes])
        loads = [sum(map(shards.weight, part.values())) for part in parts]
        assert max(loads) - min(loads) <= max(map(shards.weight, scenes.values()))
        again = shards.part(dict(reversed(scenes.items())), Shard(of, of))
        assert again.keys() == parts[-1].keys()


def test_what_shards_bring_comes_to_what_one_machine_comes_to(root: Path) -> None:
    scenes = scene.load_all(root)
    first = {name: printed(known, SAID[name]) for name, known in scenes.items()}
    played = Played(
        first, {"drifts": first["drifts"]}, {BY.image: (Package("runc", "1.3.3+ds1-2", "amd64"),)}
    )
    plain = Order(root, Mode.VERIFY)
    for order in plain, replace(plain, strict_drift=True), replace(plain, verify_all=True):
        alone = conclude(order, scenes, read_recorded(root, scenes), played)
        assert judge_shards(order, scenes, bring(root)) == alone
    assert alone.verdicts()[Verdict.DRIFTED] == 1
    assert judge(root, bring(root)).status == Exit.FINE
    assert judge(root, bring(root), strict_drift=True).status == Exit.DRIFTED


def test_what_failed_or_broke_elsewhere_failed_or_broke_here(root: Path) -> None:
    assert judge(root, bring(root, same="another\n")).status == Exit.FAILED
    paths = bring(root, of=1)
    forge(paths[0], lambda raw: raw["first"][2].update(broken="it is gone", results=[]))
    outcome = judge(root, paths)
    assert outcome.status == Exit.BROKEN
    assert outcome.reports["same"].notes[0].args == ("it is gone",)
    forge(paths[0], lambda raw: raw["first"][2].update(broken="", late=["say"]))
    assert "was not looked at twice" in refused(root, paths)
    forge(paths[0], lambda raw: raw["second"].append(raw["first"][2]))
    assert judge(root, paths).status == Exit.FAILED


def test_bytes_that_are_no_utf8_come_through(root: Path) -> None:
    (path,) = bring(root, of=1, same="same \udcff\x1b[1m\r\n")
    read = shards.read(path).played.first["same"]
    assert read.results[0].output == "same \udcff\x1b[1m\r\n"
    assert path.read_bytes().isascii()


def forge(path: Path, change: Forge) -> None:
    raw = json.loads(path.read_text())
    change(raw)
    path.write_text(json.dumps(raw))


def first(name: str, **fields: object) -> Forge:
    """A forger of one scene's first run."""

    def change(raw: dict[str, Any]) -> None:
        next(one for one in raw["first"] if one["scene"] == name).update(fields)

    return change


def result(**fields: object) -> Forge:
    def change(raw: dict[str, Any]) -> None:
        raw["first"][0]["results"][0].update(fields)

    return change


def other_packages(raw: dict[str, Any]) -> None:
    raw["packages"][BY.image][0]["version"] = "9"


UNFIT: dict[str, tuple[Forge, str]] = {
    "another digest": (
        first("same", digest=f"sha256:{1:064x}"), 'another text of scene "same" ran'),
    "a scene missing": (lambda raw: raw["first"].clear(), 'is missing in shard 2/2'),
    "a scene twice": (
        lambda raw: raw["first"].append(raw["first"][0]), 'scene "drifts" is here twice'),
    "a scene of the other shard": (
        lambda raw: raw["first"].append(raw["first"][0] | {"scene": "draws"}),
        'scene "draws" is none of shard 2/2'),
    "a scene of nobody": (
        lambda raw: raw["second"].append(raw["first"][0] | {"scene": "nobody"}),
        'scene "nobody" is none of shard 2/2'),
    "a step twice": (
        lambda raw: raw["first"][0]["results"].append(raw["first"][0]["results"][0]),
        "its steps are not those of the scene, each once"),
    "another command": (result(command="rm -rf /"), "has another command than the scene"),
    "a step that neither ran nor was skipped": (
        lambda raw: raw["first"][0]["results"].clear(), "both ran and was skipped, or neither"),
    "a second look too few": (lambda raw: raw["second"].clear(), "was not looked at twice"),
    "a second look too many": (
        lambda raw: raw["second"].append(next(r for r in raw["first"] if r["scene"] == "same")),
        'scene "same" was looked at twice without a reason'),
    "another N": (lambda raw: raw.update(shard=[2, 3]), "of another number of shards, 2 and not 3"),
    "another engine": (
        lambda raw: raw.update(engine="20"), "on another engine, the default and not 20"),
    "another mode": (
        lambda raw: raw.update(mode="record"), "in another mode, verify and not record"),
    "other scenes": (lambda raw: raw.update(names=["same"]), "of other scenes, all and not same"),
    "the same shard": (lambda raw: raw.update(shard=[1, 2]), "shard 1/2 is "),
    "a shard that is none": (lambda raw: raw.update(shard=[3, 2]), "there is no shard 3/2"),
    "another engine's version": (
        lambda raw: [one["provenance"].update(engine="28.9.9") for one in raw["first"]],
        "engine 28 is 28.9.9 here"),
    "an image with other packages": (other_packages, "holds other packages in"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNFIT)
def test_what_does_not_fit_together_is_refused(root: Path, case: str) -> None:
    paths = bring(root)
    change, words = UNFIT[case]
    forge(paths[1], change)
    said = refused(root, paths)
    assert words in said
    assert str(paths[1]) in said


HOSTILE: dict[str, Forge] = {
    "another version": lambda raw: raw.update(version=2),
    "an unknown field": lambda raw: raw.update(verdicts="passed"),
    "shard zero": lambda raw: raw.update(shard=[0, 2]),
    "very many shards": lambda raw: raw.update(shard=[1, 10**9]),
    "a number for a truth": lambda raw: raw.update(shard=[True, 2]),
    "a mode that runs nothing": lambda raw: raw.update(mode="replay"),
    "a name that is a way": lambda raw: raw.update(names=["../../etc/passwd"]),
    "a scene that is a way": first("same", scene="../same"),
    "markup as engine": lambda raw: raw["first"][0]["provenance"].update(engine="<script>"),
    "markup as package": lambda raw: raw["packages"][BY.image][0].update(name="<b>"),
    "an image that is no digest": lambda raw: raw["packages"].update(latest=[]),
    "an output without end": result(output=["x" * (300 << 10)]),
    "two lines in one": result(output=["a\nb\n"]),
    "a very long excuse": first("same", broken="x" * 3000),
    "a reason of its own": first("same", skipped={"say": ["because", "I say so"]}),
    "a seal": first("same", seal=f"sha256:{1:064x}"),
    "an exit status of no process": result(exit=70000),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_report_is_refused_by_its_form(root: Path, case: str) -> None:
    paths = bring(root)
    forge(paths[1], HOSTILE[case])
    said = refused(root, paths)
    assert f"{paths[1]}: this is no report of a shard, " in said
    assert len(said) < 400


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b'{"version": 1, "version": 1}', b"1e999"],
)
def test_a_file_that_is_no_report_is_refused(root: Path, content: bytes) -> None:
    paths = bring(root)
    paths[0].write_bytes(content)
    assert "this is no report of a shard, " in refused(root, paths)


def test_a_file_that_is_not_there_not_one_or_too_large_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = bring(root)
    link = root / "link.json"
    link.symlink_to("/proc/self/environ")
    assert "this is no file of its own" in refused(root, [paths[0], link])
    assert "there is no such report" in refused(root, [paths[0], root / "gone.json"])
    monkeypatch.setattr(form, "BROUGHT", 1 << 10)
    with paths[0].open("ab") as file:
        file.write(b" " * (1 << 20))
    assert "this is larger than" in refused(root, paths)


def test_a_shard_that_is_missing_is_told_with_what_makes_it(root: Path) -> None:
    assert "not all shards are here: scripts/build --shard 2/2" in refused(root, bring(root)[:1])


def test_all_that_does_not_fit_is_told_at_once(root: Path) -> None:
    paths = bring(root)
    for path in paths:
        forge(path, lambda raw: [one.update(digest=f"sha256:{1:064x}") for one in raw["first"]])
    assert refused(root, paths).count("another text of scene") == len(SCENES)


def test_what_could_not_be_read_again_is_not_written(root: Path) -> None:
    known = scene.load_all(root)["same"]
    odd = printed(known, "same\n", provenance=replace(BY, engine="odd"))
    brought = Brought(Shard(1, 1), Mode.VERIFY, None, (), Played({"same": odd}))
    with pytest.raises(
        Problem, match=r"has not the form of a report, first\.0\.provenance\.engine"
    ):
        shards.write(root / "it.json", brought)
    assert not (root / "it.json").exists()


def test_a_part_of_what_is_recorded_cannot_vouch_for_all_of_it(root: Path) -> None:
    paths = bring(root)
    for path in paths:
        forge(path, lambda raw: raw.update(names=["same"]))
    with pytest.raises(Mistakes, match="reports of a part of what is recorded"):
        judge(root, paths, verify_all=True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--shard 0/2", '"0/2" is no part'),
        ("--shard 3/2", '"3/2" is no part'),
        ("--shard 1/2 --replay", "--shard runs scenes and judges nothing"),
        ("--from", "--from takes the reports of all shards"),
        ("--from --record a.json", "--from takes the reports of all shards"),
        ("--from a.json", "a.json: there is no such report"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    project: Project, arguments: str, words: str
) -> None:
    status, said = project.run("build", *arguments.split())
    assert status == Exit.WRONG
    assert words in said


@pytest.mark.docker
def test_two_machines_make_the_site_that_one_makes(project: Project, engine: OuterEngine) -> None:
    """Steady, drifted and unsteady alike: the same verdicts, pages, messages, exit status."""
    host = {"DOCKER_HOST": engine.url}
    for name, text in SCENES.items():
        project.scene(name, text)
    blocks = "\n\n".join(f'{{{{{{ steps("{name}", "say") }}}}}}' for name in SCENES)
    project.page(f"{PAGE}\n{blocks}\n")
    status, said = project.run("build", "--record", **host)
    assert status == Exit.FINE, said
    path = project.root / "docs/transcripts/drifts.json"
    raw = json.loads(path.read_text())
    raw["results"][0]["output"] = ["before\n"]
    path.write_text(json.dumps(raw | {"seal": transcript.seal(raw)}))

    alone = project.run("build", "--strict-drift", **host)
    one = pages(project)
    assert "1 drifted, 1 unsteady" in alone[1]
    for number in (1, 2):
        status, said = project.run("build", "--shard", f"{number}/2", **host)
        assert status == Exit.FINE, said
    reports = sorted(str(path) for path in project.root.glob("shard-*-of-2.json"))
    together = project.run("build", "--strict-drift", "--from", *reports, DOCKER_HOST="unix:///no")
    assert together[0] == alone[0] == Exit.DRIFTED
    assert pages(project) == one
    assert b'"unsteady": 1' in one["site/verdicts.json"]
    said = alone[1][alone[1].index("docs/scenes/draws.yml") :]
    assert steady(said) in steady(together[1])
    for path in map(Path, reports):
        assert str(project.root) not in path.read_text()
        assert "docker.sock" not in path.read_text()


def pages(project: Project) -> dict[str, bytes]:
    """The site, less what no two builds have in common: the time, and what is drawn at random."""
    files = project.snapshot()
    del files["site/sbom.cdx.json"]  # its serial number is drawn from all that
    for index in [name for name in files if name.endswith("/search/index.js")]:
        del files[index]  # what is drawn stands there in the order of words
    told = {name: steady(text.decode(errors="replace")) for name, text in files.items()}
    return {name: (by_text(text) if name.endswith("/feed.xml") else text).encode()
            for name, text in told.items()}  # fmt: skip


def by_text(feed: str) -> str:
    """A feed whose entries stand by what they say: which scene was the last to end is chance."""
    head, *entries = feed.removesuffix("</feed>").split("<entry>")
    return "<entry>".join([head, *sorted(entries)])


def steady(text: str) -> str:
    for drawn, shown in (
        (r"\d{4}-\d\d-\d\d(T|, | )\d\d:\d\d(:\d\dZ)?", "…"),
        (r"x-(</u>)?[a-z]{12}", "x-…"),
        (r"urn:uuid:[0-9a-f-]{36}", "…"),  # of a feed's entry, made from what was printed
    ):
        text = re.sub(drawn, shown, text)
    return text
