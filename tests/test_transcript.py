"""Transcripts keep every byte, tell when they were edited, and are written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from macros.errors import Exit, Unrecorded
from macros.model import Ended, Provenance, Reason, Result, Transcript
from macros.scenes.scene import Scene
from macros.verdicts.drift import drift, same
from macros.verdicts.transcript import fresh, orphans, read, save, write

PROVENANCE = Provenance(
    "28.5.2", "2.1", "1.3", "6.18", "iptables (nf_tables)", "1.8", "6.1", f"sha256:{1:064}"
)
SCENE = Scene.model_validate(
    {"steps": [{"id": "ids", "run": "docker ps -q"}, {"id": "rules", "run": "iptables -S"}]},
    context="bridge",
)
RULES = "-P INPUT ACCEPT\n-P FORWARD DROP\n-N DOCKER\n-N DOCKER-USER\n"


def printed(ids: str = "6a8b7b58c78a\n", rules: str = RULES, exit: int = 0) -> Transcript:
    return Transcript(
        scene="bridge",
        digest=SCENE.digest,
        recorded="2026-11-24T02:57:00Z",
        provenance=PROVENANCE,
        results=(
            Result("ids", "docker ps -q", ids, 0),
            Result("rules", "iptables -S", rules, exit, Ended.EXIT),
        ),
        skipped=(("macvlan", Reason("kernel", ("6.18", "macvlan"))),),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "docs/transcripts/bridge.json"


def test_a_transcript_comes_back_as_it_was_written(path: Path) -> None:
    write(path, printed())
    assert read(path) == printed()


def test_any_bytes_come_back_from_a_file_that_is_plain_utf_8(path: Path) -> None:
    noise = random.Random(1).randbytes(4000)
    for raw in (
        noise,
        b"",
        b"\n",
        b"no newline",
        b"\r\n\x00\x1b[31m\xe2\x80\xae\xff\xed\xa0\x80",
        "网桥".encode(),
    ):
        output = raw.decode("utf-8", "surrogateescape")
        write(path, printed(ids=output))
        found = read(path).result("ids")
        assert found
        assert found.output.encode("utf-8", "surrogateescape") == raw
        path.read_text("utf-8")


def test_a_reviewer_sees_lines_chinese_and_what_is_invisible(path: Path) -> None:
    write(path, printed(ids="网桥\n\u202e\x1b[2J\ud800\n".replace("\ud800", "\udcff")))
    text = path.read_text("utf-8")
    assert '    "网桥\\n",\n    "\\u202e\\u001b[2J\\udcff\\n"\n' in text
    assert text.endswith("}\n")
    assert list(json.loads(text)) == [
        "scene",
        "digest",
        "recorded",
        "provenance",
        "results",
        "skipped",
        "seal",
    ]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda text: text.replace("FORWARD DROP", "FORWARD ACCEPT"), "edited by hand"),
        (lambda text: text.replace("28.5.2", "29.0.0"), "edited by hand"),
        (lambda text: text.replace('"bridge"', '"host"'), "edited by hand"),
        (lambda text: text[:-40], "this is no transcript"),
        (lambda text: "<<<<<<< HEAD\n" + text, "this is no transcript"),
        (lambda text: "[]", "this is no transcript"),
        (lambda text: '{"results": 5}', "this is no transcript"),
        (lambda text: "[" * 100_000, "this is no transcript"),
    ],
)
def test_an_edited_or_broken_transcript_is_told_with_its_cure(
    path: Path, edit: Callable[[str], str], told: str
) -> None:
    write(path, printed())
    path.write_text(edit(path.read_text()))
    with pytest.raises(Unrecorded) as caught:
        read(path)
    assert caught.value.status is Exit.UNRECORDED
    assert str(caught.value).startswith(f"docs/transcripts/bridge.json: {told}")
    assert str(caught.value).endswith("scripts/build --record bridge")


def test_a_missing_transcript_is_told_with_its_cure(path: Path) -> None:
    with pytest.raises(Unrecorded, match="there is no transcript; scripts/build --record bridge"):
        read(path)


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_transcript_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    write(path, printed())
    before = path.read_bytes()
    monkeypatch.setattr(os if broken == "fsync" else Path, broken, full)
    with pytest.raises(OSError, match="No space left"):
        write(path, printed(ids="another\n"))
    assert [one.read_bytes() for one in path.parent.iterdir()] == [before]


def test_recording_the_same_again_writes_nothing(path: Path) -> None:
    assert save(path.parent, SCENE, printed())
    before = path.read_bytes()
    again = replace(
        printed(ids="dc2888c41b23\n"),
        recorded="2027-01-01T00:00:00Z",
        provenance=replace(PROVENANCE, kernel="7.0"),
    )
    assert not save(path.parent, SCENE, again)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "changed",
    [
        printed(rules=RULES + "-N DOCKER-CT\n"),
        printed(exit=1),
        replace(printed(), digest=f"sha256:{2:064}"),
        replace(printed(), skipped=()),
        replace(printed(), results=printed().results[:1]),
    ],
    ids=["output", "exit", "digest", "skipped", "results"],
)
def test_recording_what_changed_writes(path: Path, changed: Transcript) -> None:
    save(path.parent, SCENE, printed())
    assert save(path.parent, SCENE, changed)
    assert read(path) == changed


def test_a_transcript_that_was_edited_is_recorded_anew(path: Path) -> None:
    save(path.parent, SCENE, printed())
    path.write_text(path.read_text().replace("DROP", "ACCEPT"))
    assert save(path.parent, SCENE, printed())
    assert read(path) == printed()


def test_a_command_that_differs_by_a_captured_value_is_the_same() -> None:
    old, new = (
        replace(printed(), results=(Result("ns", f"nsenter -t {pid} -n ip a", RULES, 0),))
        for pid in ("279", "273")
    )
    assert same(old, new)


def test_a_transcript_is_fresh_for_the_scene_text_it_was_printed_by() -> None:
    assert fresh(SCENE, printed())
    assert not fresh(SCENE, replace(printed(), digest="sha256:other"))


def test_transcripts_that_no_scene_owns_are_found(path: Path) -> None:
    write(path, printed())
    write(path.with_name("gone.json"), printed())
    assert orphans(path.parent, {"bridge": SCENE}) == [path.with_name("gone.json")]
    assert orphans(path.parent / "none", {}) == []


def test_drift_shows_raw_lines_and_only_those_that_really_differ() -> None:
    old = Result("x", "ip addr", "3: veth4fea028@if2: <UP> mtu 1500\n    valid\n    old\n", 0)
    new = Result("x", "ip addr", "9: vethe24ebf4@if2: <UP> mtu 1500\n    valid\n    new\n", 0)
    assert drift(old, new) == (
        "--- recorded\n+++ printed\n@@ -1,3 +1,3 @@\n"
        " 9: vethe24ebf4@if2: <UP> mtu 1500\n     valid\n-    old\n+    new"
    )
    assert drift(old, replace(new, output=new.output.replace("new", "old"))) == ""


def test_drift_tells_an_exit_status_and_a_lost_newline() -> None:
    fine = Result("x", "true", "a\n", 0)
    assert "-[exit: 0]\n+[exit: 1]" in drift(fine, replace(fine, exit=1))
    assert "+[timeout]" in drift(fine, replace(fine, ended=Ended.TIMEOUT, exit=137))
    assert "-a\n+a\n\\ no newline at the end" in drift(fine, replace(fine, output="a"))
